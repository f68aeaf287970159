// The marked streams by RTSP, not encoded again.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/rtsp-server/rtsp-server.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "flv_hub.hpp"
#include "launcher/base/unref_object.hpp"
#include "launcher/config/launch_config.hpp"

namespace launcher {

/// rtsp://ADDRESS/NAME, in a fan-out rtsp://ADDRESS/NAME/RECIPIENT, for each stream that has an FLV muxer. All viewers
/// of a stream share one pipeline, which exists only while there are any. Clients are served by a thread of their own,
/// because preparing a pipeline waits for data that comes from the main loop.
///
/// With a certificate it is rtsps, and sound and picture go through the same connection: by UDP they would not be
/// encrypted. With a token viewers show it as the password of "viewer", by digest, so that it never travels itself.
class RtspServer {
 public:
  /// The settings have an address for it. streams: what each one plays, by its name. Throws ConfigError if that address
  /// cannot be had.
  RtspServer(const ServerSettings& settings, const std::map<std::string, FlvHubs>& streams);
  ~RtspServer();
  RtspServer(const RtspServer&) = delete;
  RtspServer& operator=(const RtspServer&) = delete;

  /// Where a recipient's copy of a stream is to be seen; recipient "": there is no fan-out.
  std::string url(const std::string& stream, const std::string& recipient) const;
  std::size_t viewers(const std::string& stream, const std::string& recipient) const;

 private:
  struct Mount {
    RtspServer* server;
    std::string path;  ///< "/NAME", in a fan-out "/NAME/RECIPIENT"
    std::shared_ptr<FlvHub> hub;
  };
  void mount(const Mount& mount, FlvHub::Tracks tracks);
  void protect(const ServerSettings& settings);
  static void on_media(GstRTSPMediaFactory* factory, GstRTSPMedia* media, gpointer mount);
  static void on_client(GstRTSPServer* server, GstRTSPClient* client, gpointer self);
  static void on_play(GstRTSPClient* client, GstRTSPContext* context, gpointer self);
  static void on_closed(GstRTSPClient* client, gpointer self);
  void close_idle();

  std::string host_;
  bool has_tls_;
  std::unique_ptr<GstRTSPServer, UnrefObject> server_;
  guint source_ = 0;
  guint timer_ = 0;
  std::vector<std::unique_ptr<Mount>> mounts_;
  mutable std::mutex mutex_;                       ///< guards what follows
  std::map<GstRTSPClient*, std::string> playing_;  ///< which path
  std::map<GstRTSPClient*, gint64> connected_;     ///< since when, monotonic
};

}  // namespace launcher
