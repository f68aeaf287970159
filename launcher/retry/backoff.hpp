// How long to wait before the next try.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <random>

#include "launcher/base/seconds.hpp"

namespace launcher {

/// Exponential backoff with jitter: the n-th delay is drawn evenly from [d/2, d] with d = min(initial * 2^(n+1),
/// maximum), n = 0, 1, ..., so the first one is at least `initial`. The jitter keeps many launchers that lost the same
/// server from coming back in step.
class Backoff {
 public:
  /// 0 < initial <= maximum, both in seconds. The seed makes the jitter repeatable.
  Backoff(Seconds initial, Seconds maximum, std::uint32_t seed);

  /// The delay from the start of the last try to the start of the next one; grows with every call.
  Seconds next();

  /// The stream was well: begin again with the initial delay.
  void reset();

 private:
  Seconds initial_;
  Seconds maximum_;
  Seconds bound_;
  std::mt19937 random_;
};

}  // namespace launcher
