// SIGINT and SIGTERM, also while the main thread hangs.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <functional>
#include <thread>

namespace launcher {

/// Blocks both signals in this thread and in those that it starts from now on. Call it before any thread is started.
void block_stop_signals();

/// Takes both signals, which must be blocked, on a thread of its own: an element may block the main thread, and the
/// process must end all the same.
class StopSignals {
 public:
  /// `first` is called on that thread for the first signal. A second one ends the process at once, with status 128 +
  /// its number.
  explicit StopSignals(std::function<void()> first);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  void wait();

  std::function<void()> first_;
  std::atomic<bool> done_{false};
  std::thread thread_;
};

}  // namespace launcher
