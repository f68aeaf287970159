// SPDX-License-Identifier: LGPL-2.1-or-later
#include "chip_smoothing.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace steg {

namespace {

constexpr float kSigmaPixels = 1.8F;
constexpr float kMostSigma = 1.1F;   // cells; the extractor takes what is slower for a part of the picture
constexpr float kLeastSigma = 0.2F;  // cells; below, the neighbours' share is nothing
constexpr float kRadius = 3.5F;      // of the kernel, in sigmas

// Smoothed chips of the same power leave less of it in the encoder's band-pass kernels: measured on three pictures.
constexpr float kLossFrom = 0.65F;  // sigma, cells
constexpr float kLoss = 1.45F;      // per cell

/// Of one side and the middle, the sum of both sides and the middle being 1.
std::vector<float> gaussian(float sigma) {
  std::vector<float> taps;
  const int radius = static_cast<int>(std::ceil(kRadius * sigma));
  for (int i = 0; i <= radius; ++i) {
    const float x = static_cast<float>(i) / sigma;
    taps.push_back(std::exp(-0.5F * x * x));
  }
  const float sum = 2 * std::accumulate(taps.begin(), taps.end(), 0.0F) - taps.front();
  for (float& tap : taps) tap /= sum;
  return taps;
}

/// Adds `factor` x the values `from` to those at `to`.
void add(const float* from, float factor, std::size_t count, float* to) {
  for (std::size_t i = 0; i < count; ++i) to[i] += factor * from[i];
}

}  // namespace

float chip_sigma(float pixels) { return std::min(kMostSigma, kSigmaPixels / pixels); }

void smooth_chips(GridSize size, float pixels, std::vector<float>& chips) {
  const float sigma = chip_sigma(pixels);
  if (sigma < kLeastSigma) return;
  std::vector<float> taps = gaussian(sigma);
  const float power =
      2 * std::inner_product(taps.begin(), taps.end(), taps.begin(), 0.0F) - taps.front() * taps.front();
  // Each axis by itself: its share of what makes the power 1 again, and of what the kernels lose.
  const float gain = std::sqrt((1 + kLoss * std::max(0.0F, sigma - kLossFrom)) / power);
  for (float& tap : taps) tap *= gain;

  const auto width = static_cast<std::size_t>(size.width);
  const auto height = static_cast<std::size_t>(size.height);
  // There are no chips outside of the grid.
  std::vector<float> row(width);
  std::vector<float> smoothed(chips.size(), 0.0F);
  for (std::size_t y = 0; y < height; ++y) {
    const float* from = chips.data() + y * width;
    std::fill(row.begin(), row.end(), 0.0F);
    add(from, taps[0], width, row.data());
    for (std::size_t i = 1; i < std::min(taps.size(), width); ++i) {
      add(from + i, taps[i], width - i, row.data());
      add(from, taps[i], width - i, row.data() + i);
    }
    add(row.data(), taps[0], width, smoothed.data() + y * width);
    for (std::size_t i = 1; i < taps.size(); ++i) {
      if (y >= i) add(row.data(), taps[i], width, smoothed.data() + (y - i) * width);
      if (y + i < height) add(row.data(), taps[i], width, smoothed.data() + (y + i) * width);
    }
  }
  chips = std::move(smoothed);
}

}  // namespace steg
