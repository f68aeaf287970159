// Listens, and lets only so many connections at once come to the server, each for only so long.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <gio/gio.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "connection_table.hpp"
#include "launcher/base/unref_object.hpp"

namespace launcher {

/// Runs on the main loop's thread. A connection goes by the address object of its other end, which libsoup hands on
/// with each request.
class ConnectionGate {
 public:
  using Accept = std::function<void(GSocketConnection*, GSocketAddress* local, GSocketAddress* remote)>;

  /// Loopback and `proxies` have no limit of their own, because many stand behind them.
  ConnectionGate(ConnectionLimits limits, std::vector<std::string> proxies, Accept accept);
  ~ConnectionGate();
  ConnectionGate(const ConnectionGate&) = delete;
  ConnectionGate& operator=(const ConnectionGate&) = delete;

  /// The port that was taken. Throws std::runtime_error.
  std::uint16_t listen(GSocketAddress* address);

  void enter(GSocketAddress* remote, ConnectionTable::Stage stage);
  void progress(GSocketAddress* remote);
  bool make_lasting(GSocketAddress* remote) { return table_.make_lasting(remote); }
  /// Called once, if the client leaves before it has its answer.
  void when_gone(GSocketAddress* remote, std::function<void()> call);

 private:
  struct Entry {
    std::unique_ptr<GSocketAddress, UnrefObject> remote;
    std::function<void()> when_gone;
  };
  static gboolean on_incoming(GSocketService* service, GSocketConnection* connection, GObject* source, gpointer self);
  static void on_finalized(gpointer self, GObject* connection);
  std::string limited_address(GSocketAddress* remote) const;
  void sweep();
  static void refuse(GSocketConnection* connection);

  ConnectionTable table_;
  std::vector<std::string> proxies_;
  Accept accept_;
  std::unique_ptr<GSocketService, UnrefObject> service_;
  std::map<GSocketConnection*, Entry> entries_;  ///< borrowed connections: weak references take them out
  std::map<ConnectionTable::Key, GSocketConnection*> by_remote_;
  guint timer_ = 0;
};

}  // namespace launcher
