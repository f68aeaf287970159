// WMPaceInfo against ETSI TS 104 002 V1.1.1.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <stdexcept>

#include "launcher/edge/pace_info.hpp"

using namespace launcher;

namespace {

std::string without_blanks(std::string text) {
  text.erase(std::remove_if(text.begin(), text.end(), [](char c) { return c == ' ' || c == '\n'; }), text.end());
  return text;
}

std::string bytes(std::initializer_list<int> values) { return {values.begin(), values.end()}; }

}  // namespace

TEST_CASE("the header of a push is the example of clause 5.5.3.3") {
  CHECK(pace_ingest(0, 33) == without_blanks(R"({
    "version": 1,
    "variant": 0,
    "position": 33,
    "firstpart": true,
    "lastpart": true
    })"));
  CHECK(pace_ingest(3, 0) == R"({"version":1,"variant":3,"position":0,"firstpart":true,"lastpart":true})");
}

// The CDDL of clause 5.5.3.2: {1: version, 2: [{6: position}]}. Its example has the positions 21 and 22, with the
// segmentRegex that clause 5.6.5 takes out of what an origin gives; that of byteranges ends at 119.
TEST_CASE("a sidecar file is deterministic CBOR with the integer keys of clause 5.5.3.2") {
  CHECK(pace_sidecar(21) == bytes({0xA2, 0x01, 0x01, 0x02, 0x81, 0xA1, 0x06, 0x15}));
  CHECK(pace_sidecar(22) == bytes({0xA2, 0x01, 0x01, 0x02, 0x81, 0xA1, 0x06, 0x16}));
  CHECK(pace_sidecar(0) == bytes({0xA2, 0x01, 0x01, 0x02, 0x81, 0xA1, 0x06, 0x00}));
  CHECK(pace_sidecar(119) == bytes({0xA2, 0x01, 0x01, 0x02, 0x81, 0xA1, 0x06, 0x18, 0x77}));
  CHECK(pace_sidecar(32767) == bytes({0xA2, 0x01, 0x01, 0x02, 0x81, 0xA1, 0x06, 0x19, 0x7F, 0xFF}));
}

TEST_CASE("the header of an answer is the sidecar file in base64url without padding") {
  CHECK(pace_egress(21) == "ogEBAoGhBhU");
  CHECK(pace_egress(32767) == "ogEBAoGhBhl__w");
}

TEST_CASE("positions that the standard has no room for are refused") {
  for (const std::uint32_t position : {32768U, 100000U, 4294967295U}) {
    CHECK_THROWS_AS(pace_sidecar(position), std::out_of_range);
    CHECK_THROWS_AS(pace_egress(position), std::out_of_range);
    CHECK_THROWS_WITH(pace_ingest(0, position), Catch::Contains("first-position"));
  }
}
