// SPDX-License-Identifier: LGPL-2.1-or-later
#include "error_rate.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <random>
#include <vector>

namespace steg::bench {

ErrorRate measure(const InformationMask& information, int list_size, double mean_z, Effort effort, std::uint64_t seed) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < information.size(); ++i) {
    if (information[i]) positions.push_back(i);
  }
  PolarListDecoder decoder(information, list_size);
  std::mt19937_64 rng(seed);
  std::normal_distribution<float> noise;
  const auto amplitude = static_cast<float>(mean_z);
  const std::uint64_t mask = (std::uint64_t{1} << positions.size()) - 1;
  ErrorRate rate{};
  while (rate.lost < effort.max_errors && rate.blocks < effort.max_blocks) {
    const std::uint64_t payload = rng() & mask;
    Codeword bits{};
    for (std::size_t i = 0; i < positions.size(); ++i) {
      bits[positions[i]] = static_cast<std::uint8_t>(payload >> (positions.size() - 1 - i) & 1);
    }
    polar_transform(bits);
    SoftBits z{};
    for (std::size_t i = 0; i < z.size(); ++i) z[i] = (bits[i] != 0 ? -amplitude : amplitude) + noise(rng);
    const std::clock_t start = std::clock();
    const std::vector<Candidate> list = decoder.decode(z);
    rate.decode_seconds += static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    ++rate.blocks;
    rate.first_wrong += list.front().payload != payload;
    rate.lost += std::none_of(list.begin(), list.end(), [&](const Candidate& c) { return c.payload == payload; });
  }
  return rate;
}

double eb_over_n0(double mean_z, double payload_bits) {
  return 10 * std::log10(mean_z * mean_z / 2 * kCodeBits / payload_bits);
}

}  // namespace steg::bench
