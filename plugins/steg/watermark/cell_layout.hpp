// The cells of all planes that a network sees of a picture, in one buffer.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>

#include "grid.hpp"

namespace steg {

inline constexpr int kLumaOnly = 1;
inline constexpr int kAllPlanes = 3;  ///< Y, Cb, Cr

/// What stands for chroma where a picture has none, in 0..1.
inline constexpr float kNeutralChroma = 128.0F / 255.0F;

/// The cells of luma, row by row; of three planes, those of Cb and of Cr follow, on the same grid.
struct CellLayout {
  GridSize grid;
  int planes = kLumaOnly;

  bool has_chroma() const { return planes == kAllPlanes; }
  std::size_t plane_cells() const { return static_cast<std::size_t>(grid.cells()); }
  /// Where Cb and Cr begin.
  std::size_t cb() const { return plane_cells(); }
  std::size_t cr() const { return 2 * plane_cells(); }
  /// Of the whole buffer.
  std::size_t cells() const { return static_cast<std::size_t>(planes) * plane_cells(); }
};

}  // namespace steg
