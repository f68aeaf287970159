// Tables of percentages as SVG, each cell coloured by its value.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace plot {

class HeatMap {
 public:
  HeatMap(std::string title, std::vector<std::string> columns)
      : title_(std::move(title)), columns_(std::move(columns)) {}

  /// One value a column, 0 to 100; a cell without a value stays white.
  void add(std::string name, std::vector<std::optional<double>> values);

  std::string svg() const;
  /// Throws std::runtime_error if the file cannot be written.
  void write(const std::string& path) const;

 private:
  struct Row {
    std::string name;
    std::vector<std::optional<double>> values;
  };
  std::string title_;
  std::vector<std::string> columns_;
  std::vector<Row> rows_;
};

}  // namespace plot
