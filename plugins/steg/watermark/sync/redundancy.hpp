// How far the moments of a copy repeat each other. Where nothing moves, all of them have the same noise, which then
// fits the pilots of one epoch in each of them by the same chance. SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace steg::sync {

/// Mean correlation, 0 to 1, of values that some moments have at the same cells; 0 of less than two moments.
double mean_correlation(const std::vector<std::vector<float>>& moments);

/// The variance of a sum over `count` moments with that correlation, over that of as many independent ones.
inline double redundancy(std::size_t count, double correlation) {
  return count > 1 ? 1 + (static_cast<double>(count) - 1) * correlation : 1;
}

/// What the best of 8 epochs adds to a power on average, for each moment without a mark.
constexpr double kPowerOfNoise = 2.4;

/// A sum over `moments` of squared pilot strengths, of which what exceeds that of noise counts once where the moments
/// repeat each other.
inline double counted_once(double power, std::size_t moments, double correlation) {
  const double noise = kPowerOfNoise * static_cast<double>(moments);
  return noise + (power - noise) / redundancy(moments, correlation);
}

}  // namespace steg::sync
