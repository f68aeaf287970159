// One plane of a picture, averaged down to cells, and how a residual of cells comes back to it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "grid.hpp"
#include "picture_view.hpp"
#include "resampling.hpp"
#include "row_kernels.hpp"

namespace steg {

/// What a plane holds.
struct PlaneShape {
  int width;
  int height;
  int channels = 1;  ///< 2: samples of two channels take turns, as those of Cb and Cr in NV12
  Depth depth = Depth::bits8;
};

/// Maps planes of one shape to cells and back. Immutable after construction apart from its work space: one object must
/// not be used by two threads at a time.
class PlaneGrid {
 public:
  static constexpr std::size_t kMostChannels = 2;
  /// The cells or the residual of each channel, row by row.
  template <class Float>
  using Channels = std::array<Float*, kMostChannels>;

  /// `cells`: at least 2 along each side.
  PlaneGrid(const PlaneShape& plane, GridSize cells);

  GridSize cells() const { return cells_; }

  /// Area average of the plane in every cell, with partial samples weighted, in 0..1 of 255 levels: samples of 10 bits
  /// count as quarters of a level. `stride` is in bytes and may be negative.
  void average_down(const std::uint8_t* data, std::ptrdiff_t stride, const Channels<float>& cells);
  void average_down(const std::uint8_t* data, std::ptrdiff_t stride, float* cells) {
    average_down(data, stride, {cells, nullptr});
  }

  /// sample = saturate(round(sample + strength x residual)), the residual (8-bit levels) interpolated
  /// bilinearly with cell centres as in torch's interpolate(align_corners=False); area averaged instead along an axis
  /// on which the plane has fewer samples than there are cells. Halves are rounded up. Done in units of 1/64 level:
  /// what is added is exact to 1/25 level, and at most 255 levels. Samples of 10 bits get quarters of a level. What
  /// samples near a value that is not finite become is unspecified: see all_finite. Reads the samples from `from`,
  /// which may be `to` itself.
  void add_residual(const BasicPlane<const std::uint8_t>& from, const BasicPlane<std::uint8_t>& to,
                    const Channels<const float>& residual, float strength);
  void add_residual(std::uint8_t* data, std::ptrdiff_t stride, const float* residual, float strength) {
    add_residual({data, stride}, {data, stride}, {residual, nullptr}, strength);
  }

 private:
  bool deep() const { return plane_.depth != Depth::bits8; }
  int samples() const { return plane_.width * plane_.channels; }
  void add_row(const std::uint8_t* row);
  void add_weighted_row(const std::uint8_t* row, float weight);
  /// average_down() where each cell is kSide x kSide whole pixels.
  template <int kSide>
  void average_squares(const std::uint8_t* data, std::ptrdiff_t stride, const Channels<float>& cells);
  /// The cells of one row of the grid from row_.
  void split_row(int y, const Channels<float>& cells);
  /// One row of the residual, at the plane's width.
  void widen(const Channels<const float>& residual, float strength, rows::Fixed* out);
  void widen_channel(const float* residual, float strength, rows::Fixed* out);
  void blend(const std::uint8_t* from, std::uint8_t* to, const rows::Fixed* upper, const rows::Fixed* lower,
             rows::Share second);
  void add_enlarged(BasicPlane<const std::uint8_t> from, BasicPlane<std::uint8_t> to,
                    const Channels<const float>& residual, float strength);
  void add_shrunk(BasicPlane<const std::uint8_t> from, BasicPlane<std::uint8_t> to,
                  const Channels<const float>& residual, float strength);

  const rows::Kernels& kernels_;
  PlaneShape plane_;
  GridSize cells_;
  Resampling down_x_, down_y_;
  std::optional<rows::Interpolation> up_x_, up_y_;  ///< where the plane has as many samples as there are cells, or more
  Resampling shrink_x_, shrink_y_;                  ///< elsewhere
  std::vector<std::uint16_t> sums_;                 ///< one picture row of column sums
  std::vector<std::uint16_t> square_sums_;          ///< and of so many of these as a cell is wide, from each sample on
  std::vector<float> row_;                          ///< one picture row
  std::vector<float> channel_row_;                  ///< one picture row of one channel
  std::array<std::vector<float>, kMostChannels> mean_rows_;    ///< one row of cells
  std::vector<rows::Fixed> cell_row_;                          ///< one row of cells
  std::array<std::vector<rows::Fixed>, 2> wide_rows_;          ///< residual rows at picture width
  std::array<std::vector<rows::Fixed>, kMostChannels> apart_;  ///< and of one channel, where there are two
};

}  // namespace steg
