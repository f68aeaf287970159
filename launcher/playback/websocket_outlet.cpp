// SPDX-License-Identifier: LGPL-2.1-or-later
#include "websocket_outlet.hpp"

namespace launcher {

WebSocketOutlet::WebSocketOutlet(SoupWebsocketConnection* connection, std::size_t largest_backlog)
    : connection_(connection), backlog_(largest_backlog) {}

std::shared_ptr<WebSocketOutlet> WebSocketOutlet::create(SoupWebsocketConnection* connection,
                                                         std::size_t largest_backlog) {
  // make_shared cannot reach the constructor.
  return std::shared_ptr<WebSocketOutlet>(new WebSocketOutlet(connection, largest_backlog));  // NOLINT
}

WebSocketOutlet::~WebSocketOutlet() {
  if (source_) {
    g_source_destroy(source_);
    g_source_unref(source_);
  }
}

bool WebSocketOutlet::is_open() const {
  return soup_websocket_connection_get_state(connection_.get()) == SOUP_WEBSOCKET_STATE_OPEN;
}

bool WebSocketOutlet::push(Bytes bytes) {
  if (!is_open()) return true;
  if (!backlog_.add(std::move(bytes))) {
    close();
    return false;
  }
  if (!source_) wait_until_writable();
  return true;
}

void WebSocketOutlet::close() {
  backlog_.clear();
  // Without the closing handshake, which a client that does not read would never take part in.
  GIOStream* stream = soup_websocket_connection_get_io_stream(connection_.get());
  if (stream) g_io_stream_close_async(stream, G_PRIORITY_DEFAULT, nullptr, nullptr, nullptr);
  if (is_open()) soup_websocket_connection_close(connection_.get(), SOUP_WEBSOCKET_CLOSE_GOING_AWAY, nullptr);
}

void WebSocketOutlet::wait_until_writable() {
  GIOStream* stream = soup_websocket_connection_get_io_stream(connection_.get());
  GPollableOutputStream* output = G_POLLABLE_OUTPUT_STREAM(g_io_stream_get_output_stream(stream));
  source_ = g_pollable_output_stream_create_source(output, nullptr);
  // Below libsoup, which writes its own rest first.
  g_source_set_priority(source_, G_PRIORITY_DEFAULT + 10);
  g_source_set_callback(source_, G_SOURCE_FUNC(on_writable), this, nullptr);
  g_source_attach(source_, nullptr);
}

gboolean WebSocketOutlet::on_writable(GObject*, gpointer data) {
  auto* self = static_cast<WebSocketOutlet*>(data);
  if (!self->backlog_.empty() && self->is_open()) {
    const Bytes bytes = self->backlog_.pop();
    soup_websocket_connection_send_message(self->connection_.get(), SOUP_WEBSOCKET_DATA_BINARY, bytes.get());
  }
  if (!self->backlog_.empty() && self->is_open()) return G_SOURCE_CONTINUE;
  g_source_unref(self->source_);
  self->source_ = nullptr;
  return G_SOURCE_REMOVE;
}

}  // namespace launcher
