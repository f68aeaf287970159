// SPDX-License-Identifier: LGPL-2.1-or-later
#include "encoder_colour.hpp"

#include <gst/video/video.h>

#include "encoder_kind.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

std::string bytes_of(GstBuffer* buffer) {
  std::string bytes(gst_buffer_get_size(buffer), '\0');
  gst_buffer_extract(buffer, 0, bytes.data(), bytes.size());
  return bytes;
}

Ptr<GstBuffer> buffer_of(const std::string& bytes) {
  Ptr<GstBuffer> buffer(gst_buffer_new_allocate(nullptr, bytes.size(), nullptr));
  gst_buffer_fill(buffer.get(), 0, bytes.data(), bytes.size());
  return buffer;
}

VideoSignal signal_of(const std::string& colorimetry) {
  VideoSignal signal;
  GstVideoColorimetry colours;
  if (colorimetry.empty() || !gst_video_colorimetry_from_string(&colours, colorimetry.c_str())) return signal;
  signal.full_range = colours.range == GST_VIDEO_COLOR_RANGE_0_255;
  signal.primaries = static_cast<int>(gst_video_color_primaries_to_iso(colours.primaries));
  signal.transfer = static_cast<int>(gst_video_transfer_function_to_iso(colours.transfer));
  signal.matrix = static_cast<int>(gst_video_color_matrix_to_iso(colours.matrix));
  return signal;
}

}  // namespace

EncoderColour::EncoderColour(GstBin* bin, const std::string& encoder) {
  const Ptr<GstElement> element(gst_bin_get_by_name(bin, encoder.c_str()));
  if (!element) return;
  sink_.reset(gst_element_get_static_pad(element.get(), "sink"));
  source_.reset(gst_element_get_static_pad(element.get(), "src"));
  if (!sink_ || !makes_h264(element.get())) return;
  sink_probe_ = gst_pad_add_probe(sink_.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, before_encoder, this, nullptr);
  const auto all = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
  source_probe_ = gst_pad_add_probe(source_.get(), all, after_encoder, this, nullptr);
}

EncoderColour::~EncoderColour() {
  if (sink_probe_ != 0) gst_pad_remove_probe(sink_.get(), sink_probe_);
  if (source_probe_ != 0) gst_pad_remove_probe(source_.get(), source_probe_);
}

void EncoderColour::read(GstCaps* caps) {
  const gchar* text = gst_structure_get_string(gst_caps_get_structure(caps, 0), "colorimetry");
  const std::lock_guard<std::mutex> lock(mutex_);
  colorimetry_ = text ? text : "";
  signal_ = signal_of(colorimetry_);
}

GstPadProbeReturn EncoderColour::before_encoder(GstPad*, GstPadProbeInfo* info, gpointer self) {
  GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  static_cast<EncoderColour*>(self)->read(caps);
  return GST_PAD_PROBE_OK;
}

Ptr<GstCaps> EncoderColour::corrected(GstCaps* caps) const {
  Ptr<GstCaps> copy(gst_caps_copy(caps));
  GstStructure* format = gst_caps_get_structure(copy.get(), 0);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (colorimetry_.empty()) {
    gst_structure_remove_field(format, "colorimetry");
  } else {
    gst_structure_set(format, "colorimetry", G_TYPE_STRING, colorimetry_.c_str(), nullptr);
  }
  const GValue* config = gst_structure_get_value(format, "codec_data");
  if (config) {
    const Ptr<GstBuffer> data = buffer_of(avcc_with_signal(bytes_of(gst_value_get_buffer(config)), signal_));
    gst_structure_set(format, "codec_data", GST_TYPE_BUFFER, data.get(), nullptr);
  }
  return copy;
}

Ptr<GstBuffer> EncoderColour::corrected(GstBuffer* buffer, bool byte_stream) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::string bytes = bytes_of(buffer);
  Ptr<GstBuffer> copy =
      buffer_of(byte_stream ? byte_stream_with_signal(bytes, signal_) : packets_with_signal(bytes, signal_));
  gst_buffer_copy_into(
      copy.get(), buffer,
      static_cast<GstBufferCopyFlags>(GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS | GST_BUFFER_COPY_META), 0,
      static_cast<gsize>(-1));
  return copy;
}

GstPadProbeReturn EncoderColour::after_encoder(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  const auto* colour = static_cast<EncoderColour*>(self);
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
    GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
    if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
    GstCaps* caps = nullptr;
    gst_event_parse_caps(event, &caps);
    GstEvent* replacement = gst_event_new_caps(colour->corrected(caps).get());
    gst_event_set_seqnum(replacement, gst_event_get_seqnum(event));
    gst_event_unref(event);
    GST_PAD_PROBE_INFO_DATA(info) = replacement;
    return GST_PAD_PROBE_OK;
  }
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT)) return GST_PAD_PROBE_OK;
  const Ptr<GstCaps> caps(gst_pad_get_current_caps(pad));
  const gchar* form = caps ? gst_structure_get_string(gst_caps_get_structure(caps.get(), 0), "stream-format") : nullptr;
  const bool byte_stream = g_strcmp0(form, "byte-stream") == 0;
  GST_PAD_PROBE_INFO_DATA(info) = colour->corrected(buffer, byte_stream).release();
  gst_buffer_unref(buffer);
  return GST_PAD_PROBE_OK;
}

}  // namespace launcher
