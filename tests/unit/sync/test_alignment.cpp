// The pilot's correlation against brute force, and the climb to a known place.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "chips.hpp"
#include "correlator.hpp"
#include "refinement.hpp"

using namespace steg::sync;

namespace {

const ChipMap& chips() {
  static const ChipMap map(steg::Key::public_default());
  return map;
}

/// Noise, and the pilots of `epoch` where `to_lattice` shows them.
FieldStack stack_with_pilots(steg::GridSize size, const Projection& to_lattice, int epoch, float strength) {
  std::mt19937 rng(7);
  std::normal_distribution<float> gaussian;
  const Projection back = *to_lattice.inverse();
  std::vector<float> field;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const Point p = back(Point{x + 0.5, y + 0.5});
      float value = gaussian(rng);
      if (p.x >= 0 && p.y >= 0 && p.x < 384 && p.y < 216) {
        const float pilot = chips().pilot(epoch, static_cast<int>(p.x), static_cast<int>(p.y));
        value += strength * pilot;
      }
      field.push_back(value);
    }
  }
  return {size, Projection(), {field}};
}

}  // namespace

TEST_CASE("the correlator's peaks are those of the sum over the patch", "[correlator]") {
  constexpr int kWidth = 30, kHeight = 20;
  constexpr int kEpoch = 5;
  const FieldStack stack = stack_with_pilots({60, 50}, Projection::translation(-40, -25), kEpoch, 1.0F);
  Correlator correlator(chips());
  const Patch patch{Projection::translation(12, 9), kWidth, kHeight};
  const auto peaks = correlator.peaks(stack, patch, {30, 10, 40, 40}, {30, 10, 1, 1}, 3);
  REQUIRE(peaks.size() == 3);
  // The patch begins at lattice cell (12, 9), which is grid cell (52, 34).
  CHECK(peaks[0].shift.x == 52);
  CHECK(peaks[0].shift.y == 34);
  double product = 0, energy = 0;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      const double value = stack.fields[0][static_cast<std::size_t>((y + 9) * 60 + x + 12)];
      product += value * chips().pilot(kEpoch, x + 52, y + 34);
      energy += value * value;
    }
  }
  CHECK(peaks[0].power == Approx(product * product / (energy / 4)).epsilon(1e-3));
  CHECK(peaks[1].power < peaks[0].power);
}

TEST_CASE("code cells confirm the pilots of a mark, and no others", "[refinement]") {
  std::mt19937 rng(3);
  std::normal_distribution<float> gaussian;
  const std::vector<float> marked = steg::Chips(steg::Key::public_default()).frame("LEAK", {384, 216}, 4);
  std::vector<float> field;
  for (int y = 0; y < 120; ++y) {
    for (int x = 0; x < 200; ++x) field.push_back(0.2F * marked[static_cast<std::size_t>(y * 384 + x)] + gaussian(rng));
  }
  const CellRange range = {2, 2, 196, 116};
  const FieldStack with_code = {{200, 120}, Projection(), {field}};
  const Alignment mark = Refinement(chips(), with_code).measure(Projection(), range);
  REQUIRE(mark.epochs == std::vector<int>{4});
  const double expected = 2 * mark.strength * mark.strength;
  CHECK(Refinement(chips(), with_code).code_power(mark) == Approx(expected).margin(90));
  const FieldStack pilots_only = stack_with_pilots({200, 120}, Projection(), 4, 0.4F);
  const Alignment bare = Refinement(chips(), pilots_only).measure(Projection(), range);
  CHECK(bare.strength > mark.strength);
  CHECK(std::fabs(Refinement(chips(), pilots_only).code_power(bare)) < 90);
}

TEST_CASE("a refinement climbs to the place from a cell away", "[refinement]") {
  const Quad grid = rectangle(0, 0, 200, 120);
  const Projection truth =
      *Projection::between(grid, {Point{2.2, 3.1}, Point{196.4, -1.2}, Point{203, 121.5}, Point{-1.4, 118}});
  const FieldStack stack = stack_with_pilots({200, 120}, truth, 2, 0.8F);
  const Projection start = truth * Projection::affine(1.004, 0, -0.3, 0, 0.997, 0.4);
  const CellRange range = shown_cells(truth, stack.size);
  const Refinement refinement(chips(), stack);
  const Alignment before = refinement.measure(start, range);
  const Alignment after = refinement.climb(before, range);
  CHECK(after.epochs == std::vector<int>{2});
  CHECK(after.strength > before.strength);
  CHECK(largest_difference(after.to_lattice, truth, grid) < 0.6);
}

TEST_CASE("a refinement grows from a block to the whole", "[refinement]") {
  const Projection truth = Projection::rotation(0.05) * Projection::affine(1.02, 0, -10, 0, 1.01, -20);
  const FieldStack stack = stack_with_pilots({240, 160}, truth, 6, 0.8F);
  const Projection start = Projection::rotation(0.045) * Projection::affine(1.02, 0, -10.2, 0, 1.01, -19.4);
  const CellRange whole = shown_cells(truth, stack.size);
  const Alignment found = Refinement(chips(), stack).grow(start, {60, 40, 60, 60}, whole);
  CHECK(found.extent.width == whole.width);
  CHECK(largest_difference(found.to_lattice, truth, rectangle(20, 30, 180, 100)) < 0.6);
  CHECK(found.strength > 20);
}
