// The loops over pixels of one row that the luma grid is made of.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace steg {

/// Weights of the few inputs of each output along one axis: output i is the sum over t < taps of
/// weights[i x taps + t] x input[first[i] + t]. All inputs named exist; unused weights are 0.
struct Resampling {
  int taps = 0;
  std::vector<int> first;
  std::vector<float> weights;
};

namespace rows {

/// sums += in
void add(const std::uint8_t* in, std::uint16_t* sums, int width);

/// out += weight x in
void add_weighted(const std::uint8_t* in, float weight, float* out, int width);
void add_weighted(const std::uint16_t* in, float weight, float* out, int width);
void add_weighted(const float* in, float weight, float* out, int width);

/// out = scale x (resampled in)
void resample(const Resampling& resampling, const float* in, float scale, float* out);

/// luma = saturate(round(luma + upper_weight x upper + lower_weight x lower)), halves up, NaN to 0. The result is the
/// same with and without AVX2.
void blend_into(std::uint8_t* luma, const float* upper, float upper_weight, const float* lower, float lower_weight,
                int width);

}  // namespace rows

}  // namespace steg
