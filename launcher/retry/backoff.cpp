// SPDX-License-Identifier: LGPL-2.1-or-later
#include "backoff.hpp"

#include <algorithm>

#include "launcher/base/seconds.hpp"

namespace launcher {

Backoff::Backoff(Seconds initial, Seconds maximum, std::uint32_t seed)
    : initial_(initial), maximum_(std::max(initial, maximum)), random_(seed) {
  reset();
}

void Backoff::reset() { bound_ = std::min(initial_ * 2.0, maximum_); }

Seconds Backoff::next() {
  std::uniform_real_distribution<double> share(0.5, 1.0);
  const Seconds delay = std::max(bound_ * share(random_), initial_);
  bound_ = std::min(bound_ * 2.0, maximum_);
  return delay;
}

}  // namespace launcher
