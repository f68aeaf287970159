// SPDX-License-Identifier: LGPL-2.1-or-later
#include "block_kernels.hpp"

#include <cstdlib>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace framediff {

std::uint32_t sad_of_block_portable(const std::uint8_t* a, std::ptrdiff_t a_stride, const std::uint8_t* b,
                                    std::ptrdiff_t b_stride, int width, int rows) {
  int sum = 0;
  for (int r = 0; r < rows; ++r, a += a_stride, b += b_stride)
    for (int k = 0; k < width; ++k) sum += std::abs(a[k] - b[k]);
  return static_cast<std::uint32_t>(sum);
}

std::uint32_t deviation_of_block_portable(const std::uint8_t* p, std::ptrdiff_t stride, int width, int rows) {
  const int samples = width * rows;
  int sum = 0;
  for (int r = 0; r < rows; ++r)
    for (int k = 0; k < width; ++k) sum += p[r * stride + k];
  const int mean = (sum + samples / 2) / samples;
  int deviation = 0;
  for (int r = 0; r < rows; ++r)
    for (int k = 0; k < width; ++k) deviation += std::abs(p[r * stride + k] - mean);
  return static_cast<std::uint32_t>(deviation);
}

// PSADBW adds up exactly the 8 samples of a block's row. GCC 12 does not use it for so short a loop. SSE2 is part of
// every x86-64, so nothing has to be chosen at run time.
#ifdef __SSE2__
namespace {

__m128i load_16(const std::uint8_t* p) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)); }
__m128i load_8(const std::uint8_t* p) { return _mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)); }
std::uint32_t low_sum(__m128i sums) { return static_cast<std::uint32_t>(_mm_cvtsi128_si32(sums)); }

}  // namespace

void sad_of_blocks(const std::uint8_t* a, std::ptrdiff_t a_stride, const std::uint8_t* b, std::ptrdiff_t b_stride,
                   int rows, int blocks, std::uint32_t* sums) {
  int i = 0;
  for (; i + 2 <= blocks; i += 2, a += 2 * kBlockWidth, b += 2 * kBlockWidth) {
    __m128i total = _mm_setzero_si128();
    for (int r = 0; r < rows; ++r)
      total = _mm_add_epi32(total, _mm_sad_epu8(load_16(a + r * a_stride), load_16(b + r * b_stride)));
    sums[i] = low_sum(total);
    sums[i + 1] = low_sum(_mm_srli_si128(total, 8));
  }
  if (i < blocks) sums[i] = sad_of_block_portable(a, a_stride, b, b_stride, kBlockWidth, rows);
}

std::uint32_t deviation_of_block(const std::uint8_t* p, std::ptrdiff_t stride, int rows) {
  const auto samples = static_cast<std::uint32_t>(kBlockWidth * rows);
  __m128i total = _mm_setzero_si128();
  for (int r = 0; r < rows; ++r)
    total = _mm_add_epi32(total, _mm_sad_epu8(load_8(p + r * stride), _mm_setzero_si128()));
  const std::uint32_t mean = (low_sum(total) + samples / 2) / samples;
  // Only the low 8 bytes count: the high ones are 0 on both sides.
  const __m128i level = _mm_srli_si128(_mm_set1_epi8(static_cast<char>(mean)), 8);
  total = _mm_setzero_si128();
  for (int r = 0; r < rows; ++r) total = _mm_add_epi32(total, _mm_sad_epu8(load_8(p + r * stride), level));
  return low_sum(total);
}
#else
void sad_of_blocks(const std::uint8_t* a, std::ptrdiff_t a_stride, const std::uint8_t* b, std::ptrdiff_t b_stride,
                   int rows, int blocks, std::uint32_t* sums) {
  for (int i = 0; i < blocks; ++i)
    sums[i] = sad_of_block_portable(a + i * kBlockWidth, a_stride, b + i * kBlockWidth, b_stride, kBlockWidth, rows);
}

std::uint32_t deviation_of_block(const std::uint8_t* p, std::ptrdiff_t stride, int rows) {
  return deviation_of_block_portable(p, stride, kBlockWidth, rows);
}
#endif

}  // namespace framediff
