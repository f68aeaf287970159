// SPDX-License-Identifier: LGPL-2.1-or-later
#include "report_charts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>

#include "formatted.hpp"
#include "launcher/base/text_table.hpp"
#include "report.hpp"

namespace steg_trace::tool {
namespace {

// Okabe and Ito's colours, which colour-blind readers can tell apart.
constexpr std::array<const char*, 6> kColours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"};
constexpr double kChartWidth = 720.0;
constexpr double kRow = 24.0;
constexpr double kLabels = 110.0;
constexpr double kMostAround = 1.5;  ///< of the picture's size: how much of an outline outside of it is drawn

std::vector<std::string> ids_of(const std::vector<Segment>& segments) {
  std::vector<std::string> ids;
  for (const Segment& segment : segments) {
    if (std::find(ids.begin(), ids.end(), segment.id) == ids.end()) ids.push_back(segment.id);
  }
  return ids;
}

}  // namespace

std::string html_text(const std::string& text) {
  std::string out;
  for (const char c : launcher::printable(text)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string timeline_svg(const Findings& file) {
  if (file.duration <= 0.0 || file.segments.empty()) return {};
  const std::vector<std::string> ids = ids_of(file.segments);
  const double height = kRow * static_cast<double>(ids.size()) + 22.0;
  const double scale = (kChartWidth - kLabels - 20.0) / file.duration;
  std::string svg =
      format("<svg class=\"chart\" viewBox=\"0 0 %g %g\" role=\"img\" aria-label=\"when each ID is there\">",
             kChartWidth, height);
  for (std::size_t row = 0; row < ids.size(); ++row) {
    const double y = kRow * static_cast<double>(row);
    svg += format("<text x=\"0\" y=\"%g\">", y + 16.0) + html_text(ids[row]) + "</text>";
    svg += format("<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"14\" fill=\"#eee\"/>", kLabels, y + 4.0,
                  scale * file.duration);
    for (const Segment& segment : file.segments) {
      if (segment.id != ids[row]) continue;
      svg += format("<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"14\" fill=\"%s\"><title>%s to %s</title></rect>",
                    kLabels + scale * segment.from, y + 4.0, std::max(1.5, scale * (segment.to - segment.from)),
                    kColours[row % kColours.size()], clock_text(segment.from).c_str(), clock_text(segment.to).c_str());
    }
  }
  for (int tick = 0; tick <= 4; ++tick) {
    const double time = file.duration * tick / 4.0;
    svg += format("<text x=\"%g\" y=\"%g\" text-anchor=\"%s\" class=\"tick\">%s</text>", kLabels + scale * time,
                  height - 4.0, tick < 4 ? "middle" : "end", clock_text(time).c_str());
  }
  return svg + "</svg>";
}

std::string picture_svg(const Segment& segment, int width, int height) {
  if (segment.picture.base64.empty()) return {};
  double left = 0.0;
  double top = 0.0;
  double right = 1.0;
  double bottom = 1.0;
  for (const Corner& corner : segment.outline) {
    left = std::clamp(corner.x, -kMostAround, left);
    right = std::clamp(corner.x, right, 1.0 + kMostAround);
    top = std::clamp(corner.y, -kMostAround, top);
    bottom = std::clamp(corner.y, bottom, 1.0 + kMostAround);
  }
  const double unit = std::max(width, height);
  const double stroke = 0.006 * unit * std::max(right - left, bottom - top);
  std::string svg = format("<svg class=\"picture\" viewBox=\"%g %g %g %g\" role=\"img\" aria-label=\"the copy at %s\">",
                           left * width - stroke, top * height - stroke, (right - left) * width + 2.0 * stroke,
                           (bottom - top) * height + 2.0 * stroke, clock_text(segment.picture.time).c_str());
  svg += format("<image width=\"%d\" height=\"%d\" preserveAspectRatio=\"none\" href=\"data:image/jpeg;base64,", width,
                height) +
         segment.picture.base64 + "\"/><polygon fill=\"none\" stroke=\"#D55E00\"";
  svg += format(" stroke-width=\"%g\" points=\"", stroke);
  for (const Corner& corner : segment.outline) svg += format("%g,%g ", corner.x * width, corner.y * height);
  return svg + "\"/></svg>";
}

std::string soft_bits_svg(const Segment& segment) {
  constexpr double kHalf = 50.0;
  float most = 1.0F;
  for (const float z : segment.soft_bits) most = std::max(most, std::abs(z));
  std::string agree;
  std::string contradict;
  constexpr double kStep = kChartWidth / static_cast<double>(std::tuple_size_v<decltype(Segment::soft_bits)>);
  for (std::size_t k = 0; k < segment.soft_bits.size(); ++k) {
    const double height = kHalf * static_cast<double>(segment.soft_bits[k] / most);
    (height >= 0.0 ? agree : contradict) += format("M%.2f 50v%.1f", (static_cast<double>(k) + 0.5) * kStep, -height);
  }
  return format("<svg class=\"chart\" viewBox=\"0 0 %g 100\" role=\"img\" aria-label=\"soft bits\">", kChartWidth) +
         format("<path d=\"M0 50H%g\" stroke=\"#999\" stroke-width=\"0.5\"/>", kChartWidth) +
         "<path stroke=\"#0072B2\" stroke-width=\"2\" d=\"" + agree +
         "\"/><path stroke=\"#D55E00\" stroke-width=\"2\" d=\"" + contradict + "\"/></svg>";
}

std::string tiles_svg(const Segment& segment, int width, int height) {
  if (segment.tiles.empty()) return {};
  constexpr int kAcross = steg_trace::kTilesAcross;
  constexpr int kDown = steg_trace::kTilesDown;
  const double most = std::max(1.0, *std::max_element(segment.tiles.begin(), segment.tiles.end()));
  std::string svg = format(
      "<svg class=\"tiles\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"parts of the picture\">", width, height);
  for (int y = 0; y < kDown; ++y) {
    for (int x = 0; x < kAcross; ++x) {
      const double strength = segment.tiles[static_cast<std::size_t>(y * kAcross + x)];
      svg += format(
          "<rect x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\" fill=\"#0072B2\" fill-opacity=\"%.2f\" "
          "stroke=\"#fff\"><title>%.1f</title></rect>",
          1.0 * width * x / kAcross, 1.0 * height * y / kDown, 1.0 * width / kAcross, 1.0 * height / kDown,
          std::clamp(strength / most, 0.03, 1.0), strength);
    }
  }
  return svg + "</svg>";
}

}  // namespace steg_trace::tool
