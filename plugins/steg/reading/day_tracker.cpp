// SPDX-License-Identifier: LGPL-2.1-or-later
#include "day_tracker.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace steg {
namespace {

constexpr std::size_t kMostAnchors = 256;

// What the best of 8 pilots adds to the squared strength without a mark, for each tick; and how much more is needed for
// an epoch to be looked for among all: where pilots are weaker, no signature can be proved.
constexpr double kPilotOfNoise = 2.4;
constexpr double kLeastPilot = 14;
// There are twice as many code cells as pilot cells: what to expect of DayFit::excess for a squared pilot strength.
constexpr double kExcessOfPilot = 2 / 22.6;
// Of an epoch that is expected this share is enough, for in a mix the code cells of several IDs share the strength.
constexpr double kEnoughShare = 0.4;
constexpr double kLeastEnough = 1.5;
constexpr double kMostEnough = 8;
// ln of how much likelier than any single one of the 8192 others it is that a chain goes on, that the copy goes on at
// its speed, and that it lost or gained up to 16 s.
constexpr double kPriorOfChain = 11;
constexpr double kPriorOfSpeed = 9;
constexpr double kPriorOfAround = 6;
// Without a mark the best of all epochs comes to this in less than one of a hundred searches.
constexpr double kSureExcess = 5.5;
constexpr int kAround = 8;  ///< epochs before and after the expected one that may be meant

double squared(double value) { return value > 0 ? value * value : 0; }

}  // namespace

void DayTracker::reset() {
  anchors_.clear();
  last_.reset();
}

int DayTracker::epoch_from(const Anchor& anchor, int tick) const {
  return clock_.after(anchor.epoch, ticks_between(anchor.tick, tick));
}

std::optional<DayTracker::Epoch> DayTracker::epoch_of(Tick tick) const {
  if (reader_.chips().format() == ChipFormat::legacy) return Epoch{tick.number, true};
  const auto found = anchors_.find(tick.chain);
  if (found == anchors_.end()) return std::nullopt;
  return Epoch{epoch_from(found->second, tick.number), found->second.sure};
}

std::vector<DayTracker::Expected> DayTracker::likely(int chain, int tick, double time) const {
  std::vector<Expected> epochs;
  const auto offer = [&](int epoch, double prior) {
    if (phase_of(epoch) != phase_of(tick)) return;  // over a midnight at which phases jump
    const auto is_same = [epoch](const Expected& other) { return other.epoch == epoch; };
    if (std::none_of(epochs.begin(), epochs.end(), is_same)) epochs.push_back({epoch, prior});
  };
  if (const auto found = anchors_.find(chain); found != anchors_.end() && found->second.sure)
    offer(epoch_from(found->second, tick), kPriorOfChain);
  if (last_) {
    const long passed = std::lround((time - last_->time) / clock_.period());
    for (int step = 0; step <= kAround; ++step) {
      for (const int signed_step : {step, -step})
        offer(clock_.after(last_->epoch, passed + signed_step), step < kEpochs / 2 ? kPriorOfSpeed : kPriorOfAround);
    }
  }
  return epochs;
}

std::optional<DayTracker::Anchor> DayTracker::decide(int chain, const FieldSum& sum, double from) const {
  DaySearch search(reader_.chips(), clock_);
  const int first = sum.fields().begin()->first;
  double pilot = 0;
  for (const auto& [tick, field] : sum.fields()) {
    search.add(field, reader_.cells(phase_of(tick)).layout, ticks_between(first, tick));
    pilot += squared(reader_.pilot(field.data(), phase_of(tick)));
  }
  const double over_noise = pilot - kPilotOfNoise * static_cast<double>(sum.fields().size());
  std::optional<DayFit> expected;
  double score = 0;  // ln of how likely it is, but for a constant
  for (const auto& [epoch, prior] : likely(chain, first, from)) {
    const DayFit fit{epoch, search.excess(epoch)};
    const double own = squared(fit.excess) / 2 + prior;
    if (expected && own <= score) continue;
    expected = fit;
    score = own;
  }
  const double enough = std::clamp(kEnoughShare * kExcessOfPilot * over_noise, kLeastEnough, kMostEnough);
  if (expected && expected->excess >= enough) return Anchor{first, expected->epoch, true};
  if (over_noise >= kLeastPilot) {
    const DayFit best = search.best();
    if (squared(best.excess) / 2 > score) return Anchor{first, best.epoch, best.excess >= kSureExcess};
  }
  if (!expected) return std::nullopt;
  return Anchor{first, expected->epoch, false};
}

FieldSum DayTracker::resolve(const TickSums& sums, double from, double to) {
  FieldSum out(sums.size(), sums.format());
  for (const auto& [chain, sum] : sums.chains()) {
    if (sum.frames() == 0) continue;
    if (sums.format() == ChipFormat::legacy) {
      out.add(sum);
      continue;
    }
    const std::optional<Anchor> anchor = decide(chain, sum, from);
    if (!anchor) continue;
    int frames = sum.frames();
    for (const auto& [tick, field] : sum.fields()) {
      out.add(field, epoch_from(*anchor, tick), frames);
      frames = 0;
    }
    const auto known = anchors_.find(chain);
    if (anchor->sure || known == anchors_.end() || !known->second.sure) anchors_.insert_or_assign(chain, *anchor);
    if (anchor->sure) last_ = Moment{epoch_from(*anchor, sum.fields().rbegin()->first), to};
    if (anchors_.size() > kMostAnchors) anchors_.erase(anchors_.begin());
  }
  return out;
}

}  // namespace steg
