// What each variant at each position says of a viewer who had it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "score_distribution.hpp"
#include "suspects.hpp"

namespace steg {

/// Scores are made for 1, 2, 4 and 8 leakers beside those who are known. For numbers between they are nearly as good.
inline constexpr std::size_t kLanes = 4;
constexpr int leakers_of(std::size_t lane) { return 1 << lane; }

/// The natural logarithm of P(what was read | the viewer had this variant) / P(what was read), for each variant.
/// `leakers` viewers of whom nothing is known, this one among them, and those whose weights add up to `known`, gave the
/// copy's segments, each as often as the others.
std::array<double, kMostVariants> log_likelihood_ratios(const SegmentReading& reading, const VariantShares& shares,
                                                        int leakers, double known);

/// The weights, the largest one 1 and none so small that a single misread segment could clear a viewer.
std::array<double, kMostVariants> tempered(const std::array<double, kMostVariants>& weight, int variants);

class ScoreTable {
 public:
  using Lanes = std::array<int, kLanes>;
  using Row = std::array<Lanes, kMostVariants>;

  /// `known`: at each reading the sum of the weights of the variants that known leakers had.
  ScoreTable(const std::vector<SegmentReading>& readings, const std::vector<VariantShares>& shares,
             const std::vector<double>& known);

  const Row& row(std::size_t reading) const { return rows_[reading]; }
  VariantScores scores(std::size_t reading, std::size_t lane) const;

 private:
  std::vector<Row> rows_;
};

}  // namespace steg
