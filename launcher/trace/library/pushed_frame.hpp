// From the frames that a program pushes to what is read inside.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>

#include "launcher/trace/frame_reader.hpp"
#include "steg-trace.hpp"

namespace steg_trace {

/// The planes stay the program's. Throws Error if they cannot be those of such a frame, or if it has more than
/// `max_pixels`.
trace::MediaFrame media_frame_of(const Frame& frame, std::int64_t max_pixels);

}  // namespace steg_trace
