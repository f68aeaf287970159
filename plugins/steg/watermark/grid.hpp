// The size of the working grid that the networks see of a picture.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <stdexcept>

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

/// Whether none of `count` values is infinite or NaN. Ask before adding a residual to a picture: one that fails is the
/// encoder's fault and must end in an error, not in a picture.
bool all_finite(const float* values, std::size_t count);

}  // namespace steg
