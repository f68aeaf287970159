// The clock, and the time of a buffer in the pipeline, which encoders and demuxers may not shift as they shift
// timestamps. SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <cstdint>

#include "launcher/base/seconds.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {

inline Seconds monotonic_now() { return Seconds(static_cast<double>(g_get_monotonic_time()) / G_USEC_PER_SEC); }

/// The running time of the buffer, ns; -1 if it has none.
inline std::int64_t running_time(GstPad* pad, GstBuffer* buffer) {
  const gststeg::Ptr<GstEvent> event(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  if (!event || !GST_BUFFER_PTS_IS_VALID(buffer)) return -1;
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  const guint64 time = gst_segment_to_running_time(segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  return GST_CLOCK_TIME_IS_VALID(time) ? static_cast<std::int64_t>(time) : -1;
}

}  // namespace launcher
