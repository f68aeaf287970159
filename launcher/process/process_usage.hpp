// CPU, memory and open files of this process.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace launcher {

class ProcessUsage {
 public:
  ProcessUsage();

  double cpu_seconds() const;  ///< user and system time since the start
  std::uint64_t resident_bytes() const;
  /// Bytes allocated by malloc and not freed, in the arenas of all threads. Unlike resident memory it does not depend
  /// on where free pieces lie.
  std::uint64_t heap_bytes() const;
  std::size_t open_files() const;
  double uptime() const;  ///< seconds since this object was made

  /// Share of one core in percent, between the last two looks that were a second or more apart.
  double cpu_percent();

 private:
  using Clock = std::chrono::steady_clock;
  const Clock::time_point began_;
  Clock::time_point last_look_;
  double last_cpu_;
  double percent_ = 0;
};

/// Returns free pages that malloc holds to the system. Each thread of a pipeline allocates from an arena of its own,
/// which otherwise keeps what the last pipeline left behind.
void release_free_memory();

}  // namespace launcher
