// From the queue to the spool to the database: everything slow.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "chain.hpp"
#include "checkpointer.hpp"
#include "connection.hpp"
#include "listener.hpp"
#include "spool.hpp"
#include "store.hpp"

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

/// Beside an SQLite file; else in $XDG_STATE_HOME/gst-steg (~/.local/state/gst-steg), named after database and stream.
/// Creates that folder. Throws AuditError.
std::string default_spool_path(const std::string& database, const std::string& stream);

struct WriterStats {
  std::size_t held = 0;       ///< events that only memory holds, because the spool cannot be written
  std::size_t spooled = 0;    ///< events on disk that are not in the database
  std::uint64_t written = 0;  ///< events in the database
  std::uint64_t failed = 0;   ///< attempts that failed
  std::uint64_t spool_bytes = 0;
  std::size_t damaged = 0;  ///< spool lines of an earlier run that could not be read
  bool connected = false;
  std::string last_error;  ///< empty when the last attempt worked
  /// The last row of the stream that is in the database, and the last that was read back from there and found intact:
  /// their places in the chain, 0 before the first of this run.
  std::int64_t last_seq = 0;
  std::int64_t verified_seq = 0;
  std::uint64_t tampered = 0;  ///< rows of this run that were found missing or altered
};

/// Writes events first to the spool, then to the database, each exactly once. Two threads may share it: one that calls
/// accept(), and one that calls deliver(), so that a database that is slow keeps nothing from becoming durable. stats()
/// and accepts() may be called from any.
class Writer {
 public:
  using Time = Deadline::Clock::time_point;

  /// Opens spool and database. Throws AuditError if the settings are wrong, the spool cannot be opened, or the database
  /// refuses or is not there. A database that is not there is no error if it was reached before with this spool, or
  /// if `start_without_database` says so. `deadline` must outlive the writer.
  Writer(const WriterSettings& settings, const ChainKey& key, Listener listener, const Deadline& deadline);

  /// Whether accept() may be called: false while events are held that the spool did not take.
  bool accepts() const { return held_count_ == 0; }
  /// Makes events durable; holds them if the spool cannot be written.
  void accept(std::vector<Event> events);
  /// The same at a stop, when what is held would be lost: the spool may go beyond its limit and into what it has set
  /// aside, and takes as many as it can.
  void accept_last(std::vector<Event> events);
  /// Events that only memory holds.
  std::vector<Event> held() const;

  /// Writes one batch to the database if something waits and a retry is due, or `at_once`. Returns whether it should be
  /// called again at once.
  bool deliver(bool at_once = false);

  /// Reads back what was written and not verified yet, and writes a checkpoint: the last thing to do.
  void finish();

  /// When deliver() has something to do next; Time::max() if nothing waits.
  Time next_attempt() const;
  std::size_t waiting() const;
  /// Waits for neither disk nor database.
  WriterStats stats() const;
  const std::string& spool_path() const { return spool_->path(); }

 private:
  using Messages = std::vector<std::string>;
  struct Batch {
    std::vector<Event> events;
    bool from_spool = true;
    std::uint64_t held_generation = 0;
  };

  void open_connection();
  /// Changes the numbers with their lock held: change(stats_).
  template <class Change>
  void count(const Change& change);
  // With the lock held; what is to be told is added to `problems` and `recovered`.
  void spool_held(Messages& problems, Messages& recovered);
  void spool_what_fits();
  void trim(Messages& problems);
  /// In one step, so that every event counts exactly once.
  void count_waiting(std::size_t written = 0);
  Batch next_batch();

  void delivered(const Batch& batch, const Appended& appended, Deadline::Clock::duration took);
  void failed(const std::string& text);
  void verify_written();
  void note_verified(bool at_once);
  void tell(const Messages& problems, const Messages& recovered) const;

  WriterSettings settings_;
  ChainKey key_;
  Listener listener_;
  const Deadline& deadline_;
  std::string identity_;

  // Of the thread that delivers.
  std::unique_ptr<Connection> connection_;
  Heads heads_;
  std::chrono::milliseconds backoff_;
  int conflicts_ = 0;
  std::size_t batch_events_ = 5000;  ///< for the next transaction
  bool database_failing_ = false;
  std::optional<Head> verified_;  ///< what was read back so far; nothing before the first row of this run
  Time next_verification_ = Time::min();
  Checkpointer checkpointer_;

  mutable std::mutex stats_mutex_;  ///< guards the numbers; never held while anything is waited for
  WriterStats stats_;

  mutable std::mutex mutex_;    ///< guards what follows; never held while the database is asked or the listener told
  std::optional<Spool> spool_;  ///< always there after construction
  std::vector<Event> held_;
  std::atomic<std::size_t> held_count_{0};
  std::uint64_t held_generation_ = 0;  ///< changes when the spool takes what was held
  bool spool_failing_ = false;
  Time retry_ = Time::min();
};

}  // namespace audit
