// WebSocket frames (RFC 6455, section 5), as far as somebody who only sends needs them.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace launcher {

enum class WebSocketKind : unsigned char { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// What a whole frame of the server's begins with.
std::string websocket_header(WebSocketKind kind, std::size_t size);

/// What viewers send. They have nothing to say: they may ask for signs of life now and then, or leave.
class WebSocketInput {
 public:
  using Time = std::chrono::steady_clock::time_point;

  static constexpr int kMostPings = 16;
  static constexpr std::chrono::seconds kPingTime{10};  ///< in which so many may come

  /// Takes bytes as they come. False if the connection is to be closed: the other side says so, breaks the protocol,
  /// sends data, or asks too often.
  bool take(const char* data, std::size_t size, Time now);

  /// The payload of the last ping that was not answered yet, in a frame of its own; empty if there is none.
  std::string take_pong();

 private:
  bool take_byte(unsigned char byte, Time now);
  bool begins_well(unsigned char byte) const;
  bool end_of_frame(Time now);

  std::string head_;  ///< of the frame that comes in: two bytes and the mask, six in all
  std::string payload_;
  std::string pong_;
  int pings_ = 0;
  Time first_ping_{};
};

}  // namespace launcher
