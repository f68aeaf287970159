// SPDX-License-Identifier: LGPL-2.1-or-later
#include "day_tracker.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <string_view>
#include <vector>

namespace steg {
namespace {

constexpr std::size_t kMostChains = 256;
constexpr std::size_t kMostOfChain = 32;

// What the best of 8 pilots adds to the squared strength without a mark, for each tick; and how much more is needed for
// an epoch to be looked for among all: where pilots are weaker, no signature can be proved.
constexpr double kPilotOfNoise = 2.4;
constexpr double kLeastPilot = 14;
// There are twice as many code cells as pilot cells: what to expect of DayFit::excess for a squared pilot strength.
constexpr double kExcessOfPilot = 2 / 22.6;
// Of an epoch that is expected this share is enough, for in a mix the code cells of several IDs share the strength, and
// in an A/B stream each epoch has code bits of its own.
constexpr double kEnoughShare = 0.4;
constexpr double kLeastEnough = 1.5;
// ln of how much likelier than any single one of the 8192 others it is that a chain goes on, that the copy goes on at
// its speed, and that it lost or gained up to 16 s.
constexpr double kPriorOfChain = 11;
constexpr double kPriorOfSpeed = 9;
constexpr double kPriorOfAround = 6;
// Without a mark the best of all epochs comes to this in less than one of a hundred searches, and the best of those
// that are expected, twenty at most, in one of a thousand.
constexpr double kSureExcess = 5.5;
constexpr double kSureOfExpected = 4.3;
// A tick whose code cells should have this excess at least by its pilot, and have less than that share of what they
// should, is of another epoch.
constexpr double kTellingExcess = 8;
constexpr double kForeignShare = 0.25;
constexpr int kAround = 8;  ///< epochs before and after the expected one that may be meant
constexpr std::size_t kMostMoments = 4;
constexpr std::size_t kMostSearches = 64;
// By so much another epoch must be likelier for a single frame, ln.
constexpr double kPriceOfFrame = 6;

double squared(double value) { return value > 0 ? value * value : 0; }

std::size_t hash_of(const FieldSum& sum) {
  std::size_t hash = 0;
  for (const auto& [tick, field] : sum.fields()) {
    const auto* bytes = reinterpret_cast<const char*>(field.data());
    const std::string_view values(bytes, field.size() * sizeof(float));
    hash = hash * 31 + std::hash<std::string_view>()(values) + static_cast<std::size_t>(tick);
  }
  return hash;
}

}  // namespace

void DayTracker::reset() {
  anchors_.clear();
  moments_.clear();
  searches_.clear();
}

int DayTracker::epoch_from(const Anchor& anchor, int tick) const {
  return clock_.after(anchor.epoch, ticks_between(anchor.tick, tick));
}

std::optional<DayTracker::Epoch> DayTracker::epoch_of(Tick tick) const {
  if (reader_.chips().format() == ChipFormat::legacy) return Epoch{tick.number, true};
  const Anchor* anchor = anchor_of(tick.chain, tick.number);
  if (!anchor) return std::nullopt;
  return Epoch{epoch_from(*anchor, tick.number), anchor->sure};
}

long DayTracker::passed(const Moment& moment, double time) const {
  return std::lround((time - moment.time) / clock_.period());
}

void DayTracker::remember(const Moment& moment) {
  const auto goes_on = [&](const Moment& earlier) {
    const long steps = passed(earlier, moment.time);
    return std::abs(ticks_between(clock_.after(earlier.epoch, steps), moment.epoch)) <= 1;
  };
  moments_.erase(std::remove_if(moments_.begin(), moments_.end(), goes_on), moments_.end());
  moments_.push_back(moment);
  if (moments_.size() > kMostMoments) moments_.erase(moments_.begin());
}

std::optional<DayTracker::Epoch> DayTracker::epoch_of(const std::vector<float>& field, Tick tick, double time) const {
  std::optional<Epoch> best = epoch_of(tick);
  if (reader_.chips().format() == ChipFormat::legacy) return best;
  std::vector<int> others;
  for (const Moment& moment : moments_) {
    for (const long around : {-1, 0, 1}) {
      const int epoch = clock_.after(moment.epoch, passed(moment, time) + around);
      if (phase_of(epoch) == phase_of(tick.number) && !(best && best->number == epoch)) others.push_back(epoch);
    }
  }
  if (others.empty()) return best;
  DaySearch search(reader_.chips(), clock_);
  search.add(field, reader_.cells(phase_of(tick.number)).layout, 0);
  double least = (best ? squared(search.excess(best->number)) : 0) + 2 * kPriceOfFrame;
  for (const int epoch : others) {
    const double own = squared(search.excess(epoch));
    if (own <= least) continue;
    least = own;
    best = Epoch{epoch, true};
  }
  return best;
}

const DayTracker::Anchor* DayTracker::anchor_of(int chain, int tick) const {
  const auto found = anchors_.find(chain);
  if (found == anchors_.end()) return nullptr;
  const std::vector<Anchor>& anchors = found->second;
  const auto last = std::find_if(anchors.rbegin(), anchors.rend(),
                                 [tick](const Anchor& anchor) { return ticks_between(anchor.tick, tick) >= 0; });
  return last == anchors.rend() ? &anchors.front() : &*last;
}

void DayTracker::keep(int chain, const Anchor& anchor) {
  std::vector<Anchor>& anchors = anchors_[chain];
  while (!anchors.empty() && ticks_between(anchors.back().tick, anchor.tick) <= 0) {
    // What was sure is not given up for a guess.
    if (anchors.back().sure && !anchor.sure) return;
    anchors.pop_back();
  }
  if (!anchors.empty()) {
    Anchor& last = anchors.back();
    if (epoch_from(last, anchor.tick) == anchor.epoch) {
      last.sure = last.sure || anchor.sure;
      return;
    }
    if (last.sure && !anchor.sure) return;
  }
  anchors.push_back(anchor);
  if (anchors.size() > kMostOfChain) anchors.erase(anchors.begin());
  if (anchors_.size() > kMostChains) anchors_.erase(anchors_.begin());
}

std::vector<DayTracker::Expected> DayTracker::likely(int chain, int tick, double time) const {
  std::vector<Expected> epochs;
  const auto offer = [&](int epoch, double prior) {
    if (phase_of(epoch) != phase_of(tick)) return;  // over a midnight at which phases jump
    const auto is_same = [epoch](const Expected& other) { return other.epoch == epoch; };
    if (std::none_of(epochs.begin(), epochs.end(), is_same)) epochs.push_back({epoch, prior});
  };
  if (const Anchor* anchor = anchor_of(chain, tick); anchor && anchor->sure)
    offer(epoch_from(*anchor, tick), kPriorOfChain);
  if (!moments_.empty()) {
    const Moment& last = moments_.back();
    for (int step = 0; step <= kAround; ++step) {
      for (const int signed_step : {step, -step})
        offer(clock_.after(last.epoch, passed(last, time) + signed_step),
              step < kEpochs / 2 ? kPriorOfSpeed : kPriorOfAround);
    }
  }
  return epochs;
}

DayFit DayTracker::best_of(const DaySearch& search, const FieldSum& sum) {
  const std::size_t hash = hash_of(sum);
  const auto same = [hash](const auto& earlier) { return earlier.first == hash; };
  if (const auto found = std::find_if(searches_.begin(), searches_.end(), same); found != searches_.end())
    return found->second;
  if (searches_.size() == kMostSearches) searches_.pop_front();
  return searches_.emplace_back(hash, search.best()).second;
}

std::optional<DayTracker::Anchor> DayTracker::decide(int chain, const FieldSum& sum, double from) {
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
  const double enough = std::clamp(kEnoughShare * kExcessOfPilot * over_noise, kLeastEnough, kSureOfExpected);
  if (expected && expected->excess >= enough) return Anchor{first, expected->epoch, true};
  if (over_noise >= kLeastPilot) {
    const DayFit best = best_of(search, sum);
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
    resolve_chain(chain, sum, from, to, out);
  }
  return out;
}

std::optional<int> DayTracker::split(const FieldSum& sum, const Anchor& anchor) const {
  std::optional<bool> before;
  for (const auto& [tick, field] : sum.fields()) {
    const ChipLayout& layout = reader_.cells(phase_of(tick)).layout;
    const double pilot = squared(reader_.pilot(field.data(), phase_of(tick)));
    const double due = kExcessOfPilot * (pilot - kPilotOfNoise);
    if (due < kTellingExcess) continue;
    DaySearch search(reader_.chips(), clock_);
    search.add(field, layout, 0);
    const bool foreign = search.excess(epoch_from(anchor, tick)) < kForeignShare * due;
    if (before && *before != foreign) return tick;
    before = foreign;
  }
  return std::nullopt;
}

void DayTracker::resolve_chain(int chain, const FieldSum& sum, double from, double to, FieldSum& out) {
  const std::optional<Anchor> anchor = decide(chain, sum, from);
  if (!anchor) return;
  if (const std::optional<int> at = sum.fields().size() > 1 ? split(sum, *anchor) : std::nullopt) {
    FieldSum earlier(sum.size(), sum.format());
    FieldSum later(sum.size(), sum.format());
    for (const auto& [tick, field] : sum.fields()) (tick < *at ? earlier : later).add(field.data(), tick);
    resolve_chain(chain, earlier, from, to, out);
    resolve_chain(chain, later, from, to, out);
    return;
  }
  for (const auto& [tick, field] : sum.fields()) out.add(field.data(), epoch_from(*anchor, tick));
  keep(chain, *anchor);
  if (anchor->sure) remember({epoch_from(*anchor, sum.fields().rbegin()->first), to});
}

}  // namespace steg
