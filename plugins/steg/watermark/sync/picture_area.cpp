// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_area.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "../index.hpp"

namespace steg::sync {

namespace {

constexpr int kBarSpread = 10;         // levels within a row or column of a bar, which a codec blurs
constexpr double kBarOutliers = 0.02;  // share of its pixels that may differ more, such as a clock's
constexpr double kLeastArea = 0.02;    // of the copy
constexpr double kMostArea = 0.97;
constexpr int kMotion = 12;  // levels by which a moving pixel changes
constexpr int kTile = 8;     // pixels
constexpr std::size_t kFewPictures = 4;
constexpr int kEdge = 8;  // levels of a step across the border of a window
constexpr std::size_t kMostLines = 14;
constexpr std::size_t kMostAreas = 16;
constexpr int kMostAlike = 3;            // of these, borders within a tile of each other
constexpr double kLeastEdge = 0.4;       // share of a border that shows a step
constexpr double kLeastContrast = 0.35;  // by which that exceeds the share beside the border, as in texture it does not
constexpr int kBeside = 6;               // pixels
constexpr int kCorner = 4;               // pixels from a corner that are not looked at
constexpr int kEnd = 12;                 // pixels before and after them that are
constexpr double kMostMotion = 0.5;      // share of what moves that must be in a picture
constexpr int kSnap = 3 * kTile;         // pixels from a border of what moves to an edge
constexpr double kLeastSnap = 0.3;       // share of that border along which there is the edge
constexpr std::size_t kMostSnaps = 2;    // edges for each border
constexpr double kMostPictures = 0.75;   // share of the pictures that must show a step

/// A rectangle of whole pixels, from `left`, `top` to before `right`, `bottom`.
struct Box {
  int left, top, right, bottom;
  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

int pixel(const LumaView& picture, int x, int y) { return picture.luma[y * picture.stride + x]; }

/// Whether `count` pixels, the i-th of them value(i), are of one colour.
template <typename Value>
bool uniform(int count, Value value) {
  std::vector<int> sample;
  for (int i = 0; i < count; i += std::max(1, count / 200)) sample.push_back(value(i));
  std::vector<int> sorted = sample;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
  const int median = sorted[sorted.size() / 2];
  const auto far = std::count_if(sample.begin(), sample.end(),
                                 [median](int level) { return std::abs(level - median) > kBarSpread; });
  return static_cast<double>(far) <= kBarOutliers * static_cast<double>(sample.size());
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

/// Whether a tile changes from picture to picture. Text that a codec sharpens changes once.
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

/// The tiles that change between the pictures.
struct Motion {
  int across, down;
  std::vector<bool> tiles;  ///< row by row

  /// How many of them lie in a box.
  int within(const Box& box) const {
    int count = 0;
    for (int j = box.top / kTile; j < std::min(down, box.bottom / kTile); ++j) {
      for (int i = box.left / kTile; i < std::min(across, box.right / kTile); ++i)
        count += tiles[index(j * across + i)] ? 1 : 0;
    }
    return count;
  }
};

Motion find_motion(const std::vector<LumaView>& pictures, int width, int height) {
  Motion motion{width / kTile, height / kTile, {}};
  for (int j = 0; j < motion.down; ++j) {
    for (int i = 0; i < motion.across; ++i) motion.tiles.push_back(tile_moves(pictures, i * kTile, j * kTile));
  }
  return motion;
}

/// The box around most of what moves; empty if nothing does.
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

/// A step between two neighbouring columns (rows), summed along the line.
struct Line {
  int at;
  double length;  ///< pixels that show the step in most pictures
};

/// For each column (or row) border, along how much of `from`..`to` there is a step in most pictures. Smoothed pictures
/// have their steps spread over two pixels.
template <typename Step>
std::vector<Line> strongest_lines(int count, int from, int to, Step step) {
  std::vector<double> lengths(index(count), 0.0);
  for (int at = 1; at < count; ++at) {
    for (int i = from; i < to; i += 2) lengths[index(at)] += step(at, i) ? 2.0 : 0.0;
  }
  std::vector<Line> lines;
  for (int at = 1; at < count; ++at) {
    const double length = lengths[index(at)];
    const double before = lengths[index(at - 1)];
    const double after = at + 1 < count ? lengths[index(at + 1)] : 0.0;
    if (length > 0 && length >= before && length > after) lines.push_back({at, length});
  }
  std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.length > b.length; });
  return lines;
}

/// Steps across the copy's pixel borders, in most pictures.
class Steps {
 public:
  explicit Steps(const std::vector<LumaView>& pictures) : pictures_(pictures) {}
  /// Between columns x - 1 and x.
  bool across_column(int x, int y) const {
    return mostly([x, y](const LumaView& p) { return std::abs(pixel(p, x, y) - pixel(p, x - 1, y)) >= kEdge; });
  }
  bool across_row(int x, int y) const {
    return mostly([x, y](const LumaView& p) { return std::abs(pixel(p, x, y) - pixel(p, x, y - 1)) >= kEdge; });
  }
  /// Share of a border of `box` with a step within a pixel of it, 1 for a border of the copy; 0 if there are about as
  /// many steps beside it.
  double column_share(int x, const Box& box, int width) const {
    return distinct(x, width, [&](int at) { return along_column(at, box.top, box.bottom); });
  }
  double row_share(int y, const Box& box, int height) const {
    return distinct(y, height, [&](int at) { return along_row(at, box.left, box.right); });
  }
  /// Share of the eight ends of its borders that are no corner of a window: the edge does not reach it, or goes on
  /// beyond.
  double loose_ends(const Box& box, int width, int height) const {
    int loose = 0;
    for (const int x : {box.left, box.right}) {
      if (x == 0 || x == width) continue;
      const auto edge = [&](int from, int to) { return along_column(x, from, to); };
      loose += is_loose(box.top, -1, height, edge) + is_loose(box.bottom, 1, height, edge);
    }
    for (const int y : {box.top, box.bottom}) {
      if (y == 0 || y == height) continue;
      const auto edge = [&](int from, int to) { return along_row(y, from, to); };
      loose += is_loose(box.left, -1, width, edge) + is_loose(box.right, 1, width, edge);
    }
    return loose / 8.0;
  }

 private:
  /// At some moments a moving picture has the colour of what is around it.
  template <typename Test>
  bool mostly(Test test) const {
    const auto seen = std::count_if(pictures_.begin(), pictures_.end(), test);
    return static_cast<double>(seen) >= kMostPictures * static_cast<double>(pictures_.size());
  }
  template <typename Test>
  static double share(int from, int to, Test test) {
    int hits = 0;
    int count = 0;
    for (int i = from; i < to; i += 2, ++count) hits += test(i) ? 1 : 0;
    return count > 0 ? static_cast<double>(hits) / count : 0;
  }
  double along_column(int x, int from, int to) const {
    return share(from, to,
                 [&](int y) { return across_column(x, y) || across_column(x - 1, y) || across_column(x + 1, y); });
  }
  double along_row(int y, int from, int to) const {
    return share(from, to, [&](int x) { return across_row(x, y) || across_row(x, y - 1) || across_row(x, y + 1); });
  }
  /// `edge(from, to)`: share of a part of a border that shows it. `end`: of the border; `direction`: 1 for its last
  /// end.
  template <typename Edge>
  static int is_loose(int end, int direction, int size, Edge edge) {
    const auto shown = [&](int near, int far) {
      const int from = std::max(1, std::min(end + near, end + far));
      const int to = std::min(size - 1, std::max(end + near, end + far));
      return edge(from, to) >= 0.5;
    };
    const bool reached = shown(-direction * (kCorner + kEnd), -direction * kCorner);
    return !reached || shown(direction * kCorner, direction * (kCorner + kEnd)) ? 1 : 0;
  }
  template <typename Share>
  static double distinct(int at, int size, Share share_at) {
    if (at == 0 || at == size) return 1;
    if (at < kBeside + 2 || at > size - kBeside - 2) return 0;
    const double here = share_at(at);
    // A window may have a frame of its own: one side must be plain.
    const double beside = std::min(share_at(at - kBeside), share_at(at + kBeside));
    return here - beside >= kLeastContrast ? here : 0;
  }
  const std::vector<LumaView>& pictures_;
};

bool holds(const Box& outer, const Box& inner) {
  return outer.left <= inner.left + kTile && outer.top <= inner.top + kTile && outer.right >= inner.right - kTile &&
         outer.bottom >= inner.bottom - kTile;
}

bool alike(const Box& a, const Box& b) {
  return std::abs(a.left - b.left) < kTile && std::abs(a.top - b.top) < kTile && std::abs(a.right - b.right) < kTile &&
         std::abs(a.bottom - b.bottom) < kTile;
}

/// Rectangles whose four borders are long edges: those that hold all that moves, the likeliest first, then those
/// that hold most of it.
std::vector<Box> framed_boxes(const std::vector<LumaView>& pictures, int width, int height, const Motion& motion,
                              const Box& moving) {
  const double all = motion.within(moving);
  const Steps steps(pictures);
  auto columns = strongest_lines(width, 0, height, [&](int x, int y) { return steps.across_column(x, y); });
  auto rows = strongest_lines(height, 0, width, [&](int y, int x) { return steps.across_row(x, y); });
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
          const double worst =
              std::min({steps.column_share(box.left, box, width), steps.column_share(box.right, box, width),
                        steps.row_share(box.top, box, height), steps.row_share(box.bottom, box, height)});
          if (worst < kLeastEdge) continue;
          // Tight boxes are the likeliest, and those with clear borders that end at the corners.
          const double rank = worst * std::pow((moves + 1) / area, 0.25) * (1 - steps.loose_ends(box, width, height));
          (holds_all ? boxes : others).emplace_back(rank, box);
        }
      }
    }
  }
  std::vector<Box> best;
  for (auto* found : {&boxes, &others}) {
    std::sort(found->begin(), found->end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    std::vector<Box> chosen;
    for (const auto& [rank, box] : *found) {
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
std::vector<Box> snapped_boxes(const std::vector<LumaView>& pictures, int width, int height, const Box& moving) {
  const Steps steps(pictures);
  const auto columns =
      strongest_lines(width, moving.top, moving.bottom, [&](int x, int y) { return steps.across_column(x, y); });
  const auto rows =
      strongest_lines(height, moving.left, moving.right, [&](int y, int x) { return steps.across_row(x, y); });
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
  for (const Box& box : framed_boxes(pictures, width, height, motion, moving)) add(box);
  if (moving.width() > 0) {
    for (const Box& box : snapped_boxes(pictures, width, height, moving)) add(box);
    add(moving, true);
  }
  return areas;
}

}  // namespace steg::sync
