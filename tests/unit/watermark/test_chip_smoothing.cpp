// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "chip_smoothing.hpp"

using namespace steg;

namespace {

constexpr GridSize kStrip{96, 216};

std::vector<float> random_chips() {
  std::mt19937 random(5);
  std::vector<float> chips(static_cast<std::size_t>(kStrip.cells()));
  for (float& chip : chips) chip = random() % 2 == 0 ? 1.0F : -1.0F;
  return chips;
}

double power(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += static_cast<double>(value) * value;
  return sum / static_cast<double>(values.size());
}

/// Of neighbours in a row.
double correlation(const std::vector<float>& values) {
  double sum = 0;
  for (std::size_t i = 1; i < values.size(); ++i) sum += static_cast<double>(values[i]) * values[i - 1];
  return sum / static_cast<double>(values.size()) / power(values);
}

/// What a single chip leaves two cells aside of its middle.
float at_two_cells(float pixels) {
  std::vector<float> chips(static_cast<std::size_t>(kStrip.cells()), 0.0F);
  const std::size_t middle = 100 * 96 + 40;
  chips[middle] = 1.0F;
  smooth_chips(kStrip, pixels, chips);
  CHECK(chips[middle + 2] == Approx(chips[middle - 2]));
  CHECK(chips[middle + 2] == Approx(chips[middle + 2 * 96]));
  return chips[middle + 2] / chips[middle];
}

}  // namespace

TEST_CASE("chips of small pictures are as wide in pixels as those of large ones", "[chips]") {
  CHECK(at_two_cells(1.8F) == Approx(std::exp(-2.0)).epsilon(1e-3));
  CHECK(at_two_cells(2.7F) == Approx(std::exp(-4.5)).epsilon(1e-3));
}

TEST_CASE("cells bound how wide chips are", "[chips]") {
  CHECK(at_two_cells(1.0F) == at_two_cells(0.4F));
  CHECK(at_two_cells(1.0F) == Approx(std::exp(-2 / 1.21)).epsilon(1e-3));
}

TEST_CASE("smoothed chips keep their power, and more where kernels lose some", "[chips]") {
  for (const float pixels : {5.0F, 3.5F}) {
    std::vector<float> chips = random_chips();
    smooth_chips(kStrip, pixels, chips);
    CHECK(power(chips) == Approx(1).epsilon(0.05));
  }
  std::vector<float> few = random_chips();
  smooth_chips(kStrip, 1.25F, few);
  CHECK(std::sqrt(power(few)) == Approx(1.65).epsilon(0.05));
  CHECK(correlation(few) == Approx(std::exp(-1 / (4 * 1.21))).epsilon(0.05));
}

TEST_CASE("chips of pictures with many pixels stay as they are", "[chips]") {
  std::vector<float> chips = random_chips();
  smooth_chips(kStrip, 12.0F, chips);
  CHECK(chips == random_chips());
}
