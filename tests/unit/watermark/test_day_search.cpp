// The epoch of the day, from code cells alone.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>

#include "day_search.hpp"
#include "marked_field.hpp"
#include "reading.hpp"

using namespace steg;
using steg::test::kSize;
using steg::test::marked_field;

TEST_CASE("A clock of the day", "[day]") {
  const DayClock clock;
  CHECK(clock.epochs() == 43200);
  CHECK(clock.after(43199, 1) == 0);
  CHECK(clock.after(3, -5) == 43198);
  CHECK(clock.steps(43198, 2) == 4);
  CHECK(clock.steps(2, 43198) == -4);
  CHECK(clock.begin(25301) == 50602);
  CHECK(clock.end(43199) == 86400);
  CHECK(time_of_day_text(50602) == "14:03:22");
  CHECK(time_of_day_text(86400) == "00:00:00");
  CHECK(clock.tells_time());
  // An epoch that this period does not have, as of a copy of another one.
  CHECK(clock.after(65535, 1) == 0);

  const DayClock seven(7);
  CHECK(seven.epochs() == 12343);
  CHECK(seven.end(12342) == 86400);
  CHECK_FALSE(DayClock(1).tells_time());
  CHECK(DayClock(1).after(65535, 1) == 0);
  CHECK_THROWS_AS(DayClock(0), std::invalid_argument);
}

TEST_CASE("The epoch of a field is found among all of its phase", "[day]") {
  test::Rng rng(90);
  const Reader reader(test::random_key(rng), kSize, ChipFormat::day);
  const DayClock clock;
  for (const int epoch : {0, 25301, 43199, 65535}) {
    // A mean z of 1.
    DaySearch search(reader.chips(), clock);
    search.add(marked_field(reader.chips(), "abc", epoch, 0.08F, rng), reader.cells(phase_of(epoch)).layout, 0);
    const DayFit fit = search.best();
    CHECK(fit.epoch == epoch);
    CHECK(fit.excess > 7);
    CHECK(fit.excess == Approx(search.excess(epoch)).margin(1e-3));
    CHECK(std::fabs(search.excess((epoch + 8 * 77) % kDayEpochs)) < 5);
  }
}

TEST_CASE("Fields too weak by themselves give their epoch together, over midnight as well", "[day]") {
  test::Rng rng(91);
  const Reader reader(test::random_key(rng), kSize, ChipFormat::day);
  const DayClock clock;
  DaySearch search(reader.chips(), clock);
  for (int step = 0; step < 5; ++step) {
    const int epoch = clock.after(43197, step);
    search.add(marked_field(reader.chips(), "abc", epoch, 0.035F, rng), reader.cells(phase_of(epoch)).layout, step);
  }
  const DayFit fit = search.best();
  CHECK(fit.epoch == 43197);
  CHECK(fit.excess > 5.5);
}

TEST_CASE("A few cells that are far too large spoil no more than their bits", "[day]") {
  test::Rng rng(94);
  const Reader reader(test::random_key(rng), kSize, ChipFormat::day);
  const DayClock clock;
  std::vector<float> field = marked_field(reader.chips(), "abc", 25301, 0.08F, rng);
  for (int i = 0; i < 20; ++i) field[rng() % field.size()] = 1e6F;
  DaySearch search(reader.chips(), clock);
  search.add(field, reader.cells(phase_of(25301)).layout, 0);
  const DayFit fit = search.best();
  CHECK(fit.epoch == 25301);
  CHECK(fit.excess > 7);
}

TEST_CASE("Without a mark no epoch stands out", "[day]") {
  test::Rng rng(92);
  const Reader reader(test::random_key(rng), kSize, ChipFormat::day);
  const DayClock clock;
  double highest = 0;
  for (int i = 0; i < 6; ++i) {
    DaySearch search(reader.chips(), clock);
    search.add(test::gaussian(rng, static_cast<std::size_t>(kSize.cells())), reader.cells(i).layout, 0);
    highest = std::max(highest, search.best().excess);
  }
  CHECK(highest > 3);
  CHECK(highest < 5.5);
}

TEST_CASE("Values are summed in each lane by its own bits", "[day]") {
  test::Rng rng(93);
  constexpr std::size_t kBytes = 48;
  std::vector<std::uint8_t> rows(kLanes * kBytes);
  for (std::uint8_t& byte : rows) byte = static_cast<std::uint8_t>(rng());
  std::vector<std::uint16_t> masks(8 * kBytes);
  gather_lanes(rows.data(), kBytes, masks.data());
  const auto is_set = [&](std::size_t lane, std::size_t at) {
    return (rows[lane * kBytes + at / 8] >> at % 8 & 1) != 0;
  };

  std::vector<LaneCell> cells;
  for (std::uint32_t at = 0; at < masks.size(); at += 1 + static_cast<std::uint32_t>(rng() % 3))
    cells.push_back(
        {at, static_cast<std::int16_t>(static_cast<int>(rng() % 401) - 200), static_cast<std::uint8_t>(rng() % 5)});
  LaneSums sums[5] = {};
  add_where_set(cells.data(), cells.size(), masks.data(), sums);
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    std::int16_t expected[5] = {};
    for (const LaneCell& cell : cells)
      if (is_set(lane, cell.at)) expected[cell.sum] = static_cast<std::int16_t>(expected[cell.sum] + cell.value);
    for (std::size_t k = 0; k < 5; ++k) CHECK(sums[k].of[lane] == expected[k]);
  }
}
