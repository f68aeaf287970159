// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>

#include "launcher/playback/flv_tag.hpp"

using namespace launcher;

namespace {

std::string tag(char type, std::uint32_t time, const std::string& body) {
  const auto byte = [](std::size_t value, unsigned shift) { return static_cast<char>(value >> shift & 0xff); };
  std::string bytes{type, byte(body.size(), 16), byte(body.size(), 8), byte(body.size(), 0)};
  bytes += {byte(time, 16), byte(time, 8), byte(time, 0), byte(time, 24), 0, 0, 0};
  bytes += body;
  const std::size_t size = bytes.size();
  return bytes + std::string{byte(size, 24), byte(size, 16), byte(size, 8), byte(size, 0)};
}

std::vector<FlvTag> split(const std::string& bytes) {
  return split_flv(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

const std::string kConfig("\x17\x00xxxx", 6);
const std::string kKey("\x17\x01xxxx", 6);
const std::string kDelta("\x27\x01xxxx", 6);
const std::string kSoundConfig("\xaf\x00xx", 4);
const std::string kSound("\xaf\x01xx", 4);

}  // namespace

TEST_CASE("FLV is split into tags, each of its kind", "[flv]") {
  const std::string stream = flv_header(true, true) + tag(18, 0, "meta") + tag(9, 0, kConfig) +
                             tag(8, 0, kSoundConfig) + tag(9, 0x12345678, kKey) + tag(9, 40, kDelta) +
                             tag(8, 41, kSound);
  const auto tags = split(stream);
  REQUIRE(tags.size() == 6);
  CHECK(tags[0].kind == TagKind::metadata);
  CHECK(tags[1].kind == TagKind::video_config);
  CHECK(tags[2].kind == TagKind::audio_config);
  CHECK(tags[3].kind == TagKind::key_frame);
  CHECK(tags[3].timestamp == 0x12345678);
  CHECK(tags[4].kind == TagKind::video);
  CHECK(tags[5].kind == TagKind::audio);
  CHECK(split(with_timestamp(tags[4], 0x89abcdef)).at(0).timestamp == 0x89abcdef);
}

TEST_CASE("what is cut off or damaged is left out", "[flv]") {
  const std::string whole = tag(9, 0, kKey);
  CHECK(split(whole + whole.substr(0, whole.size() - 1)).size() == 1);
  CHECK(split("").empty());
  CHECK(split("FLV").empty());
  CHECK(split(tag(9, 0, "")).empty());
  CHECK(split(tag(7, 0, kKey)).empty());
  CHECK(split(tag(9, 0, std::string("\x17\x02\0\0\0", 5))).empty());
}

TEST_CASE("the header says which tracks there are", "[flv]") {
  CHECK(flv_header(true, true) == std::string("FLV\x01\x05\0\0\0\x09\0\0\0\0", 13));
  CHECK(flv_header(true, false)[4] == 1);
  CHECK(flv_header(false, true)[4] == 4);
}

TEST_CASE("timestamps go on when the source begins anew", "[flv]") {
  FlvTimeline timeline;
  CHECK(timeline.map(1, 7000, 100) == 0);
  CHECK(timeline.map(1, 7033, 133) == 33);
  CHECK(timeline.map(1, 7020, 134) == 20);
  CHECK(timeline.map(2, 0, 2134) == 2033);
  CHECK(timeline.map(2, 33, 2167) == 2066);
}

TEST_CASE("timestamps do not jump with those of the source", "[flv]") {
  FlvTimeline timeline;
  timeline.map(1, 0, 0);
  CHECK(timeline.map(1, 40, 40) == 40);
  CHECK(timeline.map(1, 3600000, 80) == 80);
  CHECK(timeline.map(1, 3600040, 120) == 120);
  CHECK(timeline.map(1, 10, 160) == 160);
  CHECK(timeline.map(1, 4900, 5050) == 5050);
}

TEST_CASE("made-up tags advance with the time", "[flv]") {
  FlvTimeline timeline;
  timeline.map(1, 0, 0);
  timeline.map(1, 40, 40);
  CHECK(timeline.fill(540) == 540);
  CHECK(timeline.fill(540) == 541);
  CHECK(timeline.map(2, 90000, 1040) == 1041);
}
