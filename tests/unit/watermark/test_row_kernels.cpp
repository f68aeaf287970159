// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "random.hpp"
#include "row_kernels.hpp"

using namespace steg;
using namespace steg::rows;

namespace {

/// Widths around those of vectors, and of real pictures.
const std::vector<int> kWidths = {1, 7, 8, 15, 16, 17, 31, 33, 64, 100, 255, 256, 257, 853, 1920};

template <typename T>
std::vector<T> noise(test::Rng& rng, int count, int least, int most) {
  std::vector<T> values;
  std::uniform_int_distribution<int> value(least, most);
  for (int i = 0; i < count; ++i) values.push_back(static_cast<T>(value(rng)));
  return values;
}

constexpr int kMostFixed = 255 * kFixedPerLevel;

}  // namespace

// On a CPU without AVX2 both sets are the same one, and these tests say nothing.

TEST_CASE("Sums of rows are the same whatever the CPU", "[rows]") {
  test::Rng rng(50);
  for (const int width : kWidths) {
    CAPTURE(width);
    const auto pixels = noise<std::uint8_t>(rng, width, 0, 255);
    const auto sums = noise<std::uint16_t>(rng, width, 0, 60000);
    const std::vector<float> start = test::gaussian(rng, static_cast<std::size_t>(width), 100);
    std::vector<std::vector<float>> weighted;
    std::vector<std::vector<std::uint16_t>> added;
    for (const Kernels* kernels : {&portable(), &fastest()}) {
      added.push_back(sums);
      kernels->add(pixels.data(), added.back().data(), width);
      weighted.push_back(start);
      kernels->add_weighted(pixels.data(), 0.3F, weighted.back().data(), width);
      kernels->add_weighted_sums(sums.data(), 0.7F, weighted.back().data(), width);
    }
    for (std::size_t x = 0; x < pixels.size(); ++x) REQUIRE(added[0][x] == sums[x] + pixels[x]);
    CHECK(added[0] == added[1]);
    CHECK(weighted[0] == weighted[1]);
  }
}

TEST_CASE("Levels become fixed-point numbers, rounded and saturated", "[rows]") {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  std::vector<float> in = {0, 1, -1, 0.01F, -0.01F, 300, -300, 254.99F, kInfinity, -kInfinity};
  std::vector<Fixed> expected = {0, 128, -128, 1, -1, kMostFixed, -kMostFixed, kMostFixed, kMostFixed, -kMostFixed};
  in.push_back(std::numeric_limits<float>::quiet_NaN());
  expected.push_back(-kMostFixed);
  test::Rng rng(51);
  for (const float value : test::gaussian(rng, 500, 60)) {
    in.push_back(value);
    const double units =
        std::clamp(2.0 * kFixedPerLevel * static_cast<double>(value), -1.0 * kMostFixed, 1.0 * kMostFixed);
    expected.push_back(static_cast<Fixed>(std::floor(units + 0.5)));
  }
  for (const Kernels* kernels : {&portable(), &fastest()}) {
    std::vector<Fixed> out(in.size());
    kernels->to_fixed(in.data(), 2, out.data(), static_cast<int>(in.size()));
    CHECK(out == expected);
  }
}

TEST_CASE("Interpolation is linear, and the same whatever the CPU", "[rows]") {
  test::Rng rng(52);
  for (const auto& [in, out] : std::vector<std::pair<int, int>>{{2, 2},
                                                                {2, 40},
                                                                {7, 50},
                                                                {8, 8},
                                                                {216, 216},
                                                                {216, 230},
                                                                {216, 251},
                                                                {216, 252},
                                                                {384, 853},
                                                                {384, 1280},
                                                                {384, 1366},
                                                                {384, 1920},
                                                                {384, 3840},
                                                                {864, 65535}}) {
    CAPTURE(in, out);
    const Interpolation axis(in, out);
    // Between neighbours as far apart as they can be, too.
    const auto values = noise<Fixed>(rng, in, -kMostFixed, kMostFixed);
    std::vector<std::vector<Fixed>> results;
    for (const Kernels* kernels : {&portable(), &fastest()}) {
      results.emplace_back(static_cast<std::size_t>(out) + 1, Fixed{7});
      kernels->interpolate(axis, values.data(), results.back().data());
    }
    CHECK(results[0] == results[1]);
    CHECK(results[0].back() == 7);
    for (int i = 0; i < out; ++i) {
      const double position = std::clamp((i + 0.5) * in / out - 0.5, 0.0, in - 1.0);
      const auto low = static_cast<std::size_t>(position);
      const std::size_t high = std::min(low + 1, values.size() - 1);
      const double exact = values[low] + (position - std::floor(position)) * (values[high] - values[low]);
      REQUIRE(std::fabs(results[0][static_cast<std::size_t>(i)] - exact) < 1.6);
    }
  }
  // Full HD must not be done one by one.
  CHECK(Interpolation(384, 1920).octets.size() == 240);
}

TEST_CASE("Blending rounds halves up, saturates, and is the same whatever the CPU", "[rows]") {
  test::Rng rng(53);
  for (const int width : kWidths) {
    for (const double where : {0.0, 0.1, 0.5, 0.999, 1.0}) {
      CAPTURE(width, where);
      const auto luma = noise<std::uint8_t>(rng, width, 0, 255);
      const auto upper = noise<Fixed>(rng, width, -kMostFixed, kMostFixed);
      const auto lower = noise<Fixed>(rng, width, -kMostFixed, kMostFixed);
      std::vector<std::vector<std::uint8_t>> results;
      for (const Kernels* kernels : {&portable(), &fastest()}) {
        results.push_back(luma);
        kernels->blend(results.back().data(), results.back().data(), upper.data(), lower.data(), share(where), width);
      }
      CHECK(results[0] == results[1]);
      if (where > 0) continue;
      for (std::size_t x = 0; x < luma.size(); ++x) {
        const double sum = luma[x] + static_cast<double>(upper[x]) / kFixedPerLevel;
        REQUIRE(results[0][x] == std::clamp(std::floor(sum + 0.5), 0.0, 255.0));
      }
    }
  }
}

TEST_CASE("Samples of 10 bits are taken and given at full depth, whatever the CPU", "[rows]") {
  test::Rng rng(54);
  for (const int width : kWidths) {
    for (const int shift : {0, 6}) {
      for (const double where : {0.0, 0.3, 1.0}) {
        CAPTURE(width, shift, where);
        const auto levels = noise<std::uint16_t>(rng, width, 0, 1023);
        std::vector<std::uint16_t> samples;
        for (const std::uint16_t level : levels) samples.push_back(static_cast<std::uint16_t>(level << shift));
        const auto upper = noise<Fixed>(rng, width, -kMostFixed, kMostFixed);
        const auto lower = noise<Fixed>(rng, width, -kMostFixed, kMostFixed);
        const auto count = static_cast<std::size_t>(width);
        std::vector<std::vector<std::uint16_t>> blended;
        std::vector<std::vector<std::uint16_t>> sums;
        std::vector<std::vector<float>> weighted;
        for (const Kernels* kernels : {&portable(), &fastest()}) {
          sums.emplace_back(count, std::uint16_t{1000});
          weighted.emplace_back(count, 1.0F);
          blended.push_back(samples);
          auto* bytes = reinterpret_cast<std::uint8_t*>(blended.back().data());
          kernels->add_deep(bytes, shift, sums.back().data(), width);
          kernels->add_weighted_deep(bytes, shift, 0.5F, weighted.back().data(), width);
          kernels->blend_deep(bytes, bytes, shift, upper.data(), lower.data(), share(where), width);
        }
        CHECK(sums[0] == sums[1]);
        CHECK(weighted[0] == weighted[1]);
        CHECK(blended[0] == blended[1]);
        for (std::size_t x = 0; x < count; ++x) {
          REQUIRE(sums[0][x] == 1000 + levels[x]);
          REQUIRE(weighted[0][x] == 1.0F + 0.5F * static_cast<float>(levels[x]));
          if (where > 0) continue;
          const double sum = levels[x] + 4 * static_cast<double>(upper[x]) / kFixedPerLevel;
          REQUIRE(blended[0][x] >> shift == std::clamp(std::floor(sum + 0.5), 0.0, 1023.0));
        }
      }
    }
  }
}
