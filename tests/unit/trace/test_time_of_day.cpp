// Segments of marks that say when they were made, from synthetic fields: chips of an ID in Gaussian noise.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <random>

#include "launcher/trace/marked_spans.hpp"
#include "launcher/trace/segmenter.hpp"

using trace::MarkedSpans;
using trace::Segment;
using trace::Segmenter;
using trace::SegmenterOptions;

namespace {

constexpr steg::GridSize kSize{96, 216};

steg::Key key() { return steg::Key::from_hex(std::string(64, '5')); }

SegmenterOptions day_options() {
  SegmenterOptions options;
  options.format = steg::ChipFormat::day;
  return options;
}

/// Makes the fields of a copy, frame by frame, and feeds them to a segmenter.
class Copy {
 public:
  /// `length`: of a frame, seconds.
  explicit Copy(double length = 0.1)
      : length_(length), chips_(key(), steg::ChipFormat::day), segmenter_(key(), kSize, day_options()) {}

  /// Frames that were marked from that time of day on, seconds, and play at that speed.
  void add(int frames, const std::vector<std::string>& ids, double marked_at, double strength = 0.3,
           double speed = 1.0) {
    std::normal_distribution<float> noise(0.0F, 1.0F);
    for (int i = 0; i < frames; ++i, ++count_) {
      const double time = std::fmod(marked_at + i * length_ * speed + 1e-6, 86400.0);
      std::vector<float> field(static_cast<std::size_t>(kSize.cells()));
      for (float& value : field) value = noise(random_);
      for (const std::string& id : ids) {
        const std::vector<float>& chips = frame(id, static_cast<int>(time / 2.0));
        for (std::size_t k = 0; k < field.size(); ++k) field[k] += static_cast<float>(strength) * chips[k];
      }
      segmenter_.add(std::move(field), count_ * length_, length_);
    }
  }
  std::vector<Segment> finish() { return segmenter_.finish(count_ * length_); }

 private:
  const std::vector<float>& frame(const std::string& id, int epoch) {
    auto [entry, fresh] = made_.try_emplace({id, epoch});
    if (fresh) entry->second = chips_.frame(id, kSize, epoch);
    return entry->second;
  }

  double length_;
  std::mt19937 random_{12};
  steg::Chips chips_;
  std::map<std::pair<std::string, int>, std::vector<float>> made_;
  Segmenter segmenter_;
  int count_ = 0;
};

void check_marked(const Segment& segment, double from, double to) {
  REQUIRE(segment.marked);
  CHECK(segment.marked->from == from);
  CHECK(segment.marked->to == to);
}

}  // namespace

TEST_CASE("a copy says when it was marked") {
  Copy copy;
  copy.add(75, {"alice"}, 50603.0);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 1);
  CHECK(segments[0].reading.id == "alice");
  CHECK(segments[0].frames == 75);
  CHECK(segments[0].reading.log10_p < -30.0);
  check_marked(segments[0], 50602.0, 50612.0);
}

TEST_CASE("a copy glued from two times of day says both") {
  // Phases that jump, and phases that go on by chance.
  const double second = GENERATE(10807.0, 10002.0 + 16.0 * 77, 10000.0 + 16.0 * 77);
  Copy copy;
  copy.add(40, {"alice"}, 9998.0);
  copy.add(40, {"alice"}, second);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 2);
  for (const Segment& segment : segments) CHECK(segment.reading.id == "alice");
  CHECK(segments[0].to == Approx(4.0).margin(0.11));
  CHECK(segments[1].from == segments[0].to);
  CHECK(segments[1].to == Approx(8.0));
  CHECK(segments[0].frames + segments[1].frames == 80);
  check_marked(segments[0], 9998.0, 10002.0);
  check_marked(segments[1], 2.0 * std::floor(second / 2.0), 2.0 * std::ceil((second + 4.0) / 2.0));
}

TEST_CASE("parts that were cut out show in the time of day") {
  Copy copy;
  copy.add(60, {"alice"}, 20000.0);
  copy.add(60, {"alice"}, 20060.0);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 2);
  check_marked(segments[0], 20000.0, 20006.0);
  check_marked(segments[1], 20060.0, 20066.0);
}

TEST_CASE("different IDs of different times") {
  Copy copy;
  copy.add(37, {"alice"}, 30000.0, 0.4);
  copy.add(41, {"bob"}, 40002.0, 0.4);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 2);
  CHECK(segments[0].reading.id == "alice");
  CHECK(segments[0].to == Approx(3.7).margin(0.11));
  CHECK(segments[1].reading.id == "bob");
  check_marked(segments[0], 30000.0, 30004.0);
  check_marked(segments[1], 40002.0, 40008.0);
}

TEST_CASE("a copy of another time within a copy, cut where both are in the same phase") {
  // The epochs of both are as many eights apart, or nearly so; five looks in three seconds.
  const double apart = GENERATE(range(0, 20)) / 10.0;
  CAPTURE(apart);
  constexpr double kLook = 0.6;
  Copy copy(kLook);
  copy.add(27, {"alice"}, 30000.0);
  copy.add(8, {"bob"}, 30016.0 * 2 + 27 * kLook - 1.0 + apart);
  copy.add(15, {"alice"}, 30000.0 + 35 * kLook);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 3);
  const std::vector<std::string> ids{"alice", "bob", "alice"};
  const std::vector<double> from{0.0, 27 * kLook, 35 * kLook};
  for (std::size_t i = 0; i < segments.size(); ++i) {
    CHECK(segments[i].reading.id == ids[i]);
    CHECK(segments[i].from == Approx(from[i]).margin(0.01));
  }
}

TEST_CASE("slowed down and sped up") {
  const double speed = GENERATE(0.5, 0.9, 1.5, 2.0);
  CAPTURE(speed);
  Copy copy;
  copy.add(100, {"alice"}, 70000.0, 0.25, speed);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 1);
  check_marked(segments[0], 70000.0, 70000.0 + 2.0 * std::ceil(5.0 * speed));
}

TEST_CASE("over midnight") {
  Copy copy;
  copy.add(60, {"alice"}, 86397.0);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 1);
  check_marked(segments[0], 86396.0, 4.0);
}

TEST_CASE("a mark too weak for one window says when as well") {
  Copy copy;
  copy.add(200, {"alice"}, 43210.0, 0.035);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 1);
  CHECK(segments[0].reading.id == "alice");
  CHECK(segments[0].frames > 150);
  REQUIRE(segments[0].marked);
  CHECK(segments[0].marked->from == Approx(43210.0).margin(4.1));
  CHECK(segments[0].marked->to == Approx(43230.0).margin(4.1));
}

TEST_CASE("mixed copies of one time") {
  Copy copy;
  copy.add(60, {"alice", "bob"}, 12340.0, 0.2);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 2);
  for (const Segment& segment : segments) {
    CHECK(segment.mixed);
    check_marked(segment, 12340.0, 12346.0);
  }
}

TEST_CASE("more epochs than are kept for the signature") {
  Copy copy;
  // A frame in every epoch.
  copy.add(150, {"alice"}, 1000.0, 0.3, 20.0);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(!segments.empty());
  int frames = 0;
  for (const Segment& segment : segments) {
    CHECK(segment.reading.id == "alice");
    frames += segment.frames;
  }
  CHECK(frames == 150);
}

TEST_CASE("nothing is found where there is no mark of any time") {
  Copy copy;
  copy.add(150, {}, 0.0);
  CHECK(copy.finish().empty());
}

TEST_CASE("spans of the day") {
  MarkedSpans spans{steg::DayClock()};
  spans.add(0.0, 100);
  spans.add(1.0, 100);
  spans.add(1.5, 101);
  SECTION("frames without an epoch between") {
    spans.add(6.5, 103);
    REQUIRE(spans.all().size() == 1);
    CHECK(spans.all()[0].last == 103);
  }
  SECTION("a frame that was taken for another one") {
    spans.add(1.6, 7000);
    spans.add(1.7, 101);
    spans.add(1.8, 100);
    REQUIRE(spans.all().size() == 1);
    CHECK(spans.all()[0].frames == 5);
    CHECK(spans.all()[0].last == 101);
  }
  SECTION("a jump") {
    spans.add(2.0, 200);
    spans.add(2.1, 200);
    REQUIRE(spans.all().size() == 2);
    CHECK(spans.all()[1].from == 2.0);
    CHECK(spans.longest()[0].first == 100);
  }
  SECTION("over midnight") {
    MarkedSpans night{steg::DayClock()};
    night.add(0.0, 43199);
    night.add(1.0, 0);
    CHECK(night.all().size() == 1);
    CHECK(night.all()[0].last == 0);
  }
}
