// SPDX-License-Identifier: LGPL-2.1-or-later
#include "row_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstring>

#if defined(__GNUC__) && (defined(__x86_64__) || defined(__i386__))
#include <immintrin.h>
#define STEG_HAS_AVX2_CLONE 1
#else
#define STEG_HAS_AVX2_CLONE 0
#endif

namespace steg::rows {

namespace {

#define STEG_INLINE __attribute__((always_inline)) inline

// Before a loop that may write where it reads, each sample after it was read: vectors need no check for that.
#ifdef __clang__
#define STEG_IN_PLACE_LOOP _Pragma("clang loop vectorize(assume_safety)")
#else
#define STEG_IN_PLACE_LOOP _Pragma("GCC ivdep")
#endif

constexpr int kOctet = 8;

/// a x b in units of `a`, rounded; one instruction (PMULHRSW) where there is one.
STEG_INLINE Fixed scaled(Fixed a, Share b) {
  return static_cast<Fixed>(((static_cast<int>(a) * b >> (kShareBits - 1)) + 1) >> 1);
}

STEG_INLINE Fixed between(Fixed first, Fixed second, Share share) {
  return static_cast<Fixed>(first + scaled(static_cast<Fixed>(second - first), share));
}

// Each body is inlined into its clones, and compiled there for the clone's instruction set.

STEG_INLINE void add_body(const std::uint8_t* in, std::uint16_t* sums, int width) {
  for (int x = 0; x < width; ++x) sums[x] = static_cast<std::uint16_t>(sums[x] + in[x]);
}

/// The x-th sample of 10 bits.
STEG_INLINE int deep_sample(const std::uint8_t* samples, int x, int shift) {
  std::uint16_t value = 0;
  std::memcpy(&value, samples + std::ptrdiff_t{2} * x, sizeof value);
  return value >> shift;
}

STEG_INLINE void add_deep_body(const std::uint8_t* in, int shift, std::uint16_t* sums, int width) {
  for (int x = 0; x < width; ++x) sums[x] = static_cast<std::uint16_t>(sums[x] + deep_sample(in, x, shift));
}

STEG_INLINE void add_weighted_deep_body(const std::uint8_t* in, int shift, float weight, float* out, int width) {
  for (int x = 0; x < width; ++x) out[x] += weight * static_cast<float>(deep_sample(in, x, shift));
}

STEG_INLINE void add_weighted_body(const std::uint8_t* in, float weight, float* out, int width) {
  for (int x = 0; x < width; ++x) out[x] += weight * static_cast<float>(in[x]);
}

STEG_INLINE void add_weighted_sums_body(const std::uint16_t* in, float weight, float* out, int width) {
  for (int x = 0; x < width; ++x) out[x] += weight * static_cast<float>(in[x]);
}

STEG_INLINE void to_fixed_body(const float* in, float scale, Fixed* out, int width) {
  constexpr float kMost = 255.0F * kFixedPerLevel;
  const float units = scale * kFixedPerLevel;
  for (int x = 0; x < width; ++x) {
    const float value = units * in[x];
    const float not_less = value > -kMost ? value : -kMost;
    const float clamped = not_less < kMost ? not_less : kMost;
    // NOLINTNEXTLINE(bugprone-incorrect-roundings): positive before it is cut off, and lround is not vectorised.
    out[x] = static_cast<Fixed>(static_cast<int>(clamped + kMost + 0.5F) - static_cast<int>(kMost));
  }
}

STEG_INLINE void interpolate_body(const Interpolation& axis, const Fixed* in, Fixed* out) {
  for (std::size_t i = 0; i < axis.first.size(); ++i) {
    const Fixed* from = in + axis.first[i];
    out[i] = between(from[0], from[1], axis.second[i]);
  }
}

STEG_INLINE void interleave_body(const Fixed* first, const Fixed* second, Fixed* out, int width) {
  for (int x = 0; x < width; ++x) {
    out[2 * x] = first[x];
    out[2 * x + 1] = second[x];
  }
}

STEG_INLINE void blend_deep_body(const std::uint8_t* from, std::uint8_t* to, int shift, const Fixed* upper,
                                 const Fixed* lower, Share second, int width) {
  constexpr int kFixedPerStep = kFixedPerLevel / 4;
  STEG_IN_PLACE_LOOP
  for (int x = 0; x < width; ++x) {
    const auto rounded = static_cast<Fixed>(between(upper[x], lower[x], second) + kFixedPerStep / 2);
    const int steps = rounded >> 4;
    const auto value = static_cast<std::uint16_t>(std::clamp(deep_sample(from, x, shift) + steps, 0, 1023) << shift);
    std::memcpy(to + std::ptrdiff_t{2} * x, &value, sizeof value);
  }
}

STEG_INLINE void blend_body(const std::uint8_t* from, std::uint8_t* to, const Fixed* upper, const Fixed* lower,
                            Share second, int width) {
  STEG_IN_PLACE_LOOP
  for (int x = 0; x < width; ++x) {
    // Sixteen bits at each step: compilers take the whole sum for one of 32 otherwise.
    const auto rounded = static_cast<Fixed>(between(upper[x], lower[x], second) + kFixedPerLevel / 2);
    const auto levels = static_cast<Fixed>(rounded >> 6);
    to[x] = static_cast<std::uint8_t>(std::clamp(from[x] + levels, 0, 255));
  }
}

template <auto kBody, typename... Args>
void baseline(Args... args) {
  kBody(args...);
}

constexpr Kernels kPortable = {baseline<add_body>,
                               baseline<add_deep_body>,
                               baseline<add_weighted_body>,
                               baseline<add_weighted_deep_body>,
                               baseline<add_weighted_sums_body>,
                               baseline<to_fixed_body>,
                               baseline<interpolate_body>,
                               baseline<interleave_body>,
                               baseline<blend_body>,
                               baseline<blend_deep_body>};

#if STEG_HAS_AVX2_CLONE
template <auto kBody, typename... Args>
__attribute__((target("avx2"))) void avx2(Args... args) {
  kBody(args...);
}

/// `out` = eight neighbours of `in`, picked by the indices of their bytes.
__attribute__((target("avx2"))) inline void pick(__m128i in, const std::array<std::uint8_t, 16>& indices, Fixed* out) {
  const __m128i mask = _mm_loadu_si128(reinterpret_cast<const __m128i*>(indices.data()));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), _mm_shuffle_epi8(in, mask));
}

// No compiler finds the shuffle for inputs that are looked up.
__attribute__((target("avx2"))) void interpolate_avx2(const Interpolation& axis, const Fixed* in, Fixed* out) {
  // Picking and weighting in loops of their own: the second is vectorised then.
  constexpr std::size_t kRun = 32;
  std::array<Fixed, kRun * kOctet> low;
  std::array<Fixed, kRun * kOctet> high;
  const Share* second = axis.second.data();
  const std::size_t octets = axis.octets.size();
  for (std::size_t i = 0; i < octets; i += kRun) {
    const std::size_t run = std::min(kRun, octets - i);
    for (std::size_t k = 0; k < run; ++k) {
      const Interpolation::Octet& octet = axis.octets[i + k];
      const __m128i values = _mm_loadu_si128(reinterpret_cast<const __m128i*>(in + octet.from));
      pick(values, octet.first, &low[k * kOctet]);
      pick(values, octet.second, &high[k * kOctet]);
    }
    for (std::size_t k = 0; k < run * kOctet; ++k) out[k] = between(low[k], high[k], second[k]);
    out += run * kOctet;
    second += run * kOctet;
  }
  for (std::size_t i = octets * kOctet; i < axis.first.size(); ++i) {
    const Fixed* from = in + axis.first[i];
    *out++ = between(from[0], from[1], *second++);
  }
}

constexpr Kernels kAvx2 = {avx2<add_body>,
                           avx2<add_deep_body>,
                           avx2<add_weighted_body>,
                           avx2<add_weighted_deep_body>,
                           avx2<add_weighted_sums_body>,
                           avx2<to_fixed_body>,
                           interpolate_avx2,
                           avx2<interleave_body>,
                           avx2<blend_body>,
                           avx2<blend_deep_body>};
#endif

}  // namespace

Share share(double value) {
  constexpr double kOne = 1 << kShareBits;
  return static_cast<Share>(std::clamp(std::lround(value * kOne), 0L, (1L << kShareBits) - 1));
}

Interpolation::Interpolation(int in, int out) {
  for (int i = 0; i < out; ++i) {
    const double centre = (i + 0.5) * in / out - 0.5;
    const double position = std::clamp(centre, 0.0, static_cast<double>(in - 1));
    first.push_back(std::min(static_cast<int>(position), in - 2));
    second.push_back(share(position - first.back()));
  }
  for (std::size_t i = 0; i + kOctet <= first.size() && in >= kOctet; i += kOctet) {
    Octet octet{std::min(first[i], in - kOctet), {}, {}};
    if (first[i + kOctet - 1] + 1 >= octet.from + kOctet) return;
    for (std::size_t byte = 0; byte < octet.first.size(); ++byte) {
      const int index = 2 * (first[i + byte / 2] - octet.from) + static_cast<int>(byte % 2);
      octet.first[byte] = static_cast<std::uint8_t>(index);
      octet.second[byte] = static_cast<std::uint8_t>(index + 2);
    }
    octets.push_back(octet);
  }
}

const Kernels& portable() { return kPortable; }

const Kernels& fastest() {
#if STEG_HAS_AVX2_CLONE
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  if (has_avx2) return kAvx2;
#endif
  return kPortable;
}

}  // namespace steg::rows
