// What viewers send over a WebSocket.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz.hpp"
#include "launcher/playback/websocket_frames.hpp"

namespace {

using launcher::WebSocketInput;

/// Whether it goes on, and the last answer, if it comes in pieces of that size.
std::pair<bool, std::string> given(const std::string& input, std::size_t piece) {
  WebSocketInput frames;
  bool goes_on = true;
  for (std::size_t at = 0; at < input.size() && goes_on; at += piece)
    goes_on = frames.take(input.data() + at, std::min(piece, input.size() - at), {});
  return {goes_on, frames.take_pong()};
}

std::string masked(char first, const std::string& payload) {
  return std::string{first, static_cast<char>(0x80U | payload.size()), 0, 0, 0, 0} + payload;
}

}  // namespace

fuzz::Target fuzz::websocket() {
  return {"websocket",
          {masked('\x89', "ping"), masked('\x8a', ""), masked('\x89', std::string(125, 'x')) + masked('\x89', ""),
           masked('\x88', "\3\xe8"), masked('\x81', "text"), masked('\x01', "fragment")},
          {masked('\x89', ""), masked('\x8a', "pong"), "\x89\x80", "\x89\xfe\xff\xff", "\x89\xff"},
          5000,
          [](const std::string& input) {
            const auto whole = given(input, input.size() + 1);
            require(whole.second.size() <= 127, "a pong is as short as a ping");
            for (const std::size_t piece : {1, 2, 7}) require(given(input, piece) == whole, "pieces are as the whole");
          }};
}
