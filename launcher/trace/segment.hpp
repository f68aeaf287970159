// A stretch of time with one ID.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "plugins/steg/watermark/reading.hpp"

namespace trace {

struct Segment {
  double from;  ///< seconds: time of the first frame taken that carries the ID
  double to;    ///< time of the first frame taken after these, or the end of the last frame
  int frames;   ///< taken within
  steg::Reading reading;
  steg::SoftBits soft_bits{};  ///< z of the fields that were read, see Reader::soft_bits
  /// In a mix of several copies, with other IDs in the same stretch: averaged, or frames or regions in turn.
  bool mixed = false;
  /// Of a mix: how strongly each tile of the picture carries the ID (steg::FieldBlocks, row by row), about N(0,1) where
  /// it does not. Else empty.
  std::vector<double> tiles = {};
};

}  // namespace trace
