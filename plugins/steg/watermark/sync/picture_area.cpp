// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_area.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "border_steps.hpp"
#include "motion.hpp"

namespace steg::sync {

namespace {

constexpr int kBarSpread = 10;         // levels within a row or column of a bar, which a codec blurs
constexpr double kBarOutliers = 0.02;  // share of its pixels that may differ more, such as a clock's
constexpr double kTitleText = 0.2;     // share of the pixels of a row of a title that may be text
constexpr int kTitleEdge = 3;          // rows at a window's edge that its frame may take
constexpr double kLeastArea = 0.02;    // of the copy
constexpr double kMostArea = 0.97;
constexpr std::size_t kMostLines = 14;
constexpr std::size_t kMostAreas = 16;
constexpr int kNear = 8;               // pixels within which borders are about the same
constexpr int kMostAlike = 3;          // of the areas, with about the same borders
constexpr double kLeastEdge = 0.4;     // share of a border that shows a step
constexpr double kMostMotion = 0.5;    // share of what moves that must be in a picture
constexpr int kSnap = 24;              // pixels from a border of what moves to an edge
constexpr double kLeastSnap = 0.3;     // share of that border along which there is the edge
constexpr std::size_t kMostSnaps = 2;  // edges for each border

/// Some of `count` pixels, the i-th of them value(i).
template <typename Value>
std::vector<int> some_of(int count, Value value) {
  std::vector<int> sample;
  for (int i = 0; i < count; i += std::max(1, count / 200)) sample.push_back(value(i));
  return sample;
}

int median_of(std::vector<int> levels) {
  const auto middle = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() / 2);
  std::nth_element(levels.begin(), middle, levels.end());
  return *middle;
}

/// Whether all but a share of them are about of that level.
bool uniform(const std::vector<int>& sample, int level, double outliers) {
  const auto far =
      std::count_if(sample.begin(), sample.end(), [level](int other) { return std::abs(other - level) > kBarSpread; });
  return static_cast<double>(far) <= outliers * static_cast<double>(sample.size());
}

/// Whether `count` pixels, the i-th of them value(i), are of one colour.
template <typename Value>
bool uniform(int count, Value value) {
  const std::vector<int> sample = some_of(count, value);
  return uniform(sample, median_of(sample), kBarOutliers);
}

/// What is left of the copy without the bars that all pictures share.
Box without_bars(const std::vector<LumaView>& pictures, int width, int height) {
  const auto bar_row = [&](int y, int left, int right) {
    return std::all_of(pictures.begin(), pictures.end(), [&](const LumaView& picture) {
      return uniform(right - left, [&](int i) { return pixel(picture, left + i, y); });
    });
  };
  const auto bar_column = [&](int x, int top, int bottom) {
    return std::all_of(pictures.begin(), pictures.end(), [&](const LumaView& picture) {
      return uniform(bottom - top, [&](int i) { return pixel(picture, x, top + i); });
    });
  };
  Box box{0, 0, width, height};
  while (box.height() > 1 && bar_row(box.top, 0, width)) ++box.top;
  while (box.height() > 1 && bar_row(box.bottom - 1, 0, width)) --box.bottom;
  while (box.width() > 1 && bar_column(box.left, box.top, box.bottom)) ++box.left;
  while (box.width() > 1 && bar_column(box.right - 1, box.top, box.bottom)) --box.right;
  return box;
}

/// A window without its title: the rows that have the colour of its topmost ones, apart from text.
Box without_title(const LumaView& picture, const Box& window) {
  const auto row = [&](int y) {
    return some_of(window.width(), [&](int i) { return pixel(picture, window.left + i, y); });
  };
  const int colour = median_of(row(window.top + kTitleEdge));
  Box inner = window;
  while (inner.height() > 1 && uniform(row(inner.top), colour, kTitleText)) ++inner.top;
  return inner;
}

bool holds(const Box& outer, const Box& inner) {
  return outer.left <= inner.left + kNear && outer.top <= inner.top + kNear && outer.right >= inner.right - kNear &&
         outer.bottom >= inner.bottom - kNear;
}

bool alike(const Box& a, const Box& b) {
  return std::abs(a.left - b.left) < kNear && std::abs(a.top - b.top) < kNear && std::abs(a.right - b.right) < kNear &&
         std::abs(a.bottom - b.bottom) < kNear;
}

/// Rectangles whose four borders are long edges: those that hold all that moves, the likeliest first, then those
/// that hold most of it.
std::vector<Box> framed_boxes(const std::vector<LumaView>& pictures, int width, int height, const Motion& motion,
                              const Box& moving) {
  const double all = motion.within(moving);
  const BorderSteps steps(pictures);
  auto columns = steps.columns(0, height);
  auto rows = steps.rows(0, width);
  columns.resize(std::min(columns.size(), kMostLines));
  rows.resize(std::min(rows.size(), kMostLines));
  // The copy's own borders may be borders of the picture, too.
  for (const int x : {0, width}) columns.push_back({x, 0});
  for (const int y : {0, height}) rows.push_back({y, 0});
  const auto ascending = [](const Line& a, const Line& b) { return a.at < b.at; };
  std::sort(columns.begin(), columns.end(), ascending);
  std::sort(rows.begin(), rows.end(), ascending);

  std::vector<std::pair<double, Box>> boxes;
  std::vector<std::pair<double, Box>> others;
  for (std::size_t l = 0; l < columns.size(); ++l) {
    for (std::size_t r = l + 1; r < columns.size(); ++r) {
      for (std::size_t t = 0; t < rows.size(); ++t) {
        for (std::size_t b = t + 1; b < rows.size(); ++b) {
          const Box box{columns[l].at, rows[t].at, columns[r].at, rows[b].at};
          const double area = static_cast<double>(box.width()) * box.height() / (static_cast<double>(width) * height);
          if (area < kLeastArea || area > kMostArea) continue;
          if (std::max(box.width(), box.height()) > kMaxAspect * std::min(box.width(), box.height())) continue;
          // What moves beside it may be text in another window, which a codec sharpens.
          const bool holds_all = moving.width() == 0 || holds(box, moving);
          const int moves = motion.within(box);
          if (!holds_all && moves < kMostMotion * all) continue;
          const double worst = steps.clearness(box);
          if (worst < kLeastEdge) continue;
          // Tight boxes are the likeliest, and those with clear borders that end at the corners.
          const double rank = worst * std::pow((moves + 1) / area, 0.25) * (1 - steps.loose_ends(box));
          (holds_all ? boxes : others).emplace_back(rank, box);
        }
      }
    }
  }
  std::vector<Box> best;
  for (auto* found : {&boxes, &others}) {
    std::sort(found->begin(), found->end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<Box> chosen;
    for (const auto& ranked : *found) {
      const Box& box = ranked.second;
      const auto same =
          std::count_if(chosen.begin(), chosen.end(), [&](const Box& other) { return alike(box, other); });
      if (same < kMostAlike && chosen.size() < kMostAreas) chosen.push_back(box);
    }
    best.insert(best.end(), chosen.begin(), chosen.end());
  }
  return best;
}

/// The box of what moves, each border of it moved to long edges near it, where there are any: tiles are coarse, and
/// what a codec stirs up beside a window moves as well.
std::vector<Box> snapped_boxes(const std::vector<LumaView>& pictures, const Box& moving) {
  const BorderSteps steps(pictures);
  const auto columns = steps.columns(moving.top, moving.bottom);
  const auto rows = steps.rows(moving.left, moving.right);
  const auto near = [](const std::vector<Line>& lines, int border, int along) {
    std::vector<int> found;
    for (const Line& line : lines) {
      if (found.size() < kMostSnaps && std::abs(line.at - border) <= kSnap && line.length >= kLeastSnap * along)
        found.push_back(line.at);
    }
    if (found.empty()) found.push_back(border);
    return found;
  };
  std::vector<Box> boxes;
  for (const int left : near(columns, moving.left, moving.height())) {
    for (const int right : near(columns, moving.right, moving.height())) {
      for (const int top : near(rows, moving.top, moving.width())) {
        for (const int bottom : near(rows, moving.bottom, moving.width())) boxes.push_back({left, top, right, bottom});
      }
    }
  }
  return boxes;
}

}  // namespace

std::vector<Area> picture_areas(const std::vector<LumaView>& pictures) {
  if (pictures.empty()) return {};
  std::vector<Area> areas;
  const int width = pictures.front().width;
  const int height = pictures.front().height;
  const double whole = static_cast<double>(width) * height;
  const auto add = [&](const Box& box, bool moves = false) {
    const double area = static_cast<double>(box.width()) * box.height() / whole;
    if (area < kLeastArea || area > kMostArea || std::min(box.width(), box.height()) < kMinPictureSide ||
        std::max(box.width(), box.height()) > kMaxAspect * std::min(box.width(), box.height()))
      return;
    const Area added{static_cast<double>(box.left), static_cast<double>(box.top), static_cast<double>(box.width()),
                     static_cast<double>(box.height())};
    auto known = std::find_if(areas.begin(), areas.end(), [&](const Area& other) {
      return std::fabs(other.left - added.left) + std::fabs(other.top - added.top) +
                 std::fabs(other.width - added.width) + std::fabs(other.height - added.height) <
             4;
    });
    if (known == areas.end()) known = areas.insert(known, added);
    known->moves = known->moves || moves;
  };
  add(without_bars(pictures, width, height));
  const Motion motion = find_motion(pictures, width, height);
  const Box moving = moving_box(motion);
  for (const Box& box : framed_boxes(pictures, width, height, motion, moving)) {
    add(box);
    // What moves would tell the picture from the window's title.
    if (moving.width() == 0) add(without_title(pictures.front(), box));
  }
  if (moving.width() > 0) {
    for (const Box& box : snapped_boxes(pictures, moving)) add(box);
    add(moving, true);
  }
  return areas;
}

}  // namespace steg::sync
