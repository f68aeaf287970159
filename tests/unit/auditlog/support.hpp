// What the tests of the audit log share.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "chain.hpp"
#include "event.hpp"
#include "store.hpp"
#include "text.hpp"

namespace test {

/// A new folder that is removed at the end, by the process that made it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "steg-audit-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code error;
    if (::getpid() == owner_) std::filesystem::remove_all(path_, error);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + '/' + name; }

 private:
  pid_t owner_ = ::getpid();
  std::string path_;
};

inline const audit::Deadline kNoDeadline;

inline audit::ChainKey key(std::uint8_t seed = 1) {
  audit::ChainKey key;
  for (std::size_t i = 0; i < key.chain.size(); ++i) {
    key.chain[i] = static_cast<std::uint8_t>(seed * 16 + i);
    key.spool[i] = static_cast<std::uint8_t>(seed * 32 + i);
  }
  key.fingerprint = "000000000000000" + std::to_string(seed);
  return key;
}

constexpr audit::WallTime kStart = 1795347000000000;  // 2026-11-22T11:30:00Z

inline audit::Event event(std::int64_t record, audit::EventKind kind = audit::EventKind::open,
                          const std::string& stream = "live", const std::string& session = "s1") {
  audit::Event event;
  event.kind = kind;
  event.stream = stream;
  event.session = session;
  event.record = record;
  event.id = "id" + std::to_string(record % 5);
  event.client_ip = "192.0.2.7";
  event.minute = "2026-11-22T11:30Z";
  event.first_time = audit::utc_time(kStart);
  event.last_time = kind == audit::EventKind::open ? event.first_time : audit::utc_time(kStart + 1000);
  event.first_pts = record * 1000;
  if (kind == audit::EventKind::close) {
    event.last_pts = record * 1000 + 40;
    event.encoded = 3;
    event.repeated = 2;
    event.residual = 1;
  }
  event.key_fingerprint = "aaaaaaaaaaaaaaaa";
  event.model_fingerprint = "bbbbbbbbbbbbbbbb";
  return event;
}

inline std::vector<audit::Row> rows(const std::vector<audit::Event>& events) {
  std::vector<audit::Row> result;
  for (const audit::Event& event : events) result.push_back(audit::to_row(event));
  return result;
}

inline audit::Appended append(audit::Connection& connection, const audit::ChainKey& key,
                              const std::vector<audit::Event>& events, audit::Heads& heads) {
  return audit::append(connection, key, rows(events), heads);
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write_file(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

/// While it lives, no file of this process grows beyond so many bytes, as if the disk were full.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(std::uint64_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = std::signal(SIGXFSZ, SIG_IGN);
};

/// Waits until the condition holds, for as long as a very slow machine may need. False if it never did.
inline bool eventually(const std::function<bool()>& condition, std::chrono::seconds limit = std::chrono::seconds(60)) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

/// Whether a thread of this process waits, and has not run for a moment: a lock that it waits for is soon free.
inline bool is_asleep(pid_t thread) {
  const auto switches = [&]() -> std::string {
    std::ifstream status("/proc/self/task/" + std::to_string(thread) + "/status");
    bool sleeping = false;
    for (std::string line; std::getline(status, line);) {
      if (line.rfind("State:\tS", 0) == 0) sleeping = true;
      if (sleeping && line.rfind("voluntary_ctxt_switches:", 0) == 0) return line;
    }
    return "";
  };
  const std::string before = switches();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return !before.empty() && switches() == before;
}

}  // namespace test
