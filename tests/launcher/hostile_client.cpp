// What nobody friendly does to the HTTP server, for tests; only on 127.0.0.1.
//   hostile-client PORT KIND COUNT [PATH]
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <arpa/inet.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kFragment = 60000;

class Connection {
 public:
  explicit Connection(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    open_ = connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  Connection(Connection&& other) noexcept : socket_(other.socket_), open_(other.open_) { other.socket_ = -1; }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection& operator=(Connection&&) = delete;
  ~Connection() {
    if (socket_ >= 0) close(socket_);
  }

  /// False if the other side takes no more within a second.
  bool send(const std::string& text) {
    std::size_t sent = 0;
    while (open_ && sent < text.size()) {
      pollfd one{socket_, POLLOUT, 0};
      if (poll(&one, 1, 1000) != 1) return false;
      const ssize_t size = ::send(socket_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
      if (size <= 0) open_ = false;
      if (size > 0) sent += static_cast<std::size_t>(size);
    }
    return open_;
  }

  /// What comes within `wait`; empty if nothing does.
  std::string receive(std::chrono::milliseconds wait) {
    pollfd one{socket_, POLLIN, 0};
    if (!open_ || poll(&one, 1, static_cast<int>(wait.count())) != 1) return {};
    std::string text(4096, '\0');
    const ssize_t size = recv(socket_, text.data(), text.size(), 0);
    if (size <= 0) open_ = false;
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
  }

  bool is_open() const { return open_; }

 private:
  int socket_;
  bool open_ = false;
};

struct Task {
  std::uint16_t port;
  std::size_t count;
  std::string path;
};

/// Closes each connection as soon as it has asked.
void ask_options(const Task& task) {
  for (std::size_t i = 0; i < task.count; ++i) Connection(task.port).send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
}

std::vector<Connection> connections(const Task& task, const std::string& first_words) {
  std::vector<Connection> all;
  for (std::size_t i = 0; i < task.count; ++i) {
    all.emplace_back(task.port);
    all.back().send(first_words);
  }
  return all;
}

/// Until the test ends it.
void stay(const std::vector<Connection>& all) {
  std::printf("%zu connections\n", all.size());
  std::fflush(stdout);
  for (;;) pause();
}

void say_nothing(const Task& task) { stay(connections(task, "")); }

/// A byte of a header each half second on each connection.
void be_slow(const Task& task) {
  std::vector<Connection> all = connections(task, "GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ");
  std::printf("%zu connections\n", all.size());
  std::fflush(stdout);
  for (;;) {
    for (Connection& one : all) one.send("x");
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
  }
}

/// Says how many were given a stream and how many were refused.
void listen_to_events(const Task& task) {
  std::vector<Connection> all = connections(task, "GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
  std::map<std::string, std::size_t> answers;
  for (Connection& one : all) ++answers[one.receive(std::chrono::seconds(5)).substr(0, 12)];
  for (const auto& [start, number] : answers) std::printf("%s: %zu\n", start.c_str(), number);
  std::fflush(stdout);
  for (;;) pause();
}

std::string frame(unsigned char first, const std::string& payload) {
  std::string text{static_cast<char>(first)};
  if (payload.size() < 126) {
    text += static_cast<char>(0x80U | payload.size());
  } else {
    text += static_cast<char>(0x80U | 126U);
    text += static_cast<char>(payload.size() >> 8U);
    text += static_cast<char>(payload.size() & 0xffU);
  }
  return text + std::string(4, '\0') + payload;  // a mask of zeros
}

/// Many frames on one WebSocket, of which nothing is read. Ends when the server has had enough, or after all of them.
void send_frames(const Task& task, const std::string& first, const std::string& next) {
  Connection connection(task.port);
  connection.send("GET " + task.path +
                  " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
  const std::string answer = connection.receive(std::chrono::seconds(5));
  std::size_t sent = 0;
  while (sent < task.count && connection.send(sent == 0 ? first : next)) ++sent;
  std::printf("%s, %s after %zu frames\n", answer.substr(0, 12).c_str(), connection.is_open() ? "open" : "closed",
              sent);
}

void send_pings(const Task& task) {
  const std::string ping = frame(0x89, std::string(100, 'p'));
  send_frames(task, ping, ping);
}

void send_fragments(const Task& task) {
  const std::string payload(kFragment, 'f');
  send_frames(task, frame(0x02, payload), frame(0x00, payload));
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, std::function<void(const Task&)>> kinds{
      {"options", ask_options},     {"idle", say_nothing}, {"slow", be_slow},
      {"events", listen_to_events}, {"pings", send_pings}, {"fragments", send_fragments}};
  const auto kind = argc > 3 ? kinds.find(argv[2]) : kinds.end();
  if (kind == kinds.end()) return 2;
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  kind->second(
      {static_cast<std::uint16_t>(std::stoul(argv[1])), std::stoul(argv[3]), argc > 4 ? argv[4] : "/live.flv"});
  return 0;
}
