// SPDX-License-Identifier: LGPL-2.1-or-later
#include "measures.hpp"

#include <algorithm>

#include "block_kernels.hpp"
#include "block_ssim.hpp"

namespace similarity {
namespace {

using framediff::BlockGrid;
using framediff::LumaPlane;

/// Looks at the blocks of framediff's grid and joins their values in its own way.
class OverBlocks : public framediff::Distance {
 public:
  using OfBlock = double (*)(const std::uint8_t* a, std::ptrdiff_t a_stride, const std::uint8_t* b,
                             std::ptrdiff_t b_stride, int width, int rows);
  enum class Join { mean, largest };

  OverBlocks(OfBlock of_block, Join join) : of_block_(of_block), join_(join) {}

  void set_reference(const LumaPlane& plane, const BlockGrid& grid) override {
    grid_ = grid;
    reference_.assign(plane, grid_);
  }

  double to(const LumaPlane& plane) override {
    const LumaPlane now = framediff::sampled(plane, grid_);
    const LumaPlane then = reference_.plane();
    double sum = 0.0;
    double largest = 0.0;
    for (int line = 0; line < grid_.block_lines(); ++line) {
      const std::ptrdiff_t y = grid_.block_row(line);
      for (int column = 0; column < grid_.columns(); ++column) {
        const std::ptrdiff_t x = grid_.block_x(column);
        const double value = of_block_(now.data + y * now.stride + x, now.stride, then.data + y * then.stride + x,
                                       then.stride, grid_.block_width(), grid_.block_rows());
        sum += value;
        largest = std::max(largest, value);
      }
    }
    return join_ == Join::mean ? sum / (grid_.block_lines() * grid_.columns()) : largest;
  }

 private:
  OfBlock of_block_;
  Join join_;
  BlockGrid grid_;
  framediff::SampledCopy reference_;
};

double mean_difference(const std::uint8_t* a, std::ptrdiff_t a_stride, const std::uint8_t* b, std::ptrdiff_t b_stride,
                       int width, int rows) {
  return framediff::sad_of_block_portable(a, a_stride, b, b_stride, width, rows) / static_cast<double>(width * rows);
}

double ssim_distance(const std::uint8_t* a, std::ptrdiff_t a_stride, const std::uint8_t* b, std::ptrdiff_t b_stride,
                     int width, int rows) {
  return 1.0 - framediff::ssim(a, a_stride, b, b_stride, width, rows);
}

Measure of_framediff(const char* name, const char* unit, framediff::Method method) {
  return {name, unit, [method] { return framediff::make_distance(method); }, framediff::default_threshold(method)};
}

Measure over_blocks(const char* name, const char* unit, OverBlocks::OfBlock of_block, OverBlocks::Join join) {
  return {name, unit, [=] { return std::make_unique<OverBlocks>(of_block, join); }, std::nullopt};
}

}  // namespace

std::vector<Measure> all_measures() {
  return {of_framediff("block-sad", "levels", framediff::Method::block_sad),
          over_blocks("block-sad without activity", "levels", mean_difference, OverBlocks::Join::largest),
          of_framediff("ssim", "1 - SSIM, worst block", framediff::Method::ssim),
          of_framediff("dhash", "bits", framediff::Method::dhash),
          over_blocks("mean absolute difference", "levels", mean_difference, OverBlocks::Join::mean),
          over_blocks("mean ssim", "1 - SSIM", ssim_distance, OverBlocks::Join::mean)};
}

}  // namespace similarity
