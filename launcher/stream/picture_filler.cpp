// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_filler.hpp"

#include <cstring>
#include <utility>

#include "elements.hpp"
#include "running_time.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

}  // namespace

PictureFiller::PictureFiller(GstBin* bin, const RateSettings& settings) : pause_(settings.repeat_after) {
  GstElement* demuxer = first_of_kind(bin, "flvdemux");
  const Ptr<GstElement> encoder(gst_bin_get_by_name(bin, settings.encoder.c_str()));
  if (!demuxer || !encoder) return;
  demuxer_.reset(GST_ELEMENT(gst_object_ref(demuxer)));
  sink_.reset(gst_element_get_static_pad(encoder.get(), "sink"));
  if (!sink_) return;
  const auto all = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM);
  probe_ = gst_pad_add_probe(sink_.get(), all, before_encoder, this, nullptr);
  signal_ = g_signal_connect(demuxer, "pad-added", G_CALLBACK(on_pad_added), this);
}

PictureFiller::~PictureFiller() {
  if (signal_ != 0) g_signal_handler_disconnect(demuxer_.get(), signal_);
  if (probe_ != 0) gst_pad_remove_probe(sink_.get(), probe_);
}

void PictureFiller::on_pad_added(GstElement*, GstPad* pad, gpointer self) {
  const bool is_sound = std::strcmp(GST_PAD_NAME(pad), "audio") == 0;
  gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, is_sound ? on_sound : on_picture, self, nullptr);
}

GstPadProbeReturn PictureFiller::on_picture(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  auto* filler = static_cast<PictureFiller*>(self);
  const std::int64_t time = running_time(pad, GST_PAD_PROBE_INFO_BUFFER(info));
  const std::lock_guard<std::mutex> lock(filler->mutex_);
  if (time >= 0) filler->pause_.picture(time);
  return GST_PAD_PROBE_OK;
}

GstPadProbeReturn PictureFiller::before_encoder(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  auto* filler = static_cast<PictureFiller*>(self);
  if (filler->repeating_) return GST_PAD_PROBE_OK;
  const std::lock_guard<std::mutex> lock(filler->mutex_);
  if (GST_PAD_PROBE_INFO_TYPE(info) & GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM) {
    // A frame from before another format, another segment or the end does not belong after it.
    const GstEventType type = GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info));
    if (type == GST_EVENT_CAPS || type == GST_EVENT_SEGMENT || type == GST_EVENT_EOS) filler->last_.reset();
    return GST_PAD_PROBE_OK;
  }
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  const std::int64_t time = running_time(pad, buffer);
  if (time < 0) return GST_PAD_PROBE_OK;
  const std::int64_t wanted = filler->pause_.frame(time, monotonic_now());
  if (wanted != time) {
    buffer = gst_buffer_make_writable(buffer);
    GST_BUFFER_PTS(buffer) += static_cast<GstClockTime>(wanted - time);
    GST_PAD_PROBE_INFO_DATA(info) = buffer;
  }
  filler->last_.reset(gst_buffer_ref(buffer));
  return GST_PAD_PROBE_OK;
}

/// The frame to encode again when sound of that time has come; null if none is due.
Ptr<GstBuffer> PictureFiller::due(std::int64_t time) {
  const Ptr<GstEvent> event(gst_pad_get_sticky_event(sink_.get(), GST_EVENT_SEGMENT, 0));
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!event || !last_ || !pause_.sound(time, monotonic_now())) return nullptr;
  const GstSegment* segment = nullptr;
  gst_event_parse_segment(event.get(), &segment);
  Ptr<GstBuffer> frame(gst_buffer_copy(last_.get()));
  GST_BUFFER_PTS(frame.get()) =
      gst_segment_position_from_running_time(segment, GST_FORMAT_TIME, static_cast<guint64>(time));
  GST_BUFFER_DTS(frame.get()) = GST_CLOCK_TIME_NONE;
  GST_BUFFER_DURATION(frame.get()) = GST_CLOCK_TIME_NONE;
  return frame;
}

GstPadProbeReturn PictureFiller::on_sound(GstPad* pad, GstPadProbeInfo* info, gpointer self) {
  auto* filler = static_cast<PictureFiller*>(self);
  const std::int64_t time = running_time(pad, GST_PAD_PROBE_INFO_BUFFER(info));
  GstPad* sink = filler->sink_.get();
  // An encoder that is busy has a frame.
  if (time < 0 || !GST_PAD_STREAM_TRYLOCK(sink)) return GST_PAD_PROBE_OK;
  if (Ptr<GstBuffer> frame = filler->due(time)) {
    filler->repeating_ = true;
    gst_pad_chain(sink, frame.release());
    filler->repeating_ = false;
  }
  GST_PAD_STREAM_UNLOCK(sink);
  return GST_PAD_PROBE_OK;
}

}  // namespace launcher
