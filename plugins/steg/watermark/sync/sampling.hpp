// Pictures and fields as seen through a projection.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "plugins/steg/watermark/cell_layout.hpp"
#include "projection.hpp"

namespace steg::sync {

/// 8-bit luma, or another plane, of somebody else's memory. `stride` is in bytes and may be negative.
struct LumaView {
  const std::uint8_t* luma;
  std::ptrdiff_t stride;
  int width;
  int height;
};

/// The planes of a picture. `cb` and `cr` are null where there are none, or where nobody looks at them.
struct Planes {
  LumaView luma;
  LumaView cb = {};
  LumaView cr = {};
  bool has_chroma() const { return cb.luma != nullptr; }
};

/// Cells of a picture: `cells` gets size.cells() values in 0..1, row by row, each the mean of the area that
/// `to_picture` (cells to pixels) gives the cell. `inside` gets 1 for cells whose centre lies in the picture and 0 for
/// the others, which repeat its border.
void sample_picture(const LumaView& picture, const Projection& to_picture, GridSize size, float* cells,
                    std::uint8_t* inside);

/// The same for all planes of a layout; `to_picture`: cells to luma pixels. Chroma that is not there is neutral.
void sample_planes(const Planes& picture, const Projection& to_picture, const CellLayout& layout, float* cells,
                   std::uint8_t* inside);

/// Four neighbours along one axis and their weights: cubic convolution (Keys 1981, a = -1/2), because chips are
/// independent from cell to cell and a linear interpolation would halve them midway.
struct CubicTap {
  int first;
  float w[4];

  /// At `place` cells from the start of `count` cells; nothing where the four are not all there.
  static std::optional<CubicTap> at(double place, int count) {
    const double start = place - 1.5;
    // Also false for NaN.
    if (!(start >= 0 && start < count - 3)) return std::nullopt;
    const auto first = static_cast<int>(start);
    const auto t = static_cast<float>(start - first);
    const float s = 1 - t;
    return CubicTap{
        first, {-0.5F * t * s * s, 1 - t * t * (2.5F - 1.5F * t), 1 - s * s * (2.5F - 1.5F * s), -0.5F * s * t * t}};
  }
  float operator()(const float* values) const {
    return w[0] * values[first] + w[1] * values[first + 1] + w[2] * values[first + 2] + w[3] * values[first + 3];
  }
};

/// A field and how to look it up between its cells.
class FieldView {
 public:
  /// `values`: size.cells() values, row by row; must outlive this.
  FieldView(const float* values, GridSize size) : values_(values), size_(size) {}

  /// At a point in cells; 0 from where the 4 x 4 neighbours are not all there.
  float operator()(Point p) const {
    const auto x = CubicTap::at(p.x, size_.width);
    const auto y = CubicTap::at(p.y, size_.height);
    if (!x || !y) return 0;
    float sum = 0;
    for (int j = 0; j < 4; ++j) sum += y->w[j] * (*x)(row(y->first + j));
    return sum;
  }

  GridSize size() const { return size_; }
  const float* row(int number) const { return values_ + static_cast<std::ptrdiff_t>(number) * size_.width; }

 private:
  const float* values_;
  GridSize size_;
};

/// width x height values of a field, row by row: value (x, y) is taken where `to_field` takes the centre of cell (x,
/// y).
std::vector<float> resample_field(const FieldView& field, const Projection& to_field, int width, int height);

}  // namespace steg::sync
