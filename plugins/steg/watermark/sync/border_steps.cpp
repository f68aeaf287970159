// SPDX-License-Identifier: LGPL-2.1-or-later
#include "border_steps.hpp"

#include <algorithm>
#include <cstdlib>

#include "plugins/steg/watermark/index.hpp"

namespace steg::sync {

namespace {

constexpr int kEdge = 8;                 // levels of a step across the border of a window
constexpr double kMostPictures = 0.75;   // share of the pictures that must show a step
constexpr double kLeastContrast = 0.35;  // by which steps exceed those beside a border, as in texture they do not
constexpr int kBeside = 6;               // pixels
constexpr int kCorner = 4;               // pixels from a corner that are not looked at
constexpr int kEnd = 12;                 // pixels before and after them that are

/// Whether most of the pictures pass a test.
template <typename Test>
bool mostly(const std::vector<LumaView>& pictures, Test test) {
  const auto seen = std::count_if(pictures.begin(), pictures.end(), test);
  return static_cast<double>(seen) >= kMostPictures * static_cast<double>(pictures.size());
}

template <typename Test>
double share(int from, int to, Test test) {
  int hits = 0;
  int count = 0;
  for (int i = from; i < to; i += 2, ++count) hits += test(i) ? 1 : 0;
  return count > 0 ? static_cast<double>(hits) / count : 0;
}

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

/// `edge(from, to)`: share of a part of a border that shows it. `end`: of the border; `direction`: 1 for its last
/// end.
template <typename Edge>
int is_loose(int end, int direction, int size, Edge edge) {
  const auto shown = [&](int near, int far) {
    const int from = std::max(1, std::min(end + near, end + far));
    const int to = std::min(size - 1, std::max(end + near, end + far));
    return edge(from, to) >= 0.5;
  };
  const bool reached = shown(-direction * (kCorner + kEnd), -direction * kCorner);
  return !reached || shown(direction * kCorner, direction * (kCorner + kEnd)) ? 1 : 0;
}

template <typename Share>
double distinct(int at, int size, Share share_at) {
  if (at == 0 || at == size) return 1;
  if (at < kBeside + 2 || at > size - kBeside - 2) return 0;
  const double here = share_at(at);
  // A window may have a frame of its own: one side must be plain.
  const double beside = std::min(share_at(at - kBeside), share_at(at + kBeside));
  return here - beside >= kLeastContrast ? here : 0;
}

}  // namespace

bool BorderSteps::across_column(int x, int y) const {
  return mostly(pictures_,
                [x, y](const LumaView& p) { return std::abs(pixel(p, x, y) - pixel(p, x - 1, y)) >= kEdge; });
}

bool BorderSteps::across_row(int x, int y) const {
  return mostly(pictures_,
                [x, y](const LumaView& p) { return std::abs(pixel(p, x, y) - pixel(p, x, y - 1)) >= kEdge; });
}

double BorderSteps::along_column(int x, int from, int to) const {
  return share(from, to,
               [&](int y) { return across_column(x, y) || across_column(x - 1, y) || across_column(x + 1, y); });
}

double BorderSteps::along_row(int y, int from, int to) const {
  return share(from, to, [&](int x) { return across_row(x, y) || across_row(x, y - 1) || across_row(x, y + 1); });
}

std::vector<Line> BorderSteps::columns(int top, int bottom) const {
  return strongest_lines(width(), top, bottom, [this](int x, int y) { return across_column(x, y); });
}

std::vector<Line> BorderSteps::rows(int left, int right) const {
  return strongest_lines(height(), left, right, [this](int y, int x) { return across_row(x, y); });
}

double BorderSteps::clearness(const Box& box) const {
  const auto column = [&](int x) {
    return distinct(x, width(), [&](int at) { return along_column(at, box.top, box.bottom); });
  };
  const auto row = [&](int y) {
    return distinct(y, height(), [&](int at) { return along_row(at, box.left, box.right); });
  };
  return std::min({column(box.left), column(box.right), row(box.top), row(box.bottom)});
}

double BorderSteps::loose_ends(const Box& box) const {
  int loose = 0;
  for (const int x : {box.left, box.right}) {
    if (x == 0 || x == width()) continue;
    const auto edge = [&](int from, int to) { return along_column(x, from, to); };
    loose += is_loose(box.top, -1, height(), edge) + is_loose(box.bottom, 1, height(), edge);
  }
  for (const int y : {box.top, box.bottom}) {
    if (y == 0 || y == height()) continue;
    const auto edge = [&](int from, int to) { return along_row(y, from, to); };
    loose += is_loose(box.left, -1, width(), edge) + is_loose(box.right, 1, width(), edge);
  }
  return loose / 8.0;
}

}  // namespace steg::sync
