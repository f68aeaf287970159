// SPDX-License-Identifier: LGPL-2.1-or-later
#include "slow_distances.hpp"

#include <algorithm>
#include <bitset>

namespace framediff {
namespace {

/// Of one block, -1 to 1.
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

class BlockSsim final : public Distance {
 public:
  void set_reference(const LumaPlane& plane, const BlockGrid& grid) override {
    grid_ = grid;
    reference_.assign(plane, grid_);
  }
  double to(const LumaPlane& plane) override {
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

 private:
  BlockGrid grid_;
  SampledCopy reference_;
};

struct Span {
  int begin;
  int end;
};

/// Part `index` of `parts` of a length, never empty.
Span part(int length, int index, int parts) {
  const int begin = std::min(length - 1, length * index / parts);
  return {begin, std::max(begin + 1, length * (index + 1) / parts)};
}

double mean_of(const LumaPlane& plane, Span columns, Span rows) {
  std::uint64_t sum = 0;
  for (int y = rows.begin; y < rows.end; ++y)
    for (int x = columns.begin; x < columns.end; ++x) sum += plane.data[y * plane.stride + x];
  return static_cast<double>(sum) / ((columns.end - columns.begin) * (rows.end - rows.begin));
}

std::bitset<64> difference_hash(const LumaPlane& plane) {
  std::bitset<64> hash;
  for (int y = 0; y < 8; ++y) {
    double left = 0;
    for (int x = 0; x < 9; ++x) {
      const double here = mean_of(plane, part(plane.width, x, 9), part(plane.height, y, 8));
      if (x > 0) hash[static_cast<std::size_t>(8 * y + x - 1)] = left < here;
      left = here;
    }
  }
  return hash;
}

class HashDistance final : public Distance {
 public:
  void set_reference(const LumaPlane& plane, const BlockGrid& grid) override {
    grid_ = grid;
    reference_ = difference_hash(sampled(plane, grid_));
  }
  double to(const LumaPlane& plane) override {
    return static_cast<double>((difference_hash(sampled(plane, grid_)) ^ reference_).count());
  }

 private:
  BlockGrid grid_;
  std::bitset<64> reference_;
};

}  // namespace

std::unique_ptr<Distance> make_block_ssim() { return std::make_unique<BlockSsim>(); }
std::unique_ptr<Distance> make_hash_distance() { return std::make_unique<HashDistance>(); }

}  // namespace framediff
