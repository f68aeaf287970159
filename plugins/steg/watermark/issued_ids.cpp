// SPDX-License-Identifier: LGPL-2.1-or-later
#include "issued_ids.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

namespace steg {
namespace {

constexpr std::size_t kBytes = kCodeBits / 8;

/// sum(c_k x z_k) over the 8 bits of each byte of a codeword, for all 256 values of that byte.
std::vector<float> partial_sums(const SoftBits& z) {
  std::vector<float> sums(kBytes * 256);
  for (std::size_t byte = 0; byte < kBytes; ++byte) {
    float* of_byte = &sums[byte * 256];
    for (std::size_t bit = 0; bit < 8; ++bit) of_byte[0] += z[byte * 8 + bit];
    // Each value differs from one that is done in its lowest set bit.
    for (unsigned value = 1; value < 256; ++value) {
      std::size_t bit = 0;
      while ((value >> bit & 1U) == 0) ++bit;
      of_byte[value] = of_byte[value & (value - 1)] - 2 * z[byte * 8 + bit];
    }
  }
  return sums;
}

}  // namespace

IssuedIds::IssuedIds(const Chips& chips, std::vector<std::string> ids) : ids_(std::move(ids)) {
  ids_.erase(std::remove_if(ids_.begin(), ids_.end(), [](const std::string& id) { return !is_id(id); }), ids_.end());
  std::sort(ids_.begin(), ids_.end());
  ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
  codewords_.resize(ids_.size());
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    const Codeword bits = chips.codeword(ids_[i]);
    for (std::size_t k = 0; k < bits.size(); ++k)
      codewords_[i][k / 8] = static_cast<std::uint8_t>(codewords_[i][k / 8] | bits[k] << k % 8);
  }
}

std::vector<std::size_t> IssuedIds::best_fits(const SoftBits& z, std::size_t count) const {
  count = std::min(count, size());
  if (count == 0) return {};
  const std::vector<float> sums = partial_sums(z);
  using Fit = std::pair<float, std::size_t>;
  std::priority_queue<Fit, std::vector<Fit>, std::greater<>> best;  // the worst of them on top
  for (std::size_t i = 0; i < codewords_.size(); ++i) {
    float fit = 0;
    for (std::size_t byte = 0; byte < kBytes; ++byte) fit += sums[byte * 256 + codewords_[i][byte]];
    if (best.size() == count) {
      if (fit <= best.top().first) continue;
      best.pop();
    }
    best.emplace(fit, i);
  }
  std::vector<std::size_t> indices(best.size());
  for (auto place = indices.rbegin(); place != indices.rend(); ++place) {
    *place = best.top().second;
    best.pop();
  }
  return indices;
}

}  // namespace steg
