// SPDX-License-Identifier: LGPL-2.1-or-later
#include "difference_hash.hpp"

#include <algorithm>
#include <array>
#include <bitset>

namespace framediff {
namespace {

struct Span {
  int begin;
  int end;
};

/// Part `index` of `parts` of a length, never empty.
Span part(int length, int index, int parts) {
  const int begin = std::min(length - 1, length * index / parts);
  return {begin, std::max(begin + 1, length * (index + 1) / parts)};
}

}  // namespace

std::uint64_t difference_hash(const LumaPlane& plane) {
  constexpr int kAcross = 9;
  constexpr int kDown = 8;
  std::uint64_t hash = 0;
  for (int y = 0; y < kDown; ++y) {
    const Span rows = part(plane.height, y, kDown);
    std::array<std::uint64_t, kAcross> sums{};
    for (int r = rows.begin; r < rows.end; ++r) {
      const std::uint8_t* p = plane.data + r * plane.stride;
      for (int x = 0; x < kAcross; ++x) {
        const Span columns = part(plane.width, x, kAcross);
        std::uint32_t sum = 0;
        for (int k = columns.begin; k < columns.end; ++k) sum += p[k];
        sums[static_cast<std::size_t>(x)] += sum;
      }
    }
    for (int x = 0; x + 1 < kAcross; ++x) {
      const Span here = part(plane.width, x, kAcross);
      const Span next = part(plane.width, x + 1, kAcross);
      // Cross-multiplied: parts of a width that 9 does not divide differ by one sample.
      const std::uint64_t left = sums[static_cast<std::size_t>(x)] * static_cast<std::uint64_t>(next.end - next.begin);
      const std::uint64_t right =
          sums[static_cast<std::size_t>(x) + 1] * static_cast<std::uint64_t>(here.end - here.begin);
      if (left < right) hash |= std::uint64_t{1} << (8 * y + x);
    }
  }
  return hash;
}

void HashDistance::set_reference(const LumaPlane& plane, const BlockGrid& grid) {
  grid_ = grid;
  reference_ = difference_hash(sampled(plane, grid_));
}

double HashDistance::to(const LumaPlane& plane) {
  return static_cast<double>(std::bitset<64>(difference_hash(sampled(plane, grid_)) ^ reference_).count());
}

}  // namespace framediff
