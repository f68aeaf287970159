// SPDX-License-Identifier: LGPL-2.1-or-later
#include "service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "launcher/base/seconds.hpp"

namespace launcher {

ServiceManager::ServiceManager() {
  const char* address = std::getenv("NOTIFY_SOCKET");
  if (!address || (address[0] != '/' && address[0] != '@')) return;
  address_ = address;
  // '@' stands for the NUL byte of an abstract address.
  if (address_[0] == '@') address_[0] = '\0';
  if (address_.size() >= sizeof(sockaddr_un::sun_path)) return;
  socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const char* watchdog = std::getenv("WATCHDOG_USEC");
  if (!watchdog) return;
  const std::string text = watchdog;
  double microseconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), microseconds);
  if (error == std::errc() && end == text.data() + text.size() && microseconds > 0) {
    watchdog_interval_ = Seconds(microseconds / 1e6 / 2);
  }
}

ServiceManager::~ServiceManager() {
  if (socket_ >= 0) close(socket_);
}

void ServiceManager::stopping() {
  stopping_ = true;
  send("STOPPING=1");
}

void ServiceManager::alive() const {
  if (!stopping_) send("WATCHDOG=1");
}

void ServiceManager::status(const std::string& text) {
  if (text == status_) return;
  status_ = text;
  send("STATUS=" + text);
}

void ServiceManager::send(const std::string& text) const {
  if (socket_ < 0) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, address_.data(), address_.size());
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  sendto(socket_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT, reinterpret_cast<const sockaddr*>(&address),
         length);
}

}  // namespace launcher
