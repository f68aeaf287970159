// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cmath>
#include <map>

#include "random.hpp"
#include "score_distribution.hpp"
#include "score_table.hpp"

using namespace steg;

namespace {

struct Position {
  VariantShares shares;
  VariantScores scores;
};

std::vector<Position> random_positions(test::Rng& rng, std::size_t count, int variants) {
  const Sequences sequences(test::random_key(rng), variants);
  std::vector<Position> positions;
  for (std::uint32_t i = 0; i < count; ++i) {
    VariantScores scores{};
    for (int& score : scores) score = static_cast<int>(rng() % 21) - 10;
    positions.push_back({sequences.shares(i), scores});
  }
  return positions;
}

/// By going through all combinations.
void enumerate(const std::vector<Position>& positions, std::size_t at, int score, double probability,
               std::map<int, double>& out) {
  if (at == positions.size()) {
    out[score] += probability;
    return;
  }
  for (int k = 0; k < positions[at].shares.variants; ++k) {
    enumerate(positions, at + 1, score + positions[at].scores[static_cast<std::size_t>(k)],
              probability * positions[at].shares.of(k), out);
  }
}

}  // namespace

TEST_CASE("The distribution of a score is that of all combinations", "[scores]") {
  test::Rng rng(1);
  for (int variants = 2; variants <= 4; ++variants) {
    const std::vector<Position> positions = random_positions(rng, 7, variants);
    ScoreDistribution distribution;
    for (const Position& position : positions) distribution.add(position.shares, position.scores);
    std::map<int, double> expected;
    enumerate(positions, 0, 0, 1, expected);
    CHECK(distribution.lowest() == expected.begin()->first);
    double tail = 0;
    const std::vector<float> tails = distribution.log10_tails();
    CHECK(distribution.lowest() + static_cast<int>(tails.size()) - 1 == expected.rbegin()->first);
    for (auto it = expected.rbegin(); it != expected.rend(); ++it) {
      tail += it->second;
      CAPTURE(variants, it->first);
      CHECK(std::pow(10.0, tails[static_cast<std::size_t>(it->first - distribution.lowest())]) ==
            Approx(tail).epsilon(1e-5));
    }
    CHECK(tails.front() == Approx(0).margin(1e-6));
  }
}

TEST_CASE("Sums too rare to keep count as if they were above all", "[scores]") {
  VariantShares shares{2, {}};
  shares.bounds = {0, 64, VariantShares::kScale};
  ScoreDistribution distribution;
  for (int i = 0; i < 200; ++i) distribution.add(shares, {1, 0, 0, 0});
  // 200 times in a row at 1/1024 each would be 10^-602.
  const std::vector<float> tails = distribution.log10_tails();
  CHECK(tails.size() < 200);
  CHECK(tails.back() < -240);
  CHECK(tails.back() > -260);
  CHECK(distribution.lowest() == 0);
  CHECK(std::pow(10.0, tails[1]) == Approx(1 - std::pow(1 - 1.0 / 1024, 200)).epsilon(1e-5));
}

TEST_CASE("Ratios are those of likelihoods: their mean is 1 for who is not involved", "[scores]") {
  test::Rng rng(2);
  for (int variants = 2; variants <= 4; ++variants) {
    const Sequences sequences(test::random_key(rng), variants);
    for (std::uint32_t position = 0; position < 50; ++position) {
      const VariantShares shares = sequences.shares(position);
      SegmentReading reading{position, {}};
      for (double& weight : reading.weight) weight = static_cast<double>(rng() % 1000 + 1) / 1000;
      for (const int leakers : {1, 2, 8}) {
        for (const double known : {0.0, 0.7, 3.0}) {
          const auto ratios = log_likelihood_ratios(reading, shares, leakers, known);
          double mean = 0;
          for (int k = 0; k < variants; ++k) mean += shares.of(k) * std::exp(ratios[static_cast<std::size_t>(k)]);
          CHECK(mean == Approx(1));
        }
      }
    }
  }
}

TEST_CASE("A sure reading of a single leaker is worth the logarithm of the share", "[scores]") {
  VariantShares shares{2, {}};
  shares.bounds = {0, VariantShares::kScale / 4, VariantShares::kScale};
  const SegmentReading sure{0, {1, 0, 0, 0}};
  CHECK(log_likelihood_ratios(sure, shares, 1, 0)[0] == Approx(std::log(4)));
  // One of two: half of the segments are his, a quarter of the other half would have been the same.
  CHECK(log_likelihood_ratios(sure, shares, 2, 0)[0] == Approx(std::log((0.5 + 0.5 * 0.25) / 0.25)));
  CHECK(log_likelihood_ratios(sure, shares, 2, 0)[1] == Approx(std::log(0.5)));
  // The other one is known, and had what was read: it says less.
  CHECK(log_likelihood_ratios(sure, shares, 1, 1)[0] == Approx(std::log(2 / 1.25)));
}

TEST_CASE("No weight is too small to be a mistake", "[scores]") {
  const auto weights = tempered({4, 0, 1, 0}, 4);
  CHECK(weights[0] == 1);
  CHECK(weights[1] == Approx(1e-3));
  CHECK(weights[2] == Approx(0.25));
}
