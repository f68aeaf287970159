// SPDX-License-Identifier: LGPL-2.1-or-later
#include "line_chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <sstream>

#include "svg.hpp"

namespace plot {
namespace {

constexpr double kWidth = 760, kHeight = 440, kLeft = 70, kRight = 190, kTop = 40, kBottom = 55;
/// Of more points the dots would hide the line.
constexpr std::size_t kMostDots = 60;
// Okabe and Ito's colours, which colour-blind readers can tell apart.
constexpr std::array<const char*, 7> kColours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                 "#E69F00", "#56B4E9", "#000000"};

double along(const Axis& axis, double value) {
  const auto place = [&](double v) { return axis.scale == Scale::log10 ? std::log10(std::max(v, 1e-300)) : v; };
  const double share = (place(value) - place(axis.low)) / (place(axis.high) - place(axis.low));
  return std::clamp(share, 0.0, 1.0);
}

std::vector<double> ticks(const Axis& axis) {
  if (!axis.ticks.empty()) return axis.ticks;
  std::vector<double> out;
  if (axis.scale == Scale::log10) {
    for (double power = std::ceil(std::log10(axis.low) - 1e-9); power <= std::log10(axis.high) + 1e-9; power += 1)
      out.push_back(std::pow(10.0, power));
  } else {
    for (int step = 0; step <= 5; ++step) out.push_back(axis.low + (axis.high - axis.low) * step / 5);
  }
  return out;
}

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", value);
  return text.data();
}

}  // namespace

void LineChart::add(std::string name, std::vector<std::pair<double, double>> points, bool dashed) {
  series_.push_back({std::move(name), std::move(points), dashed});
}

std::string LineChart::svg() const {
  const auto px = [&](double v) { return kLeft + along(x_, v) * (kWidth - kLeft - kRight); };
  const auto py = [&](double v) { return kHeight - kBottom - along(y_, v) * (kHeight - kTop - kBottom); };
  std::ostringstream out;
  out.precision(6);
  out << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << kWidth << ' ' << kHeight
      << "\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
      << "<text x=\"" << kLeft << "\" y=\"24\" font-size=\"15\">" << escaped(title_) << "</text>\n";
  for (const double tick : ticks(x_))
    out << "<path d=\"M" << px(tick) << ' ' << py(y_.low) << 'V' << py(y_.high) << "\" stroke=\"#ddd\"/><text x=\""
        << px(tick) << "\" y=\"" << py(y_.low) + 18 << "\" text-anchor=\"middle\">" << number(tick) << "</text>\n";
  for (const double tick : ticks(y_))
    out << "<path d=\"M" << px(x_.low) << ' ' << py(tick) << 'H' << px(x_.high) << "\" stroke=\"#ddd\"/><text x=\""
        << kLeft - 8 << "\" y=\"" << py(tick) + 4 << "\" text-anchor=\"end\">" << number(tick) << "</text>\n";
  out << "<text x=\"" << (kLeft + kWidth - kRight) / 2 << "\" y=\"" << kHeight - 14 << "\" text-anchor=\"middle\">"
      << escaped(x_.label) << "</text>\n<text transform=\"translate(18 " << (kTop + kHeight - kBottom) / 2
      << ") rotate(-90)\" text-anchor=\"middle\">" << escaped(y_.label) << "</text>\n";
  for (std::size_t i = 0; i < series_.size(); ++i) {
    const Series& series = series_[i];
    const char* colour = kColours[i % kColours.size()];
    const std::string dash = series.dashed ? " stroke-dasharray=\"6 4\"" : "";
    out << "<path fill=\"none\" stroke=\"" << colour << "\" stroke-width=\"2\"" << dash << " d=\"";
    for (std::size_t k = 0; k < series.points.size(); ++k)
      out << (k == 0 ? 'M' : 'L') << px(series.points[k].first) << ' ' << py(series.points[k].second);
    out << "\"/>\n";
    if (!series.dashed && series.points.size() <= kMostDots)
      for (const auto& [x, y] : series.points)
        out << "<circle cx=\"" << px(x) << "\" cy=\"" << py(y) << "\" r=\"3\" fill=\"" << colour << "\"/>";
    const double line = kTop + 10 + 20.0 * static_cast<double>(i);
    out << "\n<path d=\"M" << kWidth - kRight + 14 << ' ' << line << "h22\" stroke=\"" << colour
        << "\" stroke-width=\"2\"" << dash << "/><text x=\"" << kWidth - kRight + 42 << "\" y=\"" << line + 4 << "\">"
        << escaped(series.name) << "</text>\n";
  }
  out << "</svg>\n";
  return out.str();
}

void LineChart::write(const std::string& path) const { write_svg(svg(), path); }

}  // namespace plot
