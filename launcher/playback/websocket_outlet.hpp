// A WebSocket as outlet.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <libsoup/soup.h>

#include <memory>

#include "backlog.hpp"
#include "json.hpp"
#include "outlet.hpp"

namespace launcher {

/// One binary message for each push. libsoup queues messages without end and does not tell how much waits; so messages
/// wait here, and the next is handed over only when libsoup has written all before.
class WebSocketOutlet : public Outlet, public std::enable_shared_from_this<WebSocketOutlet> {
 public:
  static std::shared_ptr<WebSocketOutlet> create(SoupWebsocketConnection* connection, std::size_t largest_backlog);
  ~WebSocketOutlet() override;

  bool push(Bytes bytes) override;
  void close() override;
  bool is_open() const override;

 private:
  WebSocketOutlet(SoupWebsocketConnection* connection, std::size_t largest_backlog);
  void wait_until_writable();
  static gboolean on_writable(GObject* output, gpointer self);

  std::unique_ptr<SoupWebsocketConnection, UnrefObject> connection_;
  Backlog backlog_;
  GSource* source_ = nullptr;  ///< owned while messages wait
};

}  // namespace launcher
