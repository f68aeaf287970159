// SPDX-License-Identifier: LGPL-2.1-or-later
#include "exit_guard.hpp"

#include <unistd.h>

#include <utility>

#include "launcher/base/log.hpp"
#include "launcher/base/seconds.hpp"

namespace launcher {

ExitGuard::ExitGuard() : thread_([this] { watch(); }) {}

ExitGuard::~ExitGuard() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    done_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void ExitGuard::arm(Seconds limit, std::string message) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    deadline_ =
        std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::steady_clock::duration>(limit);
    message_ = std::move(message);
  }
  changed_.notify_one();
}

void ExitGuard::disarm() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    deadline_.reset();
  }
  changed_.notify_one();
}

void ExitGuard::watch() {
  std::unique_lock<std::mutex> lock(mutex_);
  while (!done_) {
    if (!deadline_) {
      changed_.wait(lock);
    } else if (std::chrono::steady_clock::now() < *deadline_) {
      const auto deadline = *deadline_;
      changed_.wait_until(lock, deadline);
    } else {
      log_line(message_);
      _exit(1);
    }
  }
}

}  // namespace launcher
