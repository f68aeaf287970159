// Long straight edges, which the borders of a window are.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "box.hpp"

namespace steg::sync {

/// A step between two neighbouring columns (rows), summed along the line.
struct Line {
  int at;
  double length;  ///< pixels that show the step in most pictures
};

/// Steps across the pixel borders of some pictures of one size, in most of them: at some moments a moving picture has
/// the colour of what is around it.
class BorderSteps {
 public:
  /// `pictures` must outlive this; at least one.
  explicit BorderSteps(const std::vector<LumaView>& pictures) : pictures_(pictures) {}

  /// The columns from `top` to `bottom` (rows from `left` to `right`) before which there are steps, the longest lines
  /// first. Smoothed pictures have their steps spread over two pixels: the longer one counts.
  std::vector<Line> columns(int top, int bottom) const;
  std::vector<Line> rows(int left, int right) const;

  /// The smallest share of a border of `box` with a step within a pixel of it. A border of the copy counts as 1, one
  /// with about as many steps beside it as 0.
  double clearness(const Box& box) const;
  /// Share of the eight ends of its borders that are no corner of a window: the edge does not reach it, or goes on
  /// beyond.
  double loose_ends(const Box& box) const;

 private:
  int width() const { return pictures_.front().width; }
  int height() const { return pictures_.front().height; }
  bool across_column(int x, int y) const;
  bool across_row(int x, int y) const;
  double along_column(int x, int from, int to) const;
  double along_row(int y, int from, int to) const;

  const std::vector<LumaView>& pictures_;
};

}  // namespace steg::sync
