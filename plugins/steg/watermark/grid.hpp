// The working grid: what the networks see of a picture, and how their residual comes back to it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

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

/// Short side 216 cells, long side the multiple of 8 nearest to 216 x aspect.
/// Throws GridError where no readable mark fits: too few pixels, or an aspect ratio beyond the limit.
GridSize grid_size(int picture_width, int picture_height);

/// Maps one picture size to its grid and back. Immutable after construction apart from its work space.
class LumaGrid {
 public:
  /// Throws GridError as grid_size does.
  LumaGrid(int picture_width, int picture_height);

  GridSize size() const { return size_; }

  /// Area average of the luma plane in every cell, with partial pixels weighted. `cells` gets size().cells() values
  /// in 0..1, row by row.
  void average_down(const std::uint8_t* luma, std::ptrdiff_t stride, float* cells);

  /// luma = saturate(round(luma + strength x residual)), the residual (8-bit levels, row by row) interpolated
  /// bilinearly with cell centres as in torch's interpolate(align_corners=False); area averaged instead where the
  /// picture has fewer pixels than the grid has cells.
  void add_residual(std::uint8_t* luma, std::ptrdiff_t stride, const float* residual, float strength);

 private:
  /// Weights of the (up to) few inputs of each output along one axis, contiguous.
  struct Axis {
    std::vector<int> first;      ///< first input of each output
    std::vector<int> count;      ///< number of inputs
    std::vector<float> weights;  ///< `stride` of them per output
    int stride = 0;
  };
  int width_;
  int height_;
  GridSize size_;
  Axis down_x_, down_y_, up_x_, up_y_;
  std::vector<float> work_;
};

}  // namespace steg
