// Checks the bound on false positives: P(S >= t) <= exp(-t^2/2) for an ID that is not embedded.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "day_search.hpp"
#include "random.hpp"
#include "reading.hpp"

using namespace steg;

namespace {

// Chips do not depend on the size of the grid: a small window tests the same bound at a fiftieth of the cost.
constexpr GridSize kWindow{48, 32};
constexpr auto kWindowCells = static_cast<std::size_t>(kWindow.width * kWindow.height);

/// How often S reached each threshold in a number of trials.
class Tail {
 public:
  void add(double signature) {
    ++trials_;
    highest_ = std::max(highest_, signature);
    for (std::size_t i = 0; i < kThresholds.size(); ++i) reached_[i] += signature >= kThresholds[i];
  }

  /// No count above what the bound allows, with five standard deviations (and five events) to spare.
  void check() const {
    for (std::size_t i = 0; i < kThresholds.size(); ++i) {
      const double bound = trials_ * std::exp(-kThresholds[i] * kThresholds[i] / 2);
      CAPTURE(kThresholds[i], trials_, reached_[i], bound);
      CHECK(reached_[i] <= bound + 5 * std::sqrt(bound) + 5);
    }
    CAPTURE(highest_, trials_);
    CHECK(log10_p_value(highest_, 1) > -9);
  }

  double share_above(std::size_t i) const { return reached_[i] / trials_; }

 private:
  static constexpr std::array<double, 8> kThresholds = {1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5};
  double trials_ = 0;
  double highest_ = 0;
  std::array<double, kThresholds.size()> reached_{};
};

double signature_of(const Reader& reader, const std::vector<float>& field, const std::string& id) {
  FieldSum sum(kWindow);
  sum.add(field.data(), 0);
  return reader.signature(sum, id);
}

}  // namespace

TEST_CASE("100000 random fields stay below the bound", "[false-positives]") {
  test::Rng rng(50);
  const Reader reader(test::random_key(rng), kWindow);
  const std::vector<float> noise = test::gaussian(rng, 100 * kWindowCells);
  std::vector<float> field(kWindowCells);
  Tail tail;
  for (int trial = 0; trial < 100000; ++trial) {
    // A random window of the noise with random signs is as random as fresh noise, and far cheaper.
    const std::size_t start = rng() % (noise.size() - kWindowCells);
    std::uint64_t signs = 0;
    for (std::size_t i = 0; i < kWindowCells; ++i) {
      if (i % 64 == 0) signs = rng();
      field[i] = (signs >> i % 64 & 1) != 0 ? noise[start + i] : -noise[start + i];
    }
    tail.add(signature_of(reader, field, test::random_id(rng)));
  }
  tail.check();
  // Not only below the bound: S is about N(0,1), so that the test would see a statistic that is always small.
  CHECK(tail.share_above(0) == Approx(0.1587).margin(0.006));
  CHECK(tail.share_above(2) == Approx(0.0228).margin(0.0025));
}

TEST_CASE("Wrong keys and other IDs stay below the bound, whatever the field", "[false-positives]") {
  test::Rng rng(51);
  const Chips chips(test::random_key(rng));
  const std::vector<float> marked = chips.frame("marked1", kWindow, 0);
  const std::vector<float> noise = test::gaussian(rng, kWindowCells);

  const std::vector<std::pair<std::string, std::function<float(std::size_t)>>> fields = {
      {"strongly marked", [&](std::size_t i) { return 3 * marked[i] + noise[i]; }},
      {"the bare chips", [&](std::size_t i) { return marked[i]; }},
      {"constant", [](std::size_t) { return 1.0F; }},
      {"a single spike", [](std::size_t i) { return i == 777 ? 1e9F : 0.0F; }},
      {"few large cells", [](std::size_t i) { return i % 50 == 0 ? 100.0F : 0.01F; }},
      {"stripes", [](std::size_t i) { return i % 2 == 0 ? 1.0F : -1.0F; }},
      {"chessboard", [](std::size_t i) { return (i + i / 48) % 2 == 0 ? 1.0F : -1.0F; }},
      {"ramp", [](std::size_t i) { return static_cast<float>(i); }},
      {"grating", [](std::size_t i) { return std::sin(0.37F * static_cast<float>(i % 48)); }},
  };
  constexpr int kTrials = 10000;
  for (const auto& [name, value] : fields) {
    CAPTURE(name);
    std::vector<float> field;
    for (std::size_t i = 0; i < kWindowCells; ++i) field.push_back(value(i));
    Tail other_ids;
    Tail wrong_keys;
    const Reader right_key(Key::public_default(), kWindow);
    for (int trial = 0; trial < kTrials / 10; ++trial) {
      const Reader wrong_key(test::random_key(rng), kWindow);
      wrong_keys.add(signature_of(wrong_key, field, "marked1"));
      for (int i = 0; i < 10; ++i) other_ids.add(signature_of(right_key, field, test::random_id(rng)));
    }
    other_ids.check();
    wrong_keys.check();
  }
}

TEST_CASE("Another ID in the picture does not help", "[false-positives]") {
  test::Rng rng(52);
  const Reader reader(test::random_key(rng), kWindow);
  FieldSum sum(kWindow);
  for (int epoch = 0; epoch < kEpochs; ++epoch) sum.add(reader.chips().frame("marked1", kWindow, epoch).data(), epoch);
  CHECK(reader.signature(sum, "marked1") > 50);
  Tail tail;
  for (int trial = 0; trial < 5000; ++trial) tail.add(reader.signature(sum, test::random_id(rng)));
  tail.check();
}

TEST_CASE("Blind readings of random fields report nothing", "[false-positives]") {
  test::Rng rng(53);
  const Reader reader(test::random_key(rng), kWindow);
  int with_a_candidate = 0;
  for (int trial = 0; trial < 600; ++trial) {
    FieldSum sum(kWindow);
    sum.add(test::gaussian(rng, kWindowCells).data(), 0);
    REQUIRE_FALSE(reader.read(sum));
    with_a_candidate += reader.best(sum).has_value();
  }
  // One in 304 payloads is an ID, and a list has 256.
  CHECK(with_a_candidate > 600 / 3);
}

TEST_CASE("p-values of the best of many issued IDs are honest", "[false-positives]") {
  // The IDs are those that fit the code cells best, the best of their signatures is taken, and yet the p-value, which
  // counts all tries, is below q at most with probability q.
  test::Rng rng(54);
  const Reader reader(test::random_key(rng), kWindow);
  std::vector<std::string> issued;
  for (int i = 0; i < 100; ++i) issued.push_back(test::random_id(rng));
  const IssuedIds known(reader.chips(), issued);
  ReadOptions options;
  options.issued_tries = 20;
  constexpr int kTrials = 1500;
  const std::array<double, 4> levels = {0.5, 0.1, 0.01, 1e-3};
  std::array<int, levels.size()> below{};
  for (int trial = 0; trial < kTrials; ++trial) {
    FieldSum sum(kWindow);
    sum.add(test::gaussian(rng, kWindowCells).data(), 0);
    const auto readings = reader.candidates_among(sum, known, options);
    REQUIRE(readings.size() == 20);
    for (std::size_t i = 0; i < levels.size(); ++i) below[i] += readings.front().p_value() <= levels[i];
  }
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const double expected = kTrials * levels[i];
    CAPTURE(levels[i], below[i]);
    CHECK(below[i] <= expected + 5 * std::sqrt(expected) + 1);
  }
}

TEST_CASE("The wrong key reads nothing from a strongly marked picture", "[false-positives]") {
  test::Rng rng(55);
  const GridSize whole{384, 216};
  const Chips chips(test::random_key(rng));
  const std::vector<float> frame = chips.frame("marked1", whole, 0);
  FieldSum sum(whole);
  sum.add(frame.data(), 0);
  for (int i = 0; i < 10; ++i) {
    const Reader reader(test::random_key(rng), whole);
    CHECK_FALSE(reader.read(sum));
    CHECK(std::fabs(reader.pilot(frame.data(), 0)) < 5.5);
  }
}

// The same with epochs of the day: the epoch is chosen by code cells, whatever they say, before a signature is looked
// at.

namespace {

/// A field of an unknown epoch as it would be read: at the epoch of the day whose code cells fit best.
FieldSum at_likeliest_epoch(const Reader& reader, const std::vector<float>& field, int phase) {
  const DayClock clock;
  DaySearch search(reader.chips(), clock);
  search.add(field, reader.cells(phase).layout, 0);
  FieldSum sum(kWindow, ChipFormat::day);
  sum.add(field.data(), search.best().epoch);
  return sum;
}

}  // namespace

TEST_CASE("Random fields stay below the bound at the epoch of the day that fits best", "[false-positives]") {
  test::Rng rng(56);
  const Reader reader(test::random_key(rng), kWindow, ChipFormat::day);
  Tail tail;
  int reported = 0;
  for (int trial = 0; trial < 1500; ++trial) {
    const std::vector<float> field = test::gaussian(rng, kWindowCells);
    const FieldSum sum = at_likeliest_epoch(reader, field, trial % kEpochs);
    for (int i = 0; i < 20; ++i) tail.add(reader.signature(sum, test::random_id(rng)));
    reported += reader.read(sum).has_value();
  }
  tail.check();
  CHECK(reported == 0);
  CHECK(tail.share_above(0) == Approx(0.1587).margin(0.012));
}

TEST_CASE("Wrong keys, other IDs and other times of day stay below the bound", "[false-positives]") {
  test::Rng rng(57);
  const Reader right_key(test::random_key(rng), kWindow, ChipFormat::day);
  constexpr int kEpoch = 25302;
  const std::vector<float> frame = right_key.chips().frame("marked1", kWindow, kEpoch);
  const std::vector<float> noise = test::gaussian(rng, kWindowCells);
  const std::vector<std::function<float(std::size_t)>> fields = {
      [&](std::size_t i) { return 3 * frame[i] + noise[i]; },
      [&](std::size_t i) { return frame[i]; },
      [](std::size_t) { return 1.0F; },
      [](std::size_t i) { return i == 777 ? 1e9F : 0.0F; },
      [](std::size_t i) { return i % 2 == 0 ? 1.0F : -1.0F; },
  };
  for (const auto& value : fields) {
    std::vector<float> field;
    for (std::size_t i = 0; i < kWindowCells; ++i) field.push_back(value(i));
    Tail other_ids;
    Tail wrong_keys;
    Tail other_epochs;
    const FieldSum sum = at_likeliest_epoch(right_key, field, phase_of(kEpoch));
    for (int trial = 0; trial < 200; ++trial) {
      for (int i = 0; i < 10; ++i) other_ids.add(right_key.signature(sum, test::random_id(rng)));
      const Reader wrong_key(test::random_key(rng), kWindow, ChipFormat::day);
      wrong_keys.add(wrong_key.signature(at_likeliest_epoch(wrong_key, field, phase_of(kEpoch)), "marked1"));
      FieldSum other(kWindow, ChipFormat::day);
      other.add(field.data(), (kEpoch + 8 * (1 + trial)) % kDayEpochs);
      other_epochs.add(right_key.signature(other, "marked1"));
    }
    other_ids.check();
    wrong_keys.check();
    other_epochs.check();
  }
}

TEST_CASE("p-values among issued IDs are honest at the epoch of the day that fits best", "[false-positives]") {
  test::Rng rng(58);
  const Reader reader(test::random_key(rng), kWindow, ChipFormat::day);
  std::vector<std::string> issued;
  for (int i = 0; i < 100; ++i) issued.push_back(test::random_id(rng));
  const IssuedIds known(reader.chips(), issued);
  constexpr int kTrials = 1000;
  const std::array<double, 4> levels = {0.5, 0.1, 0.01, 1e-3};
  std::array<int, levels.size()> below{};
  for (int trial = 0; trial < kTrials; ++trial) {
    const FieldSum sum = at_likeliest_epoch(reader, test::gaussian(rng, kWindowCells), trial % kEpochs);
    const auto readings = reader.candidates_among(sum, known);
    for (std::size_t i = 0; i < levels.size(); ++i) below[i] += readings.front().p_value() <= levels[i];
  }
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const double expected = kTrials * levels[i];
    CAPTURE(levels[i], below[i]);
    CHECK(below[i] <= expected + 5 * std::sqrt(expected) + 1);
  }
}
