// What waits for the database.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "event.hpp"
#include "listener.hpp"
#include "spool.hpp"
#include "writer_stats.hpp"

namespace audit {

/// Rows in the spool file, and in memory those that it does not take. One thread may add while another takes.
class Backlog {
 public:
  Backlog(std::unique_ptr<Spool> spool, Listener listener, SharedStats& stats);

  /// Makes the rows durable; holds them if the spool cannot be written.
  void add(std::vector<Row> rows);
  /// The same at a stop, when what is held would be lost: the spool may go beyond its limit and into what it has set
  /// aside, and takes as many as it can.
  void add_last(std::vector<Row> rows);

  /// The oldest rows, `most` of them if they are in the spool.
  struct Batch {
    std::vector<Row> rows;
    bool from_spool = true;
    std::uint64_t held_generation = 0;
  };
  Batch next(std::size_t most);
  /// The batch that next() gave is in the database `identity`, where the chains end at `heads` now.
  void remove(const Batch& batch, const std::string& identity, const Heads& heads);
  /// Empties the spool file if nothing waits.
  void trim(const std::string& identity, const Heads& heads);

  std::size_t waiting() const;
  /// Rows that only memory holds.
  std::vector<Row> held() const;
  const std::string& spool_path() const { return spool_->path(); }

 private:
  /// What is to be told when the lock is released; empty for nothing.
  struct Notice {
    std::string problem;
    std::string recovered;
  };
  void tell(const Notice& notice) const;
  // With the lock held.
  Notice spool_held();
  void spool_what_fits();
  Notice trim_if_empty(const std::string& identity, const Heads& heads);
  /// In one step, so that every event counts exactly once.
  void update_stats(std::size_t written = 0);

  Listener listener_;
  SharedStats& stats_;

  mutable std::mutex mutex_;  ///< guards what follows; held over the spool's disk, never over database or listener
  std::unique_ptr<Spool> spool_;
  std::vector<Row> held_;
  std::uint64_t held_generation_ = 0;  ///< changes when the spool takes what was held
  bool spool_failing_ = false;
};

}  // namespace audit
