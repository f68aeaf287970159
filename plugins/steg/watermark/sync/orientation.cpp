// SPDX-License-Identifier: LGPL-2.1-or-later
#include "orientation.hpp"

namespace steg::sync {

Projection from_upright(const Orientation& orientation, double width, double height) {
  Projection turned;
  switch (orientation.quarter_turns % 4) {
    case 0:
      break;
    case 1:
      turned = Projection::affine(0, -1, width, 1, 0, 0);
      break;
    case 2:
      turned = Projection::affine(-1, 0, width, 0, -1, height);
      break;
    default:
      turned = Projection::affine(0, 1, 0, -1, 0, height);
      break;
  }
  if (!orientation.mirrored) return turned;
  const double upright_width = orientation.sideways() ? height : width;
  return turned * Projection::affine(-1, 0, upright_width, 0, 1, 0);
}

}  // namespace steg::sync
