// SPDX-License-Identifier: LGPL-2.1-or-later
#include "helper_process.hpp"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <optional>

namespace steg_trace::tool {
namespace {

constexpr char kDone = 'd';
constexpr char kError = 'e';

bool send_all(int socket, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = send(socket, data, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool receive_all(int socket, char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t got = recv(socket, data, size, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    data += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool send_message(int socket, const std::string& text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  return send_all(socket, reinterpret_cast<const char*>(&size), sizeof size) &&
         send_all(socket, text.data(), text.size());
}

std::optional<std::string> receive_message(int socket) {
  std::uint32_t size = 0;
  if (!receive_all(socket, reinterpret_cast<char*>(&size), sizeof size)) return std::nullopt;
  std::string text(size, '\0');
  if (!receive_all(socket, text.data(), size)) return std::nullopt;
  return text;
}

/// In the process: until nobody asks any more.
void answer_all(int socket, const HelperProcess::Answer& answer) {
  while (const auto question = receive_message(socket)) {
    std::string message;
    try {
      message = kDone + answer(*question);
    } catch (const std::exception& error) {
      message = kError + std::string(error.what());
    }
    if (!send_message(socket, message)) return;
  }
}

}  // namespace

HelperProcess::HelperProcess(const std::string& what, const Answer& answer) : what_(what) {
  int sockets[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) == 0) process_ = fork();
  if (process_ < 0) throw HelperError(std::string("No process can be started: ") + std::strerror(errno));
  if (process_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(sockets[0]);
    answer_all(sockets[1], answer);
    _exit(0);
  }
  close(sockets[1]);
  socket_ = sockets[0];
}

HelperProcess::~HelperProcess() {
  close(socket_);
  waitpid(process_, nullptr, 0);
}

std::string HelperProcess::ask(const std::string& question) {
  const auto reply = send_message(socket_, question) ? receive_message(socket_) : std::nullopt;
  if (!reply || reply->empty()) throw HelperError("The process that " + what_ + " has ended. Try again.");
  if (reply->front() == kError) throw HelperError(reply->substr(1));
  return reply->substr(1);
}

}  // namespace steg_trace::tool
