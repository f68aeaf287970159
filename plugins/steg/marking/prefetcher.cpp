// SPDX-License-Identifier: LGPL-2.1-or-later
#include "prefetcher.hpp"

#include <exception>
#include <utility>

namespace steg {

Prefetcher::Prefetcher() : thread_([this] { run(); }) {}

Prefetcher::~Prefetcher() {
  {
    const std::lock_guard<std::mutex> lock(lock_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Prefetcher::request(std::shared_ptr<IdPatterns> patterns, int epoch) {
  {
    const std::lock_guard<std::mutex> lock(lock_);
    pending_ = std::move(patterns);
    epoch_ = epoch;
  }
  wake_.notify_one();
}

void Prefetcher::run() {
  std::unique_lock<std::mutex> lock(lock_);
  while (true) {
    wake_.wait(lock, [this] { return stop_ || pending_; });
    if (stop_) return;
    std::shared_ptr<IdPatterns> patterns = std::exchange(pending_, nullptr);
    const int epoch = epoch_;
    lock.unlock();
    try {
      patterns->pattern(epoch);
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the user of the pattern gets the same error
    }
    patterns.reset();
    lock.lock();
  }
}

}  // namespace steg
