// SPDX-License-Identifier: LGPL-2.1-or-later
#include "picture_limit.hpp"

#include <cstring>

#include "plugins/common/gst_ptr.hpp"

namespace trace {

void PictureLimit::watch(GstElement* decoder) {
  constexpr auto kEvents = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM | GST_PAD_PROBE_TYPE_BLOCK);
  const gchar* kind = gst_element_get_metadata(decoder, GST_ELEMENT_METADATA_KLASS);
  if (!kind || !std::strstr(kind, "Decoder")) return;
  const gststeg::Ptr<GstPad> pad(gst_element_get_static_pad(decoder, "src"));
  if (pad) gst_pad_add_probe(pad.get(), kEvents, on_event, this, nullptr);
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

GstPadProbeReturn PictureLimit::on_event(GstPad*, GstPadProbeInfo* info, gpointer data) {
  auto* self = static_cast<PictureLimit*>(data);
  // A probe that blocks is also called where data is pulled, with none yet.
  GstEvent* event = GST_PAD_PROBE_INFO_EVENT(info);
  if (!event || !GST_IS_EVENT(event) || GST_EVENT_TYPE(event) != GST_EVENT_CAPS) return GST_PAD_PROBE_PASS;
  GstCaps* caps = nullptr;
  gst_event_parse_caps(event, &caps);
  self->look_at(caps);
  return self->exceeded() ? GST_PAD_PROBE_OK : GST_PAD_PROBE_PASS;
}

std::string PictureLimit::fault() const {
  return "Its picture of " + std::to_string(width_) + "x" + std::to_string(height_) + " pixels is larger than " +
         std::to_string(most_) + " pixels. If it is no attempt to fill the memory, give --max-pixels.";
}

}  // namespace trace
