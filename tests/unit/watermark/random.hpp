// Seeded random material for the watermark tests.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "plugins/common/crypto/key.hpp"

namespace steg::test {

using Rng = std::mt19937_64;

inline std::vector<float> gaussian(Rng& rng, std::size_t count, float deviation = 1) {
  std::normal_distribution<float> noise;
  std::vector<float> values(count);
  for (float& value : values) value = deviation * noise(rng);
  return values;
}

inline Key random_key(Rng& rng) {
  std::string text;
  for (int i = 0; i < 64; ++i) text += "0123456789abcdef"[rng() % 16];
  return Key::from_hex(text);
}

/// A valid ID of 7 letters and digits.
inline std::string random_id(Rng& rng) {
  std::string id;
  for (int i = 0; i < 7; ++i) id += "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[rng() % 36];
  return id;
}

}  // namespace steg::test
