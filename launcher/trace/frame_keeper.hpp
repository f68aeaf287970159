// The few frames of a copy that the search for the picture looks at.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "plugins/steg/watermark/sync/picture.hpp"

namespace trace {

/// Keeps some moments that are spread over the copy, however long it is: when there are too many, every second one goes
/// and the next ones lie twice as far apart. Frames whose size differs from that of the first are passed over.
class FrameKeeper {
 public:
  /// Frames in order of time, seconds. `key`: whether it was coded by itself, which preserves a mark best.
  void add(const steg::sync::Planes& frame, double time, bool key);

  /// At most kMoments of those kept; empty if no frame came.
  std::vector<steg::sync::Moment> moments() const;

  /// The first frames of all moments that are kept, up to four times as many; valid until the next add().
  std::vector<steg::sync::LumaView> overview() const;

  static constexpr std::size_t kMoments = 3;
  static constexpr std::size_t kFrames = 2;  ///< of a moment

 private:
  struct Kept {
    double time;
    steg::sync::Moment frames;
  };
  std::vector<Kept> kept_;
  double spacing_ = 1.0;  ///< seconds between moments
};

}  // namespace trace
