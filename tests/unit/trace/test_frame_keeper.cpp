// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "launcher/trace/frame_keeper.hpp"

using trace::FrameKeeper;

namespace {

constexpr int kRate = 25;

/// Frames of 8x4 whose first pixels hold their number; rows are longer than the picture.
class Video {
 public:
  void add(int number, bool key, int width = 8) {
    std::vector<std::uint8_t> luma(16 * 4, 255);
    luma[0] = static_cast<std::uint8_t>(number % 256);
    luma[1] = static_cast<std::uint8_t>(number / 256);
    keeper_.add({{luma.data(), 16, width, 4}}, static_cast<double>(number) / kRate, key);
  }
  std::vector<steg::sync::Moment> moments() const { return keeper_.moments(); }
  std::vector<steg::sync::LumaView> overview() const { return keeper_.overview(); }

 private:
  FrameKeeper keeper_;
};

int number_of(const steg::sync::Picture& picture) { return picture.luma[0] + 256 * picture.luma[1]; }

}  // namespace

TEST_CASE("nothing is kept of no frames") { CHECK(Video().moments().empty()); }

TEST_CASE("an image is one moment of one frame") {
  Video video;
  video.add(7, true);
  const auto moments = video.moments();
  REQUIRE(moments.size() == 1);
  REQUIRE(moments[0].size() == 1);
  CHECK(number_of(moments[0][0]) == 7);
  CHECK(moments[0][0].luma.size() == 8 * 4);
}

TEST_CASE("moments are spread over the copy, however long it is") {
  for (const int seconds : {4, 10, 60, 1000}) {
    Video video;
    for (int i = 0; i < seconds * kRate; ++i) video.add(i, i % (2 * kRate) == 0);
    const auto moments = video.moments();
    REQUIRE(moments.size() == FrameKeeper::kMoments);
    std::vector<double> times;
    for (const auto& moment : moments) times.push_back(static_cast<double>(number_of(moment.front())) / kRate);
    CHECK(times[0] == 0);
    CHECK(times[1] > 0.15 * seconds);
    CHECK(times[2] > times[1] + 0.15 * seconds);
    CHECK(times[2] < seconds);
    CHECK(video.overview().size() >= moments.size());
    CHECK(video.overview().size() <= 4 * FrameKeeper::kMoments);
  }
}

TEST_CASE("the frames of a moment are a tenth of a second apart") {
  Video video;
  for (int i = 0; i < 4 * kRate; ++i) video.add(i, i % kRate == 0);
  for (const auto& moment : video.moments()) {
    REQUIRE(moment.size() == FrameKeeper::kFrames);
    CHECK(number_of(moment[1]) - number_of(moment[0]) == 3);
  }
}

TEST_CASE("a moment begins at a key frame if one comes soon") {
  Video video;
  for (int i = 0; i < 4 * kRate; ++i) video.add(i, i % 30 == 0);
  for (const auto& moment : video.moments()) CHECK(number_of(moment[0]) % 30 == 0);
}

TEST_CASE("and without key frames all the same") {
  Video video;
  for (int i = 0; i < 10 * kRate; ++i) video.add(i, false);
  CHECK(video.moments().size() == FrameKeeper::kMoments);
}

TEST_CASE("frames of another size are passed over") {
  Video video;
  for (int i = 0; i < kRate; ++i) video.add(i, true);
  for (int i = kRate; i < 4 * kRate; ++i) video.add(i, true, 6);
  for (const auto& moment : video.moments())
    for (const auto& picture : moment) CHECK(picture.width == 8);
}
