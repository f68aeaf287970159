// SPDX-License-Identifier: LGPL-2.1-or-later
#include "residual_gain.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "chip_smoothing.hpp"
#include "index.hpp"

namespace steg {

namespace {

constexpr int kBlock = 8;  // divides both sides of every grid
// Mean change of a cell from picture to picture, in 8-bit levels: up to the first it is what a codec's rounding makes
// of a still picture.
constexpr float kNoise = 0.2F;
constexpr float kMotion = 1.2F;
// And in key frames: from nothing at all to what is surely no still picture.
constexpr float kFrozen = 0.05F;
constexpr float kAlive = 0.25F;
// A cut changes a cell by this, and by so many times what the picture before has changed: fast pans change as much.
constexpr float kCut = 12.0F;
constexpr float kCutRatio = 3.0F;
// Beyond these, pictures of few pixels would lose fidelity, and those of many the slow parts of their mark.
constexpr float kLeastResolutionGain = 0.85F;
constexpr float kMostResolutionGain = 1.25F;
// Bilinear interpolation leaves this much of the rms on the grid, and so much more for each cell of sigma: measured.
constexpr float kShareLeft = 0.67F;
constexpr float kShareOfWidth = 0.2F;
constexpr float kNarrow = 0.35F;  // sigma, cells
// Shares of what a gain lacks that it makes up with each picture.
constexpr float kRise = 0.3F;
constexpr float kFall = 0.1F;

// Sums run in as many lanes as a vector register holds: a single one would wait for each addition.
using Lanes = std::array<float, kBlock>;

float sum(const Lanes& lanes) { return std::accumulate(lanes.begin(), lanes.end(), 0.0F); }

float mean_change(const float* now, const float* before, int stride) {
  Lanes lanes{};
  for (int y = 0; y < kBlock; ++y, now += stride, before += stride) {
    for (std::size_t x = 0; x < kBlock; ++x) lanes[x] += std::fabs(now[x] - before[x]);
  }
  return sum(lanes) * (255.0F / (kBlock * kBlock));
}

/// What lies between two blocks' middles: the share of the second of them, for each of kBlock cells from one middle on.
constexpr float share(int cell) { return (static_cast<float>(cell) + 0.5F) / kBlock; }

/// The gains of one row of cells from those of its blocks: linear between the middles of blocks, constant outside of
/// them.
void widen(const std::vector<float>& blocks, std::vector<float>& cells) {
  constexpr std::size_t kHalf = kBlock / 2;
  std::fill_n(cells.begin(), kHalf, blocks.front());
  float* next = cells.data() + kHalf;
  for (std::size_t b = 1; b < blocks.size(); ++b, next += kBlock) {
    for (int i = 0; i < kBlock; ++i) next[i] = blocks[b - 1] + (blocks[b] - blocks[b - 1]) * share(i);
  }
  std::fill_n(next, kHalf, blocks.back());
}

}  // namespace

ResidualGain::ResidualGain(const CellLayout& layout, float pixels)
    : layout_(layout),
      still_(kStill * std::clamp(std::pow(kPixels / pixels, pixels < kPixels ? 0.25F : 0.5F), kLeastResolutionGain,
                                 kMostResolutionGain)),
      moving_(still_ * kMoving / kStill),
      narrow_(kShareLeft / (kShareLeft + kShareOfWidth * std::max(0.0F, chip_sigma(pixels) - kNarrow))),
      across_(layout_.grid.width / kBlock),
      down_(layout_.grid.height / kBlock),
      gains_(index(across_ * down_), still_),
      key_gains_(gains_),
      row_(index(across_)),
      cell_gains_(index(layout_.grid.width)) {}

void ResidualGain::reset() {
  previous_.clear();
  last_change_ = 0.0F;
  std::fill(gains_.begin(), gains_.end(), still_);
  key_gains_ = gains_;
}

float ResidualGain::change(const float* luma) const {
  if (previous_.empty()) return std::numeric_limits<float>::infinity();
  float total = 0.0F;
  for (int block = 0; block < across_ * down_; ++block) total += block_change(luma, block);
  return total / static_cast<float>(across_ * down_);
}

float ResidualGain::block_change(const float* luma, int block) const {
  const int at = block / across_ * kBlock * layout_.grid.width + block % across_ * kBlock;
  return mean_change(luma + at, previous_.data() + at, layout_.grid.width);
}

bool ResidualGain::apply(const float* luma, float* residual, bool key_frame) {
  const bool cut = !previous_.empty() && follow(luma);
  see(luma);
  if (!key_frame && !cut) {
    scale(gains_, kMostRms, residual);
    return false;
  }
  scale(key_gains_, kMostKeyFrameRms, residual);
  return true;
}

/// Returns whether the picture begins a scene.
bool ResidualGain::follow(const float* luma) {
  float total = 0.0F;
  for (int block = 0; block < across_ * down_; ++block) {
    const float change = block_change(luma, block);
    total += change;
    const float motion = std::clamp((change - kNoise) / (kMotion - kNoise), 0.0F, 1.0F);
    const float lack = still_ + (moving_ - still_) * motion - gains_[index(block)];
    gains_[index(block)] += lack * (lack > 0.0F ? kRise : kFall);
    const float alive = std::clamp((change - kFrozen) / (kAlive - kFrozen), 0.0F, 1.0F);
    key_gains_[index(block)] = gains_[index(block)] * (1.0F + (kKeyFrame - 1.0F) * alive);
  }
  const float mean = total / static_cast<float>(across_ * down_);
  const bool cut = mean > kCut && mean > kCutRatio * last_change_;
  last_change_ = mean;
  return cut;
}

void ResidualGain::scale(const std::vector<float>& gains, float most_rms, float* residual) {
  double before = 0.0;
  double after = 0.0;
  for (int y = 0; y < layout_.grid.height; ++y) {
    // Down the picture as across it, see widen().
    const int from = y + kBlock / 2;
    const int upper = std::clamp(from / kBlock - 1, 0, down_ - 1);
    const int lower = std::clamp(from / kBlock, 0, down_ - 1);
    const float down = share(from % kBlock);
    for (int b = 0; b < across_; ++b) {
      const float above = gains[index(upper * across_ + b)];
      row_[index(b)] = above + (gains[index(lower * across_ + b)] - above) * down;
    }
    widen(row_, cell_gains_);
    float* cells = residual + static_cast<std::ptrdiff_t>(y) * layout_.grid.width;
    Lanes row_before{};
    Lanes row_after{};
    for (std::size_t x = 0; x < cell_gains_.size(); x += kBlock) {
      for (std::size_t i = 0; i < kBlock; ++i) {
        const float cell = cells[x + i];
        const float scaled = cell * cell_gains_[x + i];
        row_before[i] += cell * cell;
        row_after[i] += scaled * scaled;
        cells[x + i] = scaled;
      }
    }
    before += static_cast<double>(sum(row_before));
    after += static_cast<double>(sum(row_after));
    for (int plane = 1; plane < layout_.planes; ++plane) {
      cells += layout_.plane_cells();
      for (std::size_t x = 0; x < cell_gains_.size(); ++x) cells[x] *= cell_gains_[x];
    }
  }
  const double most = std::pow(static_cast<double>(narrow_), 2) *
                      std::max(before, static_cast<double>(most_rms) * most_rms * layout_.grid.cells());
  if (after <= most) return;
  const auto back = static_cast<float>(std::sqrt(most / after));
  for (int i = 0; i < layout_.grid.cells(); ++i) residual[i] *= back;
}

}  // namespace steg
