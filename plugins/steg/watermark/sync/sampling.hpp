// Pictures and fields as seen through a projection.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "../grid.hpp"
#include "projection.hpp"

namespace steg::sync {

/// 8-bit luma of somebody else's memory. `stride` is in bytes and may be negative.
struct LumaView {
  const std::uint8_t* luma;
  std::ptrdiff_t stride;
  int width;
  int height;
};

/// Cells of a picture: `cells` gets size.cells() values in 0..1, row by row, each the mean of the area that
/// `to_picture` (cells to pixels) gives the cell. `inside` gets 1 for cells whose centre lies in the picture and 0 for
/// the others, which repeat its border.
void sample_picture(const LumaView& picture, const Projection& to_picture, GridSize size, float* cells,
                    std::uint8_t* inside);

/// A field and how to look it up between its cells: by cubic convolution (Keys 1981, a = -1/2), because chips are
/// independent from cell to cell and a linear interpolation would halve them midway.
class FieldView {
 public:
  /// `values`: size.cells() values, row by row; must outlive this.
  FieldView(const float* values, GridSize size) : values_(values), size_(size) {}

  /// At a point in cells; 0 from where the 4 x 4 neighbours are not all there.
  float operator()(Point p) const {
    const double left = p.x - 1.5;
    const double top = p.y - 1.5;
    // Also false for NaN.
    if (!(left >= 0 && top >= 0 && left < size_.width - 3 && top < size_.height - 3)) return 0;
    const auto column = static_cast<int>(left);
    const auto row = static_cast<int>(top);
    const Weights x = weights(static_cast<float>(left - column));
    const Weights y = weights(static_cast<float>(top - row));
    const float* first = values_ + static_cast<std::ptrdiff_t>(row) * size_.width + column;
    float sum = 0;
    for (int j = 0; j < 4; ++j, first += size_.width)
      sum += y.w[j] * (x.w[0] * first[0] + x.w[1] * first[1] + x.w[2] * first[2] + x.w[3] * first[3]);
    return sum;
  }

  GridSize size() const { return size_; }

 private:
  struct Weights {
    float w[4];
  };
  static Weights weights(float t) {
    const float s = 1 - t;
    return {{-0.5F * t * s * s, 1 - t * t * (2.5F - 1.5F * t), 1 - s * s * (2.5F - 1.5F * s), -0.5F * s * t * t}};
  }

  const float* values_;
  GridSize size_;
};

/// width x height values of a field, row by row: value (x, y) is taken where `to_field` takes the centre of cell (x,
/// y).
std::vector<float> resample_field(const FieldView& field, const Projection& to_field, int width, int height);

}  // namespace steg::sync
