// What is tried where, and in which order.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "orientation.hpp"
#include "plugins/steg/watermark/grid.hpp"

namespace steg::sync {

/// A part of a picture, in pixels: a rectangle, or what a map makes of one.
struct Area {
  double left = 0;
  double top = 0;
  double width = 0;
  double height = 0;
  bool filmed = false;   ///< a screen, seen by a camera
  bool moves = false;    ///< what moves, which may be less than the picture
  Projection tilt = {};  ///< from the rectangle to the picture
};

/// How a lattice may show the marked grid, but for a shift.
struct Shape {
  double x, y;     ///< lattice cells per grid cell
  double radians;  ///< by which the grid is turned, x axis towards y axis
};

/// One lattice laid over a part of the copy, and the shapes that are tried on it.
struct Stage {
  std::string how;  ///< for people
  Area area;
  Orientation orientation;
  GridSize lattice{};  ///< over the upright area
  std::vector<Shape> shapes;
  GridSize grid{};     ///< that the copy is taken from: the shifts that are tried keep the area on it
  double slack = 6;    ///< cells by which the area may stick out
  bool whole = true;   ///< all of the lattice at once, or a few blocks of it, which bear a coarser shape
  bool brief = false;  ///< few frames are enough
};

/// Lattice to pixels.
Projection to_picture(const Stage& stage);

/// All stages for a copy of width x height pixels, the likely and cheap ones first. `areas`: where a smaller picture
/// may lie in it, most likely first.
std::vector<Stage> plan(int width, int height, const std::vector<Area>& areas);

}  // namespace steg::sync
