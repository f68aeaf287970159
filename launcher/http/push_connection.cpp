// SPDX-License-Identifier: LGPL-2.1-or-later
#include "push_connection.hpp"

#include "guarded_stream.hpp"
#include "launcher/base/bytes.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {
namespace {

using Self = std::shared_ptr<PushConnection>;

/// Takes over the reference that an asynchronous call was given.
Self taken(gpointer data) {
  const std::unique_ptr<Self> owned(static_cast<Self*>(data));
  return *owned;
}

}  // namespace

PushConnection::PushConnection(GIOStream* stream, std::size_t largest_backlog, Reader reader)
    : stream_(stream), cancel_(g_cancellable_new()), backlog_(largest_backlog), reader_(std::move(reader)) {}

std::shared_ptr<PushConnection> PushConnection::take(SoupServerMessage* message, const std::string& head,
                                                     std::size_t largest_backlog, Reader reader) {
  // make_shared cannot reach the constructor.
  std::shared_ptr<PushConnection> connection(
      new PushConnection(take_base_stream(soup_server_message_steal_connection(message)), largest_backlog,
                         std::move(reader)));  // NOLINT
  connection->watch();
  connection->push(to_bytes(head));
  return connection;
}

std::shared_ptr<PushConnection> PushConnection::answer(SoupServerMessage* message, const std::string& headers,
                                                       std::size_t largest_backlog) {
  return take(message,
              "HTTP/1.1 200 OK\r\nServer: steg-launch\r\nConnection: close\r\nCache-Control: no-store\r\n"
              "X-Content-Type-Options: nosniff\r\n" +
                  headers + "\r\n",
              largest_backlog, [](PushConnection&, const char*, std::size_t) { return true; });
}

bool PushConnection::push(Bytes bytes) {
  if (!is_open()) return true;
  if (!backlog_.add(std::move(bytes))) {
    close();
    return false;
  }
  write_next();
  return true;
}

void PushConnection::close() {
  if (!is_open()) return;
  g_cancellable_cancel(cancel_.get());
  if (!writing_) backlog_.clear();
  // Also where data is left that nobody reads: shutting down a socket never waits.
  if (G_IS_SOCKET_CONNECTION(stream_.get())) {
    g_socket_close(g_socket_connection_get_socket(G_SOCKET_CONNECTION(stream_.get())), nullptr);
  } else {
    g_io_stream_close_async(stream_.get(), G_PRIORITY_DEFAULT, nullptr, nullptr, nullptr);
  }
}

void PushConnection::write_next() {
  if (writing_ || backlog_.empty() || !is_open()) return;
  writing_ = true;
  gsize size = 0;
  const gconstpointer data = g_bytes_get_data(backlog_.front().get(), &size);
  g_output_stream_write_all_async(g_io_stream_get_output_stream(stream_.get()), data, size, G_PRIORITY_DEFAULT,
                                  cancel_.get(), on_written, std::make_unique<Self>(shared_from_this()).release());
}

void PushConnection::on_written(GObject* output, GAsyncResult* result, gpointer data) {
  const Self self = taken(data);
  const bool written = g_output_stream_write_all_finish(G_OUTPUT_STREAM(output), result, nullptr, nullptr);
  self->writing_ = false;
  self->backlog_.pop();
  if (written) {
    self->write_next();
  } else {
    self->close();
    self->backlog_.clear();
  }
}

void PushConnection::watch() {
  g_input_stream_read_async(g_io_stream_get_input_stream(stream_.get()), input_, sizeof input_, G_PRIORITY_DEFAULT,
                            cancel_.get(), on_read, std::make_unique<Self>(shared_from_this()).release());
}

void PushConnection::on_read(GObject* input, GAsyncResult* result, gpointer data) {
  const Self self = taken(data);
  const gssize size = g_input_stream_read_finish(G_INPUT_STREAM(input), result, nullptr);
  if (size > 0 && self->reader_(*self, self->input_, static_cast<std::size_t>(size))) {
    self->watch();
  } else {
    self->close();
  }
}

}  // namespace launcher
