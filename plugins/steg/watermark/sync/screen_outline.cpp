// SPDX-License-Identifier: LGPL-2.1-or-later
#include "screen_outline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "plugins/steg/watermark/index.hpp"

namespace steg::sync {

namespace {

constexpr int kCell = 2;              // pixels that are averaged, each way, against noise
constexpr double kRim = 0.01;         // of the sides, that must be surroundings
constexpr int kLeastStep = 11;        // levels by which the picture stands out from them
constexpr double kRimShare = 0.9;     // of the rim's pixels that lie closer to its median
constexpr int kRun = 3;               // pixels in a row, all but one of which must stand out
constexpr double kMostLean = 0.35;    // pixels across for each along
constexpr double kOffLine = 1.0;      // cells by which points of a line may miss it
constexpr double kLeastSide = 0.3;    // share of a side that must stand out
constexpr double kLeastScreen = 0.1;  // of the copy
constexpr int kTries = 400;           // pairs of points that propose a line

/// Means of kCell x kCell pixels.
struct Small {
  int width, height;
  std::vector<int> levels;
  int at(int x, int y) const { return levels[index(y) * index(width) + index(x)]; }
};

Small shrunk(const LumaView& picture) {
  Small small{picture.width / kCell, picture.height / kCell, {}};
  small.levels.reserve(index(small.width) * index(small.height));
  for (int y = 0; y < small.height; ++y) {
    for (int x = 0; x < small.width; ++x) {
      int sum = 0;
      for (int j = 0; j < kCell; ++j) {
        const std::uint8_t* row = picture.luma + picture.stride * (y * kCell + j) + x * kCell;
        for (int i = 0; i < kCell; ++i) sum += row[i];
      }
      small.levels.push_back(sum / (kCell * kCell));
    }
  }
  return small;
}

/// Median of the rim, if that is plain.
std::optional<int> surroundings(const Small& picture) {
  const int rim = std::max(1, static_cast<int>(kRim * std::min(picture.width, picture.height)));
  std::vector<int> levels;
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      if (std::min({x, y, picture.width - 1 - x, picture.height - 1 - y}) < rim) levels.push_back(picture.at(x, y));
    }
  }
  const auto middle = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() / 2);
  std::nth_element(levels.begin(), middle, levels.end());
  const int median = *middle;
  const auto close =
      std::count_if(levels.begin(), levels.end(), [&](int level) { return std::abs(level - median) < kLeastStep; });
  if (static_cast<double>(close) < kRimShare * static_cast<double>(levels.size())) return std::nullopt;
  return median;
}

/// Across = offset + lean x along.
struct Line {
  double offset = 0, lean = 0;
  double at(double along) const { return offset + lean * along; }
};

/// Where the picture begins on scan lines from one side of the copy.
struct EdgePoint {
  double along, across;
};

/// `level(across, along)`: counted from the side on.
template <typename Level>
std::vector<EdgePoint> edge_points(int depth, int length, int surround, Level level) {
  std::vector<EdgePoint> points;
  for (int along = 0; along < length; ++along) {
    const auto stands_out = [&](int across) { return std::abs(level(across, along) - surround) >= kLeastStep; };
    for (int across = 0; across + kRun <= depth; ++across) {
      if (!stands_out(across)) continue;
      int count = 0;
      for (int i = 0; i < kRun; ++i) count += stands_out(across + i) ? 1 : 0;
      if (count < kRun - 1) continue;
      points.push_back({along + 0.5, static_cast<double>(across)});
      break;
    }
  }
  return points;
}

bool is_near(const Line& line, const EdgePoint& point) {
  return std::fabs(line.at(point.along) - point.across) <= kOffLine;
}

/// The line with the most points near it (Fischler and Bolles 1981), fitted to them by least squares.
std::optional<Line> fitted_line(const std::vector<EdgePoint>& points) {
  if (points.size() < 8) return std::nullopt;
  std::uint32_t random = 1;
  const auto draw = [&] {
    random = random * 1664525U + 1013904223U;
    return points[(random >> 8U) % points.size()];
  };
  Line best;
  std::ptrdiff_t most = 0;
  for (int i = 0; i < kTries; ++i) {
    const EdgePoint a = draw();
    const EdgePoint b = draw();
    if (std::fabs(a.along - b.along) < 8) continue;
    Line line;
    line.lean = (b.across - a.across) / (b.along - a.along);
    if (std::fabs(line.lean) > kMostLean) continue;
    line.offset = a.across - line.lean * a.along;
    const auto count =
        std::count_if(points.begin(), points.end(), [&](const EdgePoint& point) { return is_near(line, point); });
    if (count <= most) continue;
    most = count;
    best = line;
  }
  if (most < 8) return std::nullopt;
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const EdgePoint& point : points) {
    if (!is_near(best, point)) continue;
    n += 1;
    x += point.along;
    y += point.across;
    xx += point.along * point.along;
    xy += point.along * point.across;
  }
  const double spread = n * xx - x * x;
  if (!(spread > 0)) return std::nullopt;
  best.lean = (n * xy - x * y) / spread;
  best.offset = (y - best.lean * x) / n;
  return best;
}

/// Of an upright line x = f(y) and a level one y = g(x).
Point crossing(const Line& upright, const Line& level) {
  const double y = (level.offset + level.lean * upright.offset) / (1 - level.lean * upright.lean);
  return {upright.at(y), y};
}

/// Share of the points from `from` to `to` along the side that lie on its line.
double share_on(const Line& line, const std::vector<EdgePoint>& points, double from, double to) {
  const auto count = std::count_if(points.begin(), points.end(), [&](const EdgePoint& point) {
    return point.along >= from && point.along <= to && is_near(line, point);
  });
  return to - from > 1 ? static_cast<double>(count) / (to - from) : 0;
}

}  // namespace

std::optional<Quad> screen_outline(const LumaView& picture) {
  const Small small = shrunk(picture);
  if (small.width < 16 || small.height < 16) return std::nullopt;
  const std::optional<int> surround = surroundings(small);
  if (!surround) return std::nullopt;

  const int w = small.width;
  const int h = small.height;
  // Left, top, right, bottom.
  const std::array<std::vector<EdgePoint>, 4> points = {
      edge_points(w, h, *surround, [&](int across, int along) { return small.at(across, along); }),
      edge_points(h, w, *surround, [&](int across, int along) { return small.at(along, across); }),
      edge_points(w, h, *surround, [&](int across, int along) { return small.at(w - 1 - across, along); }),
      edge_points(h, w, *surround, [&](int across, int along) { return small.at(along, h - 1 - across); })};
  std::array<Line, 4> lines;
  for (std::size_t side = 0; side < lines.size(); ++side) {
    const auto line = fitted_line(points[side]);
    if (!line) return std::nullopt;
    lines[side] = *line;
  }
  const auto from_far_side = [](Line line, int size) { return Line{size - line.offset, -line.lean}; };
  const Line right = from_far_side(lines[2], w);
  const Line bottom = from_far_side(lines[3], h);
  Quad quad = {crossing(lines[0], lines[1]), crossing(right, lines[1]), crossing(right, bottom),
               crossing(lines[0], bottom)};

  double area = 0;
  for (std::size_t i = 0; i < quad.size(); ++i) {
    const Point& a = quad[i];
    const Point& b = quad[(i + 1) % quad.size()];
    area += (a.x * b.y - b.x * a.y) / 2;
    if (!(a.x > -1 && a.y > -1 && a.x < w + 1 && a.y < h + 1)) return std::nullopt;
  }
  if (area < kLeastScreen * w * h) return std::nullopt;
  const bool all_sides = share_on(lines[0], points[0], quad[0].y, quad[3].y) >= kLeastSide &&
                         share_on(lines[1], points[1], quad[0].x, quad[1].x) >= kLeastSide &&
                         share_on(lines[2], points[2], quad[1].y, quad[2].y) >= kLeastSide &&
                         share_on(lines[3], points[3], quad[3].x, quad[2].x) >= kLeastSide;
  if (!all_sides) return std::nullopt;
  for (Point& corner : quad) corner = {corner.x * kCell, corner.y * kCell};
  return quad;
}

std::optional<Quad> follow_outline(std::vector<Moment>& moments) {
  std::optional<Quad> first;
  std::size_t pictures = 0;
  std::size_t followed = 0;
  std::vector<Moment> kept;
  for (const Moment& moment : moments) {
    Moment steady;
    for (const Picture& picture : moment) {
      ++pictures;
      const std::optional<Quad> outline = screen_outline(picture.view());
      if (!outline) continue;
      if (!first) first = outline;
      const std::optional<Projection> motion = Projection::between(*first, *outline);
      if (!motion) continue;
      ++followed;
      steady.push_back(picture);
      steady.back().motion = *motion;
    }
    if (!steady.empty()) kept.push_back(std::move(steady));
  }
  if (2 * followed < pictures || !first) return std::nullopt;
  moments = std::move(kept);
  return first;
}

Area area_within(const Quad& outline) {
  const auto side = [&](std::size_t a, std::size_t b) {
    return std::hypot(outline[a].x - outline[b].x, outline[a].y - outline[b].y);
  };
  Area area;
  area.filmed = true;
  area.width = (side(0, 1) + side(2, 3)) / 2;
  area.height = (side(1, 2) + side(3, 0)) / 2;
  const auto tilt = Projection::between(rectangle(0, 0, area.width, area.height), outline);
  if (tilt) area.tilt = *tilt;
  return area;
}

}  // namespace steg::sync
