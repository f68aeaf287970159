// What libsteg-trace takes as a frame, and what it says of others.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <array>
#include <catch2/catch.hpp>
#include <limits>

#include "launcher/trace/library/pushed_frame.hpp"

namespace {

constexpr std::int64_t kMostPixels = 10'000;

/// 5 x 3 pixels of I420, whose rows lie 8 and 4 bytes apart and end with the last sample.
struct Small {
  std::array<std::uint8_t, 2 * 8 + 5> y{};
  std::array<std::uint8_t, 1 * 4 + 3> cb{};
  std::array<std::uint8_t, 1 * 4 + 3> cr{};
  steg_trace::Frame frame{5, 3, {y.data(), 8, y.size()}, {cb.data(), 4, cb.size()}, {cr.data(), 4, cr.size()}};
};

std::string refusal_of(const steg_trace::Frame& frame) {
  try {
    steg_trace::media_frame_of(frame, kMostPixels);
  } catch (const steg_trace::Error& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("a pushed frame is the program's memory") {
  Small small;
  small.frame.time = 1'500'000'000;
  small.frame.duration = 40'000'000;
  small.frame.key = true;
  const trace::MediaFrame media = steg_trace::media_frame_of(small.frame, kMostPixels);
  CHECK(media.time == 1.5);
  CHECK(media.duration == 0.04);
  CHECK(media.key);
  CHECK(media.picture.shape == steg::PictureShape{5, 3, 3, 2});
  CHECK(media.picture.luma.data == small.y.data());
  CHECK(media.picture.luma.stride == 8);
  CHECK(media.picture.cb.data == small.cb.data());
  CHECK(media.picture.cr.data == small.cr.data());
  CHECK(media.picture.cr.stride == 4);

  small.frame.cb = small.frame.cr = {};
  CHECK(steg_trace::media_frame_of(small.frame, kMostPixels).picture.shape == steg::PictureShape{5, 3});
}

TEST_CASE("a frame that cannot be is refused by what is wrong with it") {
  using Catch::Contains;
  Small small;
  steg_trace::Frame& frame = small.frame;
  SECTION("no plane") {
    frame.y.data = nullptr;
    CHECK_THAT(refusal_of(frame), Contains("plane y is null"));
  }
  SECTION("half of the colours") {
    frame.cr.data = nullptr;
    CHECK_THAT(refusal_of(frame), Contains("plane cr is null"));
  }
  SECTION("too few bytes") {
    --frame.y.size;
    CHECK_THAT(refusal_of(frame), Contains("plane y has 20 bytes; its rows take 21"));
  }
  SECTION("too few bytes of colour") {
    --frame.cb.size;
    CHECK_THAT(refusal_of(frame), Contains("plane cb has 6 bytes; its rows take 7"));
  }
  SECTION("rows that overlap") {
    frame.cr.stride = 2;
    CHECK_THAT(refusal_of(frame), Contains("plane cr is 2 bytes; a row has 3"));
  }
  SECTION("rows from below to above") {
    frame.y.stride = -8;
    CHECK_THAT(refusal_of(frame), Contains("plane y is -8 bytes"));
  }
  SECTION("no pixels") {
    frame.height = 0;
    CHECK_THAT(refusal_of(frame), Contains("5x0 pixels"));
  }
  SECTION("more than fits") {
    frame.width = std::numeric_limits<int>::max();
    CHECK_THAT(refusal_of(frame), Contains("cannot have"));
  }
  SECTION("more than is allowed") {
    frame.width = frame.height = 101;
    CHECK_THAT(refusal_of(frame), Contains("101x101 pixels, more than max-pixels"));
  }
  SECTION("before the start") {
    frame.time = -1;
    CHECK_THAT(refusal_of(frame), Contains("time and duration must be 0 or more"));
  }
  SECTION("shorter than nothing") {
    frame.duration = -1;
    CHECK_THAT(refusal_of(frame), Contains("time and duration must be 0 or more"));
  }
}
