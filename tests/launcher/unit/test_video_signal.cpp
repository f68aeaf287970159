// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>

#include "h264_bytes.hpp"
#include "launcher/stream/plain_text.hpp"
#include "launcher/stream/video_signal.hpp"

using namespace launcher;

namespace {

// Of x264: 320x240, limited range, smpte170m three times.
const std::string kSps = bytes_of("6742c032da0507ec05a830303528000003000800000300a478c195");
const std::string kStartCode("\0\0\0\1", 4);
const std::string kPps = bytes_of("68ce05f2");
const std::string kSlice = bytes_of("6588840000016742");
const VideoSignal kNothing;
const VideoSignal kFullOnly{true, 2, 2, 2};
const VideoSignal kSmpte170m{false, 6, 6, 6};

}  // namespace

TEST_CASE("A signal is taken out of a parameter set and put back", "[video-signal]") {
  const std::string bare = sps_with_signal(kSps, kNothing);
  CHECK(bare.size() == kSps.size() - 3);
  CHECK(sps_with_signal(bare, kSmpte170m) == kSps);
  const std::string full = sps_with_signal(kSps, kFullOnly);
  CHECK(full != bare);
  CHECK(sps_with_signal(full, kNothing) == bare);
  CHECK(sps_with_signal(kSps, kSmpte170m) == kSps);
}

TEST_CASE("What is no parameter set stays as it is", "[video-signal]") {
  for (std::size_t size = 0; size < kSps.size() / 2; ++size)
    CHECK(sps_with_signal(kSps.substr(0, size), kNothing) == kSps.substr(0, size));
  CHECK(sps_with_signal(std::string(40, '\0'), kNothing) == std::string(40, '\0'));
  CHECK(avcc_with_signal("\1\2", kNothing) == "\1\2");
}

TEST_CASE("Parameter sets are found in every form of a stream, and slices are left alone", "[video-signal]") {
  const std::string bare = sps_with_signal(kSps, kNothing);
  const auto stream = [](const std::string& sps) { return kStartCode + sps + kStartCode + kPps + kStartCode + kSlice; };
  CHECK(byte_stream_with_signal(stream(kSps), kNothing) == stream(bare));
  const auto packets = [](const std::string& sps) {
    return with_length(sps) + with_length(kPps) + with_length(kSlice);
  };
  CHECK(packets_with_signal(packets(kSps), kNothing) == packets(bare));
  CHECK(packets_with_signal(packets(kSps).substr(0, 20), kNothing) == packets(kSps).substr(0, 20));
  const auto config = [](const std::string& sps) {
    return bytes_of("0142c032ffe100") + static_cast<char>(sps.size()) + sps + bytes_of("010004") + kPps;
  };
  CHECK(avcc_with_signal(config(kSps), kNothing) == config(bare));
}

TEST_CASE("Markup is taken off text", "[video-signal]") {
  CHECK(plain_text("Hello &amp; <i>you</i> &lt;3") == "Hello & you <3");
  CHECK(plain_text("a < b & c") == "a < b & c");
  CHECK(plain_text("").empty());
}
