// Ends the process when shutting down takes too long.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "launcher/base/seconds.hpp"

namespace launcher {

/// It has a thread of its own, because it is the main thread that may hang inside an element.
class ExitGuard {
 public:
  ExitGuard();
  ~ExitGuard();
  ExitGuard(const ExitGuard&) = delete;
  ExitGuard& operator=(const ExitGuard&) = delete;

  /// Unless disarmed or armed anew within `limit`, writes `message` and ends the process with status 1.
  void arm(Seconds limit, std::string message);
  void disarm();

 private:
  void watch();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::chrono::steady_clock::time_point> deadline_;
  std::string message_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace launcher
