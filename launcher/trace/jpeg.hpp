// A decoded frame as a small picture for a page.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>

namespace trace {

/// A JPEG file of at most 400 pixels width, in base64; empty if it cannot be made. `sample`: raw video, or null.
std::string small_jpeg(GstSample* sample);

}  // namespace trace
