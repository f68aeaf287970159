// Embeds the gst-steg elements in an application of one's own: marks a video file and changes the ID while it runs.
//
//   change-id INPUT OUTPUT.mp4 FIRST-ID SECOND-ID
//
// The first half of the file carries FIRST-ID, the rest SECOND-ID. Nothing of gst-steg is linked: the elements are
// found by GStreamer's registry, as in any other application.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include <cstdio>
#include <memory>
#include <string>

namespace {

struct Unref {
  void operator()(GstElement* element) const { gst_object_unref(element); }
  void operator()(GstBus* bus) const { gst_object_unref(bus); }
  void operator()(GstMessage* message) const { gst_message_unref(message); }
  void operator()(GError* error) const { g_error_free(error); }
};
template <class T>
using Ptr = std::unique_ptr<T, Unref>;

constexpr GstClockTime kPollInterval = 20 * GST_MSECOND;

std::string quoted(const char* text) {
  const std::unique_ptr<gchar, decltype(&g_free)> escaped(g_strescape(text, nullptr), g_free);
  return "\"" + std::string(escaped.get()) + "\"";
}

/// What the bus says; true while the pipeline should go on.
bool handle(GstMessage* message, int& status) {
  switch (GST_MESSAGE_TYPE(message)) {
    case GST_MESSAGE_ELEMENT: {
      const GstStructure* fields = gst_message_get_structure(message);
      guint64 pts = 0;
      if (gst_structure_has_name(fields, "steg-id-applied") && gst_structure_get_uint64(fields, "pts", &pts))
        std::printf("ID %s from %.3f s\n", gst_structure_get_string(fields, "id"),
                    static_cast<double>(pts) / GST_SECOND);
      return true;
    }
    case GST_MESSAGE_ERROR: {
      GError* raw = nullptr;
      gst_message_parse_error(message, &raw, nullptr);
      const Ptr<GError> error(raw);
      std::fprintf(stderr, "%s: %s\n", GST_OBJECT_NAME(GST_MESSAGE_SRC(message)), error->message);
      status = 1;
      return false;
    }
    case GST_MESSAGE_EOS:
      return false;
    default:
      return true;
  }
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(&argc, &argv);
  if (argc != 5) {
    std::fprintf(stderr, "usage: %s INPUT OUTPUT.mp4 FIRST-ID SECOND-ID\n", argv[0]);
    return 2;
  }
  const std::string description = "filesrc location=" + quoted(argv[1]) +
                                  " ! decodebin ! videoconvert ! video/x-raw,format=I420"
                                  " ! framediff ! stegencode name=mark id=" +
                                  quoted(argv[3]) +
                                  " ! auditlog ! x264enc tune=zerolatency speed-preset=veryfast"
                                  " ! h264parse ! mp4mux ! filesink location=" +
                                  quoted(argv[2]);
  GError* raw = nullptr;
  const Ptr<GstElement> pipeline(gst_parse_launch(description.c_str(), &raw));
  if (raw) {
    const Ptr<GError> error(raw);
    std::fprintf(stderr, "%s\n", error->message);
    return 1;
  }
  const Ptr<GstElement> mark(gst_bin_get_by_name(GST_BIN(pipeline.get()), "mark"));
  const Ptr<GstBus> bus(gst_element_get_bus(pipeline.get()));

  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  int status = 0;
  bool changed = false;
  for (bool running = true; running;) {
    if (const Ptr<GstMessage> message{gst_bus_timed_pop(bus.get(), kPollInterval)})
      running = handle(message.get(), status);
    gint64 position = 0;
    gint64 duration = 0;
    if (!changed && gst_element_query_position(mark.get(), GST_FORMAT_TIME, &position) &&
        gst_element_query_duration(pipeline.get(), GST_FORMAT_TIME, &duration) && position >= duration / 2) {
      g_object_set(mark.get(), "id", argv[4], nullptr);  // from any thread, at any time
      changed = true;
    }
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  return status;
}
