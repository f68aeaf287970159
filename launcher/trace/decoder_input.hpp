// What goes into a decoder: which frames are key frames, and which are left out.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <mutex>
#include <set>

#include "group_skipper.hpp"

namespace trace {

/// Seconds from the start of the file to a buffer; 0 where that is not known.
double seconds_of(const GstSegment& segment, GstBuffer* buffer);

/// Must outlive the decoders that it watches.
class DecoderInput {
 public:
  /// Does nothing for elements that are no video or image decoders.
  void watch(GstElement* decoder);

  /// See GroupSkipper.
  void leave_out_until(double time) { skipper_.allow_until(time); }
  bool left_out() const { return skipper_.left_out(); }

  /// Whether the decoded frame of that time (a buffer's) was a key frame: what comes out of a decoder has no such flag.
  /// Ask once for each frame, in order; earlier ones are forgotten.
  bool take_key(GstClockTime time);

 private:
  static GstPadProbeReturn on_buffer(GstPad* pad, GstPadProbeInfo* info, gpointer data);
  GstPadProbeReturn let_in(GstPad* pad, GstBuffer* buffer);

  GroupSkipper skipper_;
  std::mutex mutex_;
  std::set<GstClockTime> key_times_;  ///< of frames on their way through the decoder; under the mutex
};

}  // namespace trace
