// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "distance.hpp"

namespace framediff {

/// Method::block_sad.
class BlockSad : public Distance {
 public:
  void set_reference(const LumaPlane& plane, const BlockGrid& grid) override;
  double to(const LumaPlane& plane) override;

 private:
  BlockGrid grid_;
  SampledCopy reference_;
  /// Of one line of blocks.
  std::vector<std::uint32_t> sums_;
};

}  // namespace framediff
