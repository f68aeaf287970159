// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>

namespace audit {

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

/// The numbers, for all threads.
class SharedStats {
 public:
  /// Calls change(stats) in one step.
  template <class Change>
  void change(const Change& change) {
    const std::lock_guard<std::mutex> lock(mutex_);
    change(stats_);
  }
  WriterStats get() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return stats_;
  }

 private:
  mutable std::mutex mutex_;  ///< guards stats_; nothing is waited for while it is held, so nobody waits for it
  WriterStats stats_;
};

}  // namespace audit
