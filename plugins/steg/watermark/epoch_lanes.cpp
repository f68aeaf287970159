// SPDX-License-Identifier: LGPL-2.1-or-later
#include "epoch_lanes.hpp"

#if defined(__GNUC__) && defined(__x86_64__)
#include <immintrin.h>
#define STEG_HAS_SSE2 1
#else
#define STEG_HAS_SSE2 0
#endif
#define STEG_INLINE __attribute__((always_inline)) inline

namespace steg {
namespace {

constexpr std::size_t kBlockBytes = 16;

/// Byte i of the result has bit i of every byte of `rows` (Hacker's Delight, 7-3). Of integers or vectors of them.
template <typename Rows>
STEG_INLINE Rows transposed(Rows rows) {
  Rows t = (rows ^ rows >> 7) & 0x00AA00AA00AA00AAULL;
  rows ^= t ^ t << 7;
  t = (rows ^ rows >> 14) & 0x0000CCCC0000CCCCULL;
  rows ^= t ^ t << 14;
  t = (rows ^ rows >> 28) & 0x00000000F0F0F0F0ULL;
  return rows ^ t ^ t << 28;
}

#if STEG_HAS_SSE2

/// Of a block of each of eight rows, `stride` bytes apart: byte l % 8 of word l / 8 of the results is bit l.
STEG_INLINE void columns_of(const std::uint8_t* rows, std::size_t stride, __m128i* columns) {
  using Words = std::uint64_t __attribute__((vector_size(16)));
  const auto row = [=](std::size_t lane) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(rows + lane * stride));
  };
  __m128i pairs[8];  // of the bytes of two lanes, then of four, then of all, in turn
  for (std::size_t k = 0; k < 4; ++k) {
    pairs[k] = _mm_unpacklo_epi8(row(2 * k), row(2 * k + 1));
    pairs[k + 4] = _mm_unpackhi_epi8(row(2 * k), row(2 * k + 1));
  }
  for (std::size_t half = 0; half < 2; ++half) {
    const __m128i* from = &pairs[4 * half];
    const __m128i fours[] = {_mm_unpacklo_epi16(from[0], from[1]), _mm_unpackhi_epi16(from[0], from[1]),
                             _mm_unpacklo_epi16(from[2], from[3]), _mm_unpackhi_epi16(from[2], from[3])};
    for (std::size_t k = 0; k < 2; ++k) {
      const __m128i eights[] = {_mm_unpacklo_epi32(fours[k], fours[k + 2]), _mm_unpackhi_epi32(fours[k], fours[k + 2])};
      for (const __m128i& words : eights)
        *columns++ = reinterpret_cast<__m128i>(transposed(reinterpret_cast<Words>(words)));
    }
  }
}

#endif

using Vector = decltype(LaneSums::of);

STEG_INLINE void add_body(const LaneCell* cells, std::size_t count, const std::uint16_t* masks, LaneSums* sums) {
  const Vector bits = {1,      1 << 1, 1 << 2,  1 << 3,  1 << 4,  1 << 5,  1 << 6,  1 << 7,
                       1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13, 1 << 14, INT16_MIN};
  for (std::size_t i = 0; i < count; ++i) {
    const LaneCell& cell = cells[i];
    const Vector set = (bits & static_cast<std::int16_t>(masks[cell.at])) == bits;
    sums[cell.sum].of += set & cell.value;
  }
}

using Adder = void (*)(const LaneCell*, std::size_t, const std::uint16_t*, LaneSums*);

void add_portable(const LaneCell* cells, std::size_t count, const std::uint16_t* masks, LaneSums* sums) {
  add_body(cells, count, masks, sums);
}

#if STEG_HAS_SSE2
__attribute__((target("avx2"))) void add_avx2(const LaneCell* cells, std::size_t count, const std::uint16_t* masks,
                                              LaneSums* sums) {
  add_body(cells, count, masks, sums);
}
#endif

Adder adder() {
#if STEG_HAS_SSE2
  if (__builtin_cpu_supports("avx2") != 0) return add_avx2;
#endif
  return add_portable;
}

}  // namespace

#if STEG_HAS_SSE2
void gather_lanes(const std::uint8_t* rows, std::size_t bytes, std::uint16_t* masks) {
  for (std::size_t i = 0; i < bytes; i += kBlockBytes) {
    __m128i low[8], high[8];
    columns_of(rows + i, bytes, low);
    columns_of(rows + 8 * bytes + i, bytes, high);
    for (std::size_t k = 0; k < 8; ++k, masks += kBlockBytes) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(masks), _mm_unpacklo_epi8(low[k], high[k]));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(masks + 8), _mm_unpackhi_epi8(low[k], high[k]));
    }
  }
}
#else
void gather_lanes(const std::uint8_t* rows, std::size_t bytes, std::uint16_t* masks) {
  const auto columns_of = [=](std::size_t first, std::size_t at) {
    std::uint64_t eight = 0;
    for (std::size_t lane = 0; lane < 8; ++lane)
      eight |= static_cast<std::uint64_t>(rows[(first + lane) * bytes + at]) << (8 * lane);
    return transposed(eight);
  };
  for (std::size_t i = 0; i < bytes; ++i, masks += 8) {
    const std::uint64_t low = columns_of(0, i);
    const std::uint64_t high = columns_of(8, i);
    for (std::size_t bit = 0; bit < 8; ++bit)
      masks[bit] = static_cast<std::uint16_t>((low >> (8 * bit) & 0xFF) | (high >> (8 * bit) & 0xFF) << 8);
  }
}
#endif

void add_where_set(const LaneCell* cells, std::size_t count, const std::uint16_t* masks, LaneSums* sums) {
  static const Adder add = adder();
  add(cells, count, masks, sums);
}

}  // namespace steg
