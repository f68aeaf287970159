// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fstream>
#include <iterator>

#include "launcher/base/log.hpp"
#include "launcher/edge/pace_info.hpp"
#include "services.hpp"

namespace launcher {
namespace {

constexpr std::size_t kLongestNameInLog = 60;

/// Of the request or, behind another server, of the one that it asks about.
std::string path_of(const Request& request) {
  if (const auto original = request.header("X-Original-URI")) return std::string(*original);
  return g_uri_get_path(soup_server_message_get_uri(request.message));
}

/// Without the token, which is a secret.
std::string name_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return one_line(path.substr(slash == std::string::npos ? 0 : slash + 1, kLongestNameInLog));
}

/// Logs in one line why nothing is served.
template <class Call>
Reply served(const Request& request, EdgeService* edge, const std::string& path, const Call& call) {
  if (!edge) return problem(SOUP_STATUS_NOT_FOUND, "There are no segments: the pipeline file has no [edge] group.");
  try {
    return call(edge->edge().serve_path(path));
  } catch (const EdgeRefusal& refusal) {
    log_line("edge: " + std::to_string(refusal.status()) + " to " + request.client + " for " + name_of(path) + ": " +
             refusal.what());
    return problem(refusal.status(), refusal.what());
  }
}

std::string type_of(const Served& served) {
  if (served.path.empty()) return "application/vnd.apple.mpegurl";
  return served.path.rfind(".ts") == served.path.size() - 3 ? "video/mp2t" : "video/mp4";
}

Reply file_of(const Served& served) {
  Reply reply{SOUP_STATUS_OK, served.text, type_of(served), {}};
  if (!served.path.empty()) {
    std::ifstream file(served.path, std::ios::binary);
    reply.body.assign(std::istreambuf_iterator<char>(file), {});
    if (!file || reply.body.empty()) throw EdgeRefusal(SOUP_STATUS_SERVICE_UNAVAILABLE, "The segment cannot be read.");
  }
  return reply;
}

/// nginx takes 401 and 403 for an answer, and everything else for a failure.
Reply verdict(const Request& request, EdgeService* edge) {
  Reply reply = served(request, edge, path_of(request), [](const Served& found) {
    Reply allowed = success(JsonText().boolean("ok", true));
    allowed.headers.emplace_back("X-Steg-Variant", found.folder);
    allowed.headers.emplace_back("X-Steg-Token", found.token);
    return allowed;
  });
  if (reply.status != SOUP_STATUS_OK && reply.status != SOUP_STATUS_UNAUTHORIZED) reply.status = SOUP_STATUS_FORBIDDEN;
  return reply;
}

Reply watch(const Request& request, EdgeService* edge) {
  const std::string path = g_uri_get_path(soup_server_message_get_uri(request.message));
  Reply reply = served(request, edge, path, file_of);
  // The address is the secret: whoever has it may play it on any page.
  reply.headers.emplace_back("Access-Control-Allow-Origin", "*");
  return reply;
}

/// For an origin, of a segment of its own: what it tells edges that go by the standard. It says so too where there is
/// nothing to tell, because nginx serves nothing while it gets another answer.
Reply pace_info(const Request& request, const EdgeService* edge) {
  Reply reply = success(JsonText().boolean("ok", true));
  const std::optional<std::uint32_t> position = edge ? edge->edge().position(path_of(request)) : std::nullopt;
  if (position && *position <= kMostPacePosition)
    reply.headers.emplace_back("WMPaceInfoEgress", pace_egress(*position));
  return reply;
}

}  // namespace

void add_edge_routes(HttpServer& server, const std::shared_ptr<EdgeService>& edge) {
  server.add({{"GET", "/watch/{token}/{name}"},
              [edge](Request& request) { return watch(request, edge.get()); },
              Access::open});
  server.add({{"GET", "/watch/{token}/sound/{name}"},
              [edge](Request& request) { return watch(request, edge.get()); },
              Access::open});
  server.add({{"GET", "/edge-check"}, [edge](Request& request) { return verdict(request, edge.get()); }, Access::open});
  server.add(
      {{"GET", "/pace-info"}, [edge](Request& request) { return pace_info(request, edge.get()); }, Access::open});
}

}  // namespace launcher
