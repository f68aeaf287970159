// What waits for a reader who is slower than the stream.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <utility>

#include "launcher/base/bytes.hpp"
#include "outlet.hpp"

namespace launcher {

/// A queue of bytes with a limit.
class Backlog {
 public:
  /// `largest`: bytes that may wait.
  explicit Backlog(std::size_t largest) : largest_(largest) {}

  /// False if that would be too much; nothing is added then.
  bool add(Bytes bytes) {
    const std::size_t size = g_bytes_get_size(bytes.get());
    if (size > largest_ - waiting_) return false;
    waiting_ += size;
    queue_.push_back(std::move(bytes));
    return true;
  }

  bool empty() const { return queue_.empty(); }
  const Bytes& front() const { return queue_.front(); }

  Bytes pop() {
    Bytes bytes = std::move(queue_.front());
    queue_.pop_front();
    waiting_ -= g_bytes_get_size(bytes.get());
    return bytes;
  }

  void clear() {
    queue_.clear();
    waiting_ = 0;
  }

 private:
  std::size_t largest_;
  std::size_t waiting_ = 0;  ///< bytes, at most largest_
  std::deque<Bytes> queue_;
};

}  // namespace launcher
