// Line charts as SVG, for the benchmarks' figures in docs/.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace plot {

enum class Scale { linear, log10 };

struct Axis {
  std::string label;
  double low;
  double high;
  Scale scale = Scale::linear;
  /// Where ticks stand; on a linear axis five steps if empty, on a logarithmic one the powers of ten.
  std::vector<double> ticks = {};
};

class LineChart {
 public:
  LineChart(std::string title, Axis x, Axis y) : title_(std::move(title)), x_(std::move(x)), y_(std::move(y)) {}

  /// Points outside of the axes are moved to their ends. `dashed` is for references: bounds, published curves.
  void add(std::string name, std::vector<std::pair<double, double>> points, bool dashed = false);

  std::string svg() const;
  /// Throws std::runtime_error if the file cannot be written.
  void write(const std::string& path) const;

 private:
  struct Series {
    std::string name;
    std::vector<std::pair<double, double>> points;
    bool dashed;
  };
  std::string title_;
  Axis x_, y_;
  std::vector<Series> series_;
};

}  // namespace plot
