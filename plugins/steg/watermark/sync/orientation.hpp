// The eight ways to turn and mirror a picture by right angles.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>

#include "projection.hpp"

namespace steg::sync {

struct Orientation {
  bool mirrored = false;  ///< left and right swapped, before turning
  int quarter_turns = 0;  ///< clockwise, by which the copy was turned
  const char* name = "";

  bool sideways() const { return quarter_turns % 2 != 0; }
};

/// Likely ones first.
inline constexpr std::array<Orientation, 8> kOrientations = {{{false, 0, "upright"},
                                                              {true, 0, "mirrored"},
                                                              {false, 1, "turned by 90 degrees"},
                                                              {false, 3, "turned by 270 degrees"},
                                                              {false, 2, "turned by 180 degrees"},
                                                              {true, 2, "mirrored, turned by 180 degrees"},
                                                              {true, 1, "mirrored, turned by 90 degrees"},
                                                              {true, 3, "mirrored, turned by 270 degrees"}}};

/// From the upright picture (width and height swapped where the orientation is sideways) to the pixels of a copy of
/// width x height pixels.
Projection from_upright(const Orientation& orientation, double width, double height);

}  // namespace steg::sync
