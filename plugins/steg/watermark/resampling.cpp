// SPDX-License-Identifier: LGPL-2.1-or-later
#include "resampling.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace steg {

namespace {

/// The number of taps known to the compiler.
template <int kTaps>
void resample_fixed(const Resampling& resampling, const float* in, float scale, float* out) {
  const float* weights = resampling.weights.data();
  const int* first = resampling.first.data();
  const std::size_t outputs = resampling.first.size();
  for (std::size_t i = 0; i < outputs; ++i) {
    const float* from = in + first[i];
    float sum = 0;
    for (int t = 0; t < kTaps; ++t) sum += weights[t] * from[t];
    out[i] = scale * sum;
    weights += kTaps;
  }
}

}  // namespace

// Integer arithmetic in units of 1/out of an input, so that whole inputs get exactly equal weights.
Resampling area_axis(int in, int out) {
  Resampling axis;
  for (std::int64_t i = 0; i < out; ++i) {
    const std::int64_t first = i * in / out;
    const std::int64_t end = ((i + 1) * in + out - 1) / out;
    axis.taps = std::max(axis.taps, static_cast<int>(end - first));
  }
  for (std::int64_t i = 0; i < out; ++i) {
    const std::int64_t start = i * in;
    const std::int64_t end = start + in;
    const std::int64_t first = std::min<std::int64_t>(start / out, in - axis.taps);
    axis.first.push_back(static_cast<int>(first));
    for (std::int64_t j = first; j < first + axis.taps; ++j) {
      const std::int64_t overlap = std::min(end, (j + 1) * out) - std::max(start, j * out);
      axis.weights.push_back(static_cast<float>(std::max<std::int64_t>(overlap, 0)) / static_cast<float>(in));
    }
  }
  return axis;
}

void resample(const Resampling& resampling, const float* in, float scale, float* out) {
  switch (resampling.taps) {
    case 2:
      return resample_fixed<2>(resampling, in, scale, out);
    case 3:
      return resample_fixed<3>(resampling, in, scale, out);
    case 4:
      return resample_fixed<4>(resampling, in, scale, out);
    case 5:
      return resample_fixed<5>(resampling, in, scale, out);
    default:
      break;
  }
  const float* weights = resampling.weights.data();
  for (std::size_t i = 0; i < resampling.first.size(); ++i, weights += resampling.taps) {
    const float* from = in + resampling.first[i];
    float sum = 0;
    for (int t = 0; t < resampling.taps; ++t) sum += weights[t] * from[t];
    out[i] = scale * sum;
  }
}

}  // namespace steg
