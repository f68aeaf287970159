// When parts of a copy were marked, from the epochs of its frames.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <vector>

#include "plugins/steg/watermark/day_clock.hpp"

namespace trace {

/// Whether a frame that is so many seconds later than one of epoch `before` may have been marked in `after`.
bool may_follow(const steg::DayClock& clock, int before, int after, double seconds);

/// Frames follow each other in time and in the day, at up to twice the speed at which they were marked, or slowed down
/// as much as you like. Where the time of day jumps, one span ends and another begins. A few frames that do not fit
/// what is before and after them are errors, no span.
class MarkedSpans {
 public:
  struct Span {
    double from;  ///< time of the first frame, seconds
    double to;    ///< of the last one
    int first;    ///< epochs
    int last;
    int frames;
  };

  explicit MarkedSpans(const steg::DayClock& clock) : clock_(clock) {}

  /// A frame whose epoch is known; times ascend.
  void add(double time, int epoch);

  std::vector<Span> all() const;
  /// The one with the most frames, if there is any.
  std::vector<Span> longest() const;

 private:
  bool continues(const Span& span, double time, int epoch) const {
    return may_follow(clock_, span.last, epoch, time - span.to);
  }

  steg::DayClock clock_;
  std::vector<Span> spans_;
};

}  // namespace trace
