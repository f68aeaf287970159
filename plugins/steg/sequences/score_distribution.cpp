// SPDX-License-Identifier: LGPL-2.1-or-later
#include "score_distribution.hpp"

#include <algorithm>
#include <cmath>

#include "plugins/steg/watermark/index.hpp"

namespace steg {

namespace {

/// Far from denormal numbers, which are slow, and far below any p-value that is told.
constexpr double kTooRare = 1e-250;

}  // namespace

void ScoreDistribution::add(const VariantShares& shares, const VariantScores& scores) {
  const auto variants = index(shares.variants);
  const auto [low, high] = std::minmax_element(scores.begin(), scores.begin() + shares.variants);
  std::vector<double> sum(mass_.size() + index(*high - *low));
  for (std::size_t k = 0; k < variants; ++k) {
    const double share = shares.of(static_cast<int>(k));
    double* to = sum.data() + (scores[k] - *low);
    for (std::size_t i = 0; i < mass_.size(); ++i) to[i] += share * mass_[i];
  }
  lowest_ += *low;
  std::size_t first = 0;
  std::size_t last = sum.size();
  while (last > first + 1 && sum[last - 1] < kTooRare) dropped_ += sum[--last];
  while (first + 1 < last && sum[first] < kTooRare) dropped_ += sum[first++];
  lowest_ += static_cast<int>(first);
  mass_.assign(sum.begin() + static_cast<std::ptrdiff_t>(first), sum.begin() + static_cast<std::ptrdiff_t>(last));
}

std::vector<float> ScoreDistribution::log10_tails() const {
  std::vector<float> tails(mass_.size());
  double tail = dropped_;
  for (std::size_t i = mass_.size(); i-- > 0;) {
    tail += mass_[i];
    tails[i] = static_cast<float>(std::log10(std::min(1.0, tail)));
  }
  return tails;
}

}  // namespace steg
