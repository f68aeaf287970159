// SPDX-License-Identifier: LGPL-2.1-or-later
#include "decoder_input.hpp"

#include <cstring>
#include <iterator>

#include "plugins/common/gst_ptr.hpp"

namespace trace {

using gststeg::Ptr;

double seconds_of(const GstSegment& segment, GstBuffer* buffer) {
  const guint64 time = gst_segment_to_running_time(&segment, GST_FORMAT_TIME, GST_BUFFER_PTS(buffer));
  return GST_CLOCK_TIME_IS_VALID(time) ? static_cast<double>(time) / GST_SECOND : 0.0;
}

void DecoderInput::watch(GstElement* decoder) {
  const gchar* kind = gst_element_get_metadata(decoder, GST_ELEMENT_METADATA_KLASS);
  if (!kind || !std::strstr(kind, "Decoder") || std::strstr(kind, "Audio")) return;
  const Ptr<GstPad> input(gst_element_get_static_pad(decoder, "sink"));
  if (input) gst_pad_add_probe(input.get(), GST_PAD_PROBE_TYPE_BUFFER, on_buffer, this, nullptr);
}

GstPadProbeReturn DecoderInput::on_buffer(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  return static_cast<DecoderInput*>(data)->let_in(pad, GST_PAD_PROBE_INFO_BUFFER(info));
}

GstPadProbeReturn DecoderInput::let_in(GstPad* pad, GstBuffer* buffer) {
  if (!GST_BUFFER_PTS_IS_VALID(buffer)) return GST_PAD_PROBE_OK;
  const bool key = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
  if (key) {
    const std::lock_guard<std::mutex> lock(mutex_);
    key_times_.insert(GST_BUFFER_PTS(buffer));
  }
  const Ptr<GstEvent> event(gst_pad_get_sticky_event(pad, GST_EVENT_SEGMENT, 0));
  if (!event) return GST_PAD_PROBE_OK;
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  return skipper_.needed(key, seconds_of(*segment, buffer)) ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

bool DecoderInput::take_key(GstClockTime time) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto end = key_times_.upper_bound(time);
  const bool key = end != key_times_.begin() && *std::prev(end) == time;
  key_times_.erase(key_times_.begin(), end);
  return key;
}

}  // namespace trace
