// SPDX-License-Identifier: LGPL-2.1-or-later
#include "frame_difference.hpp"

namespace framediff {

bool FrameDifference::can_compare(const LumaPlane& plane, const FrameTime& time) const {
  if (!has_reference_ || plane.width != grid_.width() || plane.height != grid_.height()) return false;
  return !time.pts || !reference_time_.pts || *time.pts >= *reference_time_.pts;
}

void FrameDifference::set_method(Method method) {
  distance_ = make_distance(method);
  method_ = method;
  reset();
}

Verdict FrameDifference::examine(const LumaPlane& plane, const FrameTime& time, const Settings& settings) {
  Verdict verdict{Verdict::kNoReference, false, false, 0, ++sequence_, 0};
  if (can_compare(plane, time)) {
    const double threshold = settings.threshold < 0.0 ? default_threshold(method_) : settings.threshold;
    const std::uint64_t held = time.pts && reference_time_.pts ? *time.pts - *reference_time_.pts : shown_for_;
    verdict.score = distance_->to(plane);
    const bool same = verdict.score <= threshold;
    verdict.held_out = same && settings.max_hold != Settings::kNoLimit && held >= settings.max_hold;
    verdict.duplicate = same && !verdict.held_out;
  }
  if (verdict.duplicate) {
    verdict.run_length = ++run_length_;
    shown_for_ += time.duration;
  } else {
    if (plane.width != grid_.width() || plane.height != grid_.height()) grid_ = BlockGrid(plane.width, plane.height);
    distance_->set_reference(plane, grid_);
    has_reference_ = true;
    reference_time_ = time;
    reference_sequence_ = sequence_;
    shown_for_ = time.duration;
    run_length_ = 0;
  }
  verdict.reference = reference_sequence_;
  return verdict;
}

}  // namespace framediff
