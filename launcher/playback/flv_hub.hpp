// One live FLV stream to any number of viewers.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "flv_tag.hpp"
#include "launcher/base/bytes.hpp"
#include "outlet.hpp"

namespace launcher {

/// Takes FLV from a muxer's streaming thread and hands it out on the main loop. A viewer begins with a key frame and
/// what decoders need before it. The stream outlives the pipelines that feed it: its timestamps go on when the next one
/// takes over. Viewers who fall behind are dropped.
class FlvHub : public std::enable_shared_from_this<FlvHub> {
 public:
  /// request_key_frame: asks the encoder for a key frame, because a viewer waits for one; called from the main loop.
  explicit FlvHub(std::function<void()> request_key_frame) : request_key_frame_(std::move(request_key_frame)) {}
  ~FlvHub();
  FlvHub(const FlvHub&) = delete;
  FlvHub& operator=(const FlvHub&) = delete;

  enum class Kind { http, web_socket, rtsp, output };
  void add(Kind kind, std::shared_ptr<Outlet> outlet);

  /// Which tracks the stream has; neither before it began.
  struct Tracks {
    bool video = false;
    bool audio = false;
    bool operator==(const Tracks& other) const { return video == other.video && audio == other.audio; }
  };
  /// Called from the main loop when they change; all viewers have been cut off then.
  void on_tracks(std::function<void(Tracks)> tracks_changed) { tracks_changed_ = std::move(tracks_changed); }

  /// Somebody waits for a picture.
  void want_key_frame();

  /// From any thread: FLV that the pipeline of that number made.
  void push(std::uint64_t session, GstBuffer* buffer);

  /// While the source is away, the last key frame is sent again, so that players and servers stay connected.
  void hold_output();

  /// The stream was stopped on purpose: nothing is held any more.
  void forget_picture() { key_frame_.clear(); }

  std::size_t viewers(Kind kind) const;
  /// Viewers who did not keep up.
  std::size_t dropped() const { return dropped_; }

 private:
  struct Viewer {
    Kind kind;
    std::shared_ptr<Outlet> outlet;
    bool begun = false;
  };
  struct Chunk {
    std::uint64_t session;
    Bytes bytes;
  };
  static gboolean on_data(gpointer self);
  void drain();
  void take(std::uint64_t session, const FlvTag& tag);
  bool has_sound() const;
  void begin(Viewer& viewer);
  void send(TagKind kind, const Bytes& bytes);
  void begin_session();
  void close_viewers();
  void fill_gap();

  std::function<void()> request_key_frame_;
  std::vector<Viewer> viewers_;
  std::size_t dropped_ = 0;
  FlvTimeline timeline_;
  Tracks tracks_;
  std::function<void(Tracks)> tracks_changed_;
  std::string metadata_;  ///< tags of this session with timestamp 0; empty: none yet
  std::string video_config_;
  std::string audio_config_;
  std::string key_frame_;  ///< the last one, if the output is held
  std::uint64_t session_ = 0;
  bool session_begun_ = false;  ///< its first frame is here, so its tracks are known
  gint64 key_frame_asked_ = 0;  ///< monotonic times, microseconds
  gint64 last_tag_ = 0;
  guint hold_timer_ = 0;

  std::mutex mutex_;  ///< guards what follows
  std::vector<Chunk> chunks_;
  bool scheduled_ = false;
};

/// By recipient; "" where there is no fan-out.
using FlvHubs = std::map<std::string, std::shared_ptr<FlvHub>>;

}  // namespace launcher
