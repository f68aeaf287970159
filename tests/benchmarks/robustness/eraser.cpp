// SPDX-License-Identifier: LGPL-2.1-or-later
#include "eraser.hpp"

#include <cmath>

namespace robustness {

Eraser::Eraser(steg::Encoder& encoder, steg::Extractor& extractor, int width, int height)
    : encoder_(encoder),
      extractor_(extractor),
      grid_(width, height),
      cells_(static_cast<std::size_t>(grid_.size().cells())),
      grid_values_(cells_.size()) {}

void Eraser::look_at(const gststeg::VideoFrame& frame, int chips) {
  grid_.average_down(frame.luma(), frame.stride(), cells_.data());
  extractor_.field(cells_.data(), grid_.size(), grid_values_.data());
  std::vector<float>& sum = sums_[chips];
  sum.resize(cells_.size());
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += grid_values_[i];
  patterns_.erase(chips);
}

void Eraser::erase(gststeg::VideoFrame& frame, int chips, float strength) {
  const steg::Pattern* known = pattern(chips);
  if (!known) return;
  grid_.average_down(frame.luma(), frame.stride(), cells_.data());
  encoder_.residual(cells_.data(), *known, grid_.size(), grid_values_.data());
  grid_.add_residual(frame.luma(), frame.stride(), grid_values_.data(), -strength);
}

const steg::Pattern* Eraser::pattern(int chips) {
  const auto sum = sums_.find(chips);
  if (sum == sums_.end()) return nullptr;
  std::unique_ptr<steg::Pattern>& pattern = patterns_[chips];
  if (!pattern) {
    std::vector<float> estimate(sum->second.size());
    for (std::size_t i = 0; i < estimate.size(); ++i) estimate[i] = std::tanh(sum->second[i]);
    pattern = encoder_.prepare(estimate, grid_.size());
  }
  return pattern.get();
}

}  // namespace robustness
