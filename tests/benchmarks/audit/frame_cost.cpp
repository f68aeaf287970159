// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_cost.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <numeric>
#include <thread>

#include "audit_log.hpp"

namespace bench {

namespace {

/// Processor time of this thread in microseconds.
double cpu_time() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return 1e6 * static_cast<double>(time.tv_sec) + 1e-3 * static_cast<double>(time.tv_nsec);
}

/// What asking for the time costs itself.
double cost_of_asking() {
  constexpr int kTimes = 1000;
  double sum = 0;
  for (int i = 0; i < kTimes; ++i) {
    const double start = cpu_time();
    sum += cpu_time() - start;
  }
  return sum / kTimes;
}

}  // namespace

FrameCost measure_frames(const std::string& what, const std::string& database, const std::string& spool, int frames,
                         int frames_per_id) {
  using Clock = std::chrono::steady_clock;
  audit::Settings settings;
  settings.writer.database = database;
  settings.writer.spool = spool;
  settings.writer.start_without_database = true;
  settings.key.fingerprint = "0123456789abcdef";
  settings.client_ip = "192.0.2.7";
  settings.stop_time = std::chrono::milliseconds(0);
  audit::AuditLog log(settings, {});
  std::vector<double> times;
  times.reserve(static_cast<std::size_t>(frames));
  std::string id;
  double cpu = 0;
  for (int i = 0; i < frames; ++i) {
    if (i % frames_per_id == 0) id = "U" + std::to_string(i / frames_per_id % 1000000);
    const audit::Mark mark{id, "0123456789abcdef", "fedcba9876543210", audit::Action::encode};
    const double cpu_start = cpu_time();
    const auto start = Clock::now();
    log.frame(mark, i);
    times.push_back(1e6 * std::chrono::duration<double>(Clock::now() - start).count());
    cpu += cpu_time() - cpu_start;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  log.stop();
  FrameCost cost{what, cpu / frames - cost_of_asking(), std::accumulate(times.begin(), times.end(), 0.0) / frames, 0, 0,
                 0};
  std::sort(times.begin(), times.end());
  cost.p999_us = times[times.size() * 999 / 1000];
  cost.max_us = times.back();
  cost.over_1ms =
      static_cast<double>(std::count_if(times.begin(), times.end(), [](double us) { return us > 1000; })) / frames;
  return cost;
}

}  // namespace bench
