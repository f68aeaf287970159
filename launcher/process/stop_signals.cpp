// SPDX-License-Identifier: LGPL-2.1-or-later
#include "stop_signals.hpp"

#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <utility>

#include "launcher/base/log.hpp"

namespace launcher {

namespace {

sigset_t stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

void block_stop_signals() {
  const sigset_t signals = stop_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

StopSignals::StopSignals(std::function<void()> first) : first_(std::move(first)), thread_([this] { wait(); }) {}

StopSignals::~StopSignals() {
  done_ = true;
  // Wakes the thread, which waits for signals and sees that it is done.
  pthread_kill(thread_.native_handle(), SIGTERM);  // NOLINT(bugprone-bad-signal-to-kill-thread)
  thread_.join();
}

void StopSignals::wait() {
  const sigset_t signals = stop_signals();
  for (int count = 0;; ++count) {
    int signal = 0;
    sigwait(&signals, &signal);
    if (done_) return;
    if (count > 0) {
      log_line("stopped by a second signal: recordings may be incomplete");
      _exit(128 + signal);
    }
    first_();
  }
}

}  // namespace launcher
