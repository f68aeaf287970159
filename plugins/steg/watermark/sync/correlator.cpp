// SPDX-License-Identifier: LGPL-2.1-or-later
#include "correlator.hpp"

#include <algorithm>
#include <cmath>

#include "plugins/steg/watermark/index.hpp"
#include "redundancy.hpp"

namespace steg::sync {

namespace {

constexpr double kPilotShare = 0.25;
// Around a peak, shifts this near belong to it.
constexpr int kPeakRadius = 2;

bool same(const CellRange& a, const CellRange& b) {
  return a.left == b.left && a.top == b.top && a.width == b.width && a.height == b.height;
}

/// product = conj(a) x b
void multiply(const ComplexPlane& a, const ComplexPlane& b, ComplexPlane& product) {
  product.resize(a.re.size());
  for (std::size_t i = 0; i < a.re.size(); ++i) {
    product.re[i] = a.re[i] * b.re[i] + a.im[i] * b.im[i];
    product.im[i] = a.re[i] * b.im[i] - a.im[i] * b.re[i];
  }
}

}  // namespace

void Correlator::load_pilots(CellRange range) {
  if (fft_ && same(range, pilots_)) return;
  pilots_ = range;
  const int width = fast_size(range.width);
  const int height = fast_size(range.height);
  if (!fft_ || fft_->width() != width || fft_->height() != height) fft_ = std::make_unique<Fft2d>(width, height);
  const CellRange known = common(range, ChipMap::range());
  spectra_.resize(kEpochs / 2);
  for (int pair = 0; pair < kEpochs / 2; ++pair) {
    ComplexPlane& plane = spectra_[index(pair)];
    plane.re.assign(fft_->size(), 0.0F);
    plane.im.assign(fft_->size(), 0.0F);
    for (int y = known.top; y < known.top + known.height; ++y) {
      for (int x = known.left; x < known.left + known.width; ++x) {
        const std::size_t at = index(y - range.top) * index(width) + index(x - range.left);
        plane.re[at] = chips_.pilot(2 * pair, x, y);
        plane.im[at] = chips_.pilot(2 * pair + 1, x, y);
      }
    }
    fft_->forward(plane, work_);
  }
}

void Correlator::correlate(const std::vector<float>& patch, GridSize size, float scale, CellRange shifts) {
  patch_.re.assign(fft_->size(), 0.0F);
  patch_.im.assign(fft_->size(), 0.0F);
  for (int y = 0; y < size.height; ++y) {
    const float* row = patch.data() + index(y) * index(size.width);
    std::transform(row, row + size.width, patch_.re.begin() + static_cast<std::ptrdiff_t>(y) * fft_->width(),
                   [scale](float value) { return value * scale; });
  }
  fft_->forward(patch_, work_);
  std::fill(best_.begin(), best_.end(), 0.0F);
  for (const ComplexPlane& pilots : spectra_) {
    multiply(patch_, pilots, product_);
    fft_->inverse(product_, work_, shifts.left - pilots_.left, shifts.width);
    for (int y = 0; y < shifts.height; ++y) {
      const std::size_t from = index(shifts.top - pilots_.top + y) * index(shifts.width);
      float* best = best_.data() + index(y) * index(shifts.width);
      for (int x = 0; x < shifts.width; ++x)
        best[x] = std::max(best[x], std::max(product_.re[from + index(x)], product_.im[from + index(x)]));
    }
  }
}

std::vector<Peak> Correlator::peaks(const FieldStack& stack, const Patch& patch, CellRange shifts, CellRange pilots,
                                    std::size_t count) {
  // Every shift must find its whole patch within the range that is transformed.
  const int right = std::max(pilots.left + pilots.width, shifts.left + shifts.width - 1 + patch.width);
  const int bottom = std::max(pilots.top + pilots.height, shifts.top + shifts.height - 1 + patch.height);
  const int left = std::min(pilots.left, shifts.left);
  const int top = std::min(pilots.top, shifts.top);
  load_pilots({left, top, right - left, bottom - top});

  power_.assign(index(shifts.width) * index(shifts.height), 0.0F);
  best_.resize(power_.size());
  std::vector<std::vector<float>> moments;
  for (std::size_t moment = 0; moment < stack.fields.size(); ++moment) {
    moments.push_back(resample_field(stack.view(moment), patch.to_lattice, patch.width, patch.height));
    const std::vector<float>& values = moments.back();
    double energy = 0;
    for (const float value : values) energy += static_cast<double>(value) * value;
    if (!(energy > 0)) continue;
    const double scale = 1 / (std::sqrt(energy * kPilotShare) * static_cast<double>(fft_->size()));
    correlate(values, {patch.width, patch.height}, static_cast<float>(scale), shifts);
    for (std::size_t i = 0; i < power_.size(); ++i) power_[i] += best_[i] * best_[i];
  }

  const double correlation = mean_correlation(moments);
  std::vector<Peak> peaks;
  while (peaks.size() < count) {
    const auto highest = std::max_element(power_.begin(), power_.end());
    if (highest == power_.end() || !(*highest > 0)) break;
    const auto at = static_cast<int>(highest - power_.begin());
    const int x = at % shifts.width;
    const int y = at / shifts.width;
    peaks.push_back({{static_cast<double>(shifts.left + x), static_cast<double>(shifts.top + y)},
                     counted_once(*highest, moments.size(), correlation)});
    for (int j = std::max(0, y - kPeakRadius); j <= std::min(shifts.height - 1, y + kPeakRadius); ++j) {
      for (int i = std::max(0, x - kPeakRadius); i <= std::min(shifts.width - 1, x + kPeakRadius); ++i)
        power_[index(j) * index(shifts.width) + index(i)] = 0;
    }
  }
  return peaks;
}

}  // namespace steg::sync
