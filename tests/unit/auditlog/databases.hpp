// A fresh database of each kind for the tests that hold for both.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connection.hpp"
#include "postgres_server.hpp"
#include "support.hpp"

namespace test {

/// One server for all tests of the program, started by the first that needs it.
inline PostgresServer& server() {
  static PostgresServer instance;
  return instance;
}

/// The server is gone while this lives, at the latest until the test ends, whichever way: the next one needs it.
class Outage {
 public:
  enum class Kind { stopped, killed };
  explicit Outage(Kind kind) { kind == Kind::stopped ? server().stop() : server().kill(); }
  ~Outage() {
    try {
      end();
    } catch (const std::exception&) {
      // The next test says that there is no server.
    }
  }
  Outage(const Outage&) = delete;
  Outage& operator=(const Outage&) = delete;
  void end() {
    if (!std::exchange(ended_, true)) server().start();
  }

 private:
  bool ended_ = false;
};

inline std::vector<audit::Row> sql(const std::string& uri, const std::string& text, const audit::Row& values = {}) {
  const audit::Deadline deadline;
  return audit::connect(uri, audit::Access::write, deadline)->run(text, values);
}

inline const char* const kSqlite = "SQLite";
inline const char* const kPostgres = "PostgreSQL";

class Database {
 public:
  explicit Database(const std::string& kind) {
    static int number = 0;
    if (kind == kSqlite) {
      uri_ = "sqlite:" + (folder_ / "audit.db");
    } else {
      name_ = "audit_" + std::to_string(++number);
      sql(server().uri(), "CREATE DATABASE " + name_);
      uri_ = server().uri(name_);
    }
  }
  ~Database() {
    if (name_.empty()) return;
    try {
      // A server with few files is soon back after a crash.
      sql(server().uri(), "DROP DATABASE " + name_ + " WITH (FORCE)");
    } catch (const std::exception&) {
      // The test left it stopped; it goes as a whole.
    }
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  const std::string& uri() const { return uri_; }
  std::string spool() const { return folder_ / "spool"; }
  std::vector<audit::Row> run(const std::string& text, const audit::Row& values = {}) const {
    return sql(uri_, text, values);
  }
  std::int64_t count(const std::string& table, const std::string& where = "1 = 1") const {
    return audit::to_integer(run("SELECT COUNT(*) FROM " + table + " WHERE " + where).at(0).at(0));
  }

 private:
  Folder folder_;
  std::string name_;
  std::string uri_;
};

}  // namespace test
