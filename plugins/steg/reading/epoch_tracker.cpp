// SPDX-License-Identifier: LGPL-2.1-or-later
#include "epoch_tracker.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace steg {
namespace {

// In units of the pilot's standard deviation without a mark. A change that is not one would have to win twice this on
// a single frame; a real one is found from the sum over the frames that follow it.
constexpr double kPriceOfChange = 4.0;
// What a frame's pilot comes to by chance: below it, frames cannot be told apart.
constexpr double kPilotAtLeast = 1.0;

/// In a Gaussian channel f = a x chip + noise of variance v, frames add up best with weights a / v (maximal-ratio
/// combining, Brennan 1959). The pilot is a / sqrt(v) x sqrt(cells), and v about the mean square of f.
void weigh(std::vector<float>& field, double pilot) {
  double energy = 0.0;
  for (const float value : field) energy += std::pow(static_cast<double>(evidence_of(value)), 2);
  if (!(energy > 0.0)) return;
  const auto weight =
      static_cast<float>(std::max(pilot, kPilotAtLeast) * std::sqrt(static_cast<double>(field.size()) / energy));
  for (float& value : field) value = evidence_of(value) * weight;
}

}  // namespace

EpochTracker::EpochTracker(const Reader& reader, Sink sink) : reader_(reader), sink_(std::move(sink)) {}

void EpochTracker::add(std::vector<float> field) {
  Waiting frame{std::move(field), {}};
  for (int epoch = 0; epoch < kEpochs; ++epoch)
    frame.pilots[static_cast<std::size_t>(epoch)] = reader_.pilot(frame.field.data(), epoch);
  waiting_.push_back(std::move(frame));
  if (waiting_.size() > kLag) hand_on(likeliest_path().front());
}

void EpochTracker::flush() {
  for (const int epoch : likeliest_path()) hand_on(epoch);
}

void EpochTracker::reset() {
  waiting_.clear();
  last_epoch_ = -1;
}

void EpochTracker::hand_on(int epoch) {
  last_epoch_ = epoch;
  Waiting& frame = waiting_.front();
  weigh(frame.field, frame.pilots[static_cast<std::size_t>(epoch)]);
  sink_(frame.field, epoch);
  waiting_.pop_front();
}

std::vector<int> EpochTracker::likeliest_path() const {
  if (waiting_.empty()) return {};
  Scores best{};
  for (int epoch = 0; epoch < kEpochs; ++epoch)
    best[static_cast<std::size_t>(epoch)] = last_epoch_ < 0 || last_epoch_ == epoch ? 0.0 : -kPriceOfChange;

  std::vector<std::array<int, kEpochs>> came_from(waiting_.size());
  for (std::size_t i = 0; i < waiting_.size(); ++i) {
    const auto leader = std::max_element(best.begin(), best.end());
    const double by_change = *leader - kPriceOfChange;
    const auto leader_epoch = static_cast<int>(leader - best.begin());
    for (std::size_t epoch = 0; epoch < best.size(); ++epoch) {
      // The price of entering the first frame's epoch is in `best` already.
      const bool changes = i > 0 && by_change > best[epoch];
      came_from[i][epoch] = changes ? leader_epoch : static_cast<int>(epoch);
      if (changes) best[epoch] = by_change;
      best[epoch] += waiting_[i].pilots[epoch];
    }
  }
  std::vector<int> path(waiting_.size());
  path.back() = static_cast<int>(std::max_element(best.begin(), best.end()) - best.begin());
  for (std::size_t i = waiting_.size() - 1; i > 0; --i) path[i - 1] = came_from[i][static_cast<std::size_t>(path[i])];
  return path;
}

}  // namespace steg
