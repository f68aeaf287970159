// Tokens in the log: each durable before it is handed out, in the same chain as everything else.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "audit_query.hpp"
#include "databases.hpp"
#include "event_log.hpp"
#include "log_support.hpp"
#include "token_note.hpp"
#include "verify_chain.hpp"

namespace {

using audit::AuditError;
using audit::EventLog;
using audit::TokenNote;

audit::WriterSettings writer_settings(const test::Database& database) {
  audit::WriterSettings result;
  result.database = database.uri();
  result.stream = audit::kTokenStream;
  result.spool = database.spool();
  return result;
}

TokenNote note(const std::string& token, const std::string& viewer) {
  return {token,
          viewer,
          "192.0.2.7",
          audit::utc_time(test::kStart),
          audit::utc_time(test::kStart + 7200000000),
          "aaaaaaaaaaaaaaaa",
          "pattern 2 arcsine 0 0123456789abcdef"};
}

bool tokens_intact(const test::Database& database) {
  return audit::verify_chain(database.uri(), audit::kTokenStream, {test::key()}).intact();
}

}  // namespace

TEST_CASE("a token is an open row, and a revoked one is closed") {
  const test::Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  {
    EventLog log(writer_settings(database), test::key(), {});
    log.add(audit::token_issued(note("t1", "alice in the long wing")));
    log.add(audit::token_issued(note("t2", "bob")));
    log.add(audit::token_revoked(note("t2", "bob"), test::kStart + 60000000));
  }
  const auto alice = audit::find_by_id(database.uri(), "alice in the long wing");
  REQUIRE(alice.size() == 1);
  CHECK(alice[0].session == "t1");
  CHECK(alice[0].stream == audit::kTokenStream);
  CHECK(alice[0].client_ip == "192.0.2.7");
  CHECK(alice[0].minute == "2026-11-22T11:30Z");
  CHECK(alice[0].first_time == "2026-11-22T11:30:00.000000Z");
  CHECK(alice[0].last_time == "2026-11-22T13:30:00.000000Z");
  CHECK(alice[0].model_fingerprint == "pattern 2 arcsine 0 0123456789abcdef");
  CHECK(alice[0].intervals_open == 1);
  const auto bob = audit::find_by_id(database.uri(), "bob");
  REQUIRE(bob.size() == 1);
  CHECK(bob[0].intervals_open == 0);
  CHECK(bob[0].last_time == "2026-11-22T11:31:00.000000Z");
  CHECK(tokens_intact(database));
}

TEST_CASE("a token is in the spool before add() returns, whatever the database does") {
  const test::Database database(test::kPostgres);
  test::Reports reports;
  EventLog log(writer_settings(database), test::key(), reports.listener());
  log.add(audit::token_issued(note("t1", "alice")));
  REQUIRE(test::eventually([&] { return log.pending() == 0; }));
  {
    test::Outage outage(test::Outage::Kind::killed);
    log.add(audit::token_issued(note("t2", "bob")));
    CHECK(test::read_file(database.spool()).find("bob") != std::string::npos);
    CHECK(log.pending() == 1);
  }
  REQUIRE(test::eventually([&] { return log.pending() == 0; }));
  CHECK(audit::find_by_id(database.uri(), "bob").size() == 1);
  CHECK(tokens_intact(database));
}

TEST_CASE("what cannot be kept is refused, and the log goes on when it can be written again") {
  const test::Database database(test::kSqlite);
  test::Reports reports;
  EventLog log(writer_settings(database), test::key(), reports.listener());
  {
    const test::FileSizeLimit full(0);
    CHECK_THROWS_AS(log.add(audit::token_issued(note("t1", "alice"))), AuditError);
  }
  REQUIRE(test::eventually([&] {
    try {
      log.add(audit::token_issued(note("t2", "bob")));
      return true;
    } catch (const AuditError&) {
      return false;
    }
  }));
  REQUIRE(test::eventually([&] { return log.pending() == 0; }));
  CHECK(audit::find_by_id(database.uri(), "bob").size() == 1);
  CHECK(tokens_intact(database));
}

TEST_CASE("what an earlier run left in the spool is written at the start") {
  const test::Database database(test::kSqlite);
  {
    // A run that was killed: a spool with a row that no database has.
    audit::Spool spool(database.spool(), test::key(), 0);
    audit::Event event = audit::token_issued(note("t1", "alice"));
    event.stream = audit::kTokenStream;
    spool.append({audit::to_row(event)});
  }
  const EventLog log(writer_settings(database), test::key(), {});
  CHECK(log.pending() == 0);
  CHECK(audit::find_by_id(database.uri(), "alice").size() == 1);
}
