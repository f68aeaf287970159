// Everything that is served by HTTP.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "edge_service.hpp"
#include "event_hub.hpp"
#include "launcher/stream/streams.hpp"
#include "server.hpp"
#include "status_report.hpp"

namespace launcher {

/// The server with all its routes, as docs/openapi.json has them.
class ControlServer {
 public:
  /// rtsp: null if there is none. Throws as HttpServer and EdgeService. streams and rtsp outlive it.
  ControlServer(const ServerSettings& settings, Streams& streams, const RtspServer* rtsp);

  void listen() { server_.listen(); }
  std::string url() const { return server_.url(); }
  const std::vector<RouteKey>& routes() const { return server_.routes(); }

 private:
  std::shared_ptr<EdgeService> edge_;  ///< null if the file has no [edge]
  StatusReporter reporter_;
  EventHub events_;
  HttpServer server_;
};

}  // namespace launcher
