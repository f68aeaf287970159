// Whole pipelines, each in a process of its own: CPU time, memory and start as the kernel counts them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace performance {

struct Usage {
  double cpu = 0;       ///< s of all threads, after the first frame
  double wall = 0;      ///< s from PLAYING to the end
  double start = 0;     ///< s from the start of the process to the first frame at the sinks
  double peak_mib = 0;  ///< largest resident set of the process
  double stream = 0;    ///< s of video that came to the sinks, all sinks together
  double per_second() const { return cpu / stream; }
};

/// Runs a description with the program bench-play at that path. Throws std::runtime_error.
Usage run_pipeline(const std::string& program, const std::string& description);

/// The transcoding of a clip with `elements` (ending in " ! ", or empty) in front of the encoder, `streams` times; an @
/// in `elements` becomes the number of the stream.
std::string transcoding(const std::string& clip, const std::string& elements, int streams = 1);

/// One decoder, and `ids` branches with an ID each.
std::string fan_out(const std::string& clip, int ids);

}  // namespace performance
