// SPDX-License-Identifier: LGPL-2.1-or-later
#include "polar_code.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "polar_decoder.hpp"

namespace steg {

namespace {

std::array<int, 56> make_information_set() {
  std::array<double, kCodeBits> weight{};
  for (int i = 0; i < kCodeBits; ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      if ((i >> bit & 1) != 0) weight[static_cast<std::size_t>(i)] += std::exp2(bit / 4.0);
    }
  }
  std::array<int, kCodeBits> order{};
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&weight](int a, int b) {
    return weight[static_cast<std::size_t>(a)] < weight[static_cast<std::size_t>(b)];
  });
  std::array<int, 56> set{};
  std::copy(order.end() - static_cast<std::ptrdiff_t>(set.size()), order.end(), set.begin());
  std::sort(set.begin(), set.end());
  return set;
}

}  // namespace

const std::array<int, 56>& polar_information_set() {
  static const std::array<int, 56> set = make_information_set();
  return set;
}

Codeword polar_encode(std::uint64_t payload) {
  Codeword bits{};
  int shift = 55;
  for (const int position : polar_information_set()) {
    bits[static_cast<std::size_t>(position)] = static_cast<std::uint8_t>(payload >> shift & 1);
    --shift;
  }
  polar_transform(bits);
  return bits;
}

std::vector<Candidate> polar_decode_list(const SoftBits& llr, int list_size) {
  InformationMask mask{};
  for (const int position : polar_information_set()) mask[static_cast<std::size_t>(position)] = true;
  return PolarListDecoder(mask, list_size).decode(llr);
}

}  // namespace steg
