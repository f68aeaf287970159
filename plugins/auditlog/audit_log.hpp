// The audit log of one stream: a queue, a thread that makes its events durable, and one that writes the database.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "recorder.hpp"
#include "writer.hpp"

namespace audit {

/// What happens to a frame whose record finds the queue full, because spool and database both cannot be written.
enum class OnFull { block, error };

struct Settings {
  WriterSettings writer;
  ChainKey key;
  std::string client_ip;
  OnFull on_full = OnFull::block;
  std::size_t queue_events = 4096;  ///< at least 2
  /// How long stop() tries to reach the database; what it could not write stays in the spool. If the spool took
  /// nothing, the time ends earlier, so that what is lost is told before somebody ends the process.
  std::chrono::milliseconds stop_time{3000};
};

struct Stats {
  std::uint64_t frames = 0;
  std::int64_t records = 0;
  std::size_t pending = 0;  ///< events that are not in the database, in memory and on disk
  std::string session;
  std::string spool_path;
  WriterStats writer;
  std::string lost;  ///< after the stop, if anything was: which records
};

/// frame(), end() and the setters may be called from any thread; stop() once.
class AuditLog {
 public:
  /// Opens spool and database and starts the threads. Throws AuditError (see Writer).
  AuditLog(Settings settings, const Listener& listener, Clock clock = system_time);
  ~AuditLog();
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  enum class Result {
    counted,
    full,      ///< on_full is `error` and there is no room: the frame is not in the log
    flushing,  ///< the wait for room was ended by set_flushing(): the frame is not in the log
  };
  /// Counts a frame. Waits only if it begins a record, the queue is full and on_full is `block`.
  Result frame(const Mark& mark, std::optional<std::int64_t> pts);

  /// Ends the open record (end of stream).
  void end();
  /// From the next frame on.
  void set_client_ip(std::string client_ip);
  void set_on_full(OnFull on_full);
  /// While set, frame() does not wait.
  void set_flushing(bool flushing);

  Stats stats() const;

  /// Ends the open record, makes everything durable, writes it to the database as far as that is there, and ends the
  /// threads. Returns the final numbers: `pending` of them are in the spool, `writer.held` are nowhere, and `lost` says
  /// which.
  Stats stop();

 private:
  void spool_events();  ///< the thread from the queue to the spool
  void deliver();       ///< the thread from the spool to the database
  Writer::Time minute_end() const;
  bool has_room() const { return queue_.size() + 2 <= settings_.queue_events; }

  Settings settings_;
  Clock clock_;
  Deadline deadline_;
  Writer writer_;

  mutable std::mutex mutex_;            ///< guards what follows; never held over a disk or a database
  std::condition_variable room_;        ///< for frame(): the queue was emptied
  std::condition_variable to_spool_;    ///< for spool_events(): there is something to take, or the writer takes again
  std::condition_variable to_deliver_;  ///< for deliver(): spool_events() has taken something, or has ended
  Recorder recorder_;
  std::vector<Note> queue_;
  std::uint64_t frames_ = 0;
  bool flushing_ = false;
  bool stopping_ = false;
  bool gathering_ = false;   ///< spool_events() will look by itself, and soon
  bool full_ = false;        ///< frame() waits for room: spool_events() must look now
  std::size_t in_hand_ = 0;  ///< events between queue and spool
  bool held_up_ = false;     ///< spool_events() takes nothing because the writer holds events
  bool arrived_ = false;     ///< events, since deliver() looked last
  bool spooled_ = false;     ///< spool_events() has ended: no more events come
  std::thread spooler_;
  std::thread deliverer_;
};

}  // namespace audit
