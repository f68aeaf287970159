// Viewers by the segments of a copy, and what is printed of them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>

#include "launcher/trace/ab_trace.hpp"
#include "launcher/trace/library/conversion.hpp"
#include "launcher/trace/looks.hpp"
#include "launcher/trace/tool/report_ab.hpp"

namespace tool = steg_trace::tool;
using Catch::Contains;
using steg::Bias;
using steg::SegmentState;
using trace::AbTrace;

namespace {

steg::Key key() { return steg::Key::from_hex(std::string(64, '3')); }

steg::ShownSegment segment(std::uint32_t position, int variant, SegmentState state = SegmentState::read) {
  steg::ShownSegment shown{0, 0, 20, position, 30, 30, {state, variant, {}}};
  if (state == SegmentState::unread) shown.reading.weight.fill(1);
  if (state == SegmentState::read) shown.reading.weight[static_cast<std::size_t>(variant)] = 1;
  return shown;
}

/// A copy that a viewer gave, from position 500 on.
AbTrace copy_of(const std::string& viewer, std::size_t segments, int variants = 2, Bias bias = Bias::uniform) {
  AbTrace ab;
  for (const std::uint8_t variant : steg::Sequences(key(), variants, bias).pattern(viewer, 500, segments)) {
    ab.segments.push_back(segment(500 + static_cast<std::uint32_t>(ab.segments.size()), variant));
    ab.segments.back().from = 2.0 * static_cast<double>(ab.segments.size() - 1);
    ab.segments.back().to = ab.segments.back().from + 2;
  }
  ab.signature = 100;
  ab.log10_p = -2171;
  return ab;
}

const std::vector<std::string> kNames{"alice", "bob", "carol"};

}  // namespace

TEST_CASE("who gave a copy is named, and what they were sent is told beside it") {
  AbTrace ab = copy_of("bob", 50);
  trace::score(ab, key(), {{2, Bias::uniform, kNames}}, 1e-9);
  CHECK(ab.viewers == 3);
  REQUIRE(!ab.scored.empty());
  CHECK(ab.scored[0].name == "bob");
  CHECK(ab.scored[0].named);
  CHECK(ab.scored[0].log10_p < -9);
  CHECK(ab.scored[0].first == 500);
  CHECK(ab.scored[0].last == 549);
  REQUIRE(ab.scored[0].variants.size() == 50);
  for (std::size_t i = 0; i < 50; ++i) CHECK(ab.scored[0].variants[i] == ab.segments[i].reading.variant);
  for (std::size_t i = 1; i < ab.scored.size(); ++i) CHECK(!ab.scored[i].named);
  // A binary segment with equal shares is a bit: log2(3 viewers x 4 x 2 / 1e-9).
  CHECK(ab.needed.of_one == Approx(34.5).margin(0.5));
  CHECK(ab.needed.of_two > 3 * ab.needed.of_one);
}

TEST_CASE("a short copy names nobody, and groups of viewers share the significance") {
  AbTrace alone = copy_of("bob", 20);
  trace::score(alone, key(), {{2, Bias::uniform, kNames}}, 1e-9);
  REQUIRE(!alone.scored.empty());
  CHECK(!alone.scored[0].named);
  AbTrace shared = copy_of("bob", 20);
  trace::score(shared, key(), {{2, Bias::uniform, kNames}, {2, Bias::arcsine, {"dave"}}}, 1e-9);
  CHECK(shared.viewers == 4);
  CHECK(shared.scored[0].name == "bob");
  CHECK(shared.scored[0].log10_p == Approx(alone.scored[0].log10_p + std::log10(2.0)).margin(1e-3));
}

TEST_CASE("looks share the significance, and each waits for more segments") {
  trace::Looks looks;
  double shares = 0;
  int count = 0;
  for (std::size_t segments = 0; segments <= 1000; ++segments) {
    if (!looks.due(segments)) continue;
    CHECK(segments >= trace::Looks::kFirst);
    CHECK(!looks.due(segments));
    shares += 1 / looks.tries();
    ++count;
  }
  CHECK(count >= 20);
  CHECK(count <= 45);
  looks.finish();
  shares += 1 / looks.tries();
  CHECK(shares < 1);
  CHECK(shares > 0.9);
  AbTrace once = copy_of("bob", 50);
  AbTrace again = copy_of("bob", 50);
  trace::score(once, key(), {{2, Bias::uniform, kNames}}, 1e-9);
  trace::score(again, key(), {{2, Bias::uniform, kNames}}, 1e-9, 12);
  CHECK(again.scored[0].log10_p == Approx(once.scored[0].log10_p + std::log10(12.0)).margin(1e-3));
  CHECK(again.needed.of_one > once.needed.of_one + 3);
}

TEST_CASE("a copy that plays is one line a look") {
  AbTrace ab = copy_of("bob", 20);
  trace::score(ab, key(), {{2, Bias::uniform, kNames}}, 1e-9);
  CHECK_THAT(tool::ab_line(42, steg_trace::ab_stream_of(ab)),
             Contains("0:42.00: 20 of 20 segments read; bob ") && Contains(", not named; 35 segments"));
  ab = copy_of("bob", 50);
  trace::score(ab, key(), {{2, Bias::uniform, kNames}}, 1e-9);
  CHECK_THAT(tool::ab_line(102, steg_trace::ab_stream_of(ab)), Contains("bob ") && Contains(", named."));
}

TEST_CASE("segments that come twice are one reading, and unread ones say nothing") {
  AbTrace ab = copy_of("bob", 50);
  AbTrace more = ab;
  for (std::size_t i = 0; i < 50; ++i) more.segments.push_back(ab.segments[i]);
  for (std::uint32_t position = 550; position < 560; ++position)
    more.segments.push_back(segment(position, 0, SegmentState::unread));
  trace::score(ab, key(), {{2, Bias::uniform, kNames}}, 1e-9);
  trace::score(more, key(), {{2, Bias::uniform, kNames}}, 1e-9);
  CHECK(more.scored[0].log10_p == Approx(ab.scored[0].log10_p).margin(0.2));
}

TEST_CASE("a variant that the patterns do not have is said, and accuses nobody") {
  AbTrace ab = copy_of("bob", 50, 4);
  trace::score(ab, key(), {{2, Bias::uniform, kNames}}, 1e-9);
  CHECK_THAT(ab.warning, Contains("The copy shows variant") && Contains("--variants"));
  for (const trace::ScoredViewer& viewer : ab.scored) CHECK(!viewer.named);
}

TEST_CASE("segments as text") {
  tool::Report report;
  report.max_p_value = 1e-9;
  AbTrace ab = copy_of("bob", 33);
  ab.segments[1] = segment(501, 0, SegmentState::mixed);
  ab.segments[2] = segment(502, 0, SegmentState::unread);
  for (std::size_t i = 20; i < 33; ++i) ab.segments[i].position += 1000;
  const std::string without = tool::ab_text(report, steg_trace::ab_stream_of(ab));
  CHECK_THAT(without, Contains("31 read, 1 mixed, 1 not read; S 100.0, p-value 1.0e-2171"));
  CHECK_THAT(without, Contains("500 to 519") && Contains("1520 to 1532") && Contains("+."));
  CHECK_THAT(without, Contains("--viewers with a file"));
  trace::score(ab, key(), {{2, Bias::uniform, kNames}}, 1e-9);
  CHECK_THAT(tool::ab_text(report, steg_trace::ab_stream_of(ab)),
             Contains("None of 3 viewers is named at a p-value of 1e-09 or less.") && Contains("in the mean"));
  AbTrace enough = copy_of("bob", 50);
  trace::score(enough, key(), {{2, Bias::uniform, kNames}}, 1e-9);
  CHECK_THAT(tool::ab_text(report, steg_trace::ab_stream_of(enough)),
             Contains("1 of 3 viewers is named by these segments."));
  CHECK_THAT(tool::ab_html(report, steg_trace::ab_stream_of(enough)),
             Contains("<svg") && Contains("bob") && !Contains("nan"));
}
