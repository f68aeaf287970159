// Which segment a frame belongs to, and the encoder's patterns of the segments in one variant.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "id_patterns.hpp"

namespace steg {

/// Segments of one length, all in the same variant.
struct SegmentPlan {
  std::uint64_t duration;        ///< ns
  std::uint32_t first_position;  ///< of the segment that begins at running time 0
  int variant;

  /// Positions come round at 2^32.
  std::uint32_t position_at(std::uint64_t running_time) const {
    return first_position + static_cast<std::uint32_t>(running_time / duration);
  }
};

/// For use from one thread.
class SegmentPatterns {
 public:
  SegmentPatterns(const SegmentPlan& plan, std::shared_ptr<PatternMaker> maker, ChipFormat format);

  const SegmentPlan& plan() const { return plan_; }
  void set_size(const PatternSize& size);
  /// After set_size(): of a segment; the same object as long as no other two were asked for.
  std::shared_ptr<IdPatterns> at(std::uint32_t position);
  /// Every segment has an epoch of its own, so that its chips are other ones than those of the segment before.
  int epoch(std::uint32_t position) const;

 private:
  struct Made {
    std::uint32_t position;
    std::shared_ptr<IdPatterns> patterns;
  };
  const SegmentPlan plan_;
  const std::shared_ptr<PatternMaker> maker_;
  const ChipFormat format_;
  std::optional<PatternSize> size_;
  std::array<Made, 2> made_{};  ///< the one that goes on and the next; what was asked for last first
};

}  // namespace steg
