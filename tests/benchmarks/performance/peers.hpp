// What a user would pick instead.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "clip.hpp"
#include "stopwatch.hpp"

namespace performance {

inline constexpr char kNoPeers[] =
    "The methods of invisible-watermark are left out: `python3` has no module imwatermark. To have them timed, run\n"
    "`pip install invisible-watermark` and this again.";

/// dwtDct and dwtDctSvd of the Python package invisible-watermark, 56 bits into a picture of that size, on one thread,
/// as its documentation calls them. Nothing if `python3` has no such module.
std::vector<Timing> time_peers(const Size& size);

}  // namespace performance
