// SPDX-License-Identifier: LGPL-2.1-or-later
#include "flv_watch.hpp"

#include "elements.hpp"

namespace launcher {
namespace {

/// So long a picture may follow the metadata that announce it, and tell its profile.
constexpr gint64 kAnnouncement = G_USEC_PER_SEC;

}  // namespace

FlvWatch::FlvWatch(GstBin* bin) {
  GstElement* demuxer = first_of_kind(bin, "flvdemux");
  if (!demuxer) return;
  pad_.reset(gst_element_get_static_pad(demuxer, "sink"));
  probe_ = gst_pad_add_probe(pad_.get(), GST_PAD_PROBE_TYPE_BUFFER, on_data, this, nullptr);
}

FlvWatch::~FlvWatch() {
  if (probe_ != 0) gst_pad_remove_probe(pad_.get(), probe_);
}

GstPadProbeReturn FlvWatch::on_data(GstPad*, GstPadProbeInfo* info, gpointer self) {
  auto* watch = static_cast<FlvWatch*>(self);
  GstMapInfo map;
  GstBuffer* buffer = GST_PAD_PROBE_INFO_BUFFER(info);
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return GST_PAD_PROBE_OK;
  bool known = true;
  {
    const std::lock_guard<std::mutex> lock(watch->mutex_);
    known = watch->source_.look(map.data, map.size);
    const bool announced = !watch->source_.announced_picture().empty();
    if (!announced) watch->announced_at_ = 0;
    if (announced && watch->announced_at_ == 0) watch->announced_at_ = g_get_monotonic_time();
  }
  gst_buffer_unmap(buffer, &map);
  return known ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
}

bool FlvWatch::has_media() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return !pad_ || source_.has_media();
}

std::string FlvWatch::picture_problem() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::string name = source_.picture();
  const bool only_announced = name.empty() && announced_at_ != 0;
  if (only_announced && g_get_monotonic_time() - announced_at_ >= kAnnouncement) name = source_.announced_picture();
  if (name.empty()) return "";
  const bool kept_back = name == "HEVC" || name == "AV1";
  return "the publisher sends a picture " + std::string(name.rfind("in ", 0) == 0 ? "" : "in ") + name +
         ", which cannot be read here: send H.264 (in OBS: Settings, Output, Video Encoder x264 or another H.264)" +
         (kept_back ? ". Its profile is not known: the server keeps back the header that names it" : "");
}

std::string FlvWatch::sound_problem() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::string& name = source_.sound();
  if (name.empty()) return "";
  return "the publisher sends sound " + std::string(name.rfind("in ", 0) == 0 ? "" : "in ") + name +
         ", which cannot be passed on: send AAC (in OBS: Settings, Output, Audio Encoder AAC)";
}

}  // namespace launcher
