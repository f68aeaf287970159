// A stretch of time with one ID, and where the picture is that carries it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "album.hpp"
#include "plugins/steg/watermark/reading.hpp"

namespace trace {

/// A point of the copy's picture: x from 0 at its left edge to 1 at its right one, y from 0 at the top to 1 below.
struct Corner {
  double x;
  double y;
};

/// Where the corners of the marked picture are in the copy: top left, top right, bottom right, bottom left as the
/// picture was marked. Of a crop they lie outside of the copy.
using Outline = std::array<Corner, 4>;
inline constexpr Outline kWholePicture{Corner{0, 0}, Corner{1, 0}, Corner{1, 1}, Corner{0, 1}};

/// A stretch of the day in which something was marked, seconds after midnight UTC, to the epoch. `to` may lie before
/// `from`, on the next day.
struct MarkedTime {
  double from;
  double to;
};

struct Segment {
  double from;  ///< seconds: time of the first frame taken that carries the ID
  double to;    ///< time of the first frame taken after these, or the end of the last frame
  int frames;   ///< taken within
  steg::Reading reading;
  /// z of the fields that were read (Reader::soft_bits), positive where it agrees with the ID.
  steg::SoftBits soft_bits{};
  /// In a mix of several copies, with other IDs in the same stretch: averaged, or frames or regions in turn.
  bool mixed = false;
  /// Of a mix: how strongly each tile of the picture carries the ID (steg::FieldBlocks, row by row), about N(0,1) where
  /// it does not. Else empty.
  std::vector<double> tiles = {};
  std::optional<MarkedTime> marked = {};  ///< if the mark says it
  Outline outline = kWholePicture;
  Thumbnail thumbnail = {};  ///< of the copy, if pictures were asked for
};

}  // namespace trace
