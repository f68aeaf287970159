// Pictures whose marks need no network: chips drawn as lighter and darker cells.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "chips.hpp"
#include "picture.hpp"
#include "projection.hpp"

namespace steg::test {

/// `to_picture` takes the grid (384 x 216 cells) to the pixels of the picture. Outside of the grid the picture is grey.
inline sync::Picture draw_marked(const Key& key, const std::string& id, int epoch, int width, int height,
                                 const sync::Projection& to_picture, float noise, unsigned seed) {
  constexpr GridSize kGrid{384, 216};
  const std::vector<float> chips = Chips(key).frame(id, kGrid, epoch);
  const sync::Projection to_grid = *to_picture.inverse();
  std::mt19937 rng(seed);
  std::normal_distribution<float> gaussian;
  sync::Picture picture{width, height, {}};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const sync::Point p = to_grid(sync::Point{x + 0.5, y + 0.5});
      float level = 128 + noise * gaussian(rng);
      if (p.x >= 0 && p.y >= 0 && p.x < kGrid.width && p.y < kGrid.height)
        level += 12 * chips[static_cast<std::size_t>(p.y) * 384 + static_cast<std::size_t>(p.x)];
      picture.luma.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(level, 0.0F, 255.0F))));
    }
  }
  return picture;
}

/// What the extractor network would return for such a picture.
inline void chips_of_cells(const float* cells, GridSize size, float* field) {
  std::transform(cells, cells + size.cells(), field, [](float cell) { return cell - 0.5F; });
}

}  // namespace steg::test
