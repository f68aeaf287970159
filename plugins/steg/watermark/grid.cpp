// SPDX-License-Identifier: LGPL-2.1-or-later
#include "grid.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace steg {

namespace {

// Column sums of 8-bit rows that fit 16 bits.
constexpr int kMaxRowsPerSum = 65535 / 255;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// Box filter: output i covers the inputs from i x in/out to (i + 1) x in/out. Integer arithmetic in units of 1/out of
/// an input, so that whole inputs get exactly equal weights.
Resampling area_axis(int in, int out) {
  Resampling axis;
  for (std::int64_t i = 0; i < out; ++i) {
    const std::int64_t first = i * in / out;
    const std::int64_t end = ((i + 1) * in + out - 1) / out;
    axis.taps = std::max(axis.taps, static_cast<int>(end - first));
  }
  for (std::int64_t i = 0; i < out; ++i) {
    const std::int64_t start = i * in;
    const std::int64_t end = start + in;
    const std::int64_t first = std::min<std::int64_t>(start / out, in - axis.taps);
    axis.first.push_back(static_cast<int>(first));
    for (std::int64_t j = first; j < first + axis.taps; ++j) {
      const std::int64_t overlap = std::min(end, (j + 1) * out) - std::max(start, j * out);
      axis.weights.push_back(static_cast<float>(std::max<std::int64_t>(overlap, 0)) / static_cast<float>(in));
    }
  }
  return axis;
}

/// Bilinear interpolation between cell centres, clamped at the borders.
Resampling linear_axis(int in, int out) {
  Resampling axis;
  axis.taps = 2;
  for (int i = 0; i < out; ++i) {
    const double centre = (i + 0.5) * in / out - 0.5;
    const double position = std::clamp(centre, 0.0, static_cast<double>(in - 1));
    const int first = std::min(static_cast<int>(position), in - 2);
    const auto weight = static_cast<float>(position - first);
    axis.first.push_back(first);
    axis.weights.push_back(1 - weight);
    axis.weights.push_back(weight);
  }
  return axis;
}

Resampling up_axis(int in, int out) { return out >= in ? linear_axis(in, out) : area_axis(in, out); }

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
  bool finite = true;
  for (std::size_t i = 0; i < count; ++i) finite &= std::isfinite(values[i]);
  return finite;
}

LumaGrid::LumaGrid(int picture_width, int picture_height)
    : width_(picture_width),
      height_(picture_height),
      size_(grid_size(picture_width, picture_height)),
      down_x_(area_axis(picture_width, size_.width)),
      down_y_(area_axis(picture_height, size_.height)),
      up_x_(up_axis(size_.width, picture_width)),
      up_y_(up_axis(size_.height, picture_height)),
      sums_(index(picture_width)),
      row_(index(picture_width)),
      ring_(index(picture_width) * index(up_y_.taps)),
      ring_row_(index(up_y_.taps)) {}

void LumaGrid::average_down(const std::uint8_t* luma, std::ptrdiff_t stride, float* cells) {
  const float whole_pixel = static_cast<float>(size_.height) / static_cast<float>(height_);
  for (int y = 0; y < size_.height; ++y) {
    std::fill(row_.begin(), row_.end(), 0.0F);
    std::fill(sums_.begin(), sums_.end(), std::uint16_t{0});
    int summed = 0;
    const auto flush = [&] {
      rows::add_weighted(sums_.data(), whole_pixel, row_.data(), width_);
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
        rows::add(pixels, sums_.data(), width_);
        ++summed;
      } else if (weight > 0) {
        rows::add_weighted(pixels, weight, row_.data(), width_);
      }
    }
    if (summed > 0) flush();
    rows::resample(down_x_, row_.data(), 1.0F / 255, cells + index(y) * index(size_.width));
  }
}

float* LumaGrid::resampled_row(const float* residual, int row, float strength) {
  const std::size_t slot = index(row % up_y_.taps);
  float* out = ring_.data() + slot * index(width_);
  if (ring_row_[slot] != row) {
    rows::resample(up_x_, residual + index(row) * index(size_.width), strength, out);
    ring_row_[slot] = row;
  }
  return out;
}

void LumaGrid::add_residual(std::uint8_t* luma, std::ptrdiff_t stride, const float* residual, float strength) {
  std::fill(ring_row_.begin(), ring_row_.end(), -1);
  for (int y = 0; y < height_; ++y, luma += stride) {
    const int first = up_y_.first[index(y)];
    const float* weights = up_y_.weights.data() + index(y) * index(up_y_.taps);
    if (up_y_.taps == 2) {
      const float* upper = resampled_row(residual, first, strength);
      const float* lower = resampled_row(residual, first + 1, strength);
      rows::blend_into(luma, upper, weights[0], lower, weights[1], width_);
    } else {
      std::fill(row_.begin(), row_.end(), 0.0F);
      for (int t = 0; t < up_y_.taps; ++t) {
        if (weights[t] > 0)
          rows::add_weighted(resampled_row(residual, first + t, strength), weights[t], row_.data(), width_);
      }
      rows::blend_into(luma, row_.data(), 1, row_.data(), 0, width_);
    }
  }
}

}  // namespace steg
