// SPDX-License-Identifier: LGPL-2.1-or-later
#include "encoder_rate.hpp"

#include <gst/video/video.h>

#include <algorithm>

#include "elements.hpp"
#include "running_time.hpp"

namespace launcher {
namespace {

guint read_uint(GstElement* element, const char* name) {
  guint value = 0;
  GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), name);
  if (spec && G_IS_PARAM_SPEC_UINT(spec)) g_object_get(element, name, &value, nullptr);
  return value;
}

}  // namespace

void EncoderRate::Corrected::adopt(GstElement* encoder) {
  const guint now = read_uint(encoder, name);
  if (now != set) wanted = now;
}

void EncoderRate::Corrected::correct(GstElement* encoder, guint value) {
  if (wanted == 0) return;
  const auto* range = G_PARAM_SPEC_UINT(g_object_class_find_property(G_OBJECT_GET_CLASS(encoder), name));
  set = std::clamp(value, range->minimum, range->maximum);
  g_object_set(encoder, name, set, nullptr);
}

EncoderRate::EncoderRate(GstBin* bin, const RateSettings& settings)
    : encoder_(gst_bin_get_by_name(bin, settings.encoder.c_str())),
      schedule_(static_cast<std::int64_t>(settings.key_interval.count() * GST_SECOND)) {
  if (!encoder_) {
    throw ConfigError("[rate] encoder: the description has no element named '" + settings.encoder + "'");
  }
  sink_.reset(gst_element_get_static_pad(encoder_.get(), "sink"));
  source_.reset(gst_element_get_static_pad(encoder_.get(), "src"));
  if (!sink_ || !source_) throw ConfigError("[rate] encoder: '" + settings.encoder + "' is not an encoder");
  const auto data_and_events =
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
  sink_probe_ = gst_pad_add_probe(sink_.get(), data_and_events, before_encoder, this, nullptr);
  source_probe_ = gst_pad_add_probe(source_.get(), GST_PAD_PROBE_TYPE_BUFFER, after_encoder, this, nullptr);
}

EncoderRate::~EncoderRate() {
  if (sink_probe_ != 0) gst_pad_remove_probe(sink_.get(), sink_probe_);
  if (source_probe_ != 0) gst_pad_remove_probe(source_.get(), source_probe_);
}

GstPadProbeReturn EncoderRate::before_encoder(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  auto* rate = static_cast<EncoderRate*>(self);
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
    GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
    if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS) rate->read_caps(event);
    return GST_PAD_PROBE_OK;
  }
  const std::int64_t timestamp = running_time(pad, GST_PAD_PROBE_INFO_BUFFER(info));
  if (timestamp < 0) return GST_PAD_PROBE_OK;
  bool due = false;
  {
    const std::lock_guard<std::mutex> lock(rate->mutex_);
    due = rate->schedule_.due(timestamp);
  }
  // The encoder takes the next frame, which is this one.
  if (due) rate->request_key_frame();
  return GST_PAD_PROBE_OK;
}

void EncoderRate::request_key_frame() {
  gst_pad_send_event(source_.get(), gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, TRUE, 0));
}

GstPadProbeReturn EncoderRate::after_encoder(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  auto* rate = static_cast<EncoderRate*>(self);
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  ++rate->frames_out_;
  if (GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT)) return GST_PAD_PROBE_OK;
  const std::int64_t timestamp = running_time(pad, buffer);
  if (timestamp < 0) return GST_PAD_PROBE_OK;
  const std::lock_guard<std::mutex> lock(rate->mutex_);
  rate->schedule_.key_frame(timestamp);
  return GST_PAD_PROBE_OK;
}

void EncoderRate::read_caps(GstEvent* event) {
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  gint numerator = 0;
  gint denominator = 1;
  gst_structure_get_fraction(gst_caps_get_structure(caps, 0), "framerate", &numerator, &denominator);
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    caps_rate_ = denominator > 0 ? static_cast<double>(numerator) / denominator : 0;
  }
  apply();
}

void EncoderRate::set_measured_rate(double frames_per_second) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    measured_rate_ = frames_per_second;
  }
  apply();
}

void EncoderRate::apply() {
  const std::lock_guard<std::mutex> lock(applying_);
  bitrate_.adopt(encoder_.get());
  buffer_.adopt(encoder_.get());
  RateCorrection correction;
  {
    const std::lock_guard<std::mutex> rates(mutex_);
    correction = correct_rate(bitrate_.wanted, buffer_.wanted, caps_rate_, measured_rate_);
  }
  bitrate_.correct(encoder_.get(), correction.bitrate);
  buffer_.correct(encoder_.get(), correction.vbv_buffer);
}

}  // namespace launcher
