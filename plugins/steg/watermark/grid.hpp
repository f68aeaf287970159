// The working grid: what the networks see of a picture, and how their residual comes back to it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <vector>

#include "resampling.hpp"
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
  /// Pixels along the side of a cell.
  float pixels_per_cell() const;

  /// Area average of the luma plane in every cell, with partial pixels weighted. `cells` gets size().cells() values
  /// in 0..1, row by row. `stride` is in bytes and may be negative.
  void average_down(const std::uint8_t* luma, std::ptrdiff_t stride, float* cells);

  /// luma = saturate(round(luma + strength x residual)), the residual (8-bit levels, row by row) interpolated
  /// bilinearly with cell centres as in torch's interpolate(align_corners=False); area averaged instead along an axis
  /// on which the picture has fewer pixels than the grid has cells. Halves are rounded up. Done in units of 1/64 level:
  /// what is added is exact to 1/25 level, and at most 255 levels. What pixels near a value that is not finite become
  /// is unspecified: see all_finite.
  void add_residual(std::uint8_t* luma, std::ptrdiff_t stride, const float* residual, float strength);

 private:
  /// average_down() where each cell is kSide x kSide whole pixels.
  template <int kSide>
  void average_squares(const std::uint8_t* luma, std::ptrdiff_t stride, float* cells);
  /// One row of the residual, at the picture's width.
  void widen(const float* residual, float strength, rows::Fixed* out);
  void add_enlarged(std::uint8_t* luma, std::ptrdiff_t stride, const float* residual, float strength);
  void add_shrunk(std::uint8_t* luma, std::ptrdiff_t stride, const float* residual, float strength);

  const rows::Kernels& kernels_;
  int width_;
  int height_;
  GridSize size_;
  Resampling down_x_, down_y_;
  std::optional<rows::Interpolation> up_x_, up_y_;  ///< where the picture has as many pixels as the grid cells, or more
  Resampling shrink_x_, shrink_y_;                  ///< elsewhere
  std::vector<std::uint16_t> sums_;                 ///< one picture row of column sums
  std::vector<std::uint16_t> square_sums_;          ///< and of so many of these as a cell is wide, from each pixel on
  std::vector<float> row_;                          ///< one picture row
  std::vector<float> mean_row_;                     ///< one grid row
  std::vector<rows::Fixed> grid_row_;               ///< one grid row
  std::array<std::vector<rows::Fixed>, 2> wide_rows_;  ///< residual rows at picture width
};

}  // namespace steg
