// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fidelity.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "ssim.hpp"

namespace robustness {
namespace {

constexpr int kBlock = 8;
constexpr int kWindow = 64;
constexpr int kWindowStep = 32;

/// Of each block of 8 x 8: the residual's squares, the original's standard deviation.
struct Blocks {
  int columns;
  int rows;
  std::vector<double> squares;
  std::vector<double> deviation;

  Blocks(const Luma& original, const Luma& marked) : columns(original.width / kBlock), rows(original.height / kBlock) {
    for (int row = 0; row < rows; ++row)
      for (int column = 0; column < columns; ++column) add(original, marked, column * kBlock, row * kBlock);
  }
  std::size_t index(int column, int row) const {
    return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column);
  }

 private:
  void add(const Luma& original, const Luma& marked, int left, int top) {
    int difference_squares = 0;
    int sum = 0;
    int sum_squares = 0;
    for (int y = top; y < top + kBlock; ++y) {
      const std::uint8_t* p = original.data + y * original.stride + left;
      const std::uint8_t* q = marked.data + y * marked.stride + left;
      for (int x = 0; x < kBlock; ++x) {
        difference_squares += (q[x] - p[x]) * (q[x] - p[x]);
        sum += p[x];
        sum_squares += p[x] * p[x];
      }
    }
    constexpr double kPixels = kBlock * kBlock;
    const double mean = sum / kPixels;
    squares.push_back(difference_squares);
    deviation.push_back(std::sqrt(std::max(0.0, sum_squares / kPixels - mean * mean)));
  }
};

WorstWindow worst_window(const Luma& original, const Luma& marked, int frame) {
  const Blocks blocks(original, marked);
  constexpr int kSide = kWindow / kBlock;
  constexpr int kStep = kWindowStep / kBlock;
  WorstWindow worst;
  std::vector<double> deviations;
  for (int top = 0; top + kSide <= blocks.rows; top += kStep) {
    for (int left = 0; left + kSide <= blocks.columns; left += kStep) {
      double squares = 0;
      deviations.clear();
      for (int row = top; row < top + kSide; ++row) {
        for (int column = left; column < left + kSide; ++column) {
          const std::size_t at = blocks.index(column, row);
          squares += blocks.squares[at];
          deviations.push_back(blocks.deviation[at]);
        }
      }
      const auto middle = deviations.begin() + static_cast<std::ptrdiff_t>(deviations.size() / 2);
      std::nth_element(deviations.begin(), middle, deviations.end());
      const double rms = std::sqrt(squares / (kWindow * kWindow));
      const double ratio = rms / (1 + *middle);
      if (ratio > worst.ratio) worst = {ratio, rms, *middle, frame, left * kBlock, top * kBlock};
    }
  }
  return worst;
}

void copy(const Luma& plane, std::vector<std::uint8_t>& out) {
  out.clear();
  for (int y = 0; y < plane.height; ++y) {
    const std::uint8_t* row = plane.data + y * plane.stride;
    out.insert(out.end(), row, row + plane.width);
  }
}

}  // namespace

double FidelityMeter::Change::rms() const { return pixels > 0 ? std::sqrt(squares / pixels) : 0; }

void FidelityMeter::add(const Luma& original, const Luma& marked, bool epoch_changed) {
  const double fidelity = psnr(original, marked);
  sum_.psnr += fidelity;
  sum_.worst_psnr = std::min(sum_.worst_psnr, fidelity);
  if (frames_ % every_ == 0) {
    const Similarity alike = similarity(original, marked);
    sum_.ssim += alike.ssim;
    sum_.worst_ssim = std::min(sum_.worst_ssim, alike.ssim);
    sum_.ms_ssim += alike.ms_ssim;
    sum_.worst_ms_ssim = std::min(sum_.worst_ms_ssim, alike.ms_ssim);
    const WorstWindow window = worst_window(original, marked, frames_);
    if (window.ratio > sum_.window.ratio) sum_.window = window;
    ++sampled_;
  }
  if (frames_ > 0) add_flicker(original, marked, epoch_changed);
  copy(original, last_original_);
  copy(marked, last_marked_);
  ++frames_;
}

void FidelityMeter::add_flicker(const Luma& original, const Luma& marked, bool epoch_changed) {
  Change& change = epoch_changed ? between_ : within_;
  const std::ptrdiff_t width = original.width;
  for (int top = 0; top + kBlock <= original.height; top += kBlock) {
    for (int left = 0; left + kBlock <= original.width; left += kBlock) {
      int most = 0;
      int squares = 0;
      for (int y = top; y < top + kBlock; ++y) {
        const std::uint8_t* p = original.data + y * original.stride + left;
        const std::uint8_t* q = marked.data + y * marked.stride + left;
        const std::uint8_t* last_p = last_original_.data() + y * width + left;
        const std::uint8_t* last_q = last_marked_.data() + y * width + left;
        for (int x = 0; x < kBlock; ++x) {
          most = std::max(most, std::abs(p[x] - last_p[x]));
          const int difference = (q[x] - p[x]) - (last_q[x] - last_p[x]);
          squares += difference * difference;
        }
      }
      blocks_ += 1;
      if (most > 1) continue;
      change.squares += squares;
      change.pixels += kBlock * kBlock;
    }
  }
}

Fidelity FidelityMeter::result() const {
  Fidelity out = sum_;
  if (frames_ > 0) out.psnr /= frames_;
  if (sampled_ > 0) {
    out.ssim /= sampled_;
    out.ms_ssim /= sampled_;
  }
  out.flicker = within_.rms();
  out.flicker_at_epochs = between_.rms();
  if (blocks_ > 0) out.still_share = (within_.pixels + between_.pixels) / (kBlock * kBlock) / blocks_;
  return out;
}

}  // namespace robustness
