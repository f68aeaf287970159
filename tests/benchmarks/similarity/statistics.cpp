// SPDX-License-Identifier: LGPL-2.1-or-later
#include "statistics.hpp"

#include <algorithm>
#include <cmath>

namespace similarity {

double quantile(std::vector<double> values, double p) {
  if (values.empty()) return 0.0;
  const auto rank = static_cast<std::ptrdiff_t>(std::lround(p * static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), values.begin() + rank, values.end());
  return values[static_cast<std::size_t>(rank)];
}

double area_under_roc(std::vector<double> repeats, std::vector<double> motions) {
  if (repeats.empty() || motions.empty()) return 1.0;
  std::sort(repeats.begin(), repeats.end());
  double won = 0.0;
  for (const double motion : motions) {
    const auto below = std::lower_bound(repeats.begin(), repeats.end(), motion);
    const auto above = std::upper_bound(below, repeats.end(), motion);
    won += static_cast<double>(below - repeats.begin()) + 0.5 * static_cast<double>(above - below);
  }
  return won / (static_cast<double>(repeats.size()) * static_cast<double>(motions.size()));
}

Errors errors_at(const std::vector<double>& repeats, const std::vector<double>& motions, double threshold) {
  const auto part = [](std::ptrdiff_t n, std::size_t of) {
    return of == 0 ? 0.0 : static_cast<double>(n) / static_cast<double>(of);
  };
  return {
      part(std::count_if(repeats.begin(), repeats.end(), [=](double s) { return s > threshold; }), repeats.size()),
      part(std::count_if(motions.begin(), motions.end(), [=](double s) { return s <= threshold; }), motions.size())};
}

double best_threshold(std::vector<double> repeats, std::vector<double> motions) {
  std::sort(repeats.begin(), repeats.end());
  std::sort(motions.begin(), motions.end());
  const auto not_above = [](const std::vector<double>& sorted, double threshold) {
    const auto end = std::upper_bound(sorted.begin(), sorted.end(), threshold);
    return sorted.empty() ? 0.0 : static_cast<double>(end - sorted.begin()) / static_cast<double>(sorted.size());
  };
  double best = 0.0;
  double fewest = 2.0;
  for (const auto* scores : {&repeats, &motions}) {
    for (const double threshold : *scores) {
      const double errors = 1.0 - not_above(repeats, threshold) + not_above(motions, threshold);
      if (errors >= fewest) continue;
      fewest = errors;
      best = threshold;
    }
  }
  return best;
}

}  // namespace similarity
