// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gio/gio.h>

#include "launcher/base/bytes.hpp"
#include "services.hpp"

namespace launcher {
namespace {

constexpr const char* kOpenApi = "/gst-steg/openapi.json";

Reply health() { return success(JsonText().boolean("ok", true)); }

Reply readiness(const StatusReporter& reporter) {
  const std::string waiting = reporter.not_ready();
  if (waiting.empty()) return health();
  return problem(SOUP_STATUS_SERVICE_UNAVAILABLE, "Not every stream runs: " + waiting + ".");
}

Reply open_api() {
  const Bytes bytes(g_resources_lookup_data(kOpenApi, G_RESOURCE_LOOKUP_FLAGS_NONE, nullptr));
  gsize size = 0;
  const auto* text = static_cast<const char*>(g_bytes_get_data(bytes.get(), &size));
  return {SOUP_STATUS_OK, std::string(text, size)};
}

}  // namespace

void add_state_routes(HttpServer& server, const StatusReporter& reporter, Streams& streams, bool tokens) {
  server.add({{"GET", "/streams"}, [&reporter, tokens](Request&) {
                return Reply{SOUP_STATUS_OK, reporter.streams(tokens)};
              }});
  server.add({{"GET", "/status"}, [&](Request& request) {
                return Reply{SOUP_STATUS_OK, reporter.status(stream_of(request, streams))};
              }});
  server.add({{"GET", "/metrics"}, [&](Request&) {
                return Reply{SOUP_STATUS_OK, reporter.metrics(), "text/plain; version=0.0.4; charset=utf-8"};
              }});
  server.add({{"GET", "/healthz"}, [](Request&) { return health(); }, Access::open});
  server.add({{"GET", "/readyz"}, [&](Request&) { return readiness(reporter); }, Access::open});
  server.add({{"GET", "/openapi.json"}, [](Request&) { return open_api(); }, Access::open});
}

}  // namespace launcher
