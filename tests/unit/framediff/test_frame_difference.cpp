// Which frames are called duplicates, and how they are counted.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "frame_difference.hpp"
#include "pictures.hpp"

using namespace framediff;
using pictures::Picture;

namespace {

constexpr std::uint64_t kFrame = 40'000'000;

FrameTime at(std::uint64_t frame) { return {frame * kFrame, kFrame}; }

}  // namespace

TEST_CASE("the first frame is fresh, repeats are counted and point to it") {
  FrameDifference difference(Method::block_sad);
  const Picture grey(64, 48, 90);
  const Settings settings;
  Verdict v = difference.examine(grey.plane(), at(0), settings);
  CHECK_FALSE(v.duplicate);
  CHECK(v.score == Verdict::kNoReference);
  CHECK(v.sequence == 1);
  CHECK(v.reference == 1);
  CHECK(v.run_length == 0);
  for (std::uint64_t i = 1; i <= 5; ++i) {
    v = difference.examine(grey.plane(), at(i), settings);
    CHECK(v.duplicate);
    CHECK(v.score == 0.0);
    CHECK(v.sequence == i + 1);
    CHECK(v.reference == 1);
    CHECK(v.run_length == i);
  }
  v = difference.examine(Picture(64, 48, 200).plane(), at(6), settings);
  CHECK_FALSE(v.duplicate);
  CHECK_FALSE(v.held_out);
  CHECK(v.score == 110.0);
  CHECK(v.reference == 7);
  CHECK(v.run_length == 0);
}

TEST_CASE("a slow drift is compared with the last fresh frame and does not pass for ever") {
  FrameDifference difference(Method::block_sad);
  Settings settings;
  settings.max_hold = Settings::kNoLimit;
  int fresh = 0;
  int longest = 0;
  for (int level = 40; level < 200; ++level) {
    const Verdict v = difference.examine(Picture(64, 48, static_cast<std::uint8_t>(level)).plane(),
                                         at(static_cast<unsigned>(level)), settings);
    fresh += v.duplicate ? 0 : 1;
    longest = std::max(longest, static_cast<int>(v.run_length));
  }
  CHECK(longest == 8);  // the default threshold, in levels
  CHECK(fresh == 18);
}

TEST_CASE("max-hold limits a run of duplicates") {
  FrameDifference difference(Method::block_sad);
  const Picture grey(64, 48, 90);
  Settings settings;
  settings.max_hold = 10 * kFrame;
  const auto fresh_frames = [&](bool timestamps) {
    difference.reset();
    std::vector<int> fresh;
    for (int i = 0; i < 35; ++i) {
      FrameTime time = at(static_cast<unsigned>(i));
      if (!timestamps) time.pts.reset();
      const Verdict v = difference.examine(grey.plane(), time, settings);
      if (!v.duplicate) fresh.push_back(i);
      CHECK(v.held_out == (!v.duplicate && i > 0));
    }
    return fresh;
  };
  SECTION("by timestamps") { CHECK(fresh_frames(true) == std::vector<int>{0, 10, 20, 30}); }
  SECTION("by durations where there are no timestamps") {
    CHECK(fresh_frames(false) == std::vector<int>{0, 10, 20, 30});
  }
  SECTION("0: no duplicates") {
    settings.max_hold = 0;
    CHECK(fresh_frames(true).size() == 35);
  }
  SECTION("no limit") {
    settings.max_hold = Settings::kNoLimit;
    CHECK(fresh_frames(true) == std::vector<int>{0});
  }
}

TEST_CASE("what came before is not relied on after a reset, another size, or a step back in time") {
  FrameDifference difference(Method::block_sad);
  const Picture grey(64, 48, 90);
  const Settings settings;
  difference.examine(grey.plane(), at(5), settings);
  REQUIRE(difference.examine(grey.plane(), at(6), settings).duplicate);
  SECTION("reset") {
    difference.reset();
    const Verdict v = difference.examine(grey.plane(), at(7), settings);
    CHECK_FALSE(v.duplicate);
    CHECK(v.score == Verdict::kNoReference);
    CHECK(v.sequence == 3);
    CHECK(v.reference == 3);
  }
  SECTION("size") {
    CHECK_FALSE(difference.examine(Picture(64, 50, 90).plane(), at(7), settings).duplicate);
    CHECK_FALSE(difference.examine(Picture(66, 50, 90).plane(), at(8), settings).duplicate);
    CHECK(difference.examine(Picture(66, 50, 90).plane(), at(9), settings).duplicate);
  }
  SECTION("time") { CHECK_FALSE(difference.examine(grey.plane(), at(1), settings).duplicate); }
  SECTION("method") {
    difference.set_method(Method::dhash);
    CHECK(difference.method() == Method::dhash);
    const Verdict v = difference.examine(grey.plane(), at(7), settings);
    CHECK_FALSE(v.duplicate);
    CHECK(v.sequence == 3);
    CHECK(difference.examine(grey.plane(), at(8), settings).duplicate);
  }
}

TEST_CASE("a threshold holds from the next frame on") {
  FrameDifference difference(Method::block_sad);
  Settings settings;
  settings.threshold = 30.0;
  difference.examine(Picture(64, 48, 90).plane(), at(0), settings);
  CHECK(difference.examine(Picture(64, 48, 110).plane(), at(1), settings).duplicate);
  settings.threshold = 10.0;
  CHECK_FALSE(difference.examine(Picture(64, 48, 110).plane(), at(2), settings).duplicate);
  settings.threshold = 0.0;
  CHECK(difference.examine(Picture(64, 48, 110).plane(), at(3), settings).duplicate);
  CHECK_FALSE(difference.examine(Picture(64, 48, 111).plane(), at(4), settings).duplicate);
}

TEST_CASE("the reference is a copy: the caller's picture may change") {
  FrameDifference difference(Method::block_sad);
  Picture picture(64, 48, 90);
  difference.examine(picture.plane(), at(0), Settings{});
  pictures::fill(picture, 0, 0, 64, 48, 180);
  CHECK(difference.examine(picture.plane(), at(1), Settings{}).score == 90.0);
}
