// Frames that a program pushes are read as those of a file are.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "launcher/trace/frame_store.hpp"

namespace {

constexpr double kDuration = 0.04;

/// A frame whose samples say where they are and which frame it is; its rows have a gap.
class Sample {
 public:
  Sample(int number, int width, int height, bool grey)
      : y_(plane(number, width, height)),
        cb_(plane(number + 1, (width + 1) / 2, (height + 1) / 2)),
        cr_(plane(number + 2, (width + 1) / 2, (height + 1) / 2)) {
    steg::PictureView& picture = frame.picture;
    picture.shape.width = width;
    picture.shape.height = height;
    picture.luma = {y_.data(), width + kGap};
    if (!grey) {
      picture.shape.chroma_width = (width + 1) / 2;
      picture.shape.chroma_height = (height + 1) / 2;
      picture.cb = {cb_.data(), (width + 1) / 2 + kGap};
      picture.cr = {cr_.data(), (width + 1) / 2 + kGap};
    }
    frame.time = number * kDuration;
    frame.duration = kDuration;
    frame.key = number == 0;
  }

  trace::MediaFrame frame{};

 private:
  static constexpr int kGap = 3;
  static std::vector<std::uint8_t> plane(int number, int width, int height) {
    std::vector<std::uint8_t> samples;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width + kGap; ++x)
        samples.push_back(static_cast<std::uint8_t>(x < width ? 7 * x + 13 * y + 29 * number : 255));
    }
    return samples;
  }

  std::vector<std::uint8_t> y_;
  std::vector<std::uint8_t> cb_;
  std::vector<std::uint8_t> cr_;
};

bool same(const steg::BasicPlane<const std::uint8_t>& one, const steg::BasicPlane<const std::uint8_t>& other, int width,
          int height) {
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      if (one.data[y * one.stride + x] != other.data[y * other.stride + x]) return false;
    }
  }
  return true;
}

bool same(const trace::MediaFrame& one, const trace::MediaFrame& other) {
  const steg::PictureShape& shape = one.picture.shape;
  if (shape != other.picture.shape || one.time != other.time || one.duration != other.duration || one.key != other.key)
    return false;
  return same(one.picture.luma, other.picture.luma, shape.width, shape.height) &&
         same(one.picture.cb, other.picture.cb, shape.chroma_width, shape.chroma_height) &&
         same(one.picture.cr, other.picture.cr, shape.chroma_width, shape.chroma_height);
}

std::vector<double> times_in(trace::FrameReader& frames) {
  std::vector<double> times;
  while (frames.next([&times](const trace::MediaFrame& frame) { times.push_back(frame.time); })) continue;
  return times;
}

}  // namespace

TEST_CASE("frames come back as they were, as often as they are asked for") {
  const bool grey = GENERATE(false, true);
  trace::FrameStore store(1000.0);
  for (int i = 0; i < 5; ++i) store.add(Sample(i, 33, 17, grey).frame);
  for (int pass = 0; pass < 2; ++pass) {
    const std::unique_ptr<trace::FrameReader> frames = store.open();
    int number = 0;
    while (
        frames->next([&](const trace::MediaFrame& frame) { CHECK(same(frame, Sample(number, 33, 17, grey).frame)); }))
      ++number;
    CHECK(number == 5);
    CHECK(frames->duration() == Approx(5 * kDuration));
    CHECK(frames->films() == 1);
    CHECK(!frames->left_out());
    CHECK(frames->damage().empty());
  }
}

TEST_CASE("kept are the frames that reading takes, each new size, and the last one") {
  constexpr int kFrames = 60;
  trace::FrameStore store(5.0);
  trace::FrameSampler sampler(5.0);
  std::vector<double> expected;
  for (int i = 0; i < kFrames; ++i) {
    const Sample sample(i, i < 20 ? 40 : 30, 24, false);
    const bool taken = sampler.takes(sample.frame.time, sample.frame.duration);
    if (taken || i == 0 || i == 20 || i == kFrames - 1) expected.push_back(sample.frame.time);
    store.add(sample.frame);
  }
  CHECK(times_in(*store.open()) == expected);
  CHECK(expected.size() < kFrames / 2);
}

TEST_CASE("a search looks at the moments of all frames") {
  trace::FrameStore store(0.1);
  trace::FrameKeeper keeper;
  for (int i = 0; i < 60; ++i) {
    const Sample sample(i, 40, 24, true);
    store.add(sample.frame);
    keeper.add({{sample.frame.picture.luma.data, sample.frame.picture.luma.stride, 40, 24}}, sample.frame.time,
               sample.frame.key);
  }
  const auto moments = store.open()->chosen()->moments();
  const auto expected = keeper.moments();
  REQUIRE(moments.size() == expected.size());
  for (std::size_t i = 0; i < moments.size(); ++i) CHECK(moments[i].front().luma == expected[i].front().luma);
}

TEST_CASE("after one copy comes another") {
  trace::FrameStore store(1000.0);
  CHECK(store.empty());
  store.add(Sample(7, 16, 16, false).frame);
  CHECK(!store.empty());
  CHECK(store.last_time() == Approx(7 * kDuration));
  store.clear();
  CHECK(store.empty());
  CHECK(store.last_time() == 0.0);
  store.add(Sample(2, 16, 16, true).frame);
  CHECK(times_in(*store.open()) == std::vector<double>{2 * kDuration});
}

TEST_CASE("a small picture is made of the frame at hand") {
  trace::FrameStore store(1000.0);
  store.add(Sample(0, 64, 48, false).frame);
  const std::unique_ptr<trace::FrameReader> frames = store.open();
  CHECK(frames->thumbnail().empty());
  CHECK(frames->next([&](const trace::MediaFrame&) { CHECK(frames->thumbnail().substr(0, 4) == "/9j/"); }));
}

TEST_CASE("the frames lie where TMPDIR says, and leave nothing there") {
  const char* before = std::getenv("TMPDIR");
  const std::optional<std::string> kept = before ? std::optional<std::string>(before) : std::nullopt;
  const std::filesystem::path folder = std::filesystem::path(kept.value_or("/var/tmp")) / "steg-trace-test-frames";
  std::filesystem::remove_all(folder);
  setenv("TMPDIR", folder.c_str(), 1);
  CHECK_THROWS_WITH(trace::FrameStore(10.0), Catch::Contains("No such file"));
  CHECK_THROWS_WITH(trace::FrameStore(10.0), Catch::Contains("TMPDIR"));
  CHECK_THROWS_WITH(trace::FrameStore(10.0), Catch::Contains(folder.string()));
  std::filesystem::create_directory(folder);
  {
    trace::FrameStore store(10.0);
    store.add(Sample(0, 64, 48, false).frame);
    CHECK(std::filesystem::is_empty(folder));
  }
  std::filesystem::remove_all(folder);
  if (kept)
    setenv("TMPDIR", kept->c_str(), 1);
  else
    unsetenv("TMPDIR");
}
