// SPDX-License-Identifier: LGPL-2.1-or-later
#include "svg.hpp"

#include <fstream>
#include <stdexcept>

namespace plot {

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else
      out += c;
  }
  return out;
}

void write_svg(const std::string& svg, const std::string& path) {
  std::ofstream file(path);
  file << svg;
  file.close();
  if (!file) throw std::runtime_error("Cannot write the plot " + path + ": check that its folder exists.");
}

}  // namespace plot
