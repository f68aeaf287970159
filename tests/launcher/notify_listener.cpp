// Stands in for systemd: prints each datagram that arrives at a Unix socket as a line, for tests.
//   notify-listener PATH
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdio>
#include <cstring>

int main(int argc, char** argv) {
  sockaddr_un address{};
  if (argc != 2 || std::strlen(argv[1]) >= sizeof address.sun_path) return 2;
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, argv[1]);
  const int receiver = socket(AF_UNIX, SOCK_DGRAM, 0);
  if (bind(receiver, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    std::perror(argv[1]);
    return 1;
  }
  char text[512];
  for (ssize_t size = 0; (size = recv(receiver, text, sizeof text, 0)) >= 0;) {
    std::printf("%.*s\n", static_cast<int>(size), text);
    std::fflush(stdout);
  }
  return 1;
}
