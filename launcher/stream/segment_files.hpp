// Listens to what elements say of segments and of the files that these are written to.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <string>

#include "segment_borders.hpp"

namespace launcher {

class SegmentFiles {
 public:
  /// Call this with each ELEMENT message, in order. Returns what is wrong with a file of picture that has ended; empty
  /// if nothing is. The sound's files are not compared: nothing in them is marked.
  std::string hear(GstMessage* message);

 private:
  SegmentBorders borders_;
};

}  // namespace launcher
