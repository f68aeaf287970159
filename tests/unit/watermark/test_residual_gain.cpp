// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "residual_gain.hpp"

using namespace steg;

namespace {

constexpr GridSize kGrid{64, 216};
constexpr std::size_t kCells = 64 * 216;

std::vector<float> ones() { return std::vector<float>(kCells, 1.0F); }

/// A picture whose left half changes by so many 8-bit levels from one number to the next.
std::vector<float> picture(int number, float levels) {
  std::vector<float> luma(kCells, 0.5F);
  for (std::size_t i = 0; i < kCells; ++i) {
    if (i % 64 < 32 && number % 2 == 1) luma[i] += levels / 255.0F;
  }
  return luma;
}

}  // namespace

TEST_CASE("a first picture and a still one get the least gain everywhere") {
  ResidualGain gain({kGrid}, ResidualGain::kPixels);
  for (int i = 0; i < 3; ++i) {
    std::vector<float> residual = ones();
    gain.apply(picture(0, 0).data(), residual.data(), false);
    for (const float value : residual) REQUIRE(value == Approx(ResidualGain::kStill).margin(1e-6));
  }
}

TEST_CASE("a change of a twelfth of a level is no motion") {
  ResidualGain gain({kGrid}, ResidualGain::kPixels);
  std::vector<float> residual;
  for (int i = 0; i < 20; ++i) {
    residual = ones();
    gain.apply(picture(i, 1 / 12.0F).data(), residual.data(), false);
  }
  CHECK(residual[100 * 64 + 4] == Approx(ResidualGain::kStill).margin(1e-4));
}

TEST_CASE("pictures of fewer pixels get more, within limits") {
  const auto first = [](float pixels) {
    ResidualGain gain({kGrid}, pixels);
    std::vector<float> residual = ones();
    gain.apply(picture(0, 0).data(), residual.data(), false);
    return residual[0] / ResidualGain::kStill;
  };
  CHECK(first(ResidualGain::kPixels * 1.2F) == Approx(1 / std::sqrt(1.2F)));
  CHECK(first(ResidualGain::kPixels / 2) == Approx(std::pow(2.0F, 0.25F)));
  CHECK(first(0.3F) == Approx(1.25F));
  CHECK(first(10.0F) == Approx(0.85F));
}

TEST_CASE("where the picture moves the gain rises, there only, smoothly in time and space, and falls again") {
  ResidualGain gain({kGrid}, ResidualGain::kPixels);
  std::vector<float> residual;
  float before = ResidualGain::kStill;
  for (int i = 0; i < 30; ++i) {
    residual = ones();
    gain.apply(picture(i, 4).data(), residual.data(), false);
    const float moving = residual[100 * 64 + 4];
    CHECK(moving >= before);
    CHECK(moving - before < 0.35F * (ResidualGain::kMoving - ResidualGain::kStill));
    before = moving;
  }
  CHECK(before == Approx(ResidualGain::kMoving).margin(1e-3));
  CHECK(residual[100 * 64 + 60] == Approx(ResidualGain::kStill).margin(1e-6));
  for (std::size_t x = 1; x < 64; ++x) {
    const float step = residual[100 * 64 + x - 1] - residual[100 * 64 + x];
    CHECK(step >= -1e-6F);
    CHECK(step < 1.1F / 8 * (ResidualGain::kMoving - ResidualGain::kStill));
  }
  for (int i = 0; i < 60; ++i) {
    residual = ones();
    gain.apply(picture(0, 0).data(), residual.data(), false);
  }
  CHECK(residual[100 * 64 + 4] == Approx(ResidualGain::kStill).margin(0.01));
}

TEST_CASE("after a reset nothing moves") {
  ResidualGain gain({kGrid}, ResidualGain::kPixels);
  std::vector<float> residual = ones();
  for (int i = 0; i < 10; ++i) gain.apply(picture(i, 9).data(), residual.data(), false);
  gain.reset();
  residual = ones();
  gain.apply(picture(1, 200).data(), residual.data(), false);
  for (const float value : residual) REQUIRE(value == Approx(ResidualGain::kStill).margin(1e-6));
}

TEST_CASE("no residual is made stronger than fidelity allows, nor one that is stronger already") {
  const float deviation = GENERATE(2.0F, 3.0F);
  const bool key_frame = GENERATE(false, true);
  const double most = key_frame ? ResidualGain::kMostKeyFrameRms : ResidualGain::kMostRms;
  ResidualGain gain({kGrid}, ResidualGain::kPixels);
  constexpr double kNarrow = 0.67 / (0.67 + 0.2 * (0.54 - 0.35));  // chips of 720 lines are a little wide
  std::mt19937 random(1);
  std::normal_distribution<float> normal(0.0F, deviation);
  std::vector<float> residual(kCells);
  const auto rms = [&residual] {
    return std::sqrt(std::inner_product(residual.begin(), residual.end(), residual.begin(), 0.0) / kCells);
  };
  for (int i = 0; i < 20; ++i) {
    for (float& value : residual) value = normal(random);
    const double before = rms();
    gain.apply(picture(i, 9).data(), residual.data(), key_frame);
    CHECK(rms() < std::max(before, most) * kNarrow * 1.0001);
    CHECK(rms() > before * kNarrow * 0.9999);
  }
}

TEST_CASE("of wide chips, of which more is left in the picture, less is let through") {
  std::vector<float> residual(kCells, 3.0F);
  ResidualGain({kGrid}, 1.25F).apply(picture(0, 0).data(), residual.data(), false);
  CHECK(residual[0] == Approx(3 * 0.82).epsilon(0.01));
}

TEST_CASE("a key frame gets more where the picture does not stand still, and the next picture does not") {
  ResidualGain gain({kGrid}, ResidualGain::kPixels);
  std::vector<float> residual;
  const auto next = [&gain, &residual](int number, bool key_frame) {
    residual = ones();
    gain.apply(picture(number, 0.6F).data(), residual.data(), key_frame);
    return residual[100 * 64 + 4];
  };
  for (int i = 0; i < 60; ++i) next(i, false);
  const float usual = next(60, false);
  CHECK(next(61, true) == Approx(usual * ResidualGain::kKeyFrame).epsilon(0.01));
  CHECK(residual[100 * 64 + 60] == Approx(ResidualGain::kStill).margin(1e-6));
  CHECK(next(62, false) == Approx(usual).epsilon(0.01));
}

TEST_CASE("a first picture is no stronger for being a key frame, nor is one after a reset") {
  ResidualGain gain({kGrid}, ResidualGain::kPixels);
  for (int round = 0; round < 2; ++round) {
    std::vector<float> residual = ones();
    gain.apply(picture(0, 9).data(), residual.data(), true);
    for (const float value : residual) REQUIRE(value == Approx(ResidualGain::kStill).margin(1e-6));
    gain.apply(picture(1, 9).data(), residual.data(), false);
    gain.reset();
  }
}

TEST_CASE("a cut is a key frame, the picture after it and a fast pan are not") {
  ResidualGain gain({kGrid}, ResidualGain::kPixels);
  auto next = [&gain, luma = 0.0F](float levels) mutable {
    luma += levels / 255.0F;
    std::vector<float> residual = ones();
    return gain.apply(std::vector<float>(kCells, luma).data(), residual.data(), false);
  };
  CHECK_FALSE(next(0));
  CHECK_FALSE(next(3));
  CHECK(next(20));
  CHECK_FALSE(next(20));
  CHECK_FALSE(next(10));
  CHECK_FALSE(next(20));
  CHECK_FALSE(next(1));
  CHECK_FALSE(next(11));
}

TEST_CASE("chroma gets the gains of luma at the same places, and no limit of its own") {
  ResidualGain gain({kGrid, kAllPlanes}, ResidualGain::kPixels);
  std::vector<float> residual;
  for (int i = 0; i < 30; ++i) {
    residual.assign(3 * kCells, 1.0F);
    std::fill(residual.begin() + kCells, residual.end(), 4.0F);
    gain.apply(picture(i, 4).data(), residual.data(), false);
  }
  CHECK(residual[kCells + 100 * 64 + 4] == Approx(4 * ResidualGain::kMoving).margin(1e-2));
  for (std::size_t i = 0; i < kCells; ++i) {
    REQUIRE(residual[kCells + i] == Approx(4 * residual[i]));
    REQUIRE(residual[2 * kCells + i] == residual[kCells + i]);
  }
}
