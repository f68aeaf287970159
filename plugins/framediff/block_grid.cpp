// SPDX-License-Identifier: LGPL-2.1-or-later
#include "block_grid.hpp"

#include <algorithm>
#include <cstring>

#include "block_kernels.hpp"

namespace framediff {
namespace {

constexpr int kBlockHeight = 8;
constexpr int kFewestBlockRows = 4;

int row_step_for(int short_side) {
  int step = 1;
  while (step < 8 && short_side >= 1080 * step) step *= 2;
  return step;
}

int blocks_for(int length, int block) { return (length + block - 1) / block; }

}  // namespace

BlockGrid::BlockGrid(int width, int height)
    : width_(width),
      height_(height),
      row_step_(row_step_for(std::min(width, height))),
      rows_((height + row_step_ - 1) / row_step_),
      block_width_(std::min(width, kBlockWidth)),
      block_rows_(std::min(rows_, std::max(kFewestBlockRows, kBlockHeight / row_step_))),
      columns_(blocks_for(width_, block_width_)),
      block_lines_(blocks_for(rows_, block_rows_)) {}

LumaPlane sampled(const LumaPlane& plane, const BlockGrid& grid) {
  return {plane.data, plane.stride * grid.row_step(), plane.width, grid.rows()};
}

void SampledCopy::assign(const LumaPlane& plane, const BlockGrid& grid) {
  const LumaPlane rows = sampled(plane, grid);
  width_ = rows.width;
  rows_ = rows.height;
  samples_.resize(static_cast<std::size_t>(width_) * static_cast<std::size_t>(rows_));
  std::uint8_t* to = samples_.data();
  for (int y = 0; y < rows_; ++y, to += width_)
    std::memcpy(to, rows.data + y * rows.stride, static_cast<std::size_t>(width_));
}

}  // namespace framediff
