// CPU and memory of this process.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstdint>

namespace launcher {

class ProcessUsage {
 public:
  ProcessUsage();

  double cpu_seconds() const;  ///< user and system time since the start
  std::uint64_t resident_bytes() const;
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

}  // namespace launcher
