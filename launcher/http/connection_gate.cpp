// SPDX-License-Identifier: LGPL-2.1-or-later
#include "connection_gate.hpp"

#include <poll.h>

#include <algorithm>
#include <stdexcept>

#include "launcher/base/network.hpp"
#include "launcher/base/unref_object.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kBacklog = 1024;
constexpr guint kSweepMilliseconds = 500;

/// Ends it for both sides; libsoup, or whoever has it, finds the end of the stream and lets go of it.
void shut(GSocketConnection* connection) {
  g_socket_shutdown(g_socket_connection_get_socket(connection), TRUE, TRUE, nullptr);
}

bool client_is_gone(GSocketConnection* connection) {
  pollfd one{g_socket_get_fd(g_socket_connection_get_socket(connection)), POLLRDHUP, 0};
  return poll(&one, 1, 0) == 1 && (one.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

}  // namespace

ConnectionGate::ConnectionGate(ConnectionLimits limits, std::vector<std::string> proxies, Accept accept)
    : table_(limits), proxies_(std::move(proxies)), accept_(std::move(accept)), service_(g_socket_service_new()) {
  g_socket_listener_set_backlog(G_SOCKET_LISTENER(service_.get()), kBacklog);
  g_signal_connect(service_.get(), "incoming", G_CALLBACK(on_incoming), this);
  timer_ = g_timeout_add(
      kSweepMilliseconds,
      [](gpointer self) -> gboolean {
        static_cast<ConnectionGate*>(self)->sweep();
        return G_SOURCE_CONTINUE;
      },
      this);
}

ConnectionGate::~ConnectionGate() {
  g_source_remove(timer_);
  g_signal_handlers_disconnect_by_data(service_.get(), this);
  g_socket_service_stop(service_.get());
  g_socket_listener_close(G_SOCKET_LISTENER(service_.get()));
  for (const auto& entry : entries_) g_object_weak_unref(G_OBJECT(entry.first), on_finalized, this);
}

std::uint16_t ConnectionGate::listen(GSocketAddress* address) {
  GSocketAddress* taken = nullptr;
  GError* raw_error = nullptr;
  if (!g_socket_listener_add_address(G_SOCKET_LISTENER(service_.get()), address, G_SOCKET_TYPE_STREAM,
                                     G_SOCKET_PROTOCOL_TCP, nullptr, &taken, &raw_error)) {
    const gststeg::Ptr<GError> error(raw_error);
    throw std::runtime_error(error->message);
  }
  const std::unique_ptr<GSocketAddress, UnrefObject> owned(taken);
  g_socket_service_start(service_.get());
  return g_inet_socket_address_get_port(G_INET_SOCKET_ADDRESS(taken));
}

gboolean ConnectionGate::on_incoming(GSocketService*, GSocketConnection* connection, GObject*, gpointer data) {
  auto* self = static_cast<ConnectionGate*>(data);
  std::unique_ptr<GSocketAddress, UnrefObject> remote(g_socket_connection_get_remote_address(connection, nullptr));
  const std::unique_ptr<GSocketAddress, UnrefObject> local(g_socket_connection_get_local_address(connection, nullptr));
  if (!remote || !local) return TRUE;  // it is gone already
  GSocketAddress* key = remote.get();
  const ConnectionTable::Admission admission = self->table_.add(key, self->limited_address(key), Clock::now());
  if (!admission.admitted) {
    refuse(connection);
    return TRUE;
  }
  if (admission.pushed_out) shut(self->by_remote_.at(*admission.pushed_out));
  g_object_weak_ref(G_OBJECT(connection), on_finalized, self);
  self->entries_[connection] = {std::move(remote), nullptr};
  self->by_remote_[key] = connection;
  self->accept_(connection, local.get(), key);
  return TRUE;
}

void ConnectionGate::on_finalized(gpointer data, GObject* connection) {
  auto* self = static_cast<ConnectionGate*>(data);
  // Only the address of the object counts: it is no connection any more.
  const auto entry = self->entries_.find(reinterpret_cast<GSocketConnection*>(connection));
  if (entry == self->entries_.end()) return;
  const std::function<void()> gone = std::move(entry->second.when_gone);
  self->table_.remove(entry->second.remote.get());
  self->by_remote_.erase(entry->second.remote.get());
  self->entries_.erase(entry);
  if (gone) gone();
}

/// Neighbours in IPv6 share their first 64 bits, and one client may have all of the others.
std::string ConnectionGate::limited_address(GSocketAddress* remote) const {
  GInetAddress* address = g_inet_socket_address_get_address(G_INET_SOCKET_ADDRESS(remote));
  const gststeg::Ptr<gchar> text(g_inet_address_to_string(address));
  if (g_inet_address_get_is_loopback(address) || is_in_networks(text.get(), proxies_)) return "";
  if (g_inet_address_get_family(address) == G_SOCKET_FAMILY_IPV4) return text.get();
  constexpr std::size_t kNetworkBytes = 8;
  return std::string(reinterpret_cast<const char*>(g_inet_address_to_bytes(address)), kNetworkBytes);
}

void ConnectionGate::refuse(GSocketConnection* connection) {
  static constexpr char kAnswer[] =
      "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Length: 0\r\n\r\n";
  GSocket* socket = g_socket_connection_get_socket(connection);
  g_socket_set_blocking(socket, FALSE);
  g_socket_send(socket, kAnswer, sizeof kAnswer - 1, nullptr, nullptr);
  g_io_stream_close(G_IO_STREAM(connection), nullptr, nullptr);
}

void ConnectionGate::enter(GSocketAddress* remote, ConnectionTable::Stage stage) {
  table_.enter(remote, stage, Clock::now());
  const auto connection = by_remote_.find(remote);
  if (stage == ConnectionTable::Stage::answering && connection != by_remote_.end()) {
    entries_.at(connection->second).when_gone = nullptr;
  }
}

void ConnectionGate::progress(GSocketAddress* remote) { table_.progress(remote, Clock::now()); }

void ConnectionGate::when_gone(GSocketAddress* remote, std::function<void()> call) {
  const auto connection = by_remote_.find(remote);
  if (connection != by_remote_.end()) entries_.at(connection->second).when_gone = std::move(call);
}

void ConnectionGate::sweep() {
  for (const ConnectionTable::Key key : table_.overdue(Clock::now())) {
    table_.remove(key);
    shut(by_remote_.at(key));
  }
  std::vector<std::function<void()>> calls;
  for (auto& [connection, entry] : entries_) {
    if (!entry.when_gone || !client_is_gone(connection)) continue;
    calls.push_back(std::move(entry.when_gone));
    entry.when_gone = nullptr;
    shut(connection);
  }
  for (const auto& call : calls) call();
}

}  // namespace launcher
