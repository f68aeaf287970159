// SPDX-License-Identifier: LGPL-2.1-or-later
#include "websocket_outlet.hpp"

#include <array>
#include <stdexcept>

#include "launcher/base/bytes.hpp"
#include "launcher/playback/websocket_frames.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {
namespace {

/// What the server shows to have understood the request (RFC 6455, section 4.2.2).
std::string accept_key(const std::string& key) {
  const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const std::unique_ptr<GChecksum, decltype(&g_checksum_free)> sha1(g_checksum_new(G_CHECKSUM_SHA1), &g_checksum_free);
  g_checksum_update(sha1.get(), reinterpret_cast<const guchar*>(text.data()), static_cast<gssize>(text.size()));
  std::array<guint8, 20> digest{};
  gsize size = digest.size();
  g_checksum_get_digest(sha1.get(), digest.data(), &size);
  const gststeg::Ptr<gchar> base64(g_base64_encode(digest.data(), size));
  return base64.get();
}

}  // namespace

std::shared_ptr<WebSocketOutlet> WebSocketOutlet::answer(SoupServerMessage* message, std::size_t largest_backlog) {
  GError* raw_error = nullptr;
  if (!soup_websocket_server_check_handshake(message, nullptr, nullptr, nullptr, &raw_error)) {
    const gststeg::Ptr<GError> error(raw_error);
    throw std::runtime_error(std::string("The WebSocket handshake is wrong: ") + error->message + ".");
  }
  const char* key = soup_message_headers_get_one(soup_server_message_get_request_headers(message), "Sec-WebSocket-Key");
  const std::string head =
      "HTTP/1.1 101 Switching Protocols\r\nServer: steg-launch\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Accept: " +
      accept_key(key ? key : "") + "\r\n\r\n";
  const auto read = [input = std::make_shared<WebSocketInput>()](PushConnection& connection, const char* data,
                                                                 std::size_t size) {
    if (!input->take(data, size, std::chrono::steady_clock::now())) return false;
    const std::string pong = input->take_pong();
    if (!pong.empty()) connection.push(to_bytes(pong));
    return true;
  };
  // make_shared cannot reach the constructor.
  return std::shared_ptr<WebSocketOutlet>(
      new WebSocketOutlet(PushConnection::take(message, head, largest_backlog, read)));  // NOLINT
}

bool WebSocketOutlet::push(Bytes bytes) {
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(bytes.get(), &size));
  return connection_->push(to_bytes(websocket_header(WebSocketKind::binary, size).append(data, size)));
}

}  // namespace launcher
