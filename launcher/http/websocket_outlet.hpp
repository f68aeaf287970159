// A WebSocket as outlet.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>

#include "launcher/base/bytes.hpp"
#include "push_connection.hpp"

namespace launcher {

/// One binary message for each push.
class WebSocketOutlet : public Outlet {
 public:
  /// Takes the connection of a request for an upgrade. Throws std::runtime_error if its handshake is wrong.
  static std::shared_ptr<WebSocketOutlet> answer(SoupServerMessage* message, std::size_t largest_backlog);

  bool push(Bytes bytes) override;
  void close() override { connection_->close(); }
  bool is_open() const override { return connection_->is_open(); }

 private:
  explicit WebSocketOutlet(std::shared_ptr<PushConnection> connection) : connection_(std::move(connection)) {}

  std::shared_ptr<PushConnection> connection_;
};

}  // namespace launcher
