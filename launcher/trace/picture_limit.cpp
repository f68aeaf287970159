// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_limit.hpp"

#include <cstring>

#include "plugins/common/gst_ptr.hpp"

namespace trace {

void PictureLimit::watch(GstElement* decoder) {
  const gchar* kind = gst_element_get_metadata(decoder, GST_ELEMENT_METADATA_KLASS);
  if (!kind || !std::strstr(kind, "Decoder")) return;
  const gststeg::Ptr<GstPad> pad(gst_element_get_static_pad(decoder, "src"));
  if (pad) gst_pad_add_probe(pad.get(), GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_event, this, nullptr);
}

void PictureLimit::look_at(const GstCaps* caps) {
  const GstStructure* format = gst_caps_get_structure(caps, 0);
  gint width = 0;
  gint height = 0;
  if (gst_structure_get_int(format, "width", &width) && gst_structure_get_int(format, "height", &height))
    look_at(width, height);
}

void PictureLimit::look_at(std::int64_t width, std::int64_t height) {
  if (width <= 0 || height <= 0 || width <= most_ / height) return;
  height_ = height;
  width_ = width;
}

GstPadProbeReturn PictureLimit::on_event(GstPad* pad, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<PictureLimit*>(data);
  GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_OK;
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  self->look_at(caps);
  if (self->exceeded()) hold(pad);
  return GST_PAD_PROBE_OK;
}

/// The decoder waits before it asks for memory. Not sooner: a pad with two probes that block goes on only after both
/// are removed, and decodebin has one there until all tracks are known.
void PictureLimit::hold(GstPad* pad) {
  constexpr auto kAll =
      static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BLOCK_DOWNSTREAM | GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM);
  const auto wait = [](GstPad*, GstPadProbeInfo*, gpointer) { return GST_PAD_PROBE_OK; };
  gst_pad_add_probe(pad, kAll, wait, nullptr, nullptr);
}

std::string PictureLimit::fault() const {
  return "Its picture of " + std::to_string(width_) + "x" + std::to_string(height_) + " pixels is larger than " +
         std::to_string(most_) + " pixels. If it is no attempt to fill the memory, give --max-pixels.";
}

}  // namespace trace
