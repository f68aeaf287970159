// SPDX-License-Identifier: LGPL-2.1-or-later
#include "flv_hub.hpp"

#include <algorithm>

#include "launcher/base/bytes.hpp"

namespace launcher {
namespace {

/// Many viewers who come at once wait for the same key frame.
constexpr gint64 kKeyFrameInterval = G_USEC_PER_SEC / 2;
/// So long may the source be silent before its last key frame is sent again, and so often after that.
constexpr guint kHoldMilliseconds = 500;
/// From the 1 MiB that waits for the main loop something is wrong there; the streaming thread must not wait for it.
constexpr std::size_t kMostChunks = 4096;

std::int64_t now_milliseconds() { return g_get_monotonic_time() / 1000; }

}  // namespace

FlvHub::~FlvHub() {
  if (hold_timer_ != 0) g_source_remove(hold_timer_);
  close_viewers();
}

void FlvHub::add(Kind kind, std::shared_ptr<Outlet> outlet) {
  viewers_.push_back({kind, std::move(outlet)});
  want_key_frame();
}

void FlvHub::want_key_frame() {
  const gint64 now = g_get_monotonic_time();
  if (now - key_frame_asked_ < kKeyFrameInterval) return;
  key_frame_asked_ = now;
  request_key_frame_();
}

void FlvHub::push(std::uint64_t session, GstBuffer* buffer) {
  GstMapInfo map;
  if (!gst_buffer_map(buffer, &map, GST_MAP_READ)) return;
  Bytes bytes(g_bytes_new(map.data, map.size));
  gst_buffer_unmap(buffer, &map);
  const std::lock_guard<std::mutex> lock(mutex_);
  if (chunks_.size() >= kMostChunks) return;
  chunks_.push_back({session, std::move(bytes)});
  if (scheduled_) return;
  scheduled_ = true;
  using Self = std::shared_ptr<FlvHub>;
  g_idle_add_full(G_PRIORITY_HIGH, on_data, std::make_unique<Self>(shared_from_this()).release(),
                  [](gpointer data) { const std::unique_ptr<Self> owned(static_cast<Self*>(data)); });
}

gboolean FlvHub::on_data(gpointer self) {
  (*static_cast<std::shared_ptr<FlvHub>*>(self))->drain();
  return G_SOURCE_REMOVE;
}

void FlvHub::drain() {
  std::vector<Chunk> chunks;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    chunks.swap(chunks_);
    scheduled_ = false;
  }
  for (const Chunk& chunk : chunks) {
    gsize size = 0;
    const auto* data = static_cast<const std::uint8_t*>(g_bytes_get_data(chunk.bytes.get(), &size));
    for (const FlvTag& tag : split_flv(data, size)) take(chunk.session, tag);
  }
  viewers_.erase(
      std::remove_if(viewers_.begin(), viewers_.end(), [](const Viewer& viewer) { return !viewer.outlet->is_open(); }),
      viewers_.end());
}

void FlvHub::take(std::uint64_t session, const FlvTag& tag) {
  if (session != session_) {
    session_ = session;
    session_begun_ = false;
    metadata_.clear();
    video_config_.clear();
    audio_config_.clear();
  }
  last_tag_ = g_get_monotonic_time();
  const std::uint32_t timestamp = timeline_.map(session, tag.timestamp, now_milliseconds());
  const Bytes bytes = to_bytes(with_timestamp(tag, timestamp));
  switch (tag.kind) {
    case TagKind::metadata:
      metadata_ = with_timestamp(tag, 0);
      return;
    case TagKind::video_config:
      video_config_ = with_timestamp(tag, 0);
      break;
    case TagKind::audio_config:
      audio_config_ = with_timestamp(tag, 0);
      break;
    case TagKind::key_frame:
      if (hold_timer_ != 0) key_frame_ = with_timestamp(tag, 0);
      [[fallthrough]];
    case TagKind::video:
    case TagKind::audio:
      if (!session_begun_) begin_session();
  }
  send(tag.kind, bytes);
}

void FlvHub::begin_session() {
  session_begun_ = true;
  const Tracks tracks{!video_config_.empty(), !audio_config_.empty()};
  if (tracks == tracks_) return;
  // What viewers were told of the tracks at the beginning cannot be taken back: let them connect again.
  for (const Viewer& viewer : viewers_) {
    if (viewer.begun) viewer.outlet->close();
  }
  tracks_ = tracks;
  if (tracks_changed_) tracks_changed_(tracks);
}

/// Only AAC has a configuration; the muxer's metadata tell of other sound.
bool FlvHub::has_sound() const { return tracks_.audio || metadata_.find("audiocodecid") != std::string::npos; }

void FlvHub::begin(Viewer& viewer) {
  viewer.begun = true;
  viewer.outlet->push(to_bytes(flv_header(tracks_.video, has_sound())));
  for (const std::string* tag : {&metadata_, &video_config_, &audio_config_}) {
    if (!tag->empty()) viewer.outlet->push(to_bytes(*tag));
  }
}

void FlvHub::send(TagKind kind, const Bytes& bytes) {
  const bool may_begin = kind == TagKind::key_frame || (kind == TagKind::audio && !tracks_.video);
  for (Viewer& viewer : viewers_) {
    if (!viewer.begun && !may_begin) continue;
    if (!viewer.begun) begin(viewer);
    if (!viewer.outlet->push(share(bytes))) ++dropped_;
  }
}

void FlvHub::hold_output() {
  hold_timer_ = g_timeout_add(
      kHoldMilliseconds,
      [](gpointer self) -> gboolean {
        static_cast<FlvHub*>(self)->fill_gap();
        return G_SOURCE_CONTINUE;
      },
      this);
}

void FlvHub::fill_gap() {
  const gint64 silence = g_get_monotonic_time() - last_tag_;
  if (key_frame_.empty() || silence < gint64{kHoldMilliseconds} * 1000) return;
  const auto* data = reinterpret_cast<const std::uint8_t*>(key_frame_.data());
  const FlvTag tag{TagKind::key_frame, 0, data, key_frame_.size()};
  send(TagKind::key_frame, to_bytes(with_timestamp(tag, timeline_.fill(now_milliseconds()))));
}

std::size_t FlvHub::viewers(Kind kind) const {
  return static_cast<std::size_t>(std::count_if(viewers_.begin(), viewers_.end(), [kind](const Viewer& viewer) {
    return viewer.kind == kind && viewer.outlet->is_open();
  }));
}

void FlvHub::close_viewers() {
  for (const Viewer& viewer : viewers_) viewer.outlet->close();
  viewers_.clear();
}

}  // namespace launcher
