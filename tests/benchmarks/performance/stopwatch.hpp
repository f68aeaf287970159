// CPU time of the calling thread, best and median of many short runs: what others do on the machine counts least so.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
#include <string>
#include <vector>

namespace performance {

/// Milliseconds.
inline double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

inline double wall_ms() {
  using Clock = std::chrono::steady_clock;
  return std::chrono::duration<double, std::milli>(Clock::now().time_since_epoch()).count();
}

struct Sample {
  double cpu;
  double wall;
};

template <typename Work>
Sample time_once(Work work) {
  const double wall = wall_ms();
  const double cpu = thread_ms();
  work();
  return {thread_ms() - cpu, wall_ms() - wall};
}

/// One line of the table.
struct Timing {
  std::string what;
  std::string size;  ///< "1080p", or empty where it does not depend on it
  double best;       ///< ms of CPU time of the calling thread
  double median;
  double best_wall;
  double bytes = 0;   ///< that must be read and written once, at least; 0 where it says nothing
  double pixels = 0;  ///< of the luma plane
};

inline Timing summary(std::string what, std::string size, const std::vector<Sample>& samples) {
  std::vector<double> cpu;
  std::vector<double> wall;
  for (const Sample& sample : samples) {
    cpu.push_back(sample.cpu);
    wall.push_back(sample.wall);
  }
  std::sort(cpu.begin(), cpu.end());
  return {std::move(what), std::move(size), cpu.front(), cpu[cpu.size() / 2],
          *std::min_element(wall.begin(), wall.end())};
}

}  // namespace performance
