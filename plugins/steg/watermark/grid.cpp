// SPDX-License-Identifier: LGPL-2.1-or-later
#include "grid.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>

namespace steg {

GridSize grid_size(int picture_width, int picture_height) {
  const std::string picture = std::to_string(picture_width) + "x" + std::to_string(picture_height) + " pixels: ";
  const std::int64_t longer = std::max(picture_width, picture_height);
  const std::int64_t shorter = std::min(picture_width, picture_height);
  if (shorter < kMinPictureSide) {
    throw GridError("the picture has " + picture + "a mark does not survive on a side of fewer than " +
                    std::to_string(kMinPictureSide) + " pixels; scale the picture up before marking it");
  }
  if (longer > kMaxAspect * shorter) {
    throw GridError("the picture has " + picture + "a mark needs a picture at most " + std::to_string(kMaxAspect) +
                    " times as long as it is short; crop it, pad it or split it before marking it");
  }
  const std::int64_t eighths = (2 * (kGridShortSide / 8) * longer + shorter) / (2 * shorter);
  const int cells = static_cast<int>(8 * eighths);
  return picture_width >= picture_height ? GridSize{cells, kGridShortSide} : GridSize{kGridShortSide, cells};
}

bool all_finite(const float* values, std::size_t count) {
  // On the bits, and without leaving early: so the loop is vectorised.
  constexpr std::uint32_t kExponent = 0x7F800000;
  std::uint32_t bad = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t bits = 0;
    std::memcpy(&bits, values + i, sizeof bits);
    bad |= static_cast<std::uint32_t>((bits & kExponent) == kExponent);
  }
  return bad == 0;
}

}  // namespace steg
