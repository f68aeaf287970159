// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <set>

#include "payload.hpp"
#include "polar_code.hpp"
#include "random.hpp"

using namespace steg;

namespace {

constexpr std::uint64_t kPayloadMask = (std::uint64_t{1} << kPayloadBits) - 1;

int distance(const Codeword& a, const Codeword& b) {
  int differing = 0;
  for (std::size_t i = 0; i < a.size(); ++i) differing += a[i] != b[i];
  return differing;
}

}  // namespace

TEST_CASE("IDs are packed with the first byte on top", "[payload]") {
  CHECK(pack_id("A") == 0x41000000000000);
  CHECK(pack_id("ABCDEFG") == 0x41424344454647);
  CHECK(pack_id("\xC3\xA9") == 0xC3A90000000000);
}

TEST_CASE("Valid IDs come back", "[payload]") {
  for (const std::string id :
       {"1", "abc1234", " x ", "\xC3\xA9t\xC3\xA9", "\xE6\xB0\xB4\xE6\xB0\xB4", "\xF0\x9F\x90\x95", "\xED\x9F\xBF",
        "\xEE\x80\x80", "\xF4\x8F\xBF\xBF", "\xC2\xA0", "~"}) {
    CAPTURE(id);
    CHECK(is_id(id));
    CHECK(unpack_id(pack_id(id)) == id);
  }
}

TEST_CASE("What is no ID is refused, with the reason", "[payload]") {
  const std::vector<std::pair<std::string, std::string>> faults = {
      {"", "empty"},
      {"12345678", "longer than 7"},
      {"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", "longer than 7"},
      {"\x80", "UTF-8"},              // continuation without a lead
      {"\xC3", "UTF-8"},              // cut off
      {"a\xE6\xB0", "UTF-8"},         // cut off
      {"\xC0\xAF", "UTF-8"},          // overlong
      {"\xC1\xBF", "UTF-8"},          // overlong
      {"\xE0\x9F\xBF", "UTF-8"},      // overlong
      {"\xF0\x8F\xBF\xBF", "UTF-8"},  // overlong
      {"\xED\xA0\x80", "UTF-8"},      // surrogate
      {"\xF4\x90\x80\x80", "UTF-8"},  // beyond U+10FFFF
      {"\xF5\x80\x80\x80", "UTF-8"},  // no lead
      {"\xFF", "UTF-8"},              // no lead
      {"\xE6\xB0\x41", "UTF-8"},      // third byte is no continuation
      {"a\nb", "control"},
      {"\x7F", "control"},
      {"\xC2\x9F", "control"},  // C1
      {std::string("a\0b", 3), "control"},
      {std::string("\0", 1), "control"},
      {std::string("a\0", 2), "control"},
  };
  for (const auto& [id, reason] : faults) {
    CAPTURE(id, reason);
    CHECK_FALSE(is_id(id));
    CHECK_THROWS_WITH(pack_id(id), Catch::Contains(reason));
  }
}

TEST_CASE("Packed values of no ID give none", "[payload]") {
  CHECK_FALSE(unpack_id(0));
  CHECK_FALSE(unpack_id(0x00410000000000));  // begins with zero
  CHECK_FALSE(unpack_id(0x41004200000000));  // zero inside
  CHECK_FALSE(unpack_id(0xFF000000000000));  // not UTF-8
  CHECK_FALSE(unpack_id(std::uint64_t{1} << 56));
}

TEST_CASE("The permutation is one", "[payload]") {
  test::Rng rng(1);
  const PayloadPermutation permutation(test::random_key(rng));
  std::set<std::uint64_t> images;
  for (int i = 0; i < 2000; ++i) {
    const std::uint64_t value = i < 1000 ? static_cast<std::uint64_t>(i) : rng() & kPayloadMask;
    const std::uint64_t image = permutation.apply(value);
    REQUIRE(image <= kPayloadMask);
    REQUIRE(permutation.invert(image) == value);
    REQUIRE(permutation.apply(permutation.invert(value)) == value);
    images.insert(image);
  }
  CHECK(images.size() == 2000);
  CHECK(permutation.apply(kPayloadMask) <= kPayloadMask);
}

TEST_CASE("The permutation depends on the key", "[payload]") {
  test::Rng rng(2);
  const PayloadPermutation a(test::random_key(rng));
  const PayloadPermutation b(test::random_key(rng));
  for (std::uint64_t value = 0; value < 100; ++value) CHECK(a.apply(value) != b.apply(value));
}

TEST_CASE("Every bit of the payload changes half of the permuted bits", "[payload]") {
  test::Rng rng(3);
  const PayloadPermutation permutation(test::random_key(rng));
  constexpr int kTrials = 200;
  for (int bit = 0; bit < kPayloadBits; ++bit) {
    int changed = 0;
    for (int i = 0; i < kTrials; ++i) {
      const std::uint64_t value = rng() & kPayloadMask;
      const std::uint64_t difference = permutation.apply(value) ^ permutation.apply(value ^ std::uint64_t{1} << bit);
      changed += __builtin_popcountll(difference);
    }
    // 11200 fair coins: six standard deviations are 318.
    CAPTURE(bit, changed);
    CHECK(std::abs(changed - kTrials * kPayloadBits / 2) < 318);
  }
}

TEST_CASE("IDs that look alike become codewords far apart", "[payload]") {
  test::Rng rng(4);
  const PayloadPermutation permutation(test::random_key(rng));
  std::vector<Codeword> codewords;
  for (int i = 0; i < 200; ++i) {
    const std::string id = "AAAA" + std::to_string(100 + i);
    codewords.push_back(polar_encode(permutation.apply(pack_id(id))));
  }
  int closest = kCodeBits;
  for (std::size_t a = 0; a < codewords.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) closest = std::min(closest, distance(codewords[a], codewords[b]));
  }
  // 19900 distances around 128 with deviation 8.
  CHECK(closest > 128 - 7 * 8);
}

TEST_CASE("IDs that nobody can see or type are not given out, and are read all the same", "[payload]") {
  for (const char* id : {"a", "a b", "\u65e5\u672c", "\u00e9", "\u2764\ufe0f", "\U0001F600", " a"}) {
    CAPTURE(id);
    CHECK_NOTHROW(check_new_id(id));
  }
  for (const char* id : {" ", "       ", "\u00a0\u00a0", "\u3000", "\u2800", "\u3164", "\ufe0f", "\u200b", "a\u200b",
                         "\ufeffab", "a\u202eb", "a\u2066b", "\u00ada", "a\u200db", "\U000E0041", "\u2028"}) {
    CAPTURE(id);
    CHECK_THROWS_AS(check_new_id(id), IdError);
    CHECK(is_id(id));
    CHECK(unpack_id(pack_id(id)) == id);
  }
  CHECK_THROWS_AS(check_new_id(""), IdError);
  CHECK_THROWS_AS(check_new_id("a\nb"), IdError);
}
