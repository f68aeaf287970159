// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "launcher/trace/group_skipper.hpp"

using trace::GroupSkipper;

namespace {

constexpr int kRate = 10;

/// Whether each frame of groups of that many is needed; `allowed_from` is the frame from which groups may be left out.
std::vector<bool> needed(GroupSkipper& skipper, int frames, int group, double until, int allowed_from = 0) {
  std::vector<bool> all;
  for (int i = 0; i < frames; ++i) {
    if (i == allowed_from) skipper.allow_until(until);
    all.push_back(skipper.needed(i % group == 0, static_cast<double>(i) / kRate));
  }
  return all;
}

long count(const std::vector<bool>& all) { return std::count(all.begin(), all.end(), true); }

}  // namespace

TEST_CASE("one group in four is decoded whole, of the others the key frames") {
  GroupSkipper skipper;
  const std::vector<bool> all = needed(skipper, 4000, 20, 1000);
  long whole = 0;
  for (std::size_t group = 0; group < 200; ++group) {
    CHECK(all[group * 20]);
    const long decoded =
        std::count(all.begin() + static_cast<long>(group) * 20, all.begin() + static_cast<long>(group + 1) * 20, true);
    CHECK((decoded == 1 || decoded == 20));
    whole += decoded == 20 ? 1 : 0;
  }
  CHECK(whole >= 48);
  CHECK(whole <= 53);
  CHECK(skipper.left_out());
}

TEST_CASE("nothing is left out before it is allowed, nor where the copy ends") {
  GroupSkipper skipper;
  const std::vector<bool> all = needed(skipper, 600, 20, 60, 200);
  CHECK(count({all.begin(), all.begin() + 200}) == 200);
  CHECK(count({all.begin() + 200, all.begin() + 560}) < 200);
  // What begins in the last kLongest seconds.
  CHECK(count({all.begin() + 560, all.end()}) == 40);
}

TEST_CASE("long groups are decoded whole, and all groups after one") {
  GroupSkipper skipper;
  CHECK(count(needed(skipper, 2600, 52, 1000)) == 2600);
  CHECK_FALSE(skipper.left_out());

  GroupSkipper later;
  for (int i = 0; i < 60; ++i) later.needed(i % 20 == 0, static_cast<double>(i) / kRate);
  later.needed(true, 10.0);  // six seconds after the one before
  later.allow_until(1000);
  for (int i = 1; i < 200; ++i) CHECK(later.needed(i % 20 == 0, 10 + static_cast<double>(i) / kRate));
}

TEST_CASE("what is forbidden again is decoded from the next key frame on") {
  GroupSkipper skipper;
  needed(skipper, 400, 20, 1000);
  skipper.allow_until(0);
  for (int i = 0; i < 400; ++i) CHECK(skipper.needed(i % 20 == 0, 40 + static_cast<double>(i) / kRate));
}

TEST_CASE("where each frame is a key frame all are decoded") {
  GroupSkipper skipper;
  CHECK(count(needed(skipper, 100, 1, 1000)) == 100);
}
