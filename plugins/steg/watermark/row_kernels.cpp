// SPDX-License-Identifier: LGPL-2.1-or-later
#include "row_kernels.hpp"

#include <cstddef>

#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
#define STEG_HAS_AVX2_CLONE 1
#else
#define STEG_HAS_AVX2_CLONE 0
#endif

namespace steg::rows {

namespace {

inline std::uint8_t to_pixel(float value) {
  const float above_zero = value > 0 ? value : 0;
  const float clamped = above_zero < 255 ? above_zero : 255;
  // NOLINTNEXTLINE(bugprone-incorrect-roundings): never negative, and lround is not vectorised.
  return static_cast<std::uint8_t>(static_cast<int>(clamped + 0.5F));
}

using BlendInto = void (*)(std::uint8_t*, const float*, float, const float*, float, int);

// Inlined into each clone, and compiled there for the clone's instruction set.
__attribute__((always_inline)) inline void blend_body(std::uint8_t* luma, const float* upper, float upper_weight,
                                                      const float* lower, float lower_weight, int width) {
  for (int x = 0; x < width; ++x) {
    const float residual = upper_weight * upper[x] + lower_weight * lower[x];
    luma[x] = to_pixel(static_cast<float>(luma[x]) + residual);
  }
}

void blend_baseline(std::uint8_t* luma, const float* upper, float upper_weight, const float* lower, float lower_weight,
                    int width) {
  blend_body(luma, upper, upper_weight, lower, lower_weight, width);
}

#if STEG_HAS_AVX2_CLONE
__attribute__((target("avx2"))) void blend_avx2(std::uint8_t* luma, const float* upper, float upper_weight,
                                                const float* lower, float lower_weight, int width) {
  blend_body(luma, upper, upper_weight, lower, lower_weight, width);
}

BlendInto fastest_blend() { return __builtin_cpu_supports("avx2") != 0 ? blend_avx2 : blend_baseline; }
#else
BlendInto fastest_blend() { return blend_baseline; }
#endif

template <typename In>
void accumulate(const In* in, float weight, float* out, int width) {
  for (int x = 0; x < width; ++x) out[x] += weight * static_cast<float>(in[x]);
}

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

void add(const std::uint8_t* in, std::uint16_t* sums, int width) {
  for (int x = 0; x < width; ++x) sums[x] = static_cast<std::uint16_t>(sums[x] + in[x]);
}

void add_weighted(const std::uint8_t* in, float weight, float* out, int width) { accumulate(in, weight, out, width); }

void add_weighted(const std::uint16_t* in, float weight, float* out, int width) { accumulate(in, weight, out, width); }

void add_weighted(const float* in, float weight, float* out, int width) { accumulate(in, weight, out, width); }

void resample(const Resampling& resampling, const float* in, float scale, float* out) {
  switch (resampling.taps) {
    case 2:
      return resample_fixed<2>(resampling, in, scale, out);
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

void blend_into(std::uint8_t* luma, const float* upper, float upper_weight, const float* lower, float lower_weight,
                int width) {
  static const BlendInto fastest = fastest_blend();
  fastest(luma, upper, upper_weight, lower, lower_weight, width);
}

}  // namespace steg::rows
