// SPDX-License-Identifier: LGPL-2.1-or-later
#include "control_server.hpp"

#include "services.hpp"

namespace launcher {

ControlServer::ControlServer(const ServerSettings& settings, Streams& streams, const RtspServer* rtsp)
    : edge_(settings.edge ? std::make_shared<EdgeService>(*settings.edge) : nullptr),
      reporter_(streams, rtsp),
      events_(streams, reporter_),
      server_(settings) {
  add_control_routes(server_, streams);
  add_state_routes(server_, reporter_, streams, edge_ != nullptr);
  add_event_route(server_, events_, streams);
  add_graph_routes(server_, streams);
  add_audit_route(server_, streams);
  add_trace_route(server_, streams);
  add_session_routes(server_);
  add_publish_routes(server_, streams);
  add_playback_routes(server_, streams);
  add_token_routes(server_, edge_);
  add_edge_routes(server_, edge_);
  set_page(server_, streams);
}

}  // namespace launcher
