// What moves in a copy, in tiles of 8x8 pixels.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "box.hpp"

namespace steg::sync {

/// The tiles that change between pictures: more than once, unless there are few pictures, because text that a codec
/// sharpens changes once.
struct Motion {
  int across, down;
  std::vector<bool> tiles;  ///< row by row

  /// How many of them lie in a box.
  int within(const Box& box) const;
};

/// `pictures`: in order of time.
Motion find_motion(const std::vector<LumaView>& pictures, int width, int height);

/// The box around most of what moves; empty if nothing does.
Box moving_box(const Motion& motion);

}  // namespace steg::sync
