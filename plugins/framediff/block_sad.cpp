// SPDX-License-Identifier: LGPL-2.1-or-later
#include "block_sad.hpp"

#include <algorithm>

#include "block_kernels.hpp"

namespace framediff {
namespace {

/// From this mean absolute deviation (8-bit levels) on, a block may differ twice as much as a flat one:
/// docs/measured/similarity.md.
constexpr float kFullActivity = 16.0F;

const std::uint8_t* sample(const LumaPlane& plane, int x, int y) { return plane.data + y * plane.stride + x; }

std::uint32_t deviation(const LumaPlane& plane, int x, int y, const BlockGrid& grid) {
  const std::uint8_t* p = sample(plane, x, y);
  return grid.block_width() == kBlockWidth
             ? deviation_of_block(p, plane.stride, grid.block_rows())
             : deviation_of_block_portable(p, plane.stride, grid.block_width(), grid.block_rows());
}

}  // namespace

void BlockSad::set_reference(const LumaPlane& plane, const BlockGrid& grid) {
  grid_ = grid;
  reference_.assign(plane, grid_);
  sums_.resize(static_cast<std::size_t>(grid_.columns()));
}

double BlockSad::to(const LumaPlane& plane) {
  const LumaPlane now = sampled(plane, grid_);
  const LumaPlane then = reference_.plane();
  const auto samples = static_cast<float>(grid_.block_width() * grid_.block_rows());
  const int whole = grid_.block_width() == kBlockWidth ? grid_.width() / kBlockWidth : 0;
  float largest = 0.0F;
  for (int line = 0; line < grid_.block_lines(); ++line) {
    const int y = grid_.block_row(line);
    sad_of_blocks(sample(now, 0, y), now.stride, sample(then, 0, y), then.stride, grid_.block_rows(), whole,
                  sums_.data());
    if (whole < grid_.columns()) {
      const int x = grid_.block_x(whole);
      sums_.back() = sad_of_block_portable(sample(now, x, y), now.stride, sample(then, x, y), then.stride,
                                           grid_.block_width(), grid_.block_rows());
    }
    for (int column = 0; column < grid_.columns(); ++column) {
      const float difference = static_cast<float>(sums_[static_cast<std::size_t>(column)]) / samples;
      // Few blocks pass this, so activity is computed for few.
      if (difference <= largest) continue;
      const int x = grid_.block_x(column);
      const float activity =
          static_cast<float>(std::min(deviation(now, x, y, grid_), deviation(then, x, y, grid_))) / samples;
      largest = std::max(largest, difference / (1.0F + std::min(1.0F, activity / kFullActivity)));
    }
  }
  return static_cast<double>(largest);
}

}  // namespace framediff
