// A running steg-launch over its socket: HTTP, and WebSocket frames after it. See server.sh, which says where it is:
// FUZZ_PORT, and FUZZ_PID, the process whose memory counts.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>

#include "fuzz.hpp"

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostRead = 65536;
constexpr long kMostOfServer = 1024L * 1024;  // KiB, with what AddressSanitizer keeps back

std::string setting(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

class Connection {
 public:
  explicit Connection(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fuzz::require(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0,
                  "the server takes a connection");
  }
  ~Connection() { close(socket_); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Sends it all, and returns the answer: to its end, or until nothing more comes for so long.
  std::string ask(const std::string& bytes, std::chrono::milliseconds patience) {
    std::size_t sent = 0;
    std::string answer;
    auto end = Clock::now() + patience;
    while (answer.size() < kMostRead) {
      pollfd ready{socket_, static_cast<short>(sent < bytes.size() ? POLLIN | POLLOUT : POLLIN), 0};
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()).count();
      if (left <= 0 || poll(&ready, 1, static_cast<int>(left)) <= 0) break;
      if ((ready.revents & POLLOUT) != 0) {
        const ssize_t count = send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count < 0) break;
        sent += static_cast<std::size_t>(count);
        if (sent == bytes.size()) shutdown(socket_, SHUT_WR);
      }
      if ((ready.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
        std::array<char, 4096> chunk{};
        const ssize_t count = recv(socket_, chunk.data(), chunk.size(), 0);
        if (count <= 0) break;
        answer.append(chunk.data(), static_cast<std::size_t>(count));
      }
    }
    return answer;
  }

 private:
  int socket_;
};

long memory_of(const std::string& process) {
  std::ifstream status("/proc/" + process + "/status");
  for (std::string word; status >> word;) {
    long size = 0;
    if (word == "VmRSS:" && status >> size) return size;
  }
  return 0;
}

std::string request(const std::string& line, const std::string& headers = "", const std::string& body = "") {
  return line + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers +
         (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") + "\r\n" + body;
}

std::vector<std::string> requests() {
  std::vector<std::string> all;
  for (const char* path :
       {"/", "/status", "/healthz", "/metrics", "/graph.dot", "/audit?id=a&most=3&from=2026-11-22", "/pull", "/stop",
        "/events", "/live.flv", "/openapi.json", "/elements/audit/stream", "/session", "/%2e%2e/%ff"})
    all.push_back(
        request(std::string("GET ") + path, "Origin: http://127.0.0.1\r\nX-Forwarded-For: 10.0.0.1, ::1\r\n"));
  all.push_back(request("POST /custom", "Content-Type: application/json\r\n", R"({"id": "ALICE"})"));
  all.push_back(request("PUT /elements/audit/client-ip", "", R"({"value": "192.0.2.1"})"));
  all.push_back(request("POST /session", "Cookie: steg-session=0; a=b\r\n", R"({"token": "0123456789abcdef"})"));
  all.push_back(request("DELETE /session", "Authorization: Basic dXNlcjpwYXNz\r\n"));
  all.push_back(request("POST /trace", "", "\x89PNG\r\n\x1a\n"));
  all.push_back(request("POST /publish", "Content-Type: application/x-www-form-urlencoded\r\n",
                        "call=publish&addr=192.0.2.1&name=x"));
  all.push_back(request("OPTIONS *") + request("HEAD /status") + request("GET /status"));
  all.push_back(
      "POST /custom HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"id\"\r\n6;x=y\r\n: "
      "\"A\"}\r\n0\r\n\r\n");
  const std::string upgrade =
      "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  for (const char* frames : {"\x89\x84\1\2\3\4ping", "\x8a\x81\1\2\3\4x", "\x88\x82\1\2\3\4\3\xe8",
                             "\x01\x85\1\2\3\4frags", "\x89\xfe\xff\xff"})
    all.push_back(request("GET /live.flv", upgrade) + frames + frames);
  return all;
}

}  // namespace

fuzz::Target fuzz::server() {
  return {"server",
          requests(),
          {"\r\n", "\r\n\r\n", ": ", "HTTP/1.0", "Host: ", "Content-Length: ", "Transfer-Encoding: chunked",
           "Connection: keep-alive", "Upgrade: websocket", "Expect: 100-continue", "Range: bytes=0-", "/status",
           "?stream=", "%00", "%ff", "../", "[[[[[[[[", "\x89\x84"},
          70000,
          [port = std::atoi(setting("FUZZ_PORT").c_str()), process = setting("FUZZ_PID")](const std::string& input) {
            Connection(port).ask(input, std::chrono::milliseconds(200));
            const std::string health = Connection(port).ask(request("GET /healthz"), std::chrono::minutes(10));
            require(health.rfind("HTTP/1.1 200", 0) == 0, "the server is healthy");
            require(memory_of(process) < kMostOfServer, "the server takes less than 1 GiB of memory");
          }};
}
