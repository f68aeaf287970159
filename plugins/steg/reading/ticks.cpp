// SPDX-License-Identifier: LGPL-2.1-or-later
#include "ticks.hpp"

#include <algorithm>

namespace steg {
namespace {

constexpr std::size_t kMostOpenTicks = 4;
constexpr double kLongestGap = 3.5;  ///< epochs
constexpr double kFastest = 2;       ///< times the speed at which the copy was marked
constexpr int kMostSteps = 4;        ///< more cannot be told from steps back

}  // namespace

long ticks_between(int from, int to) {
  const long steps = (static_cast<long>(to) - from) % kDayEpochs;
  if (steps > kDayEpochs / 2) return steps - kDayEpochs;
  return steps < -kDayEpochs / 2 ? steps + kDayEpochs : steps;
}

bool TickChains::continues(const Chain& chain, int phase, double time) const {
  const double gap = (time - chain.time) / clock_.period();
  if (gap < 0 || gap > kLongestGap) return false;
  const int steps = (phase - phase_of(chain.last.number) + kEpochs) % kEpochs;
  // One step may come at once, for the change may lie between two frames that follow each other.
  return steps <= 1 || (steps <= kMostSteps && steps - 1 <= kFastest * gap);
}

Tick TickChains::add(int phase, double time) {
  if (format_ == ChipFormat::legacy) return {0, phase};
  const auto found =
      std::find_if(open_.rbegin(), open_.rend(), [&](const Chain& chain) { return continues(chain, phase, time); });
  Chain chain{{chains_, phase}, time};
  if (found != open_.rend()) {
    const int steps = (phase - phase_of(found->last.number) + kEpochs) % kEpochs;
    chain.last = {found->last.chain, (found->last.number + steps) % kDayEpochs};
    open_.erase(std::next(found).base());
  } else {
    ++chains_;
    if (open_.size() == kMostOpenTicks) open_.erase(open_.begin());
  }
  open_.push_back(chain);
  return chain.last;
}

void TickSums::add(const TickSums& other) {
  for (const auto& [chain, sum] : other.chains_) of(chain).add(sum);
}

}  // namespace steg
