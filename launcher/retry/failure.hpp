// Turns GStreamer's errors into what the restart policy understands.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include "restart_policy.hpp"

namespace launcher {

/// The failure that an ERROR message reports.
Failure failure_of(GstMessage* message);

/// True for a source or sink of files and the like, as opposed to one that talks to another machine or process.
bool is_local_end(GstElement* element);

/// "element (factory): text (detail)" of an ERROR or WARNING message.
std::string describe(GstMessage* message);

/// True for the WARNING that a link of the description waits for a pad that does not appear.
bool is_delayed_link(GstMessage* message);

}  // namespace launcher
