// What an encoder makes.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

namespace launcher {

/// Whether it may hand out H.264.
bool makes_h264(GstElement* encoder);

}  // namespace launcher
