// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "launcher/trace/plan.hpp"

using trace::Plan;
using trace::Shown;
using trace::Step;
using Mode = trace::Skimmer::Mode;

namespace {

Shown shown(bool found, bool passed_over = false, bool pilots = false, int films = 1) {
  return {films, false, found, passed_over, pilots};
}
Shown changed() { return {1, true, false, false, true}; }

bool ended(const Plan& plan) { return plan.step().kind == Step::Kind::end; }

void expect(const Plan& plan, int place, std::size_t generation, Mode mode, bool briefly = true) {
  REQUIRE(plan.step().kind == Step::Kind::read);
  CHECK(plan.step().place == place);
  CHECK(plan.step().generation == generation);
  CHECK(plan.step().mode == mode);
  CHECK(plan.step().briefly == briefly);
}

}  // namespace

TEST_CASE("a copy that is read at once is opened once") {
  Plan plan(2, true, false);
  expect(plan, Step::kWhole, 0, Mode::promising);
  CHECK(plan.step().keep);
  CHECK(plan.shown(shown(true, false, true)));
  CHECK(ended(plan));
  CHECK(plan.openings() == 1);
}

TEST_CASE("where the ID changes after frames were left out the copy is decoded whole") {
  Plan plan(1, true, false);
  CHECK_FALSE(plan.shown(changed()));
  expect(plan, Step::kWhole, 0, Mode::promising, false);
  CHECK(plan.step().keep);
  CHECK(plan.shown(shown(true, false, true)));
  CHECK(plan.openings() == 2);
}

TEST_CASE("where pilots stand out nothing is passed over") {
  Plan plan(1, true, false);
  CHECK_FALSE(plan.shown(shown(true, true, true)));
  expect(plan, Step::kWhole, 0, Mode::certain);
  CHECK_FALSE(plan.step().keep);
  CHECK(plan.shown(shown(true, false, true)));
  CHECK(plan.openings() == 2);
}

TEST_CASE("a search is before the frames that were passed over, of all networks") {
  Plan plan(2, true, false);
  CHECK_FALSE(plan.shown(shown(false, true)));
  expect(plan, Step::kWhole, 1, Mode::promising);
  CHECK_FALSE(plan.step().keep);
  CHECK_FALSE(plan.shown(shown(true, true)));  // what has passed over frames is no answer yet
  for (const std::size_t generation : {0U, 1U}) {
    REQUIRE(plan.step().kind == Step::Kind::locate);
    CHECK(plan.step().generation == generation);
    plan.located(0);
  }
  expect(plan, Step::kWhole, 0, Mode::certain);
  CHECK_FALSE(plan.shown(shown(false)));
  expect(plan, Step::kWhole, 1, Mode::certain);
  CHECK(plan.shown(shown(true)));
  CHECK(plan.openings() == 4);
}

TEST_CASE("a copy of which all was looked at is not read again after the search") {
  Plan plan(1, true, false);
  plan.shown(shown(false));
  plan.located(0);
  CHECK(ended(plan));
  CHECK(plan.openings() == 1);
}

TEST_CASE("places are read in turn until one has an ID") {
  Plan plan(1, true, false);
  plan.shown(shown(false));
  plan.located(3);
  // Nothing is passed over there: the search has seen the pilots, and each place is read once.
  expect(plan, 0, 0, Mode::certain);
  CHECK_FALSE(plan.step().keep);
  CHECK_FALSE(plan.shown(shown(false, false, true)));
  expect(plan, 1, 0, Mode::certain);
  CHECK(plan.shown(shown(true, false, true)));
  CHECK(plan.openings() == 3);
}

TEST_CASE("where nothing is read at a place without doubt the search goes on, to its end") {
  Plan plan(2, true, false);
  plan.shown(shown(false));
  plan.shown(shown(false));
  CHECK_FALSE(plan.step().to_the_end);
  plan.located(1, true);
  expect(plan, 0, 0, Mode::certain);
  CHECK_FALSE(plan.shown(shown(false, false, true)));
  REQUIRE(plan.step().kind == Step::Kind::locate);
  CHECK(plan.step().generation == 0);
  CHECK(plan.step().to_the_end);
  CHECK(describe(plan.step()) == "search on, network 1");
  plan.located(2);
  expect(plan, 0, 0, Mode::certain);
  plan.shown(shown(false));
  expect(plan, 1, 0, Mode::certain);
  plan.shown(shown(false));
  // Each network has its own search.
  REQUIRE(plan.step().kind == Step::Kind::locate);
  CHECK(plan.step().generation == 1);
  CHECK_FALSE(plan.step().to_the_end);
  plan.located(1, true);
  CHECK(plan.shown(shown(true, false, true)));
  CHECK(ended(plan));
  CHECK(plan.openings() == 6);
}

TEST_CASE("without a search the whole picture alone is read, once with each network") {
  Plan plan(2, false, false);
  expect(plan, Step::kWhole, 0, Mode::certain);
  CHECK_FALSE(plan.step().keep);
  plan.shown(shown(false));
  expect(plan, Step::kWhole, 1, Mode::certain);
  plan.shown(shown(false));
  CHECK(ended(plan));
  CHECK(plan.openings() == 2);
}

TEST_CASE("a thorough reading decodes and looks at all, once") {
  Plan plan(1, true, true);
  expect(plan, Step::kWhole, 0, Mode::all, false);
  CHECK(plan.step().keep);
  plan.shown(shown(false));
  plan.located(1);
  expect(plan, 0, 0, Mode::all, false);
  plan.shown(shown(false));
  CHECK(ended(plan));
}

TEST_CASE("of several video tracks all are read until one has an ID") {
  Plan plan(1, false, false);
  plan.shown(shown(false, false, false, 3));
  CHECK(plan.step().film == 1);
  plan.failed();
  CHECK(plan.step().film == 2);
  CHECK(plan.shown(shown(true, false, true, 3)));
  CHECK(ended(plan));
  CHECK(plan.openings() == 3);
}

TEST_CASE("a file whose first track cannot be read is left") {
  Plan plan(2, true, false);
  plan.failed();
  CHECK(ended(plan));
  Plan later(1, true, false);
  later.shown(shown(false, true, false, 2));
  later.located(0);
  later.failed();
  CHECK(ended(later));
}

TEST_CASE("a file is opened four times at most for each network, and twice for each of its places") {
  // Whatever the passes show: each bit of `answers` is one of these facts of one of them.
  constexpr int kPlaces = 2;
  constexpr int kGenerations = 2;
  int most = 0;
  for (unsigned seed = 0; seed < 20000; ++seed) {
    Plan plan(kGenerations, true, false);
    unsigned random = seed * 2654435761U;
    while (!ended(plan)) {
      random = random * 1664525U + 1013904223U;
      const unsigned answers = random >> 16U;
      if (plan.step().kind == Step::Kind::locate) {
        plan.located(kPlaces);
      } else if (plan.step().briefly && (answers & 1U) != 0) {
        plan.shown(changed());
      } else {
        const bool promising = plan.step().mode == Mode::promising;
        plan.shown(shown(false, promising && (answers & 2U) != 0, (answers & 4U) != 0));
      }
    }
    most = std::max(most, plan.openings());
  }
  CHECK(most <= kGenerations * (4 + 2 * kPlaces));
  CHECK(most > kGenerations * (1 + kPlaces));
}

TEST_CASE("steps are said in words") {
  Plan plan(2, true, false);
  CHECK(describe(plan.step()) == "the whole picture, network 1");
  plan.shown(changed());
  CHECK(describe(plan.step()) == "the whole picture, network 1, all decoded");
  plan.shown(shown(false));
  plan.shown(shown(false));
  CHECK(describe(plan.step()) == "search for the picture, network 1");
  plan.located(1);
  CHECK(describe(plan.step()) == "place 1, network 1");
}
