// Makes patterns ahead of time, so that the streaming thread finds them ready.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "id_patterns.hpp"

namespace steg {

/// One thread and one pending request: a newer request replaces one that has not begun.
class Prefetcher {
 public:
  Prefetcher();
  /// Waits for the pattern that is being made; a pending request is dropped.
  ~Prefetcher();
  Prefetcher(const Prefetcher&) = delete;
  Prefetcher& operator=(const Prefetcher&) = delete;

  /// Asks for a pattern and returns at once. An error is not told here: whoever uses the pattern meets it again.
  void request(std::shared_ptr<IdPatterns> patterns, int epoch);

 private:
  void run();

  std::mutex lock_;
  std::condition_variable wake_;
  std::shared_ptr<IdPatterns> pending_;
  int epoch_ = 0;
  bool stop_ = false;
  std::thread thread_;  ///< last: it uses the members above
};

}  // namespace steg
