// How the score of somebody who has nothing to do with a copy is distributed.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "sequences.hpp"

namespace steg {

/// The score that each variant gives at one position.
using VariantScores = std::array<int, kMostVariants>;

/// The distribution of a sum of independent scores, by convolution: exact, since scores are whole numbers.
class ScoreDistribution {
 public:
  /// One position more, at which a viewer has each variant with the probability of its share.
  void add(const VariantShares& shares, const VariantScores& scores);

  int lowest() const { return lowest_; }
  /// log10 P(S >= lowest() + i), at i; nothing is above the last.
  std::vector<float> log10_tails() const;

 private:
  int lowest_ = 0;
  std::vector<double> mass_ = {1.0};
  double dropped_ = 0;  ///< mass of sums too rare to keep, counted as if it were above all
};

}  // namespace steg
