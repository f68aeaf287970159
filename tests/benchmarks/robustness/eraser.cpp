// SPDX-License-Identifier: LGPL-2.1-or-later
#include "eraser.hpp"

#include <cmath>

#include "plugins/steg/frame_picture.hpp"

namespace robustness {

Eraser::Eraser(steg::Encoder& encoder, steg::Extractor& extractor, const steg::PictureShape& shape)
    : encoder_(encoder),
      extractor_(extractor),
      grid_(shape, encoder.contract().planes),
      cells_(grid_.layout().cells()),
      residual_(cells_.size()),
      field_(grid_.layout().plane_cells()) {}

void Eraser::look_at(const gststeg::VideoFrame& frame, int chips) {
  grid_.average_down(steg::picture_of(frame), cells_.data());
  extractor_.field(cells_.data(), grid_.size(), field_.data());
  std::vector<float>& sum = sums_[chips];
  sum.resize(field_.size());
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += field_[i];
  patterns_.erase(chips);
}

void Eraser::erase(gststeg::VideoFrame& frame, int chips, float strength) {
  const steg::Pattern* known = pattern(chips);
  if (!known) return;
  const steg::WritablePicture picture = steg::picture_of(frame);
  grid_.average_down(steg::picture_of(static_cast<const gststeg::VideoFrame&>(frame)), cells_.data());
  encoder_.residual(cells_.data(), *known, grid_.size(), residual_.data());
  grid_.add_residual(picture, residual_.data(), -strength);
}

const steg::Pattern* Eraser::pattern(int chips) {
  const auto sum = sums_.find(chips);
  if (sum == sums_.end()) return nullptr;
  std::unique_ptr<steg::Pattern>& pattern = patterns_[chips];
  if (!pattern) {
    // The scale of a field says nothing: its doubts are those of its rms.
    double energy = 1e-12;
    for (const float value : sum->second) energy += static_cast<double>(value) * static_cast<double>(value);
    const auto scale = static_cast<float>(std::sqrt(static_cast<double>(sum->second.size()) / energy));
    std::vector<float> estimate(sum->second.size());
    for (std::size_t i = 0; i < estimate.size(); ++i) estimate[i] = std::tanh(scale * sum->second[i]);
    pattern = encoder_.prepare(estimate, grid_.size(), grid_.pixels_per_cell());
  }
  return pattern.get();
}

}  // namespace robustness
