// SPDX-License-Identifier: LGPL-2.1-or-later
#include "motion.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "plugins/steg/watermark/index.hpp"

namespace steg::sync {

namespace {

constexpr int kMotion = 12;  // levels by which a moving pixel changes
constexpr int kTile = 8;     // pixels
constexpr std::size_t kFewPictures = 4;

bool tile_moves(const std::vector<LumaView>& pictures, int left, int top) {
  std::size_t changes = 0;
  for (std::size_t i = 1; i < pictures.size(); ++i) {
    int moving = 0;
    for (int y = top; y < top + kTile; y += 2) {
      for (int x = left; x < left + kTile; x += 2)
        moving += std::abs(pixel(pictures[i], x, y) - pixel(pictures[i - 1], x, y)) > kMotion ? 1 : 0;
    }
    changes += moving >= 2 ? 1 : 0;
  }
  return changes >= (pictures.size() < kFewPictures ? 1 : 2);
}

}  // namespace

int Motion::within(const Box& box) const {
  int count = 0;
  for (int j = box.top / kTile; j < std::min(down, box.bottom / kTile); ++j) {
    for (int i = box.left / kTile; i < std::min(across, box.right / kTile); ++i)
      count += tiles[index(j * across + i)] ? 1 : 0;
  }
  return count;
}

Motion find_motion(const std::vector<LumaView>& pictures, int width, int height) {
  Motion motion{width / kTile, height / kTile, {}};
  for (int j = 0; j < motion.down; ++j) {
    for (int i = 0; i < motion.across; ++i) motion.tiles.push_back(tile_moves(pictures, i * kTile, j * kTile));
  }
  return motion;
}

Box moving_box(const Motion& motion) {
  // From the first to before the last of the lines that have enough of these tiles: a clock in a corner has one or two.
  const auto span = [](int lines, int from, int to, const auto& moves_at) {
    std::vector<int> counts;
    for (int line = 0; line < lines; ++line) {
      counts.push_back(0);
      for (int i = from; i < to; ++i) counts.back() += moves_at(line, i) ? 1 : 0;
    }
    const int most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
    const auto strong = [most](int count) { return count > 0 && count * 20 >= most; };
    const auto first = std::find_if(counts.begin(), counts.end(), strong);
    const auto last = std::find_if(counts.rbegin(), counts.rend(), strong);
    return std::pair<int, int>(static_cast<int>(first - counts.begin()), static_cast<int>(counts.rend() - last));
  };
  const auto in_column = [&motion](int i, int j) { return motion.tiles[index(j * motion.across + i)]; };
  const auto in_row = [&motion](int j, int i) { return motion.tiles[index(j * motion.across + i)]; };
  // Rows are counted within the columns' span alone: what else changes on a desktop, such as text that a codec
  // sharpens, lies beside the window.
  const auto [left, right] = span(motion.across, 0, motion.down, in_column);
  const auto [top, bottom] = span(motion.down, left, right, in_row);
  if (left >= right || top >= bottom) return {0, 0, 0, 0};
  return {left * kTile, top * kTile, right * kTile, bottom * kTile};
}

}  // namespace steg::sync
