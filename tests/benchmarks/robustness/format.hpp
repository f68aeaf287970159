// Numbers in tables.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdio>
#include <string>

#include "recovery.hpp"

namespace robustness {

/// With so many decimals.
inline std::string number(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

/// "97.5%", "100%"; a dash where nothing was measured. Rounded down, so that 100% means all.
inline std::string percent(const Share& share) {
  if (share.count == 0) return "–";
  if (share.found == share.count) return "100%";
  const int thousandths = static_cast<int>(1000LL * share.found / share.count);
  return std::to_string(thousandths / 10) + "." + std::to_string(thousandths % 10) + "%";
}

}  // namespace robustness
