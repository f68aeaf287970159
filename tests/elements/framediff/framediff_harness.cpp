// SPDX-License-Identifier: LGPL-2.1-or-later
#include "framediff_harness.hpp"

#include <catch2/catch.hpp>
#include <cstring>

#include "plugins/common/gststegmeta.h"
#include "plugins/common/video_frame.hpp"

namespace testing {

std::string caps_of(const std::string& format, int width, int height, const std::string& framerate) {
  return "video/x-raw,format=" + format + ",width=" + std::to_string(width) + ",height=" + std::to_string(height) +
         ",framerate=" + framerate;
}

Ptr<GstBuffer> make_buffer(const std::string& format, const pictures::Picture& picture, guint64 index) {
  GstVideoInfo info;
  gst_video_info_set_format(&info, gst_video_format_from_string(format.c_str()), static_cast<guint>(picture.width),
                            static_cast<guint>(picture.height));
  Ptr<GstBuffer> buffer(gst_buffer_new_allocate(nullptr, GST_VIDEO_INFO_SIZE(&info), nullptr));
  gst_buffer_memset(buffer.get(), 0, 128, GST_VIDEO_INFO_SIZE(&info));
  gststeg::VideoFrame frame(info, buffer.get(), GST_MAP_WRITE);
  const bool deep = GST_VIDEO_INFO_COMP_DEPTH(&info, 0) > 8;
  const guint shift = GST_VIDEO_FORMAT_INFO_SHIFT(info.finfo, 0);
  for (int y = 0; y < picture.height; ++y) {
    std::uint8_t* row = frame.luma() + y * frame.stride();
    const std::uint8_t* levels = picture.plane().data + y * picture.width;
    for (int x = 0; x < picture.width; ++x) {
      const auto quarters = static_cast<guint16>((4 * levels[x] + x % 4) << shift);
      if (deep)
        std::memcpy(row + 2 * x, &quarters, sizeof quarters);
      else
        row[x] = levels[x];
    }
  }
  GST_BUFFER_PTS(buffer.get()) = index * kFrame;
  GST_BUFFER_DURATION(buffer.get()) = kFrame;
  return buffer;
}

std::optional<Meta> meta_of(GstBuffer* buffer) {
  const GstStructure* fields = gst_steg_meta_get(buffer, GST_FRAME_DIFFERENCE_META_NAME);
  if (!fields) return std::nullopt;
  Meta meta{};
  gboolean duplicate = FALSE;
  REQUIRE(gst_structure_get(fields, "score", G_TYPE_DOUBLE, &meta.score, "duplicate", G_TYPE_BOOLEAN, &duplicate,
                            "run-length", G_TYPE_UINT, &meta.run_length, "sequence", G_TYPE_UINT64, &meta.sequence,
                            "reference", G_TYPE_UINT64, &meta.reference, nullptr));
  meta.duplicate = duplicate != FALSE;
  return meta;
}

Framediff::Framediff(const std::string& properties, const std::string& caps)
    : harness_(gst_harness_new_parse(("framediff " + properties).c_str())),
      element_(gst_harness_find_element(harness_.get(), "framediff")),
      bus_(gst_bus_new()) {
  gst_element_set_bus(element_.get(), bus_.get());
  set_caps(caps);
}

Meta Framediff::judge(const pictures::Picture& picture, guint64 index) {
  REQUIRE(push(picture, index) == GST_FLOW_OK);
  const Ptr<GstBuffer> buffer = pull();
  REQUIRE(buffer);
  const auto meta = meta_of(buffer.get());
  REQUIRE(meta);
  return *meta;
}

Ptr<GstStructure> Framediff::stats() const {
  GstStructure* stats = nullptr;
  g_object_get(element_.get(), "stats", &stats, nullptr);
  return Ptr<GstStructure>(stats);
}

void Framediff::restart() {
  gst_element_set_state(element_.get(), GST_STATE_NULL);
  gst_element_set_state(element_.get(), GST_STATE_PLAYING);
  GstSegment segment;
  gst_segment_init(&segment, GST_FORMAT_TIME);
  gst_harness_push_event(harness_.get(), gst_event_new_stream_start("again"));
  set_caps(caps_of("I420", 64, 48));
  gst_harness_push_event(harness_.get(), gst_event_new_segment(&segment));
}

}  // namespace testing
