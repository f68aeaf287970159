// SPDX-License-Identifier: LGPL-2.1-or-later
#include "marked_spans.hpp"

#include <algorithm>

namespace trace {
namespace {

constexpr double kFastest = 2.0;  ///< times the speed at which the copy was marked
constexpr int kFewFrames = 2;
constexpr double kBriefly = 0.5;  ///< seconds

}  // namespace

bool may_follow(const steg::DayClock& clock, int before, int after, double seconds) {
  const auto steps = static_cast<double>(clock.steps(before, after));
  // A step back is a frame at the border of two epochs that was taken for one of the first.
  return steps >= -1.0 && steps <= 1.0 + kFastest * seconds / clock.period();
}

void MarkedSpans::add(double time, int epoch) {
  const auto extend = [&](Span& span) {
    if (clock_.steps(span.last, epoch) > 0) span.last = epoch;
    span.to = time;
    ++span.frames;
  };
  if (!spans_.empty() && continues(spans_.back(), time, epoch)) {
    extend(spans_.back());
    return;
  }
  // The span before may go on after a few frames that said something else.
  if (spans_.size() > 1) {
    const Span& between = spans_.back();
    const bool brief = between.frames <= kFewFrames && time - between.from <= kBriefly;
    if (brief && continues(spans_[spans_.size() - 2], time, epoch)) {
      spans_.pop_back();
      extend(spans_.back());
      return;
    }
  }
  spans_.push_back({time, time, epoch, epoch, 1});
}

std::vector<MarkedSpans::Span> MarkedSpans::all() const { return spans_; }

std::vector<MarkedSpans::Span> MarkedSpans::longest() const {
  const auto longest =
      std::max_element(spans_.begin(), spans_.end(), [](const Span& a, const Span& b) { return a.frames < b.frames; });
  return longest == spans_.end() ? std::vector<Span>() : std::vector<Span>{*longest};
}

}  // namespace trace
