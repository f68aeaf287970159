// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bounds.hpp"

#include <cmath>

namespace steg::bench {

ChannelFigures binary_gaussian_channel(double amplitude) {
  // The information density of y = amplitude + noise is 1 - log2(1 + exp(-2 amplitude y)).
  constexpr int kSteps = 20000;
  constexpr double kReach = 10;
  double mean = 0;
  double square = 0;
  double weight_sum = 0;
  for (int i = 0; i <= kSteps; ++i) {
    const double noise = -kReach + 2 * kReach * i / kSteps;
    const double weight = std::exp(-noise * noise / 2);
    const double exponent = -2 * amplitude * (amplitude + noise);
    const double log1p_exp = exponent > 0 ? exponent + std::log1p(std::exp(-exponent)) : std::log1p(std::exp(exponent));
    const double density = 1 - log1p_exp / std::log(2.0);
    mean += weight * density;
    square += weight * density * density;
    weight_sum += weight;
  }
  mean /= weight_sum;
  return {mean, square / weight_sum - mean * mean};
}

double normal_approximation(double amplitude, int length, double payload) {
  const ChannelFigures channel = binary_gaussian_channel(amplitude);
  const double margin = length * channel.capacity - payload + std::log2(length) / 2;
  return std::erfc(margin / std::sqrt(length * channel.dispersion) / std::sqrt(2.0)) / 2;
}

}  // namespace steg::bench
