// What both benchmarks of collusion share.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <ctime>
#include <random>
#include <sstream>
#include <string>
#include <vector>

using Rng = std::mt19937_64;

/// Of a list with commas. Throws what std::stod() does.
template <class Number>
std::vector<Number> numbers(const std::string& text) {
  std::vector<Number> out;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, ',');) out.push_back(static_cast<Number>(std::stod(part)));
  return out;
}

/// CPU time of this process: on a machine that others use, too, the time on the wall says nothing.
inline double seconds_since(std::clock_t start) { return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC; }
