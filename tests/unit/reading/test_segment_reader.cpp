// Segments from synthetic fields: chips of a position and a variant in Gaussian noise.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "random.hpp"
#include "segment_reader.hpp"

using namespace steg;

namespace {

constexpr GridSize kSize{192, 216};
constexpr double kFrame = 0.2;
constexpr int kFrames = 10;  // of a segment
constexpr float kStrong = 0.1F;

/// A copy, segment by segment.
class Copy {
 public:
  explicit Copy(ChipFormat format = ChipFormat::day)
      : reader_(Key::from_hex(std::string(64, '7')), kSize, format), segments_(reader_), format_(format) {}

  /// Frames of these variants on top of each other, each with this amplitude over noise of deviation 1.
  Copy& add(std::uint32_t position, const std::vector<int>& variants, float amplitude = kStrong, int frames = kFrames) {
    const auto epoch = static_cast<int>(position % static_cast<std::uint32_t>(epochs_of(format_)));
    std::vector<std::vector<float>> marks;
    for (const int variant : variants)
      marks.push_back(reader_.chips().frame(payload_of({position, variant}), kSize, epoch));
    for (int i = 0; i < frames; ++i, ++count_) {
      std::vector<float> field = test::gaussian(rng_, static_cast<std::size_t>(kSize.cells()));
      for (const std::vector<float>& mark : marks)
        for (std::size_t k = 0; k < field.size(); ++k) field[k] += amplitude * mark[k];
      segments_.add(field.data(), epoch, count_ * kFrame, (count_ + 1) * kFrame);
    }
    return *this;
  }
  Copy& wait(int frames) {
    count_ += frames;
    return *this;
  }
  ShownSegments finish() { return segments_.finish(); }

 private:
  Reader reader_;
  SegmentReader segments_;
  ChipFormat format_;
  test::Rng rng_{5};
  int count_ = 0;
};

/// A letter for each segment; + for mixed and . for unread.
std::string letters(const ShownSegments& shown) {
  std::string text;
  for (const ShownSegment& segment : shown.segments) {
    const VariantReading& reading = segment.reading;
    text += reading.state == SegmentState::read ? static_cast<char>('a' + reading.variant)
                                                : (reading.state == SegmentState::mixed ? '+' : '.');
  }
  return text;
}

}  // namespace

TEST_CASE("positions and variants of a copy are read, with their times") {
  const ShownSegments shown = Copy().add(900'000'123, {0}).add(900'000'124, {1}).add(900'000'125, {3}).finish();
  REQUIRE(letters(shown) == "abd");
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(shown.segments[i].position == 900'000'123 + i);
    CHECK(shown.segments[i].frames == kFrames);
    CHECK(shown.segments[i].from == Approx(2.0 * static_cast<double>(i)));
    CHECK(shown.segments[i].to == Approx(2.0 * static_cast<double>(i) + 2));
    CHECK(shown.segments[i].signature > 20);
  }
  // All of them are one proof.
  CHECK(shown.signature > 1.5 * shown.segments[0].signature);
}

TEST_CASE("averaged variants are told from one that is alone") {
  CHECK(
      letters(Copy().add(7, {1}).add(8, {0, 1}, kStrong / 2).add(9, {0, 1, 2, 3}, kStrong / 3).add(10, {2}).finish()) ==
      "b++c");
  const ShownSegments shown = Copy().add(7, {1}).add(8, {0, 1}, kStrong / 2).finish();
  const VariantValues& weight = shown.segments[1].reading.weight;
  CHECK(weight[0] > 0.1);
  CHECK(weight[1] > 0.1);
  CHECK(weight[2] < 1e-3);
  CHECK(weight[3] < 1e-3);
}

TEST_CASE("variants that take turns within a segment are mixed") {
  CHECK(letters(Copy().add(7, {1}).add(8, {0}, kStrong, 5).add(8, {1}, kStrong, 5).finish()) == "b+");
}

TEST_CASE("a segment too weak to be decoded takes its position from those around it, and says as much as it can") {
  constexpr float kWeak = 0.015F;
  Copy copy;
  for (std::uint32_t i = 0; i < 12; ++i) copy.add(300 + i, {static_cast<int>(i % 2)}, kWeak);
  copy.add(312, {0});
  const ShownSegments shown = copy.finish();
  REQUIRE(shown.segments.size() == 13);
  double right = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    CHECK(shown.segments[i].position == 300 + i);
    const VariantValues& weight = shown.segments[i].reading.weight;
    right += std::log(weight[i % 2] / weight[1 - i % 2]);
  }
  CHECK(right > 20);
}

TEST_CASE("what has no mark is unread, and a copy without one shows nothing") {
  const ShownSegments shown = Copy().add(40, {0}).add(41, {}).add(42, {1}).finish();
  REQUIRE(letters(shown) == "a.b");
  for (const double weight : shown.segments[1].reading.weight) CHECK(weight > 0.02);
  CHECK(Copy().add(40, {}).add(41, {}).finish().segments.empty());
}

TEST_CASE("a segment that left no frame is unread, and one that was cut out is not told") {
  Copy copy;
  for (const std::uint32_t position : {40U, 41U, 42U}) copy.add(position, {0});
  // Of 43 no frame says anything, though it takes its time; 45 was cut out.
  copy.wait(kFrames).add(44, {1}).add(46, {1});
  const ShownSegments shown = copy.finish();
  REQUIRE(letters(shown) == "aaa.bb");
  CHECK(shown.segments[3].position == 43);
  CHECK(shown.segments[3].frames == 0);
  CHECK(shown.segments[3].from == Approx(6));
  CHECK(shown.segments[5].position == 46);
}

TEST_CASE("where the segment before a gap lost its first frames those before it say how long the gap is") {
  Copy copy;
  copy.add(20, {0}).add(21, {1}).add(22, {0}).wait(6).add(23, {1}, kStrong, kFrames - 6).wait(kFrames).add(25, {0});
  CHECK(letters(copy.add(26, {1}).finish()) == "abab.ab");
  Copy late;
  late.add(20, {0})
      .add(21, {1})
      .wait(kFrames + 6)
      .add(23, {1}, kStrong, kFrames - 6)
      .add(24, {0})
      .add(26, {1})
      .add(27, {0});
  CHECK(letters(late.finish()) == "ab.baba");
}

TEST_CASE("an epoch by chance is no segment of the copy") {
  CHECK(letters(Copy().add(40, {0}).add(30'000, {}, 0, 2).add(41, {1}).finish()) == "ab");
}

TEST_CASE("nor is one that is near by chance, and positions rise") {
  // That of one that is not in the copy, and of one that comes later.
  for (const std::uint32_t stray : {44U, 42U}) {
    CAPTURE(stray);
    const ShownSegments shown =
        Copy().add(39, {1}).add(40, {0}).add(stray, {}, 0, 2).add(41, {1}).add(42, {0}).add(43, {1}).finish();
    REQUIRE(letters(shown) == "babab");
    for (std::size_t i = 0; i < shown.segments.size(); ++i) {
      CHECK(shown.segments[i].position == 39 + i);
      CHECK(shown.segments[i].from == Approx(2.0 * static_cast<double>(i) + (i > 1 ? 2 * kFrame : 0)));
      CHECK(shown.segments[i].frames == kFrames);
      CHECK(*std::max_element(shown.segments[i].reading.weight.begin(), shown.segments[i].reading.weight.end()) > 0.9);
    }
  }
}

TEST_CASE("a chance among segments too weak to be read costs none of them") {
  Copy copy;
  copy.add(40, {0}).add(43, {}, 0, 2);
  for (const std::uint32_t position : {41U, 42U, 43U}) copy.add(position, {1}, 0.005F);
  const ShownSegments shown = copy.add(44, {0}).finish();
  REQUIRE(shown.segments.size() == 5);
  for (std::size_t i = 0; i < shown.segments.size(); ++i) {
    CHECK(shown.segments[i].position == 40 + i);
    CHECK(shown.segments[i].frames == kFrames);
  }
}

TEST_CASE("positions go on where epochs come round, and where a copy is cut") {
  const ShownSegments shown =
      Copy().add(65'534, {1}).add(65'535, {0}, 0.02F).add(65'536, {1}, 0.02F).add(70'000, {0}).add(9, {1}).finish();
  REQUIRE(shown.segments.size() == 5);
  const std::vector<std::uint32_t> expected{65'534, 65'535, 65'536, 70'000, 9};
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(shown.segments[i].position == expected[i]);
}

TEST_CASE("a position that comes again is one reading, and its coins count once") {
  const ShownSegments once = Copy().add(7, {1}).add(8, {0}).finish();
  const ShownSegments again =
      Copy().add(7, {1}).add(8, {0}).add(9, {0}, 0).add(10, {0}, 0).add(11, {0}, 0).add(7, {1}).finish();
  CHECK(again.segments.front().reading.variant == 1);
  CHECK(std::count_if(again.segments.begin(), again.segments.end(),
                      [](const ShownSegment& segment) { return segment.position == 7; }) == 1);
  CHECK(again.signature < once.signature + 1);
}

TEST_CASE("the legacy format has too few epochs for positions") {
  CHECK(Copy(ChipFormat::legacy).add(3, {0}).add(4, {1}).finish().segments.empty());
}

TEST_CASE("frames without a mark show no segments") {
  const Reader reader(Key::from_hex(std::string(64, '7')), {48, 27}, ChipFormat::day);
  test::Rng rng(11);
  for (int copy = 0; copy < 200; ++copy) {
    SegmentReader segments(reader);
    for (int i = 0; i < 4; ++i)
      segments.add(test::gaussian(rng, static_cast<std::size_t>(reader.size().cells())).data(), 100 + i, i, i + 1);
    CHECK(segments.finish().segments.empty());
  }
}
