// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <functional>
#include <limits>

#include "random.hpp"
#include "suspects.hpp"

using namespace steg;

namespace {

using Weight = std::array<double, kMostVariants>;

constexpr std::uint32_t kFirst = 5'000;

std::vector<std::string> names(std::size_t count) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back("viewer-" + std::to_string(i));
  return out;
}

Weight sure(std::uint8_t variant, double error = 0.01) {
  Weight weight{error, error, error, error};
  weight[variant] = 1;
  return weight;
}

/// The copy that `choose` makes of the leakers' variants at each position.
std::vector<SegmentReading> copy(const Sequences& sequences, const std::vector<std::string>& leakers,
                                 std::size_t segments,
                                 const std::function<Weight(std::size_t, const std::vector<std::uint8_t>&)>& choose) {
  std::vector<std::vector<std::uint8_t>> patterns;
  for (const std::string& leaker : leakers) patterns.push_back(sequences.pattern(leaker, kFirst, segments));
  std::vector<SegmentReading> readings;
  for (std::size_t i = 0; i < segments; ++i) {
    std::vector<std::uint8_t> theirs;
    for (const auto& pattern : patterns) theirs.push_back(pattern[i]);
    readings.push_back({kFirst + static_cast<std::uint32_t>(i), choose(i, theirs)});
  }
  return readings;
}

std::vector<std::size_t> named(const std::vector<Suspect>& suspects) {
  std::vector<std::size_t> out;
  for (const Suspect& suspect : suspects)
    if (suspect.named) out.push_back(suspect.viewer);
  std::sort(out.begin(), out.end());
  return out;
}

using Viewers = std::vector<std::size_t>;

const std::vector<std::string> kViewers = names(3000);

std::vector<std::string> chosen(const Viewers& numbers) {
  std::vector<std::string> out;
  for (const std::size_t number : numbers) out.push_back(kViewers[number]);
  return out;
}

}  // namespace

TEST_CASE("A single leaker is named, with the p-value that his segments are worth", "[suspects]") {
  test::Rng rng(1);
  for (int variants = 2; variants <= 4; ++variants) {
    for (const Bias bias : {Bias::arcsine, Bias::uniform}) {
      const Sequences sequences(test::random_key(rng), variants, bias);
      const std::size_t segments = variants == 2 ? 120 : 60;
      const auto readings =
          copy(sequences, {kViewers[1234]}, segments, [](std::size_t, const auto& theirs) { return sure(theirs[0]); });
      const auto suspects = find_suspects(sequences, readings, kViewers);
      CAPTURE(variants);
      CHECK(named(suspects) == Viewers{1234});
      CHECK(suspects.front().round == 1);
      CHECK(suspects.front().leakers == 1);
      CHECK(suspects.front().first == kFirst);
      CHECK(suspects.front().last == kFirst + segments - 1);
      CHECK(suspects.size() == 6);
      double worth = 0;
      for (const SegmentReading& reading : readings) {
        const VariantShares shares = sequences.shares(reading.position);
        for (int k = 0; k < variants; ++k)
          if (reading.weight[static_cast<std::size_t>(k)] == 1) worth -= std::log10(shares.of(k));
      }
      // All segments agree, so the p-value is at least the probability of just that: 3000 viewers, an eighth of the
      // significance.
      const double all_agree = -worth + std::log10(3000.0 * 8);
      CHECK(suspects.front().log10_p >= all_agree - 1e-3);
      CHECK(suspects.front().log10_p < all_agree + 3);
    }
  }
}

TEST_CASE("Segments that are misread, unread or missing only make a copy longer", "[suspects]") {
  test::Rng rng(2);
  const Sequences sequences(test::random_key(rng), 2);
  auto readings = copy(sequences, {kViewers[7]}, 260, [&rng](std::size_t, const auto& theirs) {
    if (rng() % 4 == 0) return Weight{1, 1, 1, 1};
    return sure(rng() % 20 == 0 ? 1 - theirs[0] : theirs[0], 0.05);
  });
  std::shuffle(readings.begin(), readings.end(), rng);
  readings.resize(readings.size() - 20);
  CHECK(named(find_suspects(sequences, readings, kViewers)) == Viewers{7});
}

TEST_CASE("Several leakers are all named, however they mixed their copies", "[suspects]") {
  test::Rng rng(3);
  const Viewers leakers = {11, 222, 2999};
  for (const int variants : {2, 4}) {
    const Sequences sequences(test::random_key(rng), variants);
    CAPTURE(variants);
    const auto interleaved =
        copy(sequences, chosen(leakers), variants == 2 ? 700 : 350,
             [&rng](std::size_t, const auto& theirs) { return sure(theirs[rng() % theirs.size()]); });
    CHECK(named(find_suspects(sequences, interleaved, kViewers)) == leakers);

    const auto averaged =
        copy(sequences, chosen(leakers), variants == 2 ? 500 : 350, [](std::size_t, const auto& theirs) {
          Weight weight{0.01, 0.01, 0.01, 0.01};
          for (const std::uint8_t variant : theirs) weight[variant] = 1;
          return weight;
        });
    CHECK(named(find_suspects(sequences, averaged, kViewers)) == leakers);

    const auto majority = copy(sequences, chosen(leakers), variants == 2 ? 900 : 400, [](std::size_t, auto theirs) {
      std::sort(theirs.begin(), theirs.end());
      return sure(theirs[1]);
    });
    CHECK(named(find_suspects(sequences, majority, kViewers)) == leakers);
  }
}

TEST_CASE("Those whose copies were cut together are named by their own parts", "[suspects]") {
  test::Rng rng(4);
  const Sequences sequences(test::random_key(rng), 2);
  // Each part alone is worth about 10^-21, the whole as a mixture of four far less.
  const auto spliced = copy(sequences, chosen({5, 6, 7, 8}), 400,
                            [](std::size_t i, const auto& theirs) { return sure(theirs[i * 4 / 400]); });
  const auto suspects = find_suspects(sequences, spliced, kViewers);
  CHECK(named(suspects) == Viewers{5, 6, 7, 8});
  for (const Suspect& suspect : suspects) {
    if (!suspect.named) continue;
    CHECK(suspect.first == kFirst + 100 * (suspect.viewer - 5));
    CHECK(suspect.last == suspect.first + 99);
  }
}

TEST_CASE("Nobody is named where nothing is to be known", "[suspects]") {
  test::Rng rng(5);
  const Sequences sequences(test::random_key(rng), 2);
  CHECK(find_suspects(sequences, {}, kViewers).empty());
  const auto readings = copy(sequences, {kViewers[1]}, 100, [](std::size_t, const auto&) {
    return Weight{1, 1, 1, 1};
  });
  CHECK(find_suspects(sequences, readings, {}).empty());
  CHECK(named(find_suspects(sequences, readings, kViewers)).empty());
  // The leaker is not among the viewers.
  const auto of_another =
      copy(sequences, {"somebody else"}, 500, [](std::size_t, const auto& theirs) { return sure(theirs[0]); });
  const auto suspects = find_suspects(sequences, of_another, kViewers);
  CHECK(named(suspects).empty());
  CHECK(suspects.size() == 5);
  CHECK(suspects.front().log10_p > -4);
  // Under another key.
  const Sequences other(test::random_key(rng), 2);
  const auto of_other_key =
      copy(other, {kViewers[3]}, 500, [](std::size_t, const auto& theirs) { return sure(theirs[0]); });
  CHECK(named(find_suspects(sequences, of_other_key, kViewers)).empty());
}

TEST_CASE("Of more segments than are needed some are taken", "[suspects]") {
  test::Rng rng(6);
  const Sequences sequences(test::random_key(rng), 2);
  const auto readings =
      copy(sequences, {kViewers[9]}, 10'000, [](std::size_t, const auto& theirs) { return sure(theirs[0]); });
  const auto suspects = find_suspects(sequences, readings, {kViewers[8], kViewers[9], kViewers[10]});
  CHECK(named(suspects) == Viewers{1});
  CHECK(suspects.front().log10_p < -200);
  CHECK(suspects.front().first == kFirst);
  CHECK(suspects.front().last > kFirst + 9'990);
}

TEST_CASE("Readings that make no sense are refused", "[suspects]") {
  test::Rng rng(7);
  const Sequences sequences(test::random_key(rng), 2);
  const double infinite = std::numeric_limits<double>::infinity();
  for (const Weight& weight :
       {Weight{0, 0, 1, 1}, Weight{-1, 2, 0, 0}, Weight{infinite, 1, 0, 0}, Weight{std::nan(""), 1, 0, 0}})
    CHECK_THROWS_AS(find_suspects(sequences, {{1, weight}}, kViewers), std::invalid_argument);
  CHECK_THROWS_AS(find_suspects(sequences, {{1, {1, 0}}, {2, {1, 0}}, {1, {0, 1}}}, kViewers), std::invalid_argument);
}

TEST_CASE("Innocent viewers have p-values that are no smaller than promised", "[suspects]") {
  test::Rng rng(8);
  constexpr int kCopies = 1500;
  SuspectOptions options;
  options.others = 1;
  std::vector<double> p_values;
  for (int i = 0; i < kCopies; ++i) {
    const Sequences sequences(test::random_key(rng), 2 + i % 3);
    const std::size_t segments = 8 + rng() % 40;
    const double error = 0.001 + static_cast<double>(rng() % 300) / 1000;
    const auto readings = copy(sequences, {"guilty", "guilty, too"}, segments, [&](std::size_t, const auto& theirs) {
      return sure(theirs[i % 2 == 0 ? 0 : rng() % 2], error);
    });
    const auto suspects = find_suspects(sequences, readings, names(1 + rng() % 8), options);
    CHECK(named(suspects).empty());
    p_values.push_back(suspects.empty() ? 1 : std::pow(10.0, suspects.front().log10_p));
  }
  for (const double p : {0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001}) {
    const auto count = std::count_if(p_values.begin(), p_values.end(), [p](double value) { return value <= p; });
    CAPTURE(p);
    CHECK(static_cast<double>(count) <= kCopies * p + 4 * std::sqrt(kCopies * p));
  }
  // The bound is tight enough to be worth something.
  CHECK(std::count_if(p_values.begin(), p_values.end(), [](double value) { return value <= 0.2; }) > kCopies / 100);
}
