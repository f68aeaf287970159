// Averaging down to cells and bringing a residual back, as the documentation has it: slow, and in double precision.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "grid.hpp"

namespace steg::test {

/// Fills the memory around a picture, which nobody may write to.
inline constexpr std::uint8_t kGuard = 0xA5;

/// Share of input j (from j to j + 1) in output i (from i x in/out to (i + 1) x in/out).
inline double overlap(int in, int out, int i, int j) {
  const double scale = static_cast<double>(in) / out;
  return std::max(0.0, std::min((i + 1) * scale, j + 1.0) - std::max(i * scale, static_cast<double>(j)));
}

/// Weights of all inputs in one output, as the documentation has it.
inline std::vector<double> area_weights(int in, int out, int i) {
  std::vector<double> weights;
  for (int j = 0; j < in; ++j) weights.push_back(overlap(in, out, i, j) * out / in);
  return weights;
}

inline std::vector<double> up_weights(int in, int out, int i) {
  if (out < in) return area_weights(in, out, i);
  std::vector<double> weights(static_cast<std::size_t>(in));
  const double position = std::clamp((i + 0.5) * in / out - 0.5, 0.0, in - 1.0);
  const auto low = static_cast<std::size_t>(position);
  const std::size_t high = std::min(low + 1, weights.size() - 1);
  weights[low] += 1 - (position - static_cast<double>(low));
  weights[high] += position - static_cast<double>(low);
  return weights;
}

/// The weights that are not 0, for speed alone.
struct Sparse {
  std::size_t first;
  std::vector<double> weights;
};

inline Sparse sparse(const std::vector<double>& weights) {
  const auto not_zero = [](double weight) { return weight != 0; };
  const auto first = std::find_if(weights.begin(), weights.end(), not_zero);
  const auto last = std::find_if(weights.rbegin(), weights.rend(), not_zero).base();
  return {static_cast<std::size_t>(first - weights.begin()), {first, last}};
}

inline double weighted_sum(const Sparse& sparse, const double* values) {
  const double* weight = sparse.weights.data();
  const std::size_t count = sparse.weights.size();
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += weight[i] * values[sparse.first + i];
  return sum;
}

using Weights = std::vector<double> (*)(int in, int out, int i);

/// Separable resampling in double precision.
inline std::vector<double> resample(const std::vector<double>& in, GridSize from, GridSize to, Weights weights) {
  const auto from_width = static_cast<std::size_t>(from.width);
  const auto from_height = static_cast<std::size_t>(from.height);
  std::vector<double> columns;
  columns.reserve(static_cast<std::size_t>(to.width) * from_height);
  for (int x = 0; x < to.width; ++x) {
    const Sparse w = sparse(weights(from.width, to.width, x));
    for (std::size_t y = 0; y < from_height; ++y) columns.push_back(weighted_sum(w, &in[y * from_width]));
  }
  std::vector<double> out;
  out.reserve(static_cast<std::size_t>(to.cells()));
  for (int y = 0; y < to.height; ++y) {
    const Sparse w = sparse(weights(from.height, to.height, y));
    for (std::size_t x = 0; x < static_cast<std::size_t>(to.width); ++x) {
      out.push_back(weighted_sum(w, &columns[x * from_height]));
    }
  }
  return out;
}

}  // namespace steg::test
