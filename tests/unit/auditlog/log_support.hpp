// A log under test: its settings, its clock and what it reports.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <string>
#include <vector>

#include "audit_log.hpp"
#include "databases.hpp"
#include "verify_chain.hpp"

namespace test {

inline audit::Settings settings(const Database& database) {
  audit::Settings result;
  result.writer.database = database.uri();
  result.writer.stream = "live";
  result.writer.spool = database.spool();
  result.key = key();
  result.client_ip = "192.0.2.7";
  result.stop_time = std::chrono::seconds(60);
  return result;
}

/// Settings for a server that is never there.
inline audit::Settings unreachable(const Folder& folder) {
  audit::Settings result;
  result.writer.database = "postgresql://app@127.0.0.1:1/postgres";
  result.writer.spool = folder / "spool";
  result.writer.start_without_database = true;
  result.key = key();
  result.stop_time = std::chrono::seconds(0);
  return result;
}

inline audit::Mark mark(std::string_view id, audit::Action action = audit::Action::encode) {
  return {id, "key", "model", action};
}

/// A clock that a test sets.
struct TestClock {
  std::atomic<audit::WallTime> now{kStart};
  audit::Clock function() {
    return [this] { return now.load(); };
  }
};

/// Collects what a log reports.
struct Reports {
  std::mutex lock;
  std::vector<std::string> problems, recovered;
  audit::Listener listener() {
    audit::Listener result;
    result.problem = [this](const std::string& text) {
      const std::lock_guard<std::mutex> guard(lock);
      problems.push_back(text);
    };
    result.recovered = [this](const std::string& text) {
      const std::lock_guard<std::mutex> guard(lock);
      recovered.push_back(text);
    };
    return result;
  }
  std::size_t problem_count() {
    const std::lock_guard<std::mutex> guard(lock);
    return problems.size();
  }
};

inline bool intact(const Database& database) { return audit::verify_chain(database.uri(), "live", {key()}).intact(); }

/// Every session's records are 1, 2, 3 … without gaps, each opened once, closed once but for the last.
inline void check_complete(const Database& database) {
  const auto rows = database.run(
      "SELECT session, MAX(record), SUM(CASE WHEN event = 'open' THEN 1 ELSE 0 END), "
      "SUM(CASE WHEN event = 'close' THEN 1 ELSE 0 END) FROM steg_audit_event GROUP BY session");
  for (const audit::Row& row : rows) {
    const std::int64_t last = audit::to_integer(row.at(1));
    CHECK(audit::to_integer(row.at(2)) == last);
    CHECK(audit::to_integer(row.at(3)) >= last - 1);
  }
  CHECK(intact(database));
}

}  // namespace test
