// Frames a second from a counter that is looked at now and then.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <deque>

#include "launcher/base/seconds.hpp"

namespace launcher {

class FrameMeter {
 public:
  /// `count` frames have gone by at `now` (any monotonic clock). Times never go back; a count that does starts anew.
  void sample(std::uint64_t count, Seconds now) {
    if (!samples_.empty() && count < samples_.back().count) samples_.clear();
    samples_.push_back({count, now});
    while (samples_.size() > 2 && now - samples_[1].time >= kWindow) samples_.pop_front();
  }

  /// Over the last two seconds; 0 until there are two samples.
  double per_second() const {
    if (samples_.size() < 2 || samples_.back().time <= samples_.front().time) return 0;
    const auto frames = static_cast<double>(samples_.back().count - samples_.front().count);
    return frames / (samples_.back().time - samples_.front().time).count();
  }

  void reset() { samples_.clear(); }

 private:
  static constexpr Seconds kWindow{2};
  struct Sample {
    std::uint64_t count;
    Seconds time;
  };
  std::deque<Sample> samples_;
};

}  // namespace launcher
