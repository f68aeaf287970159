// Draws what tests/launcher/test_soak.sh leaves behind: memory, CPU and open files, and delay, against time.
//   plot-soak FOLDER PREFIX      reads FOLDER/samples.txt and FOLDER/delays.txt, writes PREFIX-memory.svg, -load.svg
//   and -delay.svg
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "line_chart.hpp"

namespace {

using Row = std::vector<double>;
using Rows = std::vector<Row>;

/// Lines of numbers, the first of them seconds.
Rows read_rows(const std::string& path, std::size_t columns) {
  std::ifstream file(path);
  Rows rows;
  for (std::string line; std::getline(file, line);) {
    std::istringstream text(line);
    Row row(columns);
    for (double& value : row) text >> value;
    if (!text) throw std::runtime_error("not a line of numbers in " + path);
    rows.push_back(std::move(row));
  }
  if (rows.empty()) throw std::runtime_error(path + " has no lines: run tests/launcher/test_soak.sh first");
  return rows;
}

struct Line {
  std::string name;
  std::size_t column;
  double unit = 1;  ///< what the column's values are divided by
};

/// The next larger number that five steps divide well.
double rounded_up(double value) {
  const double power = std::pow(10.0, std::floor(std::log10(std::max(value, 1.0))));
  for (const double step : {1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 7.5})
    if (value <= step * power) return step * power;
  return 10 * power;
}

void draw(const Rows& rows, const std::vector<Line>& lines, const std::string& title, const std::string& axis,
          const std::string& path) {
  double most = 0;
  for (const Row& row : rows)
    for (const Line& line : lines) most = std::max(most, row[line.column] / line.unit);
  // The last sample comes a little after the hour.
  const double minutes = 10 * std::ceil((rows.back()[0] - 60) / 600);
  plot::LineChart chart(title, {"minutes", 0, minutes, plot::Scale::linear, {}}, {axis, 0, rounded_up(most)});
  for (const Line& line : lines) {
    std::vector<std::pair<double, double>> points;
    for (const Row& row : rows) points.emplace_back(row[0] / 60, row[line.column] / line.unit);
    chart.add(line.name, std::move(points));
  }
  chart.write(path);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "Usage: plot-soak FOLDER PREFIX\n");
    return 2;
  }
  try {
    const std::string folder = argv[1];
    const std::string prefix = argv[2];
    const Rows samples = read_rows(folder + "/samples.txt", 6);
    constexpr double kMebibyte = 1024 * 1024;
    draw(samples, {{"resident", 1, kMebibyte}, {"heap in use", 2, kMebibyte}}, "Memory of steg-launch", "MiB",
         prefix + "-memory.svg");
    draw(samples, {{"CPU, % of a core", 4}, {"open files", 3}, {"frames/s out", 5}}, "Load of steg-launch", "",
         prefix + "-load.svg");
    draw(read_rows(folder + "/delays.txt", 6), {{"median", 2}, {"p90", 3}, {"p99", 4}, {"most", 5}},
         "Delay from glass to glass, by publisher", "ms", prefix + "-delay.svg");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "plot-soak: %s\n", error.what());
    return 1;
  }
  return 0;
}
