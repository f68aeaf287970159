// Luma of 10 bits as 8 bits.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "block_grid.hpp"

namespace framediff {

/// The upper 8 of 10 bits, which are enough to tell whether a picture repeats another.
class TopBits {
 public:
  /// `data`: samples of two bytes in the CPU's order, whose 10 bits are shifted to the left by `shift`. Of the plane
  /// that is returned, valid until the next call, only the rows that BlockGrid looks at are filled in.
  LumaPlane of(const std::uint8_t* data, std::ptrdiff_t stride, int width, int height, int shift);

 private:
  std::vector<std::uint8_t> samples_;
};

}  // namespace framediff
