// SPDX-License-Identifier: LGPL-2.1-or-later
#include "playback/websocket_outlet.hpp"
#include "push_connection.hpp"
#include "services.hpp"

namespace launcher {
namespace {

/// About ten seconds of a good picture: who is further behind does not watch live.
constexpr std::size_t kLargestBacklog = std::size_t{4} * 1024 * 1024;

struct Upgrade {
  std::shared_ptr<FlvHub> hub;
  GList* extensions;  ///< taken over by the connection
};

/// The 101 has been written: the connection speaks WebSocket from here on.
void on_upgraded(SoupServerMessage* message, gpointer data) {
  const std::unique_ptr<Upgrade> upgrade(static_cast<Upgrade*>(data));
  const std::unique_ptr<GUri, decltype(&g_uri_unref)> uri(g_uri_ref(soup_server_message_get_uri(message)),
                                                          &g_uri_unref);
  const std::unique_ptr<GIOStream, UnrefObject> stream(soup_server_message_steal_connection(message));
  SoupWebsocketConnection* connection = soup_websocket_connection_new(
      stream.get(), uri.get(), SOUP_WEBSOCKET_CONNECTION_SERVER, nullptr, nullptr, upgrade->extensions);
  upgrade->hub->add(FlvHub::Kind::kWebSocket, WebSocketOutlet::create(connection, kLargestBacklog));
}

std::optional<Reply> upgrade(SoupServerMessage* message, const std::shared_ptr<FlvHub>& hub) {
  GError* raw_error = nullptr;
  GList* extensions = nullptr;
  if (!soup_websocket_server_check_handshake(message, nullptr, nullptr, nullptr, &raw_error)) {
    const gststeg::Ptr<GError> error(raw_error);
    return problem(SOUP_STATUS_BAD_REQUEST, std::string("The WebSocket handshake is wrong: ") + error->message + ".");
  }
  if (!soup_websocket_server_process_handshake(message, nullptr, nullptr, nullptr, &extensions)) {
    return problem(SOUP_STATUS_BAD_REQUEST, "The WebSocket handshake is wrong.");
  }
  g_signal_connect(message, "wrote-informational", G_CALLBACK(on_upgraded),
                   std::make_unique<Upgrade>(Upgrade{hub, extensions}).release());
  return std::nullopt;
}

std::optional<Reply> play(const Request& request, const Supervisor& stream) {
  if (stream.flv().empty()) {
    return problem(SOUP_STATUS_NOT_FOUND,
                   "The stream '" + stream.name() + "' has no FLV to play: add flv=ELEMENT to a [playback] group.");
  }
  const auto& hub = stream.flv().at(recipient_of(request, stream));
  if (request.header("Upgrade")) return upgrade(request.message, hub);
  hub->add(FlvHub::Kind::kHttp,
           PushConnection::answer(request.message, "Content-Type: video/x-flv\r\n", kLargestBacklog));
  return std::nullopt;
}

}  // namespace

void add_playback_routes(HttpServer& server, Streams& streams) {
  server.add({{"GET", "/live.flv"}, [&](Request& request) { return play(request, stream_of(request, streams)); }});
}

}  // namespace launcher
