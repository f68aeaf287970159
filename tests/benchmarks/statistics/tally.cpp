// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tally.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace statistics {

std::size_t Tally::at_most(double exponent) const {
  return static_cast<std::size_t>(
      std::count_if(log10_p_.begin(), log10_p_.end(), [exponent](double p) { return p <= exponent; }));
}

double Tally::smallest() const { return log10_p_.empty() ? 0.0 : *std::min_element(log10_p_.begin(), log10_p_.end()); }

std::vector<std::pair<double, double>> Tally::quantiles() const {
  std::vector<double> sorted = log10_p_;
  std::sort(sorted.begin(), sorted.end());
  std::vector<std::pair<double, double>> points;
  const auto count = static_cast<double>(sorted.size());
  // Fewer than three events say nothing of a share.
  for (double rank = count; rank >= 3; rank /= 1.6) {
    const double p = sorted[static_cast<std::size_t>(rank) - 1];
    if (p < 0) points.emplace_back(std::pow(10.0, p), std::floor(rank) / count);
  }
  return points;
}

}  // namespace statistics
