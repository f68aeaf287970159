// SPDX-License-Identifier: LGPL-2.1-or-later
#include "push_connection.hpp"
#include "services.hpp"
#include "websocket_outlet.hpp"

namespace launcher {
namespace {

/// About ten seconds of a good picture: who is further behind does not watch live.
constexpr std::size_t kLargestBacklog = std::size_t{4} * 1024 * 1024;

std::optional<Reply> play(const Request& request, const Supervisor& stream) {
  if (stream.flv().empty()) {
    return problem(SOUP_STATUS_NOT_FOUND,
                   "The stream '" + stream.name() + "' has no FLV to play: add flv=ELEMENT to a [playback] group.");
  }
  const auto& hub = stream.flv().at(recipient_of(request, stream));
  if (request.header("Upgrade")) {
    try {
      hub->add(FlvHub::Kind::web_socket, WebSocketOutlet::answer(request.message, kLargestBacklog));
      return std::nullopt;
    } catch (const std::runtime_error& error) {
      return problem(SOUP_STATUS_BAD_REQUEST, error.what());
    }
  }
  hub->add(FlvHub::Kind::http,
           PushConnection::answer(request.message, "Content-Type: video/x-flv\r\n", kLargestBacklog));
  return std::nullopt;
}

}  // namespace

void add_playback_routes(HttpServer& server, Streams& streams) {
  Route route;
  route.key = {"GET", "/live.flv"};
  route.lasts = true;
  route.handler = [&](Request& request) { return play(request, stream_of(request, streams)); };
  server.add(std::move(route));
}

}  // namespace launcher
