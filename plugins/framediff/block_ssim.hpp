// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "distance.hpp"

namespace framediff {

/// Method::ssim.
class BlockSsim : public Distance {
 public:
  void set_reference(const LumaPlane& plane, const BlockGrid& grid) override;
  double to(const LumaPlane& plane) override;

 private:
  BlockGrid grid_;
  SampledCopy reference_;
};

/// SSIM of one block of width x rows samples, -1 to 1.
double ssim(const std::uint8_t* a, std::ptrdiff_t a_stride, const std::uint8_t* b, std::ptrdiff_t b_stride, int width,
            int rows);

}  // namespace framediff
