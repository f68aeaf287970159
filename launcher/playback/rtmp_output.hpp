// Sends a hub's FLV to an RTMP server, in a pipeline that outlives the one that makes it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gst/gst.h>

#include <functional>
#include <memory>
#include <string>

#include "flv_hub.hpp"
#include "launcher/retry/backoff.hpp"
#include "launcher/retry/restart_policy.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {

/// The server's session stays up while the source is away, and the source is not taken down when the server is. Tries
/// again for ever, spaced as [restart] says. Runs on the main loop's thread.
class RtmpOutput {
 public:
  RtmpOutput(std::string location, std::shared_ptr<FlvHub> hub, const RestartSettings& restart,
             std::function<void(const std::string&)> log);
  ~RtmpOutput();
  RtmpOutput(const RtmpOutput&) = delete;
  RtmpOutput& operator=(const RtmpOutput&) = delete;

  void start();
  void stop();

 private:
  void build();
  void try_again(const std::string& reason);
  void tear_down();
  static gboolean on_message(GstBus* bus, GstMessage* message, gpointer self);

  std::string location_;
  std::shared_ptr<FlvHub> hub_;
  RestartSettings restart_;
  Backoff backoff_;
  std::function<void(const std::string&)> log_;
  gststeg::Ptr<GstElement> pipeline_;
  std::shared_ptr<Outlet> outlet_;
  guint timer_ = 0;
  guint watch_ = 0;
  gint64 began_ = 0;  ///< monotonic time, microseconds
};

}  // namespace launcher
