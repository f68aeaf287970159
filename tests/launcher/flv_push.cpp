// Publishes an FLV file by RTMP in real time and over and over, and from a certain moment on not as it should be: for
// tests.
//   flv-push FILE URL forward|back|corrupt SECONDS
// After SECONDS the timestamps jump by an hour forward, or back to 0, or the bodies of ten tags are damaged.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "playback/flv_tag.hpp"

namespace {

constexpr std::uint32_t kHour = 3600 * 1000;

/// The sizes stay right: what is damaged is what the decoder sees.
void damage(std::string& tag) {
  for (std::size_t i = 11 + 20; i + 4 < tag.size(); i += 3) tag[i] = static_cast<char>(tag[i] ^ 0x5a);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) return 2;
  gst_init(&argc, &argv);
  const std::string mode = argv[3];
  const std::uint32_t moment = static_cast<std::uint32_t>(std::stoul(argv[4])) * 1000;
  std::ifstream file(argv[1], std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const auto tags = launcher::split_flv(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  GstElement* pipeline =
      gst_parse_launch("appsrc name=in caps=video/x-flv is-live=true ! rtmp2sink name=out sync=false", nullptr);
  GstElement* source = gst_bin_get_by_name(GST_BIN(pipeline), "in");
  GstElement* sink = gst_bin_get_by_name(GST_BIN(pipeline), "out");
  g_object_set(sink, "location", argv[2], nullptr);
  gst_element_set_state(pipeline, GST_STATE_PLAYING);
  const gint64 began = g_get_monotonic_time();
  std::uint32_t base = 0;
  int damaged = 0;
  GstFlowReturn flow = GST_FLOW_OK;
  while (flow == GST_FLOW_OK && !tags.empty()) {
    for (const launcher::FlvTag& tag : tags) {
      const std::uint32_t real = base + tag.timestamp;
      const gint64 wait = began + gint64{real} * 1000 - g_get_monotonic_time();
      if (wait > 0) g_usleep(static_cast<gulong>(wait));
      const bool now = real >= moment;
      std::uint32_t timestamp = real;
      if (now && mode == "forward") timestamp += kHour;
      if (now && mode == "back") timestamp -= moment;
      std::string text = launcher::with_timestamp(tag, timestamp);
      const bool is_config = tag.kind == launcher::TagKind::kMetadata || tag.kind == launcher::TagKind::kVideoConfig ||
                             tag.kind == launcher::TagKind::kAudioConfig;
      if (now && mode == "corrupt" && !is_config && damaged < 10) {
        damage(text);
        ++damaged;
      }
      GstBuffer* buffer = gst_buffer_new_allocate(nullptr, text.size(), nullptr);
      gst_buffer_fill(buffer, 0, text.data(), text.size());
      flow = gst_app_src_push_buffer(GST_APP_SRC(source), buffer);
      if (flow != GST_FLOW_OK) break;
    }
    base += tags.back().timestamp + 33;
  }
  gst_element_set_state(pipeline, GST_STATE_NULL);
  gst_object_unref(sink);
  gst_object_unref(source);
  gst_object_unref(pipeline);
  return 0;
}
