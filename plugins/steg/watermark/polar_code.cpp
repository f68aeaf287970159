// SPDX-License-Identifier: LGPL-2.1-or-later
#include "polar_code.hpp"

#include <algorithm>

#include "polar_decoder.hpp"

namespace steg {

const std::array<int, kCodeBits>& polar_reliability_order() {
  static constexpr std::array<int, kCodeBits> kOrder = {
      0,   1,   2,   4,   8,   16,  32,  3,   5,   64,  9,   6,   17,  10,  18,  128, 12,  33,  65,  20,  34,  24,
      36,  7,   129, 66,  11,  40,  68,  130, 19,  13,  48,  14,  72,  21,  132, 35,  26,  80,  37,  25,  22,  136,
      38,  96,  67,  41,  144, 28,  69,  42,  49,  74,  160, 192, 70,  44,  131, 81,  50,  73,  15,  133, 52,  23,
      134, 76,  137, 82,  56,  27,  97,  39,  84,  138, 145, 29,  43,  98,  88,  140, 30,  146, 71,  161, 45,  100,
      51,  148, 46,  75,  104, 162, 53,  193, 152, 77,  164, 54,  83,  57,  112, 135, 78,  194, 85,  58,  168, 139,
      99,  86,  60,  89,  196, 141, 101, 147, 176, 142, 31,  200, 90,  149, 102, 105, 163, 92,  47,  208, 150, 153,
      165, 106, 55,  113, 154, 79,  108, 224, 166, 195, 59,  169, 114, 156, 87,  197, 116, 170, 61,  177, 91,  198,
      172, 120, 201, 62,  143, 103, 178, 93,  202, 107, 180, 151, 209, 94,  204, 155, 210, 109, 184, 115, 167, 225,
      157, 110, 117, 212, 171, 226, 216, 158, 118, 173, 121, 199, 179, 228, 174, 122, 203, 63,  181, 232, 124, 205,
      182, 211, 185, 240, 206, 95,  213, 186, 227, 111, 214, 188, 217, 229, 159, 119, 218, 230, 233, 175, 123, 220,
      183, 234, 125, 241, 207, 187, 236, 126, 242, 244, 189, 215, 219, 231, 248, 190, 221, 235, 222, 237, 243, 238,
      245, 127, 191, 246, 249, 250, 252, 223, 239, 251, 247, 253, 254, 255};
  return kOrder;
}

const std::array<int, 56>& polar_information_set() {
  static const std::array<int, 56> set = [] {
    std::array<int, 56> positions{};
    const auto& order = polar_reliability_order();
    std::copy(order.end() - static_cast<std::ptrdiff_t>(positions.size()), order.end(), positions.begin());
    std::sort(positions.begin(), positions.end());
    return positions;
  }();
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
