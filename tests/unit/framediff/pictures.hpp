// Luma pictures drawn for tests: slides with text, mouse cursors, carets, noise.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "block_grid.hpp"

namespace pictures {

struct Picture {
  Picture(int w, int h, std::uint8_t level)
      : width(w), height(h), luma(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), level) {}

  std::uint8_t& at(int x, int y) {
    return luma[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
  }
  framediff::LumaPlane plane() const { return {luma.data(), width, width, height}; }

  int width;
  int height;
  std::vector<std::uint8_t> luma;
};

/// A rectangle with anti-aliased edges; coordinates in pixels, fractions allowed.
void fill(Picture& picture, double x, double y, double width, double height, int level);

/// A bright slide: a title, lines of text (seven-segment glyphs) of several sizes down to 11 px, a dark box with bright
/// text, a smooth gradient and thin rules. Everything scales with the height (1080 is 1).
Picture slide(int width, int height);

/// A picture of smooth and textured parts of medium contrast, like a photo.
Picture photo(int width, int height, unsigned seed);

/// The usual arrow, 12 x 19 pixels, dark outline and bright inside; its tip is at (x, y).
void draw_cursor(Picture& picture, int x, int y);

/// Normal noise of that standard deviation.
void add_noise(Picture& picture, double sigma, unsigned seed);

}  // namespace pictures
