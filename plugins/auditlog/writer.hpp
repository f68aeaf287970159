// From the queue to the spool to the database: everything slow, on one thread.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "chain.hpp"
#include "connection.hpp"
#include "spool.hpp"

namespace audit {

struct WriterSettings {
  std::string database = "sqlite:steg-audit.db";
  std::string stream = "default";
  std::string spool;              ///< path; empty: default_spool_path()
  std::uint64_t spool_limit = 0;  ///< bytes, 0 for no limit
  bool start_without_database = false;
};

/// Told of what goes wrong and of its end, once for each outage. Called without locks, from the thread at work.
struct Listener {
  std::function<void(const std::string&)> problem = [](const std::string&) {};
  std::function<void(const std::string&)> recovered = [](const std::string&) {};
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
};

/// Writes events first to the spool, then to the database, each exactly once. Not for use from several threads.
class Writer {
 public:
  using Time = Deadline::Clock::time_point;

  /// Opens spool and database. Throws AuditError if the settings are wrong, the spool cannot be opened, or the database
  /// refuses or is not there. A database that is not there is no error if it was reached before with this spool, or
  /// if `start_without_database` says so. `deadline` must outlive the writer.
  Writer(const WriterSettings& settings, const ChainKey& key, Listener listener, const Deadline& deadline);

  /// Whether accept() may be called: false while events are held that the spool did not take.
  bool accepts() const { return held_.empty(); }
  /// Makes events durable; holds them if the spool cannot be written.
  void accept(std::vector<Event> events);

  /// Writes one batch to the database if something waits and a retry is due, or `at_once`. Returns whether it should be
  /// called again at once.
  bool deliver(bool at_once = false);

  /// When deliver() has something to do next; Time::max() if nothing waits.
  Time next_attempt() const;
  std::size_t waiting() const { return spool_->waiting() + held_.size(); }
  WriterStats stats() const;
  const std::string& spool_path() const { return spool_->path(); }

 private:
  void open_connection();
  void failed(const std::string& text);
  void trim();

  WriterSettings settings_;
  ChainKey key_;
  Listener listener_;
  const Deadline& deadline_;
  std::string identity_;
  std::optional<Spool> spool_;  ///< always there after construction
  std::unique_ptr<Connection> connection_;
  Heads heads_;
  std::vector<Event> held_;
  std::chrono::milliseconds backoff_;
  Time retry_ = Time::min();
  int conflicts_ = 0;
  bool database_failing_ = false;
  bool spool_failing_ = false;
  std::uint64_t written_ = 0;
  std::uint64_t failed_ = 0;
  std::string last_error_;
};

}  // namespace audit
