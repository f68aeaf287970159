// SPDX-License-Identifier: LGPL-2.1-or-later
#include "encoder_rate.hpp"

#include <gst/video/video.h>

#include <algorithm>
#include <utility>

#include "encoder_kind.hpp"
#include "launcher/base/config_error.hpp"
#include "running_time.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

guint read_uint(GstElement* element, const char* name) {
  guint value = 0;
  GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), name);
  if (spec && G_IS_PARAM_SPEC_UINT(spec)) g_object_get(element, name, &value, nullptr);
  return value;
}

/// Frames a second; 0 if unknown.
double rate_of(GstCaps* caps) {
  gint numerator = 0;
  gint denominator = 1;
  gst_structure_get_fraction(gst_caps_get_structure(caps, 0), "framerate", &numerator, &denominator);
  return denominator > 0 ? static_cast<double>(numerator) / denominator : 0;
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
      follow_level_(settings.follow_level),
      schedule_(static_cast<std::int64_t>(settings.key_interval.count() * GST_SECOND)) {
  if (!encoder_) {
    throw ConfigError("[rate] encoder: the description has no element named '" + settings.encoder + "'");
  }
  // Levels of other formats are the encoder's own matter.
  follow_level_ = follow_level_ && makes_h264(encoder_.get());
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
    if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_CAPS) rate->read_caps(info);
    return GST_PAD_PROBE_OK;
  }
  rate->tell_new_rate();
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

Ptr<GstCaps> EncoderRate::with_told_rate(GstCaps* caps) const {
  gint numerator = 0;
  gint denominator = 1;
  gst_util_double_to_fraction(told_.told(), &numerator, &denominator);
  Ptr<GstCaps> copy(gst_caps_copy(caps));
  gst_caps_set_simple(copy.get(), "framerate", GST_TYPE_FRACTION, numerator, denominator, nullptr);
  return copy;
}

void EncoderRate::read_caps(GstPadProbeInfo* info) {
  GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  if (const Ptr<GstCaps> corrected = note_rate(caps)) {
    GstEvent* replacement = gst_event_new_caps(corrected.get());
    gst_event_set_seqnum(replacement, gst_event_get_seqnum(event));
    gst_event_unref(event);
    GST_PAD_PROBE_INFO_DATA(info) = replacement;
  }
  apply();
}

/// The caps that the encoder is to get in place of these; null if these are right.
Ptr<GstCaps> EncoderRate::note_rate(GstCaps* caps) {
  const double declared = rate_of(caps);
  gint width = 0;
  gint height = 0;
  const GstStructure* format = gst_caps_get_structure(caps, 0);
  const bool has_size =
      gst_structure_get_int(format, "width", &width) && gst_structure_get_int(format, "height", &height);
  const std::lock_guard<std::mutex> lock(mutex_);
  caps_rate_ = declared;
  if (!follow_level_ || !has_size || telling_) return nullptr;
  caps_rate_ = told_.declare(width, height, declared);
  has_new_rate_ = false;
  return caps_rate_ == declared ? nullptr : with_told_rate(caps);
}

/// In front of a frame, so that the encoder begins again with that one.
void EncoderRate::tell_new_rate() {
  const Ptr<GstCaps> caps(gst_pad_get_current_caps(sink_.get()));
  Ptr<GstCaps> wanted;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!std::exchange(has_new_rate_, false) || !caps) return;
    wanted = with_told_rate(caps.get());
  }
  telling_ = true;
  gst_pad_send_event(sink_.get(), gst_event_new_caps(wanted.get()));
  telling_ = false;
}

void EncoderRate::set_measured_rate(double frames_per_second) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    measured_rate_ = frames_per_second;
    if (follow_level_ && told_.measure(frames_per_second)) has_new_rate_ = true;
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
