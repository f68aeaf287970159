// SPDX-License-Identifier: LGPL-2.1-or-later
#include "adversary.hpp"

#include <algorithm>
#include <cmath>

namespace statistics {
namespace {

/// Lines of blocky letters, 5 by 7 dots each.
float text(int x, int y, int dot, std::uint64_t seed) {
  const int column = x / dot;
  const int row = y / dot;
  if (column % 6 == 5 || row % 9 >= 7) return 1.0F;
  std::uint64_t letter = seed + static_cast<std::uint64_t>(column / 6) * 0x9E3779B97F4A7C15U +
                         static_cast<std::uint64_t>(row / 9) * 0xC2B2AE3D27D4EB4FU;
  letter ^= letter >> 29;
  letter *= 0xBF58476D1CE4E5B9U;
  letter ^= letter >> 32;
  return (letter >> (row % 9 * 5 + column % 6) & 1U) != 0 ? 0.0F : 1.0F;
}

}  // namespace

std::vector<float> adversarial_picture(int width, int height, std::size_t index, Rng& rng) {
  std::vector<float> picture;
  std::uniform_real_distribution<float> any(0.0F, 1.0F);
  const std::uint64_t seed = rng();
  const int step = 1 + static_cast<int>(seed % 8);
  const float phase = any(rng);
  const float pitch = 0.1F + 3.0F * any(rng);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const auto fx = static_cast<float>(x);
      const auto fy = static_cast<float>(y);
      switch (index % 8) {
        case 0:
          picture.push_back(x / step % 2 == 0 ? 0.0F : 1.0F);
          break;
        case 1:
          picture.push_back((x / step + y / step) % 2 == 0 ? 0.2F : 0.8F);
          break;
        case 2:
          picture.push_back(0.5F + 0.5F * std::sin(pitch * (fx + phase * fy)));
          break;
        case 3:
          picture.push_back(text(x, y, 1 + step / 3, seed));
          break;
        case 4:
          picture.push_back(any(rng));
          break;
        case 5:
          picture.push_back(std::fmod((fx + fy * phase) / static_cast<float>(width), 1.0F));
          break;
        case 6:
          picture.push_back(x % (4 * step) == 0 && y % (4 * step) == 0 ? 1.0F : 0.0F);
          break;
        default:
          picture.push_back(phase);
      }
    }
  }
  return picture;
}

std::vector<float> random_field(std::size_t cells, std::size_t index, Rng& rng) {
  std::vector<float> field(cells);
  std::normal_distribution<float> normal(0.0F, 1.0F);
  std::cauchy_distribution<float> heavy(0.0F, 1.0F);
  for (std::size_t i = 0; i < cells; ++i) {
    switch (index % 4) {
      case 0:
        field[i] = normal(rng);
        break;
      case 1:
        field[i] = heavy(rng);
        break;
      case 2:
        field[i] = normal(rng) * (rng() % 1000 == 0 ? 1000.0F : 1.0F);
        break;
      default:
        field[i] = (rng() & 1U) != 0 ? 1.0F : -1.0F;
    }
  }
  return field;
}

}  // namespace statistics
