// Copies that were mixed: the IDs that are there at the same time, beside those that follow each other.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "plugins/steg/watermark/accusation.hpp"
#include "segment.hpp"

namespace trace {

/// When the blocks of an accusation are.
struct BlockTimes {
  std::vector<double> from;  ///< seconds, of each block
  double end;                ///< of the last one
  double to(std::size_t last) const { return last < from.size() ? from[last] : end; }
};

/// `segments` follow each other in time, as a Segmenter found them. Of the accused IDs, those that share their time
/// with another take the place of their segments there; those that have a time of their own which no segment covers get
/// one, cut out of the others. In order of time. Numbers of frames and the soft bits of those that were added are
/// the caller's to fill in.
std::vector<Segment> with_accused(std::vector<Segment> segments, const std::vector<steg::Accused>& accused,
                                  const BlockTimes& times);

}  // namespace trace
