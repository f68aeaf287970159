// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "launcher/stream/segment_borders.hpp"

namespace {

using launcher::SegmentBorders;

constexpr std::uint64_t kSecond = 1'000'000'000;

/// Segments of 2 s, the first of which begins at 0.5 s.
SegmentBorders marked() {
  SegmentBorders borders;
  for (const std::uint64_t begin : {kSecond / 2, 2 * kSecond, 4 * kSecond, 6 * kSecond}) {
    borders.begins(begin);
    borders.begins(begin);  // of the other variant
  }
  return borders;
}

std::string file(SegmentBorders& borders, std::uint64_t from, std::uint64_t to) {
  borders.opened("segments-a", from);
  return borders.closed("segments-a", to);
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a file that holds one segment is right", "[segments]") {
  SegmentBorders borders = marked();
  CHECK(file(borders, kSecond / 2, 2 * kSecond).empty());
  CHECK(file(borders, 2 * kSecond, 4 * kSecond).empty());
  // A few milliseconds later, as where a picture pauses; and the last one, which ends with the film.
  CHECK(file(borders, 4 * kSecond + kSecond / 50, 6 * kSecond + kSecond / 50).empty());
  CHECK(file(borders, 6 * kSecond, 6 * kSecond + kSecond / 5).empty());
  // One frame whose end nobody knows.
  CHECK(file(borders, 4 * kSecond, 4 * kSecond).empty());
}

TEST_CASE("a file with two segments is told, with what to do", "[segments]") {
  SegmentBorders borders = marked();
  const std::string said = file(borders, 2 * kSecond, 6 * kSecond);
  CHECK(says(said, "segments-a: the file from 2.00 to 6.00 s holds 2 segments"));
  CHECK(says(said, "segment-duration"));
}

TEST_CASE("a file that begins inside a segment is told", "[segments]") {
  SegmentBorders borders = marked();
  CHECK(says(file(borders, 3 * kSecond, 4 * kSecond), "the file that begins at 3.00 s begins inside a segment"));
  CHECK(says(file(borders, 3 * kSecond, 6 * kSecond), "begins inside a segment"));
}

TEST_CASE("what is not marked by segments may be cut anywhere", "[segments]") {
  SegmentBorders borders;
  CHECK(file(borders, 3 * kSecond, 7 * kSecond).empty());
  SegmentBorders other = marked();
  CHECK(other.closed("never-opened", 6 * kSecond).empty());
}
