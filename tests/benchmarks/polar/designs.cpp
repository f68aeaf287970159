// SPDX-License-Identifier: LGPL-2.1-or-later
#include "designs.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace steg::bench {

namespace {

std::size_t index(int i) { return static_cast<std::size_t>(i); }

Order ascending(const std::array<double, kCodeBits>& reliability) {
  Order order{};
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](int a, int b) { return reliability[index(a)] < reliability[index(b)]; });
  return order;
}

/// 1 - E[tanh(L/2)] for L ~ N(mean, 2 mean): Chung et al., equations (9) and (10).
double phi(double mean) {
  if (mean <= 0) return 1;
  if (mean < 10) return std::min(1.0, std::exp(-0.4527 * std::pow(mean, 0.86) + 0.0218));
  return std::sqrt(M_PI / mean) * std::exp(-mean / 4) * (1 - 10 / (7 * mean));
}

double inverse_phi(double value) {
  double low = 0;
  double high = 4000;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (phi(middle) > value ? low : high) = middle;
  }
  return low;
}

int row_weight(int position) {
  int weight = 1;
  for (int bit = 0; bit < 8; ++bit) weight <<= position >> bit & 1;
  return weight;
}

}  // namespace

Order polarization_weight_order() {
  std::array<double, kCodeBits> weight{};
  for (int i = 0; i < kCodeBits; ++i) {
    for (int bit = 0; bit < 8; ++bit) weight[index(i)] += (i >> bit & 1) * std::exp2(bit / 4.0);
  }
  return ascending(weight);
}

Order gaussian_approximation_order(double mean_z) {
  std::array<double, kCodeBits> mean{};
  for (int i = 0; i < kCodeBits; ++i) {
    double value = 2 * mean_z * mean_z;
    for (int bit = 7; bit >= 0; --bit) {
      const double rest = 1 - phi(value);
      value = (i >> bit & 1) != 0 ? 2 * value : inverse_phi(1 - rest * rest);
    }
    mean[index(i)] = value;
  }
  return ascending(mean);
}

InformationMask best_of(const Order& order, int count) { return best_of_rows(order, count, 1); }

InformationMask best_of_rows(const Order& order, int count, int weight) {
  InformationMask mask{};
  int left = count;
  for (auto position = order.rbegin(); position != order.rend() && left > 0; ++position) {
    if (row_weight(*position) < weight) continue;
    mask[index(*position)] = true;
    --left;
  }
  return mask;
}

}  // namespace steg::bench
