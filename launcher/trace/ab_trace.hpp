// What a copy shows of an A/B stream, and which viewers that proves to have given it away.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "plugins/common/crypto/key.hpp"
#include "plugins/steg/reading/segment_reader.hpp"
#include "plugins/steg/sequences/sequences.hpp"

namespace trace {

/// Viewers whose patterns were made in the same way.
struct Viewers {
  int variants = 2;
  steg::Bias bias = steg::Bias::arcsine;
  std::vector<std::string> names;  ///< each once
};

struct ScoredViewer {
  std::string name;
  bool named;      ///< log10_p is low enough
  double log10_p;  ///< see steg::Suspect
  int leakers;     ///< so many were taken to be in the copy beside those named before
  std::uint32_t first;
  std::uint32_t last;         ///< positions of the first and the last segment that the score rests on
  std::vector<int> variants;  ///< that this viewer had, of each of AbTrace::segments
};

/// How long a leak must be in the mean, in segments that are as well read as those of this copy.
struct LengthNeeded {
  double of_one;  ///< to name its only leaker
  double of_two;  ///< to name one of two who mixed theirs segment by segment
};

struct AbTrace {
  std::vector<steg::ShownSegment> segments;  ///< in order of time; a part of the copy may show a position again
  double signature = 0;                      ///< S of the segments together
  double log10_p = 0;                        ///< bounds the probability that segments are reported where there are none
  std::size_t viewers = 0;                   ///< that were scored
  std::vector<ScoredViewer> scored;          ///< those who are named, then the next ones
  LengthNeeded needed{};                     ///< if viewers were scored
  std::string warning;                       ///< of the patterns; empty for none
};

/// Fills in what depends on viewers. Groups share the significance evenly. `tries`: by which p-values are multiplied.
void score(AbTrace& trace, const steg::Key& key, const std::vector<Viewers>& groups, double max_p_value,
           double tries = 1);

}  // namespace trace
