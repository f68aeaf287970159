// Ticks, and the epochs of the day that they are.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "day_tracker.hpp"
#include "marked_field.hpp"
#include "ticks.hpp"

using namespace steg;

namespace {

constexpr GridSize kDayGrid{192, 216};

/// Windows of a stream, a frame each.
class Windows {
 public:
  explicit Windows(const Reader& reader) : reader_(reader), days_(reader, DayClock()) {}

  /// The epoch that a window is read at; -1 for none.
  int add(int epoch, float amplitude, double time, test::Rng& rng) {
    TickSums sums(kDayGrid, ChipFormat::day);
    last_ = chains_.add(phase_of(epoch), time);
    sums.add(test::marked_field(reader_.chips(), "abc", epoch, amplitude, rng, kDayGrid).data(), last_);
    const FieldSum sum = days_.resolve(sums, time, time);
    return sum.fields().empty() ? -1 : sum.fields().begin()->first;
  }
  std::optional<DayTracker::Epoch> last() const { return days_.epoch_of(last_); }

 private:
  const Reader& reader_;
  TickChains chains_{ChipFormat::day, DayClock()};
  DayTracker days_;
  Tick last_;
};

}  // namespace

TEST_CASE("phases in sequence are ticks of one chain", "[ticks]") {
  TickChains chains(ChipFormat::day, DayClock());
  const Tick first = chains.add(6, 0.0);
  CHECK(first.number == 6);
  CHECK(chains.add(6, 1.9) == first);
  CHECK(chains.add(7, 2.0) == Tick{first.chain, 7});
  CHECK(chains.add(0, 4.0) == Tick{first.chain, 8});
  CHECK(chains.add(2, 8.1) == Tick{first.chain, 10});  // a gap in which an epoch went by
}

TEST_CASE("a phase that cannot have come next begins a chain, and errors do not end one", "[ticks]") {
  TickChains chains(ChipFormat::day, DayClock());
  const Tick first = chains.add(3, 0.0);
  const Tick other = chains.add(6, 0.1);
  CHECK(other.chain != first.chain);
  CHECK(other.number == 6);
  CHECK(chains.add(3, 0.2) == first);
  CHECK(chains.add(4, 1.0) == Tick{first.chain, 4});
  CHECK(chains.add(3, 1.1).chain != first.chain);  // back
  CHECK(chains.add(4, 20.0).chain != first.chain);
}

TEST_CASE("ticks come round", "[ticks]") {
  TickChains chains(ChipFormat::day, DayClock());
  Tick tick = chains.add(0, 0.0);
  for (int i = 1; i <= kDayEpochs; ++i) tick = chains.add(phase_of(i), 2.0 * i);
  CHECK(tick == Tick{0, 0});
  CHECK(ticks_between(kDayEpochs - 1, 1) == 2);
  CHECK(ticks_between(1, kDayEpochs - 1) == -2);
}

TEST_CASE("legacy ticks are epochs", "[ticks]") {
  TickChains chains(ChipFormat::legacy, DayClock());
  CHECK(chains.add(5, 0.0) == Tick{0, 5});
  CHECK(chains.add(2, 0.1) == Tick{0, 2});
}

TEST_CASE("once the epoch is known, weak windows after it are read at the right one", "[day-tracker]") {
  test::Rng rng(10);
  const Reader reader(test::random_key(rng), kDayGrid, ChipFormat::day);
  Windows windows(reader);
  CHECK(windows.add(25300, 0.15F, 0.0, rng) == 25300);
  CHECK(windows.last()->sure);
  for (int i = 1; i <= 12; ++i) CHECK(windows.add(25300 + i, 0.05F, 2.0 * i, rng) == 25300 + i);
  // Also after a pause, in which the chain is lost.
  CHECK(windows.add(25400, 0.06F, 200.0, rng) == 25400);
}

TEST_CASE("a jump to another time of day is followed", "[day-tracker]") {
  test::Rng rng(11);
  const Reader reader(test::random_key(rng), kDayGrid, ChipFormat::day);
  Windows windows(reader);
  for (int i = 0; i < 3; ++i) CHECK(windows.add(25300 + i, 0.15F, 2.0 * i, rng) == 25300 + i);
  // With a phase that goes on, and with one that does not.
  CHECK(windows.add(25303 + 8 * 1000, 0.15F, 6.0, rng) == 25303 + 8 * 1000);
  CHECK(windows.add(1001, 0.15F, 7.0, rng) == 1001);
}

TEST_CASE("a chain that goes on by chance where a copy was glued is cut there", "[day-tracker]") {
  test::Rng rng(14);
  const Reader reader(test::random_key(rng), kDayGrid, ChipFormat::day);
  DayTracker days(reader, DayClock());
  TickSums sums(kDayGrid, ChipFormat::day);
  const std::vector<int> epochs{25300, 25301, 43198, 43199};
  for (std::size_t i = 0; i < epochs.size(); ++i)
    sums.add(test::marked_field(reader.chips(), "abc", epochs[i], 0.2F, rng, kDayGrid).data(),
             {0, 25300 % 8 + static_cast<int>(i)});
  const FieldSum sum = days.resolve(sums, 0.0, 8.0);
  std::vector<int> found;
  for (const auto& [epoch, field] : sum.fields()) found.push_back(epoch);
  CHECK(found == epochs);
  for (int i = 0; i < 4; ++i) {
    const auto epoch = days.epoch_of({0, 25300 % 8 + i});
    REQUIRE(epoch);
    CHECK(epoch->number == epochs[static_cast<std::size_t>(i)]);
    CHECK(epoch->sure);
  }
}

TEST_CASE("over midnight", "[day-tracker]") {
  test::Rng rng(12);
  const Reader reader(test::random_key(rng), kDayGrid, ChipFormat::day);
  Windows windows(reader);
  const DayClock clock;
  for (int i = 0; i < 6; ++i)
    CHECK(windows.add(clock.after(43197, i), i == 0 ? 0.15F : 0.06F, 2.0 * i, rng) == clock.after(43197, i));
}

TEST_CASE("where there is no mark nothing is decided", "[day-tracker]") {
  test::Rng rng(13);
  const Reader reader(test::random_key(rng), kDayGrid, ChipFormat::day);
  Windows windows(reader);
  int decided = 0;
  for (int i = 0; i < 20; ++i) decided += windows.add(i, 0.0F, 2.0 * i, rng) >= 0;
  CHECK(decided == 0);
  CHECK_FALSE(windows.last());
}
