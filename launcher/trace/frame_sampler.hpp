// Which frames of a video are taken, so many a second.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "golden_places.hpp"

namespace trace {

/// Divides time into stretches of 1/rate seconds and takes the frame that is shown at a moment of each, at a place that
/// differs from stretch to stretch. Regular times would always meet the same of several copies whose frames take turns,
/// and key frames, which read best, too often or never. The places are golden ones,
/// so that a file is always read alike.
class FrameSampler {
 public:
  /// `rate`: more than 0; all frames are taken if they are not more than so many.
  explicit FrameSampler(double rate) : rate_(rate) {}

  /// Whether to take the frame of that time and duration, seconds; times ascend.
  bool takes(double time, double duration) {
    if (time + duration <= moment()) return false;
    while (time + duration > moment()) ++stretch_;
    return true;
  }

 private:
  double moment() const { return (stretch_ + golden_place(stretch_ + 1)) / rate_; }

  double rate_;
  double stretch_ = 0;  ///< a whole number
};

}  // namespace trace
