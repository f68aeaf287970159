// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "distance.hpp"

namespace framediff {

/// The 64-bit difference hash: the picture is averaged down to 9 x 8 fields; bit 8 y + x is 1 if field (x, y) is
/// darker than its right-hand neighbour. Pictures narrower than 9 or lower than 8 samples repeat samples.
std::uint64_t difference_hash(const LumaPlane& plane);

/// Method::dhash.
class HashDistance : public Distance {
 public:
  void set_reference(const LumaPlane& plane, const BlockGrid& grid) override;
  double to(const LumaPlane& plane) override;

 private:
  BlockGrid grid_;
  std::uint64_t reference_ = 0;
};

}  // namespace framediff
