// Elements alone, frame by frame, each in turn.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "clip.hpp"
#include "stopwatch.hpp"

namespace performance {

/// framediff, stegencode (fresh and duplicate), auditlog, videobalance and x264enc over the same frames.
std::vector<Timing> time_elements(const std::string& clip, const Size& size, int frames);

/// stegencode with two threads for the network: wall time says what that gains.
std::vector<Timing> time_two_threads(const std::string& clip, const Size& size, int frames);

/// framediff and stegencode with a share of duplicates from 0 to 1, mean time of a frame.
Timing time_duplicates(const std::string& clip, const Size& size, double share, int frames);

/// Recipients of the same pictures behind a tee, each before a turn of x264.
std::vector<Timing> time_recipients(const std::string& clip, const Size& size, int recipients, int frames);

/// A new ID while the element runs: the call that sets it, and the frame after it.
std::vector<Timing> time_id_change(const std::string& clip, const Size& size, int changes);

}  // namespace performance
