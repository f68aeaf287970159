// A fresh database of each kind for the tests that hold for both.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>
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
      const std::string name = "audit_" + std::to_string(++number);
      sql(server().uri(), "CREATE DATABASE " + name);
      uri_ = server().uri(name);
    }
  }
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
  std::string uri_;
};

}  // namespace test
