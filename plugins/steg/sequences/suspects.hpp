// Who gave a copy away, by the variants of its segments.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "sequences.hpp"

namespace steg {

/// What a copy shows at one position.
struct SegmentReading {
  std::uint32_t position;
  /// How likely what is seen would be if that variant had been shown, up to a factor that all have in common. All
  /// equal: not read. Several large ones: mixed.
  std::array<double, kMostVariants> weight;
};

struct SuspectOptions {
  double max_p_value = 1e-9;
  /// Number of hypotheses among which this copy is one, as ReadOptions::hypotheses.
  double hypotheses = 1;
  std::size_t others = 5;  ///< how many are told that are not named
};

struct Suspect {
  std::size_t viewer;  ///< number in the list of viewers
  bool named;          ///< log10_p is low enough
  /// Bounds the probability that anybody at all is named at this p-value who has nothing to do with the copy.
  double log10_p;
  int leakers;          ///< so many, this one among them, the score took to be in it beside those named before
  std::uint32_t first;  ///< positions of the first and the last segment that it rests on
  std::uint32_t last;
  int round;
};

/// All viewers whom the readings prove to have given segments, in the order in which they were found, and those who are
/// next. `viewers` has each one once.
///
/// A viewer's score is the logarithm of a likelihood ratio: that the copy was put together, segment by segment, from
/// those of 1, 2, 4 or 8 viewers, this one among them, against that he has nothing to do with it. It is summed over the
/// whole copy and, for copies cut together from long parts, over 35 parts of it. Viewers who were named make the
/// others' scores sharper in the next round. The p-value comes from the exact distribution of the score given the copy:
/// docs/sequences.md has the derivation.
///
/// Throws std::invalid_argument where a position comes twice, or a weight is negative, not finite, or all are 0.
std::vector<Suspect> find_suspects(const Sequences& sequences, std::vector<SegmentReading> readings,
                                   const std::vector<std::string>& viewers, const SuspectOptions& options = {});

}  // namespace steg
