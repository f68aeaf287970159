// The routes of the server, by subject. Each function adds its own.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "edge_service.hpp"
#include "event_hub.hpp"
#include "launcher/stream/streams.hpp"
#include "server.hpp"
#include "status_report.hpp"

namespace launcher {

/// POST /custom, GET /pull, GET /stop, PUT /elements/NAME/PROPERTY
void add_control_routes(HttpServer& server, Streams& streams);
/// GET /status, /streams, /metrics, /healthz, /readyz, /openapi.json
/// `tokens`: whether there is an edge.
void add_state_routes(HttpServer& server, const StatusReporter& reporter, Streams& streams, bool tokens);
/// GET /events
void add_event_route(HttpServer& server, EventHub& events, Streams& streams);
/// GET /graph.svg, /graph.dot
void add_graph_routes(HttpServer& server, Streams& streams);
/// GET /audit
void add_audit_route(HttpServer& server, Streams& streams);
/// POST /trace
void add_trace_route(HttpServer& server, Streams& streams);
/// POST and DELETE /session
void add_session_routes(HttpServer& server);
/// POST /on_publish, /on_publish_done
void add_publish_routes(HttpServer& server, Streams& streams);
/// GET /live.flv
void add_playback_routes(HttpServer& server, Streams& streams);
/// POST and GET /tokens, DELETE /tokens/ID. `edge`: null if there is none.
void add_token_routes(HttpServer& server, const std::shared_ptr<EdgeService>& edge);
/// GET /watch/TOKEN/NAME, GET /watch/TOKEN/sound/NAME, GET /edge-check, GET /pace-info
void add_edge_routes(HttpServer& server, const std::shared_ptr<EdgeService>& edge);
/// The web page, if the build has one.
void set_page(HttpServer& server, const Streams& streams);

/// The stream that a request means: the one that ?stream= names, else the only one. Throws Refusal.
Supervisor& stream_of(const Request& request, const Streams& streams);
/// The recipient that a request means: the one that ?recipient= names; "" where there is no fan-out. Throws Refusal.
std::string recipient_of(const Request& request, const Supervisor& stream);

}  // namespace launcher
