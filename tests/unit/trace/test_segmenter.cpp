// Segments from synthetic fields: chips of an ID in Gaussian noise.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "launcher/trace/segmenter.hpp"

using trace::Segment;
using trace::Segmenter;
using trace::SegmenterOptions;

namespace {

constexpr steg::GridSize kSize{96, 216};
constexpr double kFrame = 0.1;

steg::Key key() { return steg::Key::from_hex(std::string(64, '5')); }

/// Makes the fields of a copy, frame by frame, and feeds them to a segmenter.
class Copy {
 public:
  explicit Copy(SegmenterOptions options = {}) : chips_(key()), segmenter_(key(), kSize, std::move(options)) {}

  /// `strength` over noise of standard deviation 1; the mark of an empty ID is none.
  void add(int frames, const std::string& id, double strength = 0.25) { add_mixed(frames, {id}, strength); }

  /// Marks of several IDs on top of each other, each of this strength.
  void add_mixed(int frames, const std::vector<std::string>& ids, double strength) {
    std::normal_distribution<float> noise(0.0F, 1.0F);
    for (int i = 0; i < frames; ++i, ++count_) {
      std::vector<float> field(static_cast<std::size_t>(kSize.cells()));
      for (float& value : field) value = noise(random_);
      for (const std::string& id : ids) {
        if (id.empty()) continue;
        const std::vector<float>& chips = frame(id, count_ / 20 % steg::kEpochs);
        for (std::size_t k = 0; k < field.size(); ++k) field[k] += static_cast<float>(strength) * chips[k];
      }
      segmenter_.add(std::move(field), count_ * kFrame, kFrame);
    }
  }
  std::vector<Segment> finish() { return segmenter_.finish(count_ * kFrame); }

 private:
  const std::vector<float>& frame(const std::string& id, int epoch) {
    auto [entry, fresh] = made_.try_emplace({id, epoch});
    if (fresh) entry->second = chips_.frame(id, kSize, epoch);
    return entry->second;
  }

  std::mt19937 random_{11};
  steg::Chips chips_;
  std::map<std::pair<std::string, int>, std::vector<float>> made_;
  Segmenter segmenter_;
  int count_ = 0;
};

}  // namespace

TEST_CASE("one ID from beginning to end") {
  Copy copy;
  copy.add(45, "alice");
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 1);
  CHECK(segments[0].reading.id == "alice");
  CHECK(segments[0].from == 0.0);
  CHECK(segments[0].to == Approx(4.5));
  CHECK(segments[0].frames == 45);
  CHECK(segments[0].reading.log10_p < -9.0);
}

TEST_CASE("a single frame, as of an image") {
  Copy copy;
  copy.add(1, "alice", 0.5);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 1);
  CHECK(segments[0].reading.id == "alice");
  CHECK(segments[0].frames == 1);
  // One window, so that no more is counted than the list of candidates.
  const double signature = segments[0].reading.signature;
  CHECK(segments[0].reading.log10_p >= steg::log10_p_value(signature, 1) - 1e-6);
  CHECK(segments[0].reading.log10_p <= steg::log10_p_value(signature, steg::kDefaultListSize) + 1e-6);
}

TEST_CASE("an ID that changes within a window, to the frame") {
  Copy copy;
  copy.add(37, "alice", 0.4);
  copy.add(41, "bob", 0.4);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 2);
  CHECK(segments[0].reading.id == "alice");
  CHECK(segments[0].to == Approx(3.7));
  CHECK(segments[1].reading.id == "bob");
  CHECK(segments[1].from == Approx(3.7));
  CHECK(segments[1].to == Approx(7.8));
}

TEST_CASE("stretches without a mark are left out") {
  Copy copy;
  copy.add(33, "");
  copy.add(40, "alice", 0.4);
  copy.add(150, "");
  copy.add(40, "alice", 0.4);
  copy.add(25, "");
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 2);
  CHECK(segments[0].from == Approx(3.3));
  CHECK(segments[0].to == Approx(7.3));
  CHECK(segments[1].from == Approx(22.3));
  CHECK(segments[1].to == Approx(26.3));
}

TEST_CASE("a mark too weak for one window is read from several") {
  Copy copy;
  copy.add(160, "alice", 0.03);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 1);
  CHECK(segments[0].reading.id == "alice");
  CHECK(segments[0].frames > 120);
}

TEST_CASE("the p-value of a segment comes from its whole run") {
  Copy shorter;
  shorter.add(20, "alice", 0.2);
  Copy longer;
  longer.add(80, "alice", 0.2);
  const std::vector<Segment> few = shorter.finish();
  const std::vector<Segment> many = longer.finish();
  REQUIRE(few.size() == 1);
  REQUIRE(many.size() == 1);
  CHECK(many[0].reading.signature > 1.5 * few[0].reading.signature);
  CHECK(many[0].reading.log10_p < few[0].reading.log10_p);
}

TEST_CASE("all runs of windows are counted as tries") {
  SegmenterOptions options;
  options.expected_windows = 1000;
  Copy copy(options);
  Copy same;
  copy.add(8, "alice");
  same.add(8, "alice");
  const std::vector<Segment> among_many = copy.finish();
  const std::vector<Segment> alone = same.finish();
  REQUIRE(among_many.size() == 1);
  REQUIRE(alone.size() == 1);
  CHECK(among_many[0].reading.log10_p - alone[0].reading.log10_p == Approx(std::log10(1000.0 * 1001.0 / 2.0)));
}

TEST_CASE("IDs from the audit log are found where blind reading fails") {
  SegmenterOptions options;
  const steg::IssuedIds issued(steg::Chips(key()), {"bob", "alice", "carol"});
  options.issued = &issued;
  options.max_p_value = 1e-2;
  options.most_windows = 1;
  SegmenterOptions blind = options;
  blind.issued = nullptr;
  Copy with_log(options);
  Copy without(blind);
  with_log.add(10, "alice", 0.019);
  without.add(10, "alice", 0.019);
  CHECK(without.finish().empty());
  const std::vector<Segment> segments = with_log.finish();
  REQUIRE(segments.size() == 1);
  CHECK(segments[0].reading.id == "alice");
}

TEST_CASE("nothing is found where there is nothing") {
  Copy copy;
  copy.add(300, "");
  CHECK(copy.finish().empty());
  Copy empty;
  CHECK(empty.finish().empty());
}

TEST_CASE("parts of copies with different IDs, some shorter than a window") {
  Copy copy;
  copy.add(24, "alice", 0.4);
  copy.add(5, "bob", 0.4);
  copy.add(31, "carol", 0.4);
  copy.add(4, "alice", 0.4);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 4);
  const std::vector<std::string> ids{"alice", "bob", "carol", "alice"};
  const std::vector<double> from{0.0, 2.4, 2.9, 6.0};
  for (std::size_t i = 0; i < segments.size(); ++i) {
    CHECK(segments[i].reading.id == ids[i]);
    CHECK(segments[i].from == Approx(from[i]).margin(0.11));
    CHECK_FALSE(segments[i].mixed);
  }
}

TEST_CASE("two copies on top of each other give both IDs for the same time") {
  Copy copy;
  copy.add(20, "carol", 0.4);
  copy.add_mixed(40, {"alice", "bob"}, 0.2);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 3);
  CHECK(segments[0].reading.id == "carol");
  CHECK_FALSE(segments[0].mixed);
  CHECK(segments[0].to == Approx(2.0).margin(0.11));
  for (std::size_t i : {1U, 2U}) {
    CHECK(segments[i].mixed);
    CHECK(segments[i].from == Approx(2.0).margin(0.21));
    CHECK(segments[i].to == Approx(6.0));
    CHECK(segments[i].tiles.size() == steg::FieldBlocks::kTiles);
    CHECK(segments[i].frames == Approx(40).margin(2));
  }
  CHECK(segments[1].reading.id != segments[2].reading.id);
}

TEST_CASE("frames of several copies in turn") {
  Copy copy;
  const std::vector<std::string> ids{"alice", "bob", "carol", "dave"};
  for (std::size_t i = 0; i < 60; ++i) copy.add(1, ids[i % 4], 0.4);
  const std::vector<Segment> segments = copy.finish();
  REQUIRE(segments.size() == 4);
  std::set<std::string> found;
  for (const Segment& segment : segments) {
    found.insert(segment.reading.id);
    CHECK(segment.mixed);
    CHECK(segment.to - segment.from > 5.0);
  }
  CHECK(found == std::set<std::string>(ids.begin(), ids.end()));
}
