// SPDX-License-Identifier: LGPL-2.1-or-later
#include "residual_gain.hpp"

#include <algorithm>
#include <cmath>

namespace steg {

namespace {

constexpr int kBlock = 8;  // divides both sides of every grid
// Mean change of a cell from picture to picture, in 8-bit levels: up to the first it is what a codec's rounding makes
// of a still picture.
constexpr float kNoise = 0.2F;
constexpr float kMotion = 1.2F;
// Beyond these, pictures of few pixels would lose fidelity, and those of many the slow parts of their mark.
constexpr float kLeastResolutionGain = 0.85F;
constexpr float kMostResolutionGain = 1.5F;
// Shares of what a gain lacks that it makes up with each picture.
constexpr float kRise = 0.3F;
constexpr float kFall = 0.1F;

std::size_t index(int i) { return static_cast<std::size_t>(i); }

float mean_change(const float* now, const float* before, int stride) {
  float sum = 0.0F;
  for (int y = 0; y < kBlock; ++y) {
    for (int x = 0; x < kBlock; ++x) sum += std::fabs(now[y * stride + x] - before[y * stride + x]);
  }
  return sum * (255.0F / (kBlock * kBlock));
}

/// What lies between two blocks' middles: the share of the second of them, for each of kBlock cells from one middle on.
constexpr float share(int cell) { return (static_cast<float>(cell) + 0.5F) / kBlock; }

}  // namespace

ResidualGain::ResidualGain(GridSize size, float pixels)
    : size_(size),
      still_(kStill * std::clamp(std::sqrt(kPixels / pixels), kLeastResolutionGain, kMostResolutionGain)),
      moving_(still_ * kMoving / kStill),
      across_(size.width / kBlock),
      down_(size.height / kBlock),
      gains_(index(across_ * down_), still_),
      row_(index(across_)) {}

void ResidualGain::reset() {
  previous_.clear();
  std::fill(gains_.begin(), gains_.end(), still_);
}

void ResidualGain::apply(const float* luma, float* residual) {
  if (!previous_.empty()) follow(luma);
  previous_.assign(luma, luma + size_.cells());
  scale(residual);
}

void ResidualGain::follow(const float* luma) {
  for (int block = 0; block < across_ * down_; ++block) {
    const int at = block / across_ * kBlock * size_.width + block % across_ * kBlock;
    const float change = mean_change(luma + at, previous_.data() + at, size_.width);
    const float motion = std::clamp((change - kNoise) / (kMotion - kNoise), 0.0F, 1.0F);
    const float lack = still_ + (moving_ - still_) * motion - gains_[index(block)];
    gains_[index(block)] += lack * (lack > 0.0F ? kRise : kFall);
  }
}

void ResidualGain::scale(float* residual) {
  double before = 0.0;
  double after = 0.0;
  for (int y = 0; y < size_.height; ++y) {
    // Bilinear between the middles of blocks, constant outside of them.
    const int from = y + kBlock / 2;
    const int upper = std::clamp(from / kBlock - 1, 0, down_ - 1);
    const int lower = std::clamp(from / kBlock, 0, down_ - 1);
    const float down = share(from % kBlock);
    for (int b = 0; b < across_; ++b) {
      const float above = gains_[index(upper * across_ + b)];
      row_[index(b)] = above + (gains_[index(lower * across_ + b)] - above) * down;
    }
    float* cells = residual + static_cast<std::ptrdiff_t>(y) * size_.width;
    float row_before = 0.0F;
    float row_after = 0.0F;
    for (int b = 0; b <= across_; ++b) {
      const float left = row_[index(std::max(b - 1, 0))];
      const float step = row_[index(std::min(b, across_ - 1))] - left;
      const int first = b * kBlock - kBlock / 2;
      for (int i = b == 0 ? kBlock / 2 : 0; i < (b == across_ ? kBlock / 2 : kBlock); ++i) {
        float& cell = cells[first + i];
        row_before += cell * cell;
        cell *= left + step * share(i);
        row_after += cell * cell;
      }
    }
    before += static_cast<double>(row_before);
    after += static_cast<double>(row_after);
  }
  const double most = std::max(before, static_cast<double>(kMostRms) * kMostRms * size_.cells());
  if (after <= most) return;
  const auto back = static_cast<float>(std::sqrt(most / after));
  for (int i = 0; i < size_.cells(); ++i) residual[i] *= back;
}

}  // namespace steg
