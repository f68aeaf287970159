// SPDX-License-Identifier: LGPL-2.1-or-later
#include "coded_clip.hpp"

#include <gst/video/video.h>

#include <stdexcept>

#include "../../../plugins/common/video_frame.hpp"

namespace recovery {
namespace {

std::string quoted(const std::string& text) {
  const gststeg::Ptr<gchar> escaped(g_strescape(text.c_str(), nullptr));
  return "\"" + std::string(escaped.get()) + "\"";
}

Plane plane_of(GstSample* sample) {
  GstVideoInfo info;
  Plane plane;
  if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample)))
    throw std::runtime_error("A sample without video caps.");
  const gststeg::VideoFrame frame(info, gst_sample_get_buffer(sample), GST_MAP_READ);
  if (!frame) throw std::runtime_error("A frame could not be mapped.");
  plane.width = GST_VIDEO_INFO_WIDTH(&info);
  plane.height = GST_VIDEO_INFO_HEIGHT(&info);
  for (int y = 0; y < plane.height; ++y) {
    const std::uint8_t* row = frame.luma() + y * frame.stride();
    plane.luma.insert(plane.luma.end(), row, row + plane.width);
  }
  return plane;
}

}  // namespace

std::string Setting::name() const {
  const std::string size = height > 0 ? std::to_string(height) + "p " : "";
  return size + (crf >= 0 ? "CRF " + std::to_string(crf) : std::to_string(kbps) + " kbps");
}

std::string Setting::encoder() const {
  const std::string common = "x264enc tune=zerolatency speed-preset=veryfast bframes=0 threads=1 key-int-max=60 ";
  // pass=qual is x264's CRF, but x264enc also holds it to `bitrate`: out of the way with that.
  if (crf >= 0) return common + "pass=qual bitrate=200000 quantizer=" + std::to_string(crf);
  return common + "pass=cbr bitrate=" + std::to_string(kbps);
}

CodedClip::CodedClip(const std::string& path, const std::string& id, const Setting& setting) {
  const std::string wait = " ! queue max-size-bytes=0 max-size-time=0 max-size-buffers=60 ! ";
  const std::string sink = "appsink sync=false max-buffers=4 name=";
  const std::string scaled =
      setting.height > 0 ? ",width=" + std::to_string(setting.width) + ",height=" + std::to_string(setting.height) : "";
  const std::string description =
      "filesrc location=" + quoted(path) + " ! decodebin ! videoconvert ! videoscale add-borders=false" +
      " ! video/x-raw,format=I420" + scaled + " ! tee name=t ! queue ! " + sink + "original t. " + wait +
      "stegencode id=" + quoted(id) + " ! tee name=m ! queue ! " + sink + "marked m. " + wait + setting.encoder() +
      " ! h264parse ! avdec_h264 max-threads=1 ! " + sink + "coded";
  GError* raw = nullptr;
  pipeline_.reset(gst_parse_launch(description.c_str(), &raw));
  if (raw) {
    const gststeg::Ptr<GError> error(raw);
    throw std::runtime_error(error->message);
  }
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
}

CodedClip::~CodedClip() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

gststeg::Ptr<GstSample> CodedClip::pull(const char* sink) {
  const gststeg::Ptr<GstElement> element(gst_bin_get_by_name(GST_BIN(pipeline_.get()), sink));
  const gststeg::Ptr<GstBus> bus(gst_element_get_bus(pipeline_.get()));
  for (;;) {
    GstSample* sample = nullptr;
    g_signal_emit_by_name(element.get(), "try-pull-sample", static_cast<guint64>(GST_SECOND), &sample);
    if (sample) return gststeg::Ptr<GstSample>(sample);
    gboolean eos = FALSE;
    g_object_get(element.get(), "eos", &eos, nullptr);
    if (const gststeg::Ptr<GstMessage> message{gst_bus_pop_filtered(bus.get(), GST_MESSAGE_ERROR)}) {
      GError* raw = nullptr;
      gst_message_parse_error(message.get(), &raw, nullptr);
      const gststeg::Ptr<GError> error(raw);
      throw std::runtime_error(error->message);
    }
    if (eos) return nullptr;
  }
}

std::optional<Frame> CodedClip::next() {
  const auto original = pull("original");
  const auto marked = pull("marked");
  const auto coded = pull("coded");
  if (!original || !marked || !coded) return std::nullopt;
  Frame frame;
  frame.original = plane_of(original.get());
  frame.marked = plane_of(marked.get());
  frame.coded = plane_of(coded.get());
  frame.pts = GST_BUFFER_PTS(gst_sample_get_buffer(marked.get()));
  return frame;
}

}  // namespace recovery
