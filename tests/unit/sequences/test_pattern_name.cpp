// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "pattern_name.hpp"
#include "plugins/common/crypto/digest.hpp"

using namespace steg;

TEST_CASE("A pattern's name says how it was made, and has a fingerprint of its variants", "[sequences]") {
  const Key key = Key::from_hex(std::string(64, '7'));
  const Sequences sequences(key, 3, Bias::uniform);
  std::string variants;
  for (const std::uint8_t variant : sequences.pattern("alice", 70000, 4096))
    variants.push_back(static_cast<char>(variant));
  const std::string name = pattern_name(sequences, Bias::uniform, "alice", 70000);
  CHECK(name == "pattern 3 uniform 70000 " + to_hex(sha256(variants)).substr(0, 16));
  const auto parsed = parse_pattern_name(name);
  REQUIRE(parsed);
  CHECK(parsed->variants == 3);
  CHECK(parsed->bias == Bias::uniform);
  CHECK(parsed->first == 70000);
  CHECK(name.substr(name.size() - 16) == parsed->fingerprint);
  CHECK(pattern_name(sequences, Bias::uniform, "bob", 70000) != name);
  CHECK(pattern_name(sequences, Bias::uniform, "alice", 70001) != name);
  CHECK(pattern_name(Sequences(Key::public_default(), 3, Bias::uniform), Bias::uniform, "alice", 70000) != name);
}

TEST_CASE("What is no pattern's name is not taken for one", "[sequences]") {
  CHECK(parse_pattern_name("pattern 2 arcsine 4294967295 0123456789abcdef"));
  const char* text = GENERATE("", "0123456789abcdef", "pattern 2 arcsine 0", "pattern 1 arcsine 0 0123456789abcdef",
                              "pattern 5 arcsine 0 0123456789abcdef", "pattern 2 tardos 0 0123456789abcdef",
                              "pattern 2 arcsine 4294967296 0123456789abcdef", "pattern 2 arcsine -1 0123456789abcdef",
                              "pattern 2 arcsine 00 0123456789abcdef", "pattern 2 arcsine 0 0123456789ABCDEF",
                              "pattern 2 arcsine 0 0123456789abcde", "pattern 2 arcsine 0 0123456789abcdef ",
                              "pattern  2 arcsine 0 0123456789abcdef", "Pattern 2 arcsine 0 0123456789abcdef");
  CAPTURE(text);
  CHECK_FALSE(parse_pattern_name(text));
}
