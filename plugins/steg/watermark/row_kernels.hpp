// The loops over the samples of one row that plane grids are made of.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace steg::rows {

/// What is added to a pixel, in units of 1/64 level: from -255 to 255 levels, so that the difference of two fits, too.
using Fixed = std::int16_t;
inline constexpr int kFixedPerLevel = 64;

/// A share from 0 to 1 in units of 1/32768.
using Share = std::int16_t;
inline constexpr int kShareBits = 15;
Share share(double value);

/// Linear interpolation along one axis: output i lies between the inputs first[i] and first[i] + 1, nearer to the
/// second by second[i].
struct Interpolation {
  std::vector<int> first;
  std::vector<Share> second;

  /// What takes eight outputs from eight neighbouring inputs: indices of bytes for the first and for the second input.
  struct Octet {
    int from;
    std::array<std::uint8_t, 16> first;
    std::array<std::uint8_t, 16> second;
  };
  /// Of the outputs from 0 on as far as eight inputs hold eight outputs; the others are done one by one.
  std::vector<Octet> octets;

  /// Between `in` and `out` values with their centres in the middle of in/out cells, clamped at the borders; 2 <= in <=
  /// out.
  Interpolation(int in, int out);
};

/// One set of loops. In those of 10 bits a sample takes two bytes and is shifted to the left by `shift` bits. Sets
/// differ in speed only: the results are the same bit for bit.
struct Kernels {
  /// sums += in
  void (*add)(const std::uint8_t* in, std::uint16_t* sums, int width);
  void (*add_deep)(const std::uint8_t* in, int shift, std::uint16_t* sums, int width);
  /// out += weight x in
  void (*add_weighted)(const std::uint8_t* in, float weight, float* out, int width);
  void (*add_weighted_deep)(const std::uint8_t* in, int shift, float weight, float* out, int width);
  void (*add_weighted_sums)(const std::uint16_t* in, float weight, float* out, int width);
  /// out = scale x in in 1/64 levels, rounded and saturated; NaN is -255 levels.
  void (*to_fixed)(const float* in, float scale, Fixed* out, int width);
  void (*interpolate)(const Interpolation& axis, const Fixed* in, Fixed* out);
  /// out = first[0], second[0], first[1], second[1], …
  void (*interleave)(const Fixed* first, const Fixed* second, Fixed* out, int width);
  /// to = saturate(round(from + upper + second x (lower - upper))), halves up; `to` may be `from`.
  void (*blend)(const std::uint8_t* from, std::uint8_t* to, const Fixed* upper, const Fixed* lower, Share second,
                int width);
  /// The same in quarters of a level.
  void (*blend_deep)(const std::uint8_t* from, std::uint8_t* to, int shift, const Fixed* upper, const Fixed* lower,
                     Share second, int width);
};

/// For any CPU that the compiler was told to compile for.
const Kernels& portable();
/// The best for the CPU that this runs on.
const Kernels& fastest();

}  // namespace steg::rows
