// SPDX-License-Identifier: LGPL-2.1-or-later
#include "segment_format.hpp"

#include <gst/gst.h>
#include <gst/pbutils/pbutils.h>

#include "plugins/common/gst_ptr.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

/// A parser, and the form in which its caps say all that the codec's name is made of.
constexpr const char* kParsers[] = {
    "h264parse ! video/x-h264,stream-format=avc,alignment=au",
    "aacparse ! audio/mpeg,mpegversion=4,stream-format=raw",
    "h265parse ! video/x-h265,stream-format=hvc1,alignment=au",
};
constexpr GstClockTime kPatience = 2 * GST_SECOND;
/// A stream of a variable rate has the resolution of its times there.
constexpr std::int64_t kMostFramesIn1000s = 1000000;

Ptr<GstCaps> caps_by(const std::string& parser, const std::string& path) {
  const std::string description = "filesrc name=file ! tsdemux ! " + parser + " ! fakesink name=end sync=false";
  GError* raw = nullptr;
  const Ptr<GstElement> pipeline(gst_parse_launch(description.c_str(), &raw));
  const Ptr<GError> error(raw);
  if (!pipeline || error) return nullptr;
  const Ptr<GstElement> file(gst_bin_get_by_name(GST_BIN(pipeline.get()), "file"));
  const Ptr<GstElement> end(gst_bin_get_by_name(GST_BIN(pipeline.get()), "end"));
  g_object_set(file.get(), "location", path.c_str(), nullptr);
  const Ptr<GstBus> bus(gst_element_get_bus(pipeline.get()));
  gst_element_set_state(pipeline.get(), GST_STATE_PAUSED);
  const Ptr<GstMessage> message(gst_bus_timed_pop_filtered(
      bus.get(), kPatience, static_cast<GstMessageType>(GST_MESSAGE_ASYNC_DONE | GST_MESSAGE_ERROR | GST_MESSAGE_EOS)));
  const Ptr<GstPad> pad(gst_element_get_static_pad(end.get(), "sink"));
  Ptr<GstCaps> caps(gst_pad_get_current_caps(pad.get()));
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return caps;
}

}  // namespace

std::optional<SegmentFormat> read_segment_format(const std::string& path) {
  for (const char* parser : kParsers) {
    const Ptr<GstCaps> caps = caps_by(parser, path);
    if (!caps) continue;
    const Ptr<gchar> codec(gst_codec_utils_caps_get_mime_codec(caps.get()));
    if (!codec) continue;
    SegmentFormat format;
    format.codec = codec.get();
    const GstStructure* fields = gst_caps_get_structure(caps.get(), 0);
    gst_structure_get(fields, "width", G_TYPE_INT, &format.width, "height", G_TYPE_INT, &format.height, nullptr);
    int count = 0;
    int seconds = 0;
    if (gst_structure_get_fraction(fields, "framerate", &count, &seconds) && seconds > 0) {
      const std::int64_t rate = (std::int64_t{count} * 1000 + seconds / 2) / seconds;
      if (rate <= kMostFramesIn1000s) format.frames_in_1000s = rate;
    }
    return format;
  }
  return std::nullopt;
}

}  // namespace launcher
