// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "launcher/trace/sandbox.hpp"

namespace {

/// In a process of its own, which nothing gets out of again.
bool holds_in_sandbox(const std::string& readable, bool network, const std::function<bool(const std::string&)>& check) {
  const pid_t child = fork();
  if (child == 0) {
    const std::string force = trace::enter_sandbox({readable}, network);
    _exit(check(force) ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool can_open(const char* path, int flags) {
  const int file = open(path, flags, 0600);
  if (file >= 0) close(file);
  return file >= 0;
}

bool can_connect() {
  const int made = socket(AF_INET, SOCK_STREAM, 0);
  if (made >= 0) close(made);
  return made >= 0;
}

bool has(const std::string& force, const char* what) { return force.find(what) != std::string::npos; }

}  // namespace

TEST_CASE("within the sandbox, the copy can be read, and nothing else of anybody's") {
  const std::string copy = "sandbox-copy-" + std::to_string(getpid());
  const std::string other = "sandbox-other-" + std::to_string(getpid());
  std::ofstream(copy) << "copy";
  std::ofstream(other) << "other";
  CHECK(holds_in_sandbox(copy, false, [&](const std::string&) { return can_open(copy.c_str(), O_RDONLY); }));
  CHECK(holds_in_sandbox(copy, false, [&](const std::string& force) {
    if (!has(force, "Landlock")) return true;
    bool in_thread = true;
    std::thread([&] { in_thread = can_open(other.c_str(), O_RDONLY); }).join();
    return !in_thread && !can_open(other.c_str(), O_RDONLY) && !can_open(copy.c_str(), O_WRONLY) &&
           !can_open("sandbox-new", O_WRONLY | O_CREAT) && !can_open("/etc/passwd", O_RDONLY) &&
           can_open("/usr", O_RDONLY | O_DIRECTORY);
  }));
  CHECK(holds_in_sandbox(copy, false, [](const std::string& force) {
    return !has(force, "seccomp") || (!can_connect() && std::system("true") != 0);
  }));
  CHECK(holds_in_sandbox(copy, true, [](const std::string&) { return can_connect(); }));
  unlink(copy.c_str());
  unlink(other.c_str());
}
