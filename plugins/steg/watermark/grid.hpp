// The working grid: what the networks see of a picture, and how their residual comes back to it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "row_kernels.hpp"

namespace steg {

/// A picture that no grid fits. what() is a sentence that says what to do.
class GridError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct GridSize {
  int width;
  int height;
  int cells() const { return width * height; }
  bool operator==(const GridSize& other) const { return width == other.width && height == other.height; }
  bool operator!=(const GridSize& other) const { return !(*this == other); }
};

inline constexpr int kGridShortSide = 216;
inline constexpr int kMinPictureSide = 64;  ///< pixels; below, a cell has less than a tenth of a pixel
inline constexpr int kMaxAspect = 4;        ///< long side / short side; beyond, a cell is far from square

/// Short side 216 cells, long side the multiple of 8 nearest to 216 x aspect.
/// Throws GridError where no readable mark fits: a side under 64 pixels, or an aspect ratio over 4.
GridSize grid_size(int picture_width, int picture_height);

/// Whether none of `count` values is infinite or NaN. Ask before add_residual: a residual that fails is the encoder's
/// fault and must end in an error, not in a picture.
bool all_finite(const float* values, std::size_t count);

/// Maps one picture size to its grid and back. Immutable after construction apart from its work space: one object must
/// not be used by two threads at a time.
class LumaGrid {
 public:
  /// Throws GridError as grid_size does.
  LumaGrid(int picture_width, int picture_height);

  GridSize size() const { return size_; }

  /// Area average of the luma plane in every cell, with partial pixels weighted. `cells` gets size().cells() values
  /// in 0..1, row by row. `stride` is in bytes and may be negative.
  void average_down(const std::uint8_t* luma, std::ptrdiff_t stride, float* cells);

  /// luma = saturate(round(luma + strength x residual)), the residual (8-bit levels, row by row) interpolated
  /// bilinearly with cell centres as in torch's interpolate(align_corners=False); area averaged instead along an axis
  /// on which the picture has fewer pixels than the grid has cells. Halves are rounded up. What pixels near a value
  /// that is not finite become is unspecified: see all_finite.
  void add_residual(std::uint8_t* luma, std::ptrdiff_t stride, const float* residual, float strength);

 private:
  float* resampled_row(const float* residual, int row, float strength);

  int width_;
  int height_;
  GridSize size_;
  Resampling down_x_, down_y_, up_x_, up_y_;
  std::vector<std::uint16_t> sums_;  ///< one picture row of column sums
  std::vector<float> row_;           ///< one picture row
  std::vector<float> ring_;          ///< residual rows at picture width
  std::vector<int> ring_row_;        ///< which grid row each of them holds, -1 for none
};

}  // namespace steg
