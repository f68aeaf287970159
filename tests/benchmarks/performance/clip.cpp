// SPDX-License-Identifier: LGPL-2.1-or-later
#include "clip.hpp"

#include <stdexcept>

namespace performance {

using gststeg::Ptr;

std::string Size::caps() const {
  return "video/x-raw,format=I420,framerate=30/1,pixel-aspect-ratio=1/1,width=" + std::to_string(width) +
         ",height=" + std::to_string(height);
}

std::string quoted(const std::string& text) {
  const Ptr<gchar> escaped(g_strescape(text.c_str(), nullptr));
  return "\"" + std::string(escaped.get()) + "\"";
}

std::vector<Ptr<GstBuffer>> decoded(const std::string& clip, const Size& size, int count) {
  const std::string description = "filesrc location=" + quoted(clip) +
                                  " ! decodebin ! videorate ! videoconvert ! videoscale add-borders=false ! " +
                                  size.caps() + " ! appsink name=out sync=false max-buffers=4";
  GError* raw = nullptr;
  const Ptr<GstElement> pipeline(gst_parse_launch(description.c_str(), &raw));
  const Ptr<GError> error(raw);
  if (error) throw std::runtime_error(error->message);
  const Ptr<GstElement> sink(gst_bin_get_by_name(GST_BIN(pipeline.get()), "out"));
  gst_element_set_state(pipeline.get(), GST_STATE_PLAYING);
  std::vector<Ptr<GstBuffer>> frames;
  while (static_cast<int>(frames.size()) < count) {
    GstSample* next = nullptr;
    g_signal_emit_by_name(sink.get(), "pull-sample", &next);
    const Ptr<GstSample> sample(next);
    if (!sample) break;
    frames.emplace_back(gst_buffer_copy_deep(gst_sample_get_buffer(sample.get())));
  }
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
  if (frames.empty()) throw std::runtime_error("no picture could be decoded from " + clip);
  return frames;
}

}  // namespace performance
