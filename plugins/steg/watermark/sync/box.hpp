// Rectangles of whole pixels.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "sampling.hpp"

namespace steg::sync {

/// A rectangle of whole pixels, from `left`, `top` to before `right`, `bottom`.
struct Box {
  int left, top, right, bottom;
  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

inline int pixel(const LumaView& picture, int x, int y) { return picture.luma[y * picture.stride + x]; }

}  // namespace steg::sync
