// Which frames of a video repeat an earlier one.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>

#include "distance.hpp"

namespace framediff {

struct Settings {
  /// Largest distance of a duplicate, in the method's unit; below 0: default_threshold() of the method.
  double threshold = -1.0;
  /// A frame this long (ns) after the last fresh one is fresh whatever it shows; the largest value: no limit.
  std::uint64_t max_hold = 1'000'000'000;

  static constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();
};

/// When a frame is shown.
struct FrameTime {
  /// ns; empty if the frame has no timestamp.
  std::optional<std::uint64_t> pts;
  /// ns; used for max_hold where timestamps are missing.
  std::uint64_t duration;
};

struct Verdict {
  /// Distance to the reference; kNoReference for the first frame of a sequence.
  double score;
  bool duplicate;
  /// True if only max_hold made the frame fresh: it shows nothing new.
  bool held_out;
  /// How many duplicates in a row end with this frame; 0 for a fresh frame.
  std::uint32_t run_length;
  /// Number of this frame, from 1.
  std::uint64_t sequence;
  /// sequence of the frame that this one repeats; its own for a fresh frame.
  std::uint64_t reference;

  static constexpr double kNoReference = -1.0;
};

/// Compares each frame with the last fresh one (not with the one before, so that a slow drift cannot pass as an endless
/// chain of duplicates), of which it keeps its own copy. Not thread-safe.
class FrameDifference {
 public:
  explicit FrameDifference(Method method) : distance_(make_distance(method)), method_(method) {}

  /// Compares by another method from the next frame on, which is fresh. The numbering goes on.
  void set_method(Method method);

  Method method() const { return method_; }

  /// Judges the next frame. A frame of another size, or earlier than the reference, starts a new sequence.
  Verdict examine(const LumaPlane& plane, const FrameTime& time, const Settings& settings);

  /// The next frame is fresh: nothing before it can be relied on. The numbering goes on.
  void reset() { has_reference_ = false; }

 private:
  bool can_compare(const LumaPlane& plane, const FrameTime& time) const;

  std::unique_ptr<Distance> distance_;
  Method method_;
  BlockGrid grid_;
  bool has_reference_ = false;
  FrameTime reference_time_{};
  std::uint64_t reference_sequence_ = 0;
  /// Durations of the frames since the reference, its own included.
  std::uint64_t shown_for_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint32_t run_length_ = 0;
};

}  // namespace framediff
