// SPDX-License-Identifier: LGPL-2.1-or-later
#include "segment_files.hpp"

#include "elements.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

/// The hlssink2 that a splitmuxsink is a part of, or else the splitmuxsink.
std::string sink_name(GstElement* splitter) {
  const Ptr<GstObject> parent(gst_object_get_parent(GST_OBJECT(splitter)));
  const bool inside = parent && GST_IS_ELEMENT(parent.get()) && factory_name(GST_ELEMENT(parent.get())) == "hlssink2";
  const Ptr<gchar> name(gst_object_get_name(inside ? parent.get() : GST_OBJECT(splitter)));
  return name.get();
}

bool has_picture(GstElement* splitter) {
  const Ptr<GstPad> pad(gst_element_get_static_pad(splitter, "video"));
  return pad != nullptr;
}

}  // namespace

std::string SegmentFiles::hear(GstMessage* message) {
  const GstStructure* said = gst_message_get_structure(message);
  guint64 time = 0;
  if (!said || !GST_IS_ELEMENT(GST_MESSAGE_SRC(message)) || !gst_structure_get_uint64(said, "running-time", &time) ||
      !GST_CLOCK_TIME_IS_VALID(time))
    return "";
  GstElement* source = GST_ELEMENT(GST_MESSAGE_SRC(message));
  if (gst_structure_has_name(said, "steg-segment")) {
    borders_.begins(time);
  } else if (gst_structure_has_name(said, "splitmuxsink-fragment-opened") && has_picture(source)) {
    borders_.opened(sink_name(source), time);
  } else if (gst_structure_has_name(said, "splitmuxsink-fragment-closed") && has_picture(source)) {
    return borders_.closed(sink_name(source), time);
  }
  return "";
}

}  // namespace launcher
