// SPDX-License-Identifier: LGPL-2.1-or-later
#include "redundancy.hpp"

#include <algorithm>
#include <cmath>

namespace steg::sync {

double mean_correlation(const std::vector<std::vector<float>>& moments) {
  if (moments.size() < 2) return 0;
  std::vector<double> scales;
  for (const std::vector<float>& values : moments) {
    double energy = 0;
    for (const float value : values) energy += static_cast<double>(value) * value;
    scales.push_back(energy > 0 ? 1 / std::sqrt(energy) : 0);
  }
  // The energy of the sum of vectors of length 1 is their number and the sum of all their correlations.
  double energy = 0;
  for (std::size_t i = 0; i < moments.front().size(); ++i) {
    double sum = 0;
    for (std::size_t moment = 0; moment < moments.size(); ++moment) sum += scales[moment] * moments[moment][i];
    energy += sum * sum;
  }
  const auto count = static_cast<double>(moments.size());
  return std::clamp((energy / count - 1) / (count - 1), 0.0, 1.0);
}

}  // namespace steg::sync
