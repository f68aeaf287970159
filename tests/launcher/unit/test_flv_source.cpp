// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>

#include "launcher/playback/flv_source.hpp"

namespace {

using launcher::FlvSource;
using std::string_literals::operator""s;

std::string tag(char type, const std::string& body) {
  std::string text{type, 0, static_cast<char>(body.size() >> 8), static_cast<char>(body.size() & 0xff), 0, 0, 0, 0, 0,
                   0,    0};
  return text + body + "\0\0\0\0"s;
}

bool look(FlvSource& source, const std::string& bytes) {
  return source.look(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

const std::string kAvcFrame = tag(9, "\x17\x01\0\0\0abc"s);

}  // namespace

TEST_CASE("what flvdemux knows passes") {
  FlvSource source;
  for (const char sound : {'\x22', '\x2f', '\x72', '\x82', '\xaf', '\xb2', '\xe2'}) {
    REQUIRE(look(source, tag(8, std::string{sound, 1, 2})));
  }
  REQUIRE(look(source, kAvcFrame));
  REQUIRE(source.picture().empty());
  REQUIRE(source.sound().empty());
}

TEST_CASE("a picture that flvdemux does not know is named with its profile") {
  FlvSource source;
  REQUIRE_FALSE(look(source, tag(9, "\x1c\0\0\0\0\x01\x02\x20"s)));
  REQUIRE(source.picture() == "HEVC, profile Main 10");
  // The frames that follow do not tell it.
  REQUIRE_FALSE(look(source, tag(9, "\x1c\x01\0\0\0abc"s)));
  REQUIRE(source.picture() == "HEVC, profile Main 10");

  FlvSource enhanced;
  REQUIRE_FALSE(look(enhanced, tag(9, "\x90hvc1\x01\x01"s)));
  REQUIRE(enhanced.picture() == "HEVC, profile Main");

  FlvSource av1;
  REQUIRE_FALSE(look(av1, tag(9,
                              "\x93"
                              "av01abc"s)));
  REQUIRE(av1.picture() == "AV1");
  REQUIRE_FALSE(look(av1, tag(9,
                              "\x90"
                              "av01\x81\x25\x4c\0"s)));
  REQUIRE(av1.picture() == "AV1, profile High (10 bit)");
  REQUIRE(look(av1, kAvcFrame));
  REQUIRE(av1.picture().empty());
}

TEST_CASE("metadata announce a picture, until one comes that is known") {
  FlvSource source;
  REQUIRE(look(source, tag(18, "\x02\0\x0aonMetaData\x08\0\0\0\1\0\x0cvideocodecid\0\x41\xda\x1d\x98\xcc\x40\0\0"s)));
  REQUIRE(source.announced_picture() == "HEVC");
  REQUIRE(look(source, kAvcFrame));
  REQUIRE(source.announced_picture().empty());

  FlvSource text;
  look(text, tag(18, "\0\x0cvideocodecid\2\0\4av01"s));
  REQUIRE(text.announced_picture() == "AV1");
  FlvSource cut;
  look(cut, tag(18, "\0\x0cvideocodecid\0\x41"s));
  REQUIRE(cut.announced_picture().empty());
}

TEST_CASE("sound that flvdemux does not know is named, and the tags with it are kept back") {
  FlvSource source;
  REQUIRE_FALSE(look(source, tag(8, "\x90OpusOpusHead"s)));
  REQUIRE(source.sound() == "Opus");
  // With the metadata before it the buffer must reach flvdemux.
  REQUIRE(look(source, tag(18, "x"s) + tag(8, "\x90Opus"s)));
  REQUIRE_FALSE(look(source, tag(8, "\x90\x01"s)));
  REQUIRE(source.sound() == "in a codec that is not known");
  REQUIRE(look(source, tag(8, "\xaf\x01\x02"s)));
  REQUIRE(source.sound().empty());
}

TEST_CASE("tags that are cut off are let through") {
  FlvSource source;
  for (std::size_t size = 0; size < kAvcFrame.size(); ++size) REQUIRE(look(source, kAvcFrame.substr(0, size)));
  REQUIRE(look(source, tag(9, "")));
  REQUIRE(look(source, "FLV"));
}

TEST_CASE("a server's greeting is no picture and no sound") {
  FlvSource source;
  REQUIRE(look(source, "FLV\1\5\0\0\0\x09\0\0\0\0"s + tag(18, "\2\0\x11|RtmpSampleAccess\1\1\1\1"s)));
  REQUIRE_FALSE(source.has_media());
  REQUIRE(look(source, tag(8, "\xaf\1\2"s)));
  REQUIRE(source.has_media());
}
