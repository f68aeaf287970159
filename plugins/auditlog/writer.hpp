// From the queue to the spool to the database: everything slow.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "backlog.hpp"
#include "chain.hpp"
#include "checkpointer.hpp"
#include "connection.hpp"
#include "deliverer.hpp"
#include "listener.hpp"
#include "verifier.hpp"
#include "writer_stats.hpp"

namespace audit {

struct WriterSettings {
  std::string database = "sqlite:steg-audit.db";
  std::string stream = "default";
  std::string spool;              ///< path; empty: default_spool_path()
  std::uint64_t spool_limit = 0;  ///< bytes, 0 for no limit
  bool start_without_database = false;
  std::string checkpoints;  ///< second place, as open_checkpoints() takes it; empty for none
  std::chrono::seconds checkpoint_interval{600};
};

/// Writes the rows of events first to the spool, then to the database, each exactly once. Two threads may share it: one
/// that calls accept(), and one that calls deliver(), so that a database that is slow keeps nothing from becoming
/// durable. stats() and accepts() may be called from any.
class Writer {
 public:
  using Time = Deadline::Clock::time_point;

  /// Opens spool and database. Throws AuditError if the settings are wrong, the spool cannot be opened, or the database
  /// refuses or is not there. A database that is not there is no error if it was reached before with this spool, or if
  /// `start_without_database` says so. `deadline` must outlive the writer.
  Writer(const WriterSettings& settings, const ChainKey& key, Listener listener, const Deadline& deadline);

  /// Whether accept() may be called: false while rows are held that the spool did not take. Waits for nothing.
  bool accepts() const { return stats_.get().held == 0; }
  /// As Backlog::add().
  void accept(std::vector<Row> rows) { backlog_.add(std::move(rows)); }
  /// As Backlog::add_last().
  void accept_last(std::vector<Row> rows) { backlog_.add_last(std::move(rows)); }
  /// Rows that only memory holds.
  std::vector<Row> held() const { return backlog_.held(); }

  /// Writes one batch to the database if something waits and a retry is due, or `at_once`; else reads back what was
  /// written, if that is due. Returns whether it should be called again at once.
  bool deliver(bool at_once = false);

  /// Reads back what was written and not verified yet, and writes a checkpoint: the last thing to do.
  void finish();

  /// When deliver() has something to do next; Time::max() if nothing waits.
  Time next_attempt() const;
  std::size_t waiting() const { return backlog_.waiting(); }
  /// Waits for neither disk nor database.
  WriterStats stats() const { return stats_.get(); }
  const std::string& spool_path() const { return backlog_.spool_path(); }

 private:
  void failed(const std::string& reason);
  void note_checkpoint(bool at_once);

  WriterSettings settings_;
  std::string identity_;  ///< of the database, as the spool notes it
  const Deadline& deadline_;
  SharedStats stats_;
  // All but the backlog are of the thread that delivers.
  Checkpointer checkpointer_;
  Deliverer deliverer_;
  Verifier verifier_;
  Backlog backlog_;
};

}  // namespace audit
