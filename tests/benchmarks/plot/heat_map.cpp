// SPDX-License-Identifier: LGPL-2.1-or-later
#include "heat_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <sstream>
#include <utility>

#include "svg.hpp"

namespace plot {
namespace {

constexpr double kLeft = 180, kTop = 190, kCellWidth = 40, kCellHeight = 20, kMargin = 20;
constexpr double kRight = 90;  // for the last name, which slants over the edge

/// From orange through yellow to blue, which colour-blind readers can tell apart.
std::string colour(double percent) {
  constexpr std::array<std::array<double, 3>, 3> kStops = {{{213, 94, 0}, {250, 230, 140}, {86, 160, 220}}};
  const double place = std::clamp(percent, 0.0, 100.0) / 50;
  const auto lower = static_cast<std::size_t>(std::min(1.0, std::floor(place)));
  const double share = place - static_cast<double>(lower);
  std::string out = "rgb(";
  for (std::size_t i = 0; i < 3; ++i) {
    const double value = kStops[lower][i] + share * (kStops[lower + 1][i] - kStops[lower][i]);
    out += (i > 0 ? "," : "") + std::to_string(std::lround(value));
  }
  return out + ")";
}

}  // namespace

void HeatMap::add(std::string name, std::vector<std::optional<double>> values) {
  rows_.push_back({std::move(name), std::move(values)});
}

std::string HeatMap::svg() const {
  const double width = kLeft + kCellWidth * static_cast<double>(columns_.size()) + kRight;
  const double height = kTop + kCellHeight * static_cast<double>(rows_.size()) + kMargin;
  std::ostringstream out;
  out << "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " << width << ' ' << height
      << "\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
      << "<text x=\"" << kMargin << "\" y=\"24\" font-size=\"15\">" << escaped(title_) << "</text>\n";
  for (std::size_t i = 0; i < columns_.size(); ++i)
    out << "<text transform=\"translate(" << kLeft + kCellWidth * (static_cast<double>(i) + 0.6) << ' ' << kTop - 8
        << ") rotate(-60)\">" << escaped(columns_[i]) << "</text>\n";
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const double y = kTop + kCellHeight * static_cast<double>(i);
    out << "<text x=\"" << kLeft - 8 << "\" y=\"" << y + 14 << "\" text-anchor=\"end\">" << escaped(rows_[i].name)
        << "</text>\n";
    for (std::size_t k = 0; k < rows_[i].values.size(); ++k) {
      if (!rows_[i].values[k]) continue;
      const double x = kLeft + kCellWidth * static_cast<double>(k);
      out << "<rect x=\"" << x << "\" y=\"" << y << "\" width=\"" << kCellWidth - 1 << "\" height=\"" << kCellHeight - 1
          << "\" fill=\"" << colour(*rows_[i].values[k]) << "\"/><text x=\"" << x + kCellWidth / 2 << "\" y=\""
          << y + 14 << "\" text-anchor=\"middle\" font-size=\"10\">" << std::floor(*rows_[i].values[k]) << "</text>\n";
    }
  }
  out << "</svg>\n";
  return out.str();
}

void HeatMap::write(const std::string& path) const { write_svg(svg(), path); }

}  // namespace plot
