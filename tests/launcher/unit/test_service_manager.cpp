// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <cstring>

#include "launcher/process/service_manager.hpp"

using namespace launcher;

TEST_CASE("systemd hears of readiness, life and end", "[service]") {
  const std::string path = "notify-" + std::to_string(getpid());
  const int receiver = socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = '\0' + path;  // abstract: nothing is left behind
  std::memcpy(address.sun_path, name.data(), name.size());
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  REQUIRE(bind(receiver, reinterpret_cast<const sockaddr*>(&address), length) == 0);
  setenv("NOTIFY_SOCKET", ("@" + path).c_str(), 1);
  setenv("WATCHDOG_USEC", "10000000", 1);
  const auto received = [receiver] {
    char text[64] = "";
    const ssize_t size = recv(receiver, text, sizeof text, MSG_DONTWAIT);
    return std::string(text, size < 0 ? 0 : static_cast<std::size_t>(size));
  };
  {
    ServiceManager manager;
    CHECK(manager.is_there());
    CHECK(manager.watchdog_interval() == Seconds(5));
    manager.ready();
    CHECK(received() == "READY=1");
    manager.alive();
    CHECK(received() == "WATCHDOG=1");
    manager.status("rtmp running");
    CHECK(received() == "STATUS=rtmp running");
    manager.status("rtmp running");
    CHECK(received().empty());
    manager.stopping();
    CHECK(received() == "STOPPING=1");
    manager.alive();
    CHECK(received().empty());
  }
  unsetenv("NOTIFY_SOCKET");
  const ServiceManager nobody;
  CHECK_FALSE(nobody.is_there());
  CHECK_FALSE(nobody.watchdog_interval());
  nobody.ready();
  CHECK(received().empty());
  unsetenv("WATCHDOG_USEC");
  close(receiver);
}
