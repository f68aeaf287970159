// Which segment a running time belongs to.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

namespace launcher {

/// Segments of a live stream that begins at running time 0. Times in nanoseconds.
struct SegmentClock {
  std::uint64_t duration;        ///< of a segment
  std::uint32_t first_position;  ///< of the segment that begins at running time 0

  /// stegencode begins a segment at the frame nearest to the border, which may come before it: by half a frame, so this
  /// does for four frames and more in a segment.
  std::uint64_t tolerance() const { return duration / 8; }
  std::uint32_t position(std::uint64_t running_time) const {
    return first_position + static_cast<std::uint32_t>((running_time + tolerance()) / duration);
  }
  /// The running time from which on a frame is one of the segment after that of `running_time`.
  std::uint64_t next(std::uint64_t running_time) const {
    return ((running_time + tolerance()) / duration + 1) * duration - tolerance();
  }
};

}  // namespace launcher
