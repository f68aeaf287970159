// SPDX-License-Identifier: LGPL-2.1-or-later
#include "shrinkage.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace steg {

std::vector<double> shrunk_weights(const std::vector<double>& values, const std::vector<double>& precision) {
  double total = 0;
  double squares = 0;
  double weighted = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    total += precision[i];
    squares += precision[i] * precision[i];
    weighted += precision[i] * values[i];
  }
  const double mean = total > 0 ? weighted / total : 0;
  double spread = 0;
  for (std::size_t i = 0; i < values.size(); ++i) spread += precision[i] * (values[i] - mean) * (values[i] - mean);
  const double freedom = total > 0 ? total - squares / total : 0;
  const double excess = spread - static_cast<double>(values.size()) + 1;
  const double variance = freedom > 0 ? std::max(0.0, excess / freedom) : 0;

  std::vector<double> weights(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double trust = variance * precision[i] / (variance * precision[i] + 1);
    weights[i] = std::max(0.0, mean + trust * (values[i] - mean));
  }
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!(sum > 0)) return std::vector<double>(values.size(), 1.0);
  for (double& weight : weights) weight *= static_cast<double>(weights.size()) / sum;
  return weights;
}

}  // namespace steg
