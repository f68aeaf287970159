// Places that spread evenly.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cmath>

namespace trace {

/// The fraction of the n-th multiple of the golden section (Weyl 1916): irregular, evenly spread however many there
/// are, and the same each time.
inline double golden_place(double n) {
  constexpr double kGolden = 0.6180339887498949;
  const double multiple = n * kGolden;
  return multiple - std::floor(multiple);
}

}  // namespace trace
