// printf() into a string, for reports.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdio>
#include <string>

namespace steg_trace::tool {

/// 511 characters at the most; what is longer is cut off.
template <class... Values>
std::string format(const char* pattern, Values... values) {
  std::array<char, 512> buffer{};
  std::snprintf(buffer.data(), buffer.size(), pattern, values...);
  return buffer.data();
}

}  // namespace steg_trace::tool
