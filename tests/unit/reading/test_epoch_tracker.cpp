// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "epoch_tracker.hpp"
#include "marked_field.hpp"

using namespace steg;

namespace {

constexpr GridSize kEpochGrid{128, 216};

std::vector<float> field_of(const Reader& reader, int epoch, float amplitude, test::Rng& rng, float noise = 1) {
  return test::marked_field(reader.chips(), "abc", epoch, amplitude, rng, kEpochGrid, noise);
}

struct Collected {
  std::vector<int> epochs;
  FieldSum sum{kEpochGrid};
  EpochTracker tracker;

  explicit Collected(const Reader& reader)
      : tracker(reader, [this](const std::vector<float>& field, int epoch) {
          epochs.push_back(epoch);
          sum.add(field.data(), epoch);
        }) {}
};

}  // namespace

TEST_CASE("frames too weak to tell their epoch take that of their neighbours") {
  test::Rng rng(1);
  const Reader reader(test::random_key(rng), kEpochGrid);
  Collected collected(reader);
  for (int i = 0; i < 60; ++i) collected.tracker.add(field_of(reader, i < 30 ? 3 : 4, i % 5 == 0 ? 0.3F : 0.0F, rng));
  collected.tracker.flush();
  REQUIRE(collected.epochs.size() == 60);
  // Where the epoch changes between the last frame that tells and the next one, and whether after the last, nobody can
  // know.
  for (std::size_t i = 0; i <= 25; ++i) CHECK(collected.epochs[i] == 3);
  for (std::size_t i = 30; i <= 55; ++i) CHECK(collected.epochs[i] == 4);
}

TEST_CASE("frames count by what they carry, whatever the scale of their fields") {
  test::Rng rng(2);
  const Reader reader(test::random_key(rng), kEpochGrid);
  Collected collected(reader);
  FieldSum plain(kEpochGrid);
  FieldSum strong(kEpochGrid);
  for (int i = 0; i < 12; ++i) {
    // One key frame, and eleven that carry nearly nothing in fields three times as large.
    const bool is_key = i == 2;
    const std::vector<float> field = field_of(reader, 1, is_key ? 0.3F : 0.03F, rng, is_key ? 1.0F : 3.0F);
    plain.add(field.data(), 1);
    if (is_key) strong.add(field.data(), 1);
    collected.tracker.add(field);
  }
  collected.tracker.flush();
  const double weighted = reader.signature(collected.sum, "abc");
  CHECK(weighted > 2 * reader.signature(plain, "abc"));
  // Nearly what the key frame gives alone.
  CHECK(weighted > 0.9 * reader.signature(strong, "abc"));
}

TEST_CASE("frames of equal strength gain as in a plain sum") {
  test::Rng rng(3);
  const Reader reader(test::random_key(rng), kEpochGrid);
  Collected collected(reader);
  FieldSum plain(kEpochGrid);
  for (int i = 0; i < 16; ++i) {
    const std::vector<float> field = field_of(reader, 5, 0.08F, rng);
    plain.add(field.data(), 5);
    collected.tracker.add(field);
  }
  collected.tracker.flush();
  CHECK(reader.signature(collected.sum, "abc") > 0.95 * reader.signature(plain, "abc"));
}

TEST_CASE("values that are not numbers count as nothing") {
  test::Rng rng(4);
  const Reader reader(test::random_key(rng), kEpochGrid);
  Collected collected(reader);
  std::vector<float> field = field_of(reader, 0, 0.3F, rng);
  field[7] = NAN;
  field[9] = INFINITY;
  collected.tracker.add(field);
  collected.tracker.add(std::vector<float>(field.size(), 0.0F));
  collected.tracker.flush();
  REQUIRE(collected.epochs == std::vector<int>{0, 0});
  CHECK(std::isfinite(reader.signature(collected.sum, "abc")));
  CHECK(reader.signature(collected.sum, "abc") > 8);
}
