// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rate_policy.hpp"

#include <algorithm>
#include <cmath>

namespace launcher {

bool KeyFrameSchedule::due(std::int64_t timestamp) {
  const bool went_back = last_frame_ && timestamp < *last_frame_;
  const std::int64_t step = last_frame_ && !went_back ? timestamp - *last_frame_ : 0;
  last_frame_ = timestamp;
  if (!last_key_ || went_back) {
    last_key_ = timestamp;
    return went_back;
  }
  if (timestamp - *last_key_ + std::min(step, interval_) / 2 < interval_) return false;
  last_key_ = timestamp;
  return true;
}

void KeyFrameSchedule::key_frame(std::int64_t timestamp) {
  if (!last_key_ || timestamp > *last_key_) last_key_ = timestamp;
}

RateCorrection correct_rate(unsigned wanted_bitrate, unsigned wanted_vbv_buffer, double caps_rate,
                            double measured_rate) {
  if (!(caps_rate > 0) || !(measured_rate > 0)) return {wanted_bitrate, wanted_vbv_buffer};
  const double ratio = caps_rate / measured_rate;
  const double bitrate = std::round(wanted_bitrate * ratio);
  const double buffer = std::round(wanted_vbv_buffer / ratio);
  const double largest = 1e9;
  return {static_cast<unsigned>(std::clamp(bitrate, 1.0, largest)), static_cast<unsigned>(std::min(buffer, largest))};
}

}  // namespace launcher
