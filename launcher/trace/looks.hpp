// When the viewers of a copy are scored while it plays.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cstddef>

namespace trace {

/// Whoever looks again and again, and stops when a p-value is low enough, has as many tries. The n-th look has the
/// share 1/(n(n + 1)) of the significance, all of them together no more than the whole; so that there are few, each
/// waits for a tenth more segments than the last.
class Looks {
 public:
  static constexpr std::size_t kFirst = 16;  ///< segments; of fewer, four variants hardly name anybody

  /// Whether to look now that a copy shows so many segments. If so, this is the next look.
  bool due(std::size_t segments) {
    if (segments < next_) return false;
    next_ = segments + std::max(kLeast, segments / kShare);
    ++count_;
    return true;
  }
  /// The last look, at the end of the copy.
  void finish() { ++count_; }
  /// By which the p-values of the present look are multiplied.
  double tries() const { return static_cast<double>(count_) * static_cast<double>(count_ + 1); }

 private:
  static constexpr std::size_t kLeast = 4;
  static constexpr std::size_t kShare = 10;
  std::size_t next_ = kFirst;
  std::size_t count_ = 0;
};

}  // namespace trace
