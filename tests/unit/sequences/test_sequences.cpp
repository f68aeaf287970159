// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>
#include <set>

#include "plugins/common/crypto/hex.hpp"
#include "random.hpp"
#include "sequences.hpp"

using namespace steg;

namespace {

/// 00 01 02 … 1f.
Key counting_key() {
  std::string text;
  for (int i = 0; i < Key::kBytes; ++i) {
    text += "0123456789abcdef"[i >> 4];
    text += "0123456789abcdef"[i & 15];
  }
  return Key::from_hex(text);
}

std::string letters(const std::vector<std::uint8_t>& pattern) {
  std::string text;
  for (const std::uint8_t variant : pattern) text += "abcd"[variant];
  return text;
}

using Bounds = std::vector<std::uint32_t>;

Bounds inner_bounds(const VariantShares& shares) {
  return {shares.bounds.begin() + 1, shares.bounds.begin() + shares.variants};
}

}  // namespace

TEST_CASE("Bounds are those that were computed from the page", "[sequences]") {
  const std::vector<std::pair<std::uint32_t, std::vector<Bounds>>> expected = {
      {0, {{2909}, {9840, 27304}, {40243, 45056, 54268}}},
      {1, {{62627}, {51040, 52247}, {2566, 41124, 62617}}},
      {1000, {{42503}, {32342, 64563}, {6121, 8684, 17857}}},
      {0xFFFFFFFF, {{23033}, {52790, 56786}, {4095, 6717, 13748}}},
  };
  for (const auto& [position, bounds] : expected) {
    for (int variants = 2; variants <= 4; ++variants) {
      CAPTURE(position, variants);
      const VariantShares shares = Sequences(counting_key(), variants).shares(position);
      CHECK(inner_bounds(shares) == bounds[static_cast<std::size_t>(variants) - 2]);
      CHECK(shares.bounds[0] == 0);
      CHECK(shares.bounds[static_cast<std::size_t>(variants)] == VariantShares::kScale);
    }
  }
}

TEST_CASE("Patterns are those that were computed from the page", "[sequences]") {
  const Key key = counting_key();
  CHECK(to_hex(Sequences(key, 2).tag("alice").data(), 12) == "04dd0075da656fd913221a83");
  const std::vector<std::array<std::string, 4>> expected = {
      {"babaabbbabbaababaabaaabbaaaabbba", "bababbababbbabaa", "abbbbabbabbabaabbaabbaababbababb", "abbababaabbabaab"},
      {"cacacabcabbbcbacacaabbbcaabbcaba", "cacaccacacbbabab", "accbbaccbacacabacabbbcccccccaabb", "abcacacbabcbcaac"},
      {"cbdbddadabadbcabbcdadcaccacbbacc", "dbdaddbdadccbcab", "acdbdacaaddbcbcddabcadcdaddcdcdc", "acdadadbacdbdabd"},
  };
  for (int variants = 2; variants <= 4; ++variants) {
    const auto& [alice, alice_uniform, bea, bea_uniform] = expected[static_cast<std::size_t>(variants) - 2];
    CAPTURE(variants);
    const Sequences biased(key, variants);
    const Sequences uniform(key, variants, Bias::uniform);
    CHECK(letters(biased.pattern("alice", 0, 32)) == alice);
    CHECK(letters(uniform.pattern("alice", 0, 16)) == alice_uniform);
    // Positions come round.
    CHECK(letters(biased.pattern("b\u00e9a", 0xFFFFFFFF - 9, 32)) == bea);
    CHECK(letters(uniform.pattern("b\u00e9a", 0xFFFFFFFF - 9, 16)) == bea_uniform);
  }
}

TEST_CASE("A pattern does not depend on where one begins", "[sequences]") {
  const Sequences sequences(counting_key(), 4);
  const auto whole = sequences.pattern("alice", 100, 64);
  for (std::size_t from = 0; from < 20; ++from) {
    const auto part = sequences.pattern("alice", 100 + static_cast<std::uint32_t>(from), 40);
    CHECK(std::equal(part.begin(), part.end(), whole.begin() + static_cast<std::ptrdiff_t>(from)));
  }
  CHECK(sequences.pattern("alice", 5, 0).empty());
}

TEST_CASE("Viewers have each variant as often as its share says", "[sequences]") {
  test::Rng rng(1);
  for (const Bias bias : {Bias::arcsine, Bias::uniform}) {
    for (int variants = 2; variants <= 4; ++variants) {
      const Sequences sequences(test::random_key(rng), variants, bias);
      constexpr int kViewers = 4000;
      constexpr std::uint32_t kPositions = 16;
      std::vector<std::vector<int>> counts(kPositions, std::vector<int>(kMostVariants));
      for (int viewer = 0; viewer < kViewers; ++viewer) {
        const auto pattern = sequences.pattern(std::to_string(viewer), 990, kPositions);
        for (std::size_t i = 0; i < kPositions; ++i) ++counts[i][pattern[i]];
      }
      for (std::uint32_t i = 0; i < kPositions; ++i) {
        const VariantShares shares = sequences.shares(990 + i);
        for (int variant = 0; variant < variants; ++variant) {
          const double share = shares.of(variant);
          CAPTURE(variants, i, variant, share);
          CHECK(share > 0);
          const int count = counts[i][static_cast<std::size_t>(variant)];
          CHECK(std::abs(count - kViewers * share) < 5 * std::sqrt(kViewers * share * (1 - share)) + 1);
        }
      }
    }
  }
}

TEST_CASE("Over positions shares have the distribution that they should have", "[sequences]") {
  test::Rng rng(2);
  const Sequences two(test::random_key(rng), 2);
  double mean = 0;
  double square = 0;
  constexpr int kPositions = 20000;
  for (std::uint32_t position = 0; position < kPositions; ++position) {
    const double share = two.shares(position).of(0);
    REQUIRE(share >= 0.02);
    REQUIRE(share <= 0.98);
    mean += share / kPositions;
    square += share * share / kPositions;
  }
  // The arcsine distribution has a variance of 1/8; without its ends 0.0989.
  CHECK(mean == Approx(0.5).margin(0.01));
  CHECK(square - mean * mean == Approx(0.0989).margin(0.002));
  const Sequences four(test::random_key(rng), 4);
  std::array<double, kMostVariants> means{};
  for (std::uint32_t position = 0; position < kPositions; ++position)
    for (int k = 0; k < 4; ++k) means[static_cast<std::size_t>(k)] += four.shares(position).of(k) / kPositions;
  for (const double share : means) CHECK(share == Approx(0.25).margin(0.01));
}

TEST_CASE("Keys, viewers and numbers of variants have patterns of their own", "[sequences]") {
  test::Rng rng(3);
  std::set<std::string> patterns;
  for (int i = 0; i < 20; ++i) {
    const Key key = test::random_key(rng);
    for (const char* viewer : {"alice", "bob", "", "alice "})
      for (int variants = 2; variants <= 4; ++variants)
        patterns.insert(letters(Sequences(key, variants).pattern(viewer, 0, 128)));
  }
  CHECK(patterns.size() == 20 * 4 * 3);
}

TEST_CASE("Other numbers of variants are refused", "[sequences]") {
  CHECK_THROWS_AS(Sequences(counting_key(), 1), std::invalid_argument);
  CHECK_THROWS_AS(Sequences(counting_key(), 5), std::invalid_argument);
}
