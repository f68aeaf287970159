// A PostgreSQL server for a test, through postgres.sh.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

namespace test {

/// Runs as long as the object lives; gone with the test program, however that ends. POSTGRES_SCRIPT in the environment
/// names postgres.sh.
class PostgresServer {
 public:
  PostgresServer() : folder_(run("create")) { start(); }
  ~PostgresServer() {
    if (::getpid() == owner_) std::system((script() + " remove " + folder_).c_str());
  }
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  void start() { uri_ = run("start " + folder_ + " " + std::to_string(::getpid())); }
  void stop() { run("stop " + folder_); }
  void kill() { run("kill " + folder_); }

  /// From the next connection on; both PEM files.
  void show_certificate(const std::string& certificate, const std::string& key) {
    run("tls " + folder_ + ' ' + certificate + ' ' + key);
  }
  void own(const std::string& folder) { run("own " + folder_ + ' ' + folder); }
  /// Starts PgBouncer in front of the server; the port of its user "app".
  std::string start_pool() { return run("pool " + folder_); }

  /// "postgresql://app@127.0.0.1:PORT/DATABASE". The port stays the same over stop() and start().
  std::string uri(const std::string& database = "postgres", const std::string& user = "app") const {
    const std::size_t at = uri_.find('@');
    return "postgresql://" + user + uri_.substr(at, uri_.rfind('/') + 1 - at) + database;
  }

 private:
  static std::string script() {
    const char* path = std::getenv("POSTGRES_SCRIPT");
    if (!path) throw std::runtime_error("POSTGRES_SCRIPT does not name postgres.sh");
    return path;
  }

  /// The last line that the script prints.
  static std::string run(const std::string& arguments) {
    const std::string command = script() + ' ' + arguments;
    FILE* pipe = ::popen(command.c_str(), "re");
    if (!pipe) throw std::runtime_error("cannot run " + command);
    std::string output;
    std::array<char, 256> part{};
    while (std::fgets(part.data(), static_cast<int>(part.size()), pipe)) output += part.data();
    if (::pclose(pipe) != 0) throw std::runtime_error(command + " failed");
    while (!output.empty() && output.back() == '\n') output.pop_back();
    return output.substr(output.rfind('\n') + 1);
  }

  pid_t owner_ = ::getpid();
  std::string folder_;
  std::string uri_;
};

}  // namespace test
