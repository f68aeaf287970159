// SPDX-License-Identifier: LGPL-2.1-or-later
#include "top_bits.hpp"

#include <cstring>

namespace framediff {

LumaPlane TopBits::of(const std::uint8_t* data, std::ptrdiff_t stride, int width, int height, int shift) {
  const auto row_length = static_cast<std::size_t>(width);
  samples_.resize(row_length * static_cast<std::size_t>(height));
  const int step = BlockGrid(width, height).row_step();
  for (int y = 0; y < height; y += step) {
    const std::uint8_t* row = data + y * stride;
    std::uint8_t* to = samples_.data() + row_length * static_cast<std::size_t>(y);
    for (std::size_t x = 0; x < row_length; ++x) {
      std::uint16_t sample = 0;
      std::memcpy(&sample, row + 2 * x, sizeof sample);
      to[x] = static_cast<std::uint8_t>(sample >> (shift + 2));
    }
  }
  return {samples_.data(), width, width, height};
}

}  // namespace framediff
