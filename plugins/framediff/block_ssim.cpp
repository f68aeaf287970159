// SPDX-License-Identifier: LGPL-2.1-or-later
#include "block_ssim.hpp"

#include <algorithm>

namespace framediff {

double ssim(const std::uint8_t* a, std::ptrdiff_t a_stride, const std::uint8_t* b, std::ptrdiff_t b_stride, int width,
            int rows) {
  constexpr double kC1 = (0.01 * 255) * (0.01 * 255);
  constexpr double kC2 = (0.03 * 255) * (0.03 * 255);
  int sum_a = 0;
  int sum_b = 0;
  int squares = 0;
  int products = 0;
  for (int r = 0; r < rows; ++r, a += a_stride, b += b_stride) {
    for (int k = 0; k < width; ++k) {
      sum_a += a[k];
      sum_b += b[k];
      squares += a[k] * a[k] + b[k] * b[k];
      products += a[k] * b[k];
    }
  }
  const double n = width * rows;
  const double mean_a = sum_a / n;
  const double mean_b = sum_b / n;
  const double variances = squares / n - mean_a * mean_a - mean_b * mean_b;
  const double covariance = products / n - mean_a * mean_b;
  return ((2 * mean_a * mean_b + kC1) * (2 * covariance + kC2)) /
         ((mean_a * mean_a + mean_b * mean_b + kC1) * (variances + kC2));
}

void BlockSsim::set_reference(const LumaPlane& plane, const BlockGrid& grid) {
  grid_ = grid;
  reference_.assign(plane, grid_);
}

double BlockSsim::to(const LumaPlane& plane) {
  const LumaPlane now = sampled(plane, grid_);
  const LumaPlane then = reference_.plane();
  double worst = 1.0;
  for (int line = 0; line < grid_.block_lines(); ++line) {
    const std::ptrdiff_t y = grid_.block_row(line);
    for (int column = 0; column < grid_.columns(); ++column) {
      const std::ptrdiff_t x = grid_.block_x(column);
      worst = std::min(worst, ssim(now.data + y * now.stride + x, now.stride, then.data + y * then.stride + x,
                                   then.stride, grid_.block_width(), grid_.block_rows()));
    }
  }
  return std::max(0.0, 1.0 - worst);
}

}  // namespace framediff
