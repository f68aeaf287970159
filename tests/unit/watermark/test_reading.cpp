// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "marked_field.hpp"
#include "reading.hpp"

using namespace steg;
using steg::test::kSize;
using steg::test::marked_field;

TEST_CASE("A marked field is read", "[reading]") {
  test::Rng rng(40);
  const Reader reader(test::random_key(rng), kSize);
  for (const std::string id : {"1", "abc1234", "\xE6\xB0\xB4\xE6\xB0\xB4"}) {
    FieldSum sum(kSize);
    sum.add(marked_field(reader.chips(), id, 0, 0.1F, rng).data(), 0);
    const auto reading = reader.read(sum);
    REQUIRE(reading);
    CHECK(reading->id == id);
    // 20736 signature cells with a correlation of 0.1.
    CHECK(reading->signature == Approx(14.3).margin(5));
    CHECK(reading->log10_p < -20);
    CHECK(reading->p_value() == Approx(std::pow(10.0, reading->log10_p)));
    CHECK(reading->bit_accuracy > 0.8);
    CHECK(reading->mean_z == Approx(1.27).margin(0.35));
    CHECK(reading->signature == Approx(reader.signature(sum, id)));
  }
}

TEST_CASE("Soft bits and S are what their formulas say", "[reading]") {
  test::Rng rng(41);
  const GridSize size{48, 40};
  const Reader reader(test::random_key(rng), size);
  FieldSum sum(size);
  for (const int epoch : {1, 1, 6}) sum.add(marked_field(reader.chips(), "id", epoch, 1, rng, size).data(), epoch);

  std::array<double, kCodeBits> product{};
  std::array<double, kCodeBits> energy{};
  double signature = 0;
  double signature_energy = 0;
  for (const int epoch : {1, 6}) {
    const ChipLayout layout = reader.chips().layout(size, epoch);
    const auto chips = reader.chips().signature("id", size, epoch);
    const std::vector<float>& field = sum.epoch(epoch);
    for (std::size_t i = 0; i < field.size(); ++i) {
      const double f = field[i];
      if (layout.role[i] == Role::code) {
        product[layout.bit[i]] += f * layout.sign[i];
        energy[layout.bit[i]] += f * f;
      } else if (layout.role[i] == Role::signature) {
        signature += f * chips[i];
        signature_energy += f * f;
      }
    }
  }
  const SoftBits z = reader.soft_bits(sum);
  for (std::size_t k = 0; k < z.size(); ++k) {
    REQUIRE(z[k] == Approx(energy[k] > 0 ? product[k] / std::sqrt(energy[k]) : 0).margin(1e-6));
  }
  CHECK(reader.signature(sum, "id") == Approx(signature / std::sqrt(signature_energy)));
}

TEST_CASE("Sums of fields are kept apart by epoch", "[reading]") {
  const GridSize size{8, 4};
  FieldSum sum(size);
  CHECK(sum.frames() == 0);
  for (int epoch = 0; epoch < kEpochs; ++epoch) CHECK(sum.epoch(epoch).empty());
  const std::vector<float> ones(32, 1);
  sum.add(ones.data(), 2);
  sum.add(ones.data(), 2);
  sum.add(ones.data(), 7);
  CHECK(sum.frames() == 3);
  CHECK(sum.epoch(2) == std::vector<float>(32, 2));
  CHECK(sum.epoch(7) == ones);
  CHECK(sum.epoch(0).empty());
  FieldSum other(size);
  other.add(ones.data(), 0);
  other.add(sum);
  CHECK(other.frames() == 4);
  CHECK(other.epoch(2) == std::vector<float>(32, 2));
  CHECK(other.epoch(0) == ones);
  sum.clear();
  CHECK(sum.frames() == 0);
  CHECK(sum.epoch(2).empty());

  CHECK_THROWS_AS(sum.add(ones.data(), 8), std::out_of_range);
  CHECK_THROWS_AS(sum.add(ones.data(), -1), std::out_of_range);
  CHECK_THROWS_AS(sum.epoch(8), std::out_of_range);
  CHECK_THROWS_AS(sum.add(FieldSum(GridSize{4, 8})), std::invalid_argument);
  CHECK_THROWS_AS(FieldSum(GridSize{0, 8}), std::invalid_argument);
}

TEST_CASE("Values that are not finite count as nothing", "[reading]") {
  test::Rng rng(42);
  const Reader reader(test::random_key(rng), kSize);
  std::vector<float> field = marked_field(reader.chips(), "broken", 4, 0.15F, rng);
  std::vector<float> zeroed = field;
  const std::array<float, 4> bad = {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                                    -std::numeric_limits<float>::infinity(), std::numeric_limits<float>::max()};
  for (std::size_t i = 0; i < field.size(); i += 10) {
    field[i] = bad[i / 10 % bad.size()];
    zeroed[i] = 0;
  }
  FieldSum sum(kSize);
  FieldSum clean(kSize);
  for (int i = 0; i < 3; ++i) {
    sum.add(field.data(), 4);
    clean.add(zeroed.data(), 4);
  }
  CHECK(sum.epoch(4) == clean.epoch(4));
  CHECK(reader.pilot(field.data(), 4) == reader.pilot(zeroed.data(), 4));
  const auto reading = reader.read(sum);
  REQUIRE(reading);
  CHECK(reading->id == "broken");
}

TEST_CASE("Nothing to read gives nothing", "[reading]") {
  const Reader reader(Key::public_default(), kSize);
  FieldSum sum(kSize);
  CHECK_FALSE(reader.read(sum));
  CHECK(reader.signature(sum, "id") == 0);
  const std::vector<float> zero(static_cast<std::size_t>(kSize.cells()), 0);
  sum.add(zero.data(), 0);
  CHECK_FALSE(reader.read(sum));
  CHECK(reader.signature(sum, "id") == 0);
  CHECK(reader.pilot(zero.data(), 0) == 0);
  for (const float z : reader.soft_bits(sum)) CHECK(z == 0);
}

TEST_CASE("The pilot tells the epoch and the key", "[reading]") {
  test::Rng rng(43);
  const Reader reader(test::random_key(rng), kSize);
  const Reader other_key(test::random_key(rng), kSize);
  for (int epoch = 0; epoch < kEpochs; ++epoch) {
    const std::vector<float> field = marked_field(reader.chips(), "epochs", epoch, 0.08F, rng);
    CHECK(reader.likeliest_phase(field.data()) == epoch);
    CHECK(reader.pilot(field.data(), epoch) > 6);
    for (int other = 0; other < kEpochs; ++other) {
      CHECK(std::fabs(other_key.pilot(field.data(), other)) < 5);
      if (other != epoch) CHECK(std::fabs(reader.pilot(field.data(), other)) < 5);
    }
  }
  CHECK_THROWS_AS(reader.pilot(nullptr, kEpochs), std::out_of_range);
}

TEST_CASE("Frames of several epochs add up where one frame does not suffice", "[reading]") {
  test::Rng rng(44);
  const Reader reader(test::random_key(rng), kSize);
  FieldSum sum(kSize);
  // A mean z of 0.38 a frame: about as good as nothing.
  for (int frame = 0; frame < 16; ++frame) {
    const int epoch = frame % kEpochs;
    sum.add(marked_field(reader.chips(), "sixteen", epoch, 0.03F, rng).data(), epoch);
    if (frame == 0) CHECK_FALSE(reader.read(sum));
  }
  const auto reading = reader.read(sum);
  REQUIRE(reading);
  CHECK(reading->id == "sixteen");
}

TEST_CASE("With the issued IDs at hand weaker marks are found", "[reading]") {
  test::Rng rng(45);
  const Reader reader(test::random_key(rng), kSize);
  std::vector<std::string> issued = {"", "not\nan id", "too long an ID", "weak123", "weak123"};
  for (int i = 0; i < 3000; ++i) issued.push_back(test::random_id(rng));
  FieldSum sum(kSize);
  // A mean z of 0.57, where the code alone needs about 0.7, and S of about 6.5.
  sum.add(marked_field(reader.chips(), "weak123", 0, 0.045F, rng).data(), 0);
  const auto readings = reader.candidates_among(sum, IssuedIds(reader.chips(), issued));
  REQUIRE(readings.size() == 16);
  CHECK(readings.front().id == "weak123");
  CHECK(readings.front().log10_p == Approx(log10_p_value(readings.front().signature, 16)));
  CHECK(readings.front().log10_p < -4.5);
  CHECK(readings[1].log10_p > -4);
  for (std::size_t i = 1; i < readings.size(); ++i) {
    REQUIRE(readings[i].signature <= readings[i - 1].signature);
    REQUIRE(readings[i].id != "weak123");
  }
  CHECK(reader.candidates_among(sum, IssuedIds(reader.chips(), {})).empty());
  CHECK(reader.candidates_among(sum, IssuedIds(reader.chips(), {"a", "b"})).size() == 2);
  ReadOptions options;
  options.issued_tries = 0;
  CHECK_THROWS_AS(reader.candidates_among(sum, IssuedIds(reader.chips(), issued), options), std::invalid_argument);
}

TEST_CASE("Each of two averaged copies shows up", "[reading]") {
  test::Rng rng(46);
  const Reader reader(test::random_key(rng), kSize);
  std::vector<float> field = marked_field(reader.chips(), "first", 0, 0.1F, rng);
  const std::vector<float> second = reader.chips().frame("second", kSize, 0);
  for (std::size_t i = 0; i < field.size(); ++i) field[i] += 0.1F * second[i];
  FieldSum sum(kSize);
  sum.add(field.data(), 0);
  const auto readings = reader.candidates_among(sum, IssuedIds(reader.chips(), {"first", "second", "third"}));
  REQUIRE(readings.size() == 3);
  CHECK(readings[0].log10_p < -9);
  CHECK(readings[1].log10_p < -9);
  CHECK(readings[2].id == "third");
  CHECK(readings[2].log10_p > -4);
}

TEST_CASE("p-values", "[reading]") {
  CHECK(log10_p_value(0, 1) == 0);
  CHECK(log10_p_value(-20, 1) == 0);
  CHECK(log10_p_value(1, 1e6) == 0);
  CHECK(log10_p_value(std::numeric_limits<double>::quiet_NaN(), 1) == 0);
  CHECK(log10_p_value(std::sqrt(2 * std::log(1e9)), 1) == Approx(-9));
  CHECK(log10_p_value(std::sqrt(2 * std::log(1e9)), 1000) == Approx(-6));
  Reading far{"far", 1000, log10_p_value(1000, 1), 1, 1};
  CHECK(far.log10_p < -200000);
  CHECK(far.p_value() > 0);
}

TEST_CASE("More hypotheses cost p", "[reading]") {
  test::Rng rng(47);
  const Reader reader(test::random_key(rng), kSize);
  FieldSum sum(kSize);
  sum.add(marked_field(reader.chips(), "hypos", 0, 0.08F, rng).data(), 0);
  const auto one = reader.best(sum);
  ReadOptions options;
  options.hypotheses = 1000;
  const auto thousand = reader.best(sum, options);
  REQUIRE(one);
  REQUIRE(thousand);
  CHECK(thousand->log10_p == Approx(one->log10_p + 3));
  options.max_p_value = std::pow(10.0, thousand->log10_p - 0.1);
  CHECK_FALSE(reader.read(sum, options));
  options.max_p_value = std::pow(10.0, thousand->log10_p + 0.1);
  CHECK(reader.read(sum, options));
}

TEST_CASE("Fields of another size are refused", "[reading]") {
  const Reader reader(Key::public_default(), kSize);
  const FieldSum sum(GridSize{288, 216});
  CHECK_THROWS_AS(reader.read(sum), std::invalid_argument);
  CHECK_THROWS_AS(reader.signature(sum, "a"), std::invalid_argument);
  CHECK_THROWS_AS(Reader(Key::public_default(), GridSize{0, 0}), std::invalid_argument);
}
