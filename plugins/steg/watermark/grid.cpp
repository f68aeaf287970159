// SPDX-License-Identifier: LGPL-2.1-or-later
#include "grid.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "index.hpp"

namespace steg {

namespace {

// Column sums of 8-bit rows that fit 16 bits.
constexpr int kMaxRowsPerSum = 65535 / 255;

}  // namespace

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

LumaGrid::LumaGrid(int picture_width, int picture_height)
    : kernels_(rows::fastest()),
      width_(picture_width),
      height_(picture_height),
      size_(grid_size(picture_width, picture_height)),
      down_x_(area_axis(picture_width, size_.width)),
      down_y_(area_axis(picture_height, size_.height)),
      sums_(index(picture_width)),
      square_sums_(index(picture_width)),
      row_(index(picture_width)),
      mean_row_(index(size_.width)),
      grid_row_(index(size_.width)),
      wide_rows_{std::vector<rows::Fixed>(index(picture_width)), std::vector<rows::Fixed>(index(picture_width))} {
  if (picture_width >= size_.width) {
    up_x_.emplace(size_.width, picture_width);
  } else {
    shrink_x_ = area_axis(size_.width, picture_width);
  }
  if (picture_height >= size_.height) {
    up_y_.emplace(size_.height, picture_height);
  } else {
    shrink_y_ = area_axis(size_.height, picture_height);
  }
}

template <int kSide>
void LumaGrid::average_squares(const std::uint8_t* luma, std::ptrdiff_t stride, float* cells) {
  static_assert(kSide * kSide * 255 <= 65535, "sums fit 16 bits");
  const int starts = width_ - kSide + 1;
  const auto outputs = index(size_.width);
  for (int y = 0; y < size_.height; ++y, cells += outputs) {
    std::fill(sums_.begin(), sums_.end(), std::uint16_t{0});
    for (int t = 0; t < kSide; ++t, luma += stride) kernels_.add(luma, sums_.data(), width_);
    // From every pixel on, although only each kSide-th is needed: that is vectorised, and picking them in the sum is
    // not.
    const std::uint16_t* columns = sums_.data();
    std::uint16_t* squares = square_sums_.data();
    for (int x = 0; x < starts; ++x) {
      std::uint16_t sum = columns[x];
      for (int t = 1; t < kSide; ++t) sum = static_cast<std::uint16_t>(sum + columns[x + t]);
      squares[x] = sum;
    }
    for (std::size_t i = 0; i < outputs; ++i)
      cells[i] = static_cast<float>(squares[i * kSide]) * (1.0F / (255 * kSide * kSide));
  }
}

float LumaGrid::pixels_per_cell() const { return static_cast<float>(std::min(width_, height_)) / kGridShortSide; }

void LumaGrid::average_down(const std::uint8_t* luma, std::ptrdiff_t stride, float* cells) {
  const auto squares = [this](int side) { return width_ == side * size_.width && height_ == side * size_.height; };
  // 1080 and 2160 lines.
  if (squares(5)) return average_squares<5>(luma, stride, cells);
  if (squares(10)) return average_squares<10>(luma, stride, cells);
  const float whole_pixel = static_cast<float>(size_.height) / static_cast<float>(height_);
  for (int y = 0; y < size_.height; ++y) {
    std::fill(row_.begin(), row_.end(), 0.0F);
    std::fill(sums_.begin(), sums_.end(), std::uint16_t{0});
    int summed = 0;
    const auto flush = [&] {
      kernels_.add_weighted_sums(sums_.data(), whole_pixel, row_.data(), width_);
      summed = 0;
    };
    for (int t = 0; t < down_y_.taps; ++t) {
      const float weight = down_y_.weights[index(y * down_y_.taps + t)];
      const std::uint8_t* pixels = luma + stride * (down_y_.first[index(y)] + t);
      if (weight == whole_pixel) {
        if (summed == kMaxRowsPerSum) {
          flush();
          std::fill(sums_.begin(), sums_.end(), std::uint16_t{0});
        }
        kernels_.add(pixels, sums_.data(), width_);
        ++summed;
      } else if (weight > 0) {
        kernels_.add_weighted(pixels, weight, row_.data(), width_);
      }
    }
    if (summed > 0) flush();
    resample(down_x_, row_.data(), 1.0F / 255, cells + index(y) * index(size_.width));
  }
}

void LumaGrid::widen(const float* residual, float strength, rows::Fixed* out) {
  if (up_x_) {
    kernels_.to_fixed(residual, strength, grid_row_.data(), size_.width);
    kernels_.interpolate(*up_x_, grid_row_.data(), out);
  } else {
    resample(shrink_x_, residual, 1, row_.data());
    kernels_.to_fixed(row_.data(), strength, out, width_);
  }
}

void LumaGrid::add_enlarged(std::uint8_t* luma, std::ptrdiff_t stride, const float* residual, float strength) {
  rows::Fixed* upper = wide_rows_[0].data();
  rows::Fixed* lower = wide_rows_[1].data();
  widen(residual, strength, upper);
  widen(residual + size_.width, strength, lower);
  int row = 0;
  for (int y = 0; y < height_; ++y, luma += stride) {
    if (up_y_->first[index(y)] > row) {
      ++row;
      std::swap(upper, lower);
      widen(residual + index(row + 1) * index(size_.width), strength, lower);
    }
    kernels_.blend(luma, upper, lower, up_y_->second[index(y)], width_);
  }
}

void LumaGrid::add_shrunk(std::uint8_t* luma, std::ptrdiff_t stride, const float* residual, float strength) {
  rows::Fixed* wide = wide_rows_[0].data();
  for (int y = 0; y < height_; ++y, luma += stride) {
    std::fill(mean_row_.begin(), mean_row_.end(), 0.0F);
    for (int t = 0; t < shrink_y_.taps; ++t) {
      const float weight = shrink_y_.weights[index(y * shrink_y_.taps + t)];
      const float* row = residual + index(shrink_y_.first[index(y)] + t) * index(size_.width);
      for (std::size_t x = 0; weight > 0 && x < mean_row_.size(); ++x) mean_row_[x] += weight * row[x];
    }
    widen(mean_row_.data(), strength, wide);
    kernels_.blend(luma, wide, wide, 0, width_);
  }
}

void LumaGrid::add_residual(std::uint8_t* luma, std::ptrdiff_t stride, const float* residual, float strength) {
  if (up_y_) {
    add_enlarged(luma, stride, residual, strength);
  } else {
    add_shrunk(luma, stride, residual, strength);
  }
}

}  // namespace steg
