// Work that may never end.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <utility>

namespace steg {

/// What `make` returns or throws; null if it takes longer than `limit`. Then it is left to itself: code of others
/// cannot be ended from outside, but nobody has to wait for it. It must own all that it uses.
template <class Result>
std::unique_ptr<Result> within(std::chrono::milliseconds limit, std::function<std::unique_ptr<Result>()> make) {
  std::packaged_task<std::unique_ptr<Result>()> task(std::move(make));
  std::future<std::unique_ptr<Result>> result = task.get_future();
  std::thread worker(std::move(task));
  if (result.wait_for(limit) != std::future_status::ready) {
    worker.detach();
    return nullptr;
  }
  worker.join();
  return result.get();
}

}  // namespace steg
