// Which rows of a luma plane are compared, and the blocks they form.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace framediff {

/// An 8-bit luma plane that belongs to the caller. `stride` is in bytes and may be larger than `width`.
struct LumaPlane {
  const std::uint8_t* data;
  std::ptrdiff_t stride;
  int width;
  int height;
};

/// The sampling of a picture of one size: every `row_step`-th row at full width, cut into blocks of
/// block_width x block_rows samples. The last block of a row or column is moved inwards so that it has full size too
/// (a narrow remainder would be noisier than the others); only a picture smaller than a block has a smaller one.
///
/// row_step is 1 up to 1079 lines on the short side, 2 from 1080, 4 from 2160: a mouse cursor or a line of text grows
/// with the screen, and reading memory is the main cost of the comparison.
class BlockGrid {
 public:
  BlockGrid() = default;
  BlockGrid(int width, int height);

  int width() const { return width_; }
  int height() const { return height_; }
  int row_step() const { return row_step_; }
  /// Number of rows compared.
  int rows() const { return rows_; }
  int block_width() const { return block_width_; }
  /// Rows of a block that are compared.
  int block_rows() const { return block_rows_; }
  int columns() const { return columns_; }
  int block_lines() const { return block_lines_; }
  /// Leftmost sample of a block column.
  int block_x(int column) const { return column + 1 < columns_ ? column * block_width_ : width_ - block_width_; }
  /// First compared row of a line of blocks.
  int block_row(int line) const { return line + 1 < block_lines_ ? line * block_rows_ : rows_ - block_rows_; }

 private:
  int width_ = 0;
  int height_ = 0;
  int row_step_ = 1;
  int rows_ = 0;
  int block_width_ = 0;
  int block_rows_ = 0;
  int columns_ = 0;
  int block_lines_ = 0;
};

/// The compared rows of `plane`, as a plane: nothing is copied.
LumaPlane sampled(const LumaPlane& plane, const BlockGrid& grid);

/// A copy of the compared rows of a picture.
class SampledCopy {
 public:
  /// Copies the rows; allocates only if the size has grown.
  void assign(const LumaPlane& plane, const BlockGrid& grid);
  /// The rows, one after the other.
  LumaPlane plane() const { return {samples_.data(), width_, width_, rows_}; }

 private:
  std::vector<std::uint8_t> samples_;
  int width_ = 0;
  int rows_ = 0;
};

}  // namespace framediff
