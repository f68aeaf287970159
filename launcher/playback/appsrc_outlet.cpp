// SPDX-License-Identifier: LGPL-2.1-or-later
#include "appsrc_outlet.hpp"

#include "flv_tag.hpp"
#include "launcher/base/bytes.hpp"

namespace launcher {
namespace {

/// About ten seconds of a good picture: more waits only where the pipeline hangs.
constexpr guint64 kLargestBacklog = guint64{4} * 1024 * 1024;

bool is_config(TagKind kind) {
  return kind == TagKind::metadata || kind == TagKind::video_config || kind == TagKind::audio_config;
}

}  // namespace

AppSrcOutlet::AppSrcOutlet(GstElement* source) : source_(source) {
  const gststeg::Ptr<GstCaps> caps(gst_caps_new_empty_simple("video/x-flv"));
  g_object_set(source, "caps", caps.get(), "is-live", TRUE, "format", GST_FORMAT_BYTES, "stream-type",
               GST_APP_STREAM_TYPE_STREAM, "block", FALSE, nullptr);
}

bool AppSrcOutlet::push(Bytes bytes) {
  if (!open_) return true;
  auto* source = GST_APP_SRC(source_.get());
  if (gst_app_src_get_current_level_bytes(source) > kLargestBacklog) {
    close();
    return false;
  }
  gsize size = 0;
  const auto* data = static_cast<const std::uint8_t*>(g_bytes_get_data(bytes.get(), &size));
  const auto tags = split_flv(data, size);
  std::string rebased;
  if (tags.empty()) rebased.assign(reinterpret_cast<const char*>(data), size);
  for (const FlvTag& tag : tags) {
    if (!first_ && !is_config(tag.kind)) first_ = tag.timestamp;
    const std::uint32_t first = first_.value_or(tag.timestamp);
    rebased += with_timestamp(tag, tag.timestamp > first ? tag.timestamp - first : 0);
  }
  GstBuffer* buffer = gst_buffer_new_allocate(nullptr, rebased.size(), nullptr);
  gst_buffer_fill(buffer, 0, rebased.data(), rebased.size());
  if (gst_app_src_push_buffer(source, buffer) != GST_FLOW_OK) open_ = false;
  return true;
}

void AppSrcOutlet::close() {
  if (open_.exchange(false)) gst_app_src_end_of_stream(GST_APP_SRC(source_.get()));
}

}  // namespace launcher
