// SPDX-License-Identifier: LGPL-2.1-or-later
#include "websocket_frames.hpp"

#include <utility>

namespace launcher {
namespace {

constexpr std::size_t kHead = 6;  ///< of a control frame from a client
constexpr unsigned kWhole = 0x80;
constexpr unsigned kMasked = 0x80;
constexpr std::size_t kLargestControl = 125;
constexpr std::size_t kLargestOfTwoBytes = 65535;

unsigned char byte_of(char c) { return static_cast<unsigned char>(c); }

std::string big_endian(std::size_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i) & 0xffU);
  return text;
}

}  // namespace

std::string websocket_header(WebSocketKind kind, std::size_t size) {
  const std::string start(1, static_cast<char>(kWhole | static_cast<unsigned>(kind)));
  if (size <= kLargestControl) return start + big_endian(size, 1);
  if (size <= kLargestOfTwoBytes) return start + '\x7e' + big_endian(size, 2);
  return start + '\x7f' + big_endian(size, 8);
}

bool WebSocketInput::take(const char* data, std::size_t size, Time now) {
  for (std::size_t i = 0; i < size; ++i) {
    if (!take_byte(byte_of(data[i]), now)) return false;
  }
  return true;
}

bool WebSocketInput::take_byte(unsigned char byte, Time now) {
  if (head_.size() < kHead) {
    if (!begins_well(byte)) return false;
    head_ += static_cast<char>(byte);
  } else {
    const unsigned char mask = byte_of(head_[2 + payload_.size() % 4]);
    payload_ += static_cast<char>(byte ^ mask);
  }
  const bool whole = head_.size() == kHead && payload_.size() == (byte_of(head_[1]) & ~kMasked);
  return !whole || end_of_frame(now);
}

/// Whether the head may go on with this byte: of a whole ping or pong, masked, whose length stands in its second byte.
bool WebSocketInput::begins_well(unsigned char byte) const {
  if (head_.empty()) {
    return byte == (kWhole | static_cast<unsigned>(WebSocketKind::ping)) ||
           byte == (kWhole | static_cast<unsigned>(WebSocketKind::pong));
  }
  return head_.size() != 1 || ((byte & kMasked) != 0 && (byte & ~kMasked) <= kLargestControl);
}

bool WebSocketInput::end_of_frame(Time now) {
  const bool ping = byte_of(head_[0]) == (kWhole | static_cast<unsigned>(WebSocketKind::ping));
  head_.clear();
  const std::string payload = std::exchange(payload_, {});
  if (ping) pong_ = websocket_header(WebSocketKind::pong, payload.size()) + payload;
  if (pings_ == 0 || now - first_ping_ > kPingTime) {
    first_ping_ = now;
    pings_ = 0;
  }
  return ++pings_ <= kMostPings;
}

std::string WebSocketInput::take_pong() { return std::exchange(pong_, {}); }

}  // namespace launcher
