// SPDX-License-Identifier: LGPL-2.1-or-later
#include "score_table.hpp"

#include <algorithm>
#include <cmath>

#include "plugins/steg/watermark/index.hpp"

namespace steg {

namespace {

/// A segment may have been cut, shown twice or read wrongly whatever its weights say.
constexpr double kLeastWeight = 1e-3;
/// Scores are rounded to whole numbers: to so many steps over all positions, so that their distribution can be
/// computed, and no finer than so many at one.
constexpr double kMostSteps = 16384;
constexpr double kStepsOfPosition = 64;

}  // namespace

std::array<double, kMostVariants> tempered(const std::array<double, kMostVariants>& weight, int variants) {
  std::array<double, kMostVariants> out{};
  const double most = *std::max_element(weight.begin(), weight.begin() + variants);
  for (std::size_t k = 0; k < index(variants); ++k) out[k] = std::max(weight[k] / most, kLeastWeight);
  return out;
}

std::array<double, kMostVariants> log_likelihood_ratios(const SegmentReading& reading, const VariantShares& shares,
                                                        int leakers, double known) {
  double mean = 0;
  for (std::size_t k = 0; k < index(shares.variants); ++k) mean += shares.of(static_cast<int>(k)) * reading.weight[k];
  std::array<double, kMostVariants> out{};
  for (std::size_t k = 0; k < index(shares.variants); ++k)
    out[k] = std::log((known + reading.weight[k] + (leakers - 1) * mean) / (known + leakers * mean));
  return out;
}

ScoreTable::ScoreTable(const std::vector<SegmentReading>& readings, const std::vector<VariantShares>& shares,
                       const std::vector<double>& known)
    : rows_(readings.size()) {
  std::vector<std::array<double, kMostVariants>> ratios(readings.size());
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    double range = 0;
    for (std::size_t i = 0; i < readings.size(); ++i) {
      ratios[i] = log_likelihood_ratios(readings[i], shares[i], leakers_of(lane), known[i]);
      const auto [low, high] = std::minmax_element(ratios[i].begin(), ratios[i].begin() + shares[i].variants);
      range += *high - *low;
    }
    if (!(range > 0)) continue;
    const double steps = std::min(kMostSteps, kStepsOfPosition * static_cast<double>(readings.size()));
    for (std::size_t i = 0; i < readings.size(); ++i)
      for (std::size_t k = 0; k < index(shares[i].variants); ++k)
        rows_[i][k][lane] = static_cast<int>(std::lround(ratios[i][k] * steps / range));
  }
}

VariantScores ScoreTable::scores(std::size_t reading, std::size_t lane) const {
  VariantScores out{};
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = rows_[reading][k][lane];
  return out;
}

}  // namespace steg
