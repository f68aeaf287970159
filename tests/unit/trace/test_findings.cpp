// Nothing is lost between what reading knows and what libsteg-trace hands out.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "launcher/trace/library/conversion.hpp"

TEST_CASE("what was found in a file, as the library hands it out") {
  trace::FileTrace inside;
  inside.file = "leak.mp4";
  inside.warning = "Read up to 3 s only";
  inside.width = 1280;
  inside.height = 720;
  inside.duration = 3.0;
  inside.frames = 30;
  inside.found = trace::Found{"mirrored", 32.5, 4};
  inside.earlier = trace::Network{"extractor-steg-4.pt", "0123456789abcdef"};
  trace::Segment segment{0.5, 2.5, 15, {"bob", 9.04, -15.5, 0.9, 1.0}};
  segment.mixed = true;
  segment.marked = trace::MarkedTime{50602.0, 50612.0};
  segment.outline[2] = {0.75, 0.5};
  segment.soft_bits[7] = -2.0F;
  segment.tiles.assign(24, 3.0);
  segment.thumbnail = {1.5, "QUJD"};
  inside.segments.push_back(segment);

  const steg_trace::Findings found = steg_trace::findings_of(inside);
  CHECK(found.file == "leak.mp4");
  CHECK(found.error.empty());
  CHECK(found.warning == "Read up to 3 s only");
  CHECK(found.width == 1280);
  CHECK(found.height == 720);
  CHECK(found.duration == 3.0);
  CHECK(found.frames == 30);
  REQUIRE(found.found);
  CHECK(found.found->how == "mirrored");
  CHECK(found.found->pilot == 32.5);
  CHECK(found.found->position == 4);
  REQUIRE(found.earlier);
  CHECK(found.earlier->path == "extractor-steg-4.pt");
  CHECK(found.earlier->fingerprint == "0123456789abcdef");
  REQUIRE(found.segments.size() == 1);
  const steg_trace::Segment& out = found.segments[0];
  CHECK(out.from == 0.5);
  CHECK(out.to == 2.5);
  CHECK(out.frames == 15);
  CHECK(out.id == "bob");
  CHECK(out.signature == 9.04);
  CHECK(out.log10_p == -15.5);
  CHECK(out.bit_accuracy == 0.9);
  CHECK(out.mixed);
  REQUIRE(out.marked);
  CHECK(out.marked->from == 50602.0);
  CHECK(out.marked->to == 50612.0);
  CHECK(out.outline[2].x == 0.75);
  CHECK(out.outline[2].y == 0.5);
  CHECK(out.soft_bits[7] == -2.0F);
  CHECK(out.tiles.size() == steg_trace::kTilesAcross * steg_trace::kTilesDown);
  CHECK(out.picture.time == 1.5);
  CHECK(out.picture.base64 == "QUJD");
  CHECK(found.has_mark());
  CHECK(!steg_trace::findings_of(trace::FileTrace()).has_mark());
}

TEST_CASE("segments of an A/B stream, as the library hands them out") {
  trace::AbTrace inside;
  inside.segments.push_back({0.5, 1.0, 12, 500, 30, 8.5, {steg::SegmentState::read, 1, {0.1, 1, 0, 0}}});
  inside.segments.push_back({1.0, 1.5, 12, 501, 30, 8.5, {steg::SegmentState::mixed, 0, {1, 1, 0, 0}}});
  inside.segments.push_back({1.5, 2.0, 12, 502, 30, 0.5, {steg::SegmentState::unread, 0, {1, 1, 1, 1}}});
  inside.scored.push_back({"alice", true, -12.0, 1, 500, 502, {1, 0, 1}});
  inside.viewers = 7;
  inside.needed = {34.5, 140.0};
  inside.warning = "careful";
  const steg_trace::AbStream ab = steg_trace::ab_stream_of(inside);
  REQUIRE(ab.segments.size() == 3);
  CHECK(ab.segments[0].position == 500);
  CHECK(ab.segments[0].signature == 8.5);
  CHECK(ab.segments[0].likelihoods[1] == 1);
  CHECK(ab.segments[0].letter() == 'b');
  CHECK(ab.segments[1].letter() == '+');
  CHECK(ab.segments[2].letter() == '.');
  REQUIRE(ab.scored.size() == 1);
  CHECK(ab.scored[0].name == "alice");
  CHECK(ab.scored[0].named);
  CHECK(ab.scored[0].last == 502);
  CHECK(ab.scored[0].variants == std::vector<int>{1, 0, 1});
  CHECK(ab.viewers == 7);
  CHECK(ab.needed_of_one == 34.5);
  CHECK(ab.needed_of_two == 140.0);
  CHECK(ab.warning == "careful");
}
