// SPDX-License-Identifier: LGPL-2.1-or-later
#include "process_usage.hpp"

#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace launcher {

ProcessUsage::ProcessUsage() : began_(Clock::now()), last_look_(began_), last_cpu_(cpu_seconds()) {}

double ProcessUsage::cpu_seconds() const {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::uint64_t ProcessUsage::resident_bytes() const {
  std::ifstream file("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::uint64_t ProcessUsage::heap_bytes() const {
  const struct mallinfo2 heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

std::size_t ProcessUsage::open_files() const {
  std::error_code none_left;
  const std::filesystem::directory_iterator files("/proc/self/fd", none_left);
  // One of them is the iterator's own.
  return none_left ? 0 : static_cast<std::size_t>(std::distance(begin(files), end(files))) - 1;
}

double ProcessUsage::uptime() const { return std::chrono::duration<double>(Clock::now() - began_).count(); }

double ProcessUsage::cpu_percent() {
  const auto now = Clock::now();
  const double elapsed = std::chrono::duration<double>(now - last_look_).count();
  if (elapsed < 1) return percent_;
  const double cpu = cpu_seconds();
  percent_ = 100 * (cpu - last_cpu_) / elapsed;
  last_look_ = now;
  last_cpu_ = cpu;
  return percent_;
}

void release_free_memory() { malloc_trim(0); }

}  // namespace launcher
