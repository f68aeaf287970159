// What the log costs the streaming thread.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace bench {

struct FrameCost {
  std::string what;
  double cpu_us;   ///< processor time of the thread, on average
  double mean_us;  ///< what a clock on the wall says, which has the other threads of the machine in it
  double p999_us;  ///< 99.9% of the frames cost less
  double max_us;
  double over_1ms;  ///< share of the frames
};

/// Times every call of AuditLog::frame() at 1,000 frames a second.
/// `frames_per_id`: how often the ID changes.
FrameCost measure_frames(const std::string& what, const std::string& database, const std::string& spool, int frames,
                         int frames_per_id);

}  // namespace bench
