// Events that come one at a time, and that nobody may act on before they are kept.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "writer.hpp"

namespace audit {

/// An event that only memory holds: it is written when spool or database can be, and must not be added again.
class EventHeld : public AuditError {
  using AuditError::AuditError;
};

/// A log without frames: the same spool, chain and databases, for what is noted once, such as a token. add() may be
/// called from any thread.
class EventLog {
 public:
  /// Opens spool and database, and writes what an earlier run left. Throws AuditError (see Writer).
  EventLog(const WriterSettings& settings, const ChainKey& key, const Listener& listener);
  /// Tries the database for up to three seconds more. What it could not write stays in the spool.
  ~EventLog();
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  /// Returns when the event is on the disk. Its stream is that of the settings. Throws AuditError if it is not, and
  /// then nobody may act on it: EventHeld if it may still come to be written later.
  void add(Event event);

  /// Whether no event is held.
  bool keeps_all() const { return writer_.accepts(); }

  /// Events that the database does not have yet.
  std::size_t pending() const { return writer_.waiting(); }
  const std::string& stream() const { return stream_; }

 private:
  void deliver();  ///< the thread from the spool to the database

  std::string stream_;
  Deadline deadline_;
  Writer writer_;
  std::mutex adding_;  ///< held over the spool's disk
  std::mutex mutex_;   ///< guards what follows; never held over a disk or a database
  std::condition_variable to_deliver_;
  bool arrived_ = false;
  bool stopping_ = false;
  std::thread deliverer_;
};

}  // namespace audit
