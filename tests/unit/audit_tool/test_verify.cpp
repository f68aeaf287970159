// steg-audit verify.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sqlite3.h>

#include <catch2/catch.hpp>

#include "tool.hpp"

using Catch::Contains;
using test::Log;
using test::Result;

TEST_CASE("verify tells an intact log from one that was changed, and names the row") {
  Log log(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  CHECK_THAT(log.run_with_key("verify").out, Contains("no rows"));
  for (int i = 0; i < 5; ++i) log.record("id" + std::to_string(i), "192.0.2.1", "2026-11-22T11:29Z");
  log.record("x", "192.0.2.1", "2026-11-22T11:29Z", "other");
  const Result good = log.run_with_key("verify");
  CHECK(good.status == 0);
  CHECK_THAT(good.out, Contains("live: 10 rows are as they were written; the last is 10:") &&
                           Contains("other: 2 rows are as they were written"));
  const std::size_t at = good.out.find("10:");
  const std::string known = good.out.substr(at, good.out.find('\n', at) - at);

  log.database().run("UPDATE steg_audit_event SET client_ip = $1 WHERE stream = 'live' AND seq = 4", {"198.51.100.9"});
  const Result altered = log.run_with_key("verify");
  CHECK(altered.status == 1);
  CHECK_THAT(altered.out, Contains("live: Row 4 was altered") && Contains("other: 2 rows are as they were written"));
  CHECK(log.run_with_key("verify", {"--stream", "other"}).status == 0);
  log.database().run("UPDATE steg_audit_event SET client_ip = $1 WHERE stream = 'live' AND seq = 4", {"192.0.2.1"});

  log.database().run("DELETE FROM steg_audit_event WHERE stream = 'live' AND seq > 8");
  CHECK(log.run_with_key("verify").status == 1);
  log.database().run("DELETE FROM steg_audit_batch WHERE stream = 'live' AND last_seq > 8");
  CHECK(log.run_with_key("verify").status == 0);
  const Result cut = log.run_with_key("verify", {"--stream", "live", "--known", known});
  CHECK(cut.status == 1);
  CHECK_THAT(cut.out, Contains("Rows 9 to 10 are missing"));
}

TEST_CASE("verify without the right key says so") {
  Log log(test::kSqlite);
  log.record("a", "192.0.2.1", "2026-11-22T11:29Z");
  const Result none = log.run("verify");
  CHECK(none.status == 1);
  CHECK_THAT(none.err, Contains("--key-file"));
  CHECK_THAT(none.out, Contains("which was not given"));
}

TEST_CASE("verify tells of values, rows and tables that only the database sees") {
  Log log(test::kSqlite);
  log.record("alice", "192.0.2.1", "2026-11-22T11:29Z");
  log.record("bob", "192.0.2.1", "2026-11-22T11:29Z");
  REQUIRE(log.run_with_key("verify").status == 0);
  // As another program would: SQLite lets who writes to the file rewrite its schema.
  sqlite3* raw = nullptr;
  REQUIRE(sqlite3_open(audit::sqlite_path(log.uri()).c_str(), &raw) == SQLITE_OK);
  const auto edit = [&](const std::string& sql) {
    CHECK(sqlite3_exec(raw,
                       ("PRAGMA writable_schema=ON; CREATE TEMP TABLE kept AS SELECT name, sql FROM sqlite_master; "
                        "UPDATE sqlite_master SET sql = replace(sql, ' STRICT', ''); PRAGMA "
                        "writable_schema=RESET; " +
                        sql +
                        "; PRAGMA writable_schema=ON; UPDATE sqlite_master SET "
                        "sql = (SELECT k.sql FROM kept k WHERE k.name = sqlite_master.name); PRAGMA "
                        "writable_schema=RESET; DROP TABLE kept")
                           .c_str(),
                       nullptr, nullptr, nullptr) == SQLITE_OK);
  };
  SECTION("a kind of event that is no text") {
    edit("UPDATE steg_audit_event SET event = CAST(event AS BLOB) WHERE id = 'alice'");
    CHECK_THAT(log.run_with_key("verify").out, Contains("live: Row 1 was altered: it has a BLOB as its event"));
  }
  SECTION("an ID that is no text") {
    edit("UPDATE steg_audit_event SET id = CAST(id AS BLOB) WHERE id = 'alice'");
    CHECK_THAT(log.run_with_key("verify").out, Contains("it has a BLOB as its id"));
    CHECK(log.run("list").status == 2);
  }
  SECTION("a session that is no text") {
    edit("UPDATE steg_audit_event SET session = CAST(session AS BLOB) WHERE event = 'close'");
    CHECK_THAT(log.run_with_key("verify").out, Contains("Row 2 was altered"));
  }
  SECTION("a row below all numbers, in no minute") {
    edit(
        "INSERT INTO steg_audit_event SELECT stream, -9223372036854775807 - 1, event, 'forged', record, 'mallory', "
        "client_ip, '', first_time, last_time, first_pts, last_pts, frames_encoded, frames_repeated, "
        "frames_residual, key_fingerprint, model_fingerprint, client_ip_salt, client_ip_proof, through_seq, "
        "through_hash, chain_key, previous_hash, hash FROM steg_audit_event WHERE seq = 1");
    CHECK_THAT(log.run_with_key("verify").out, Contains("Row -9223372036854775808 was inserted"));
    CHECK_THAT(log.run_with_key("list").out, Contains("alice") && !Contains("mallory"));
    const std::string folder = log.folder / "case";
    CHECK(log.run_with_key("export", {"--case", "1", "--output", folder}).status == 1);
    CHECK_THAT(test::read_file(folder + "/records.csv"), Contains("alice") && !Contains("mallory"));
    CHECK_THAT(test::read_file(folder + "/events.csv"), Contains("alice") && !Contains("mallory"));
  }
  SECTION("a row of a stream that is no text") {
    edit("UPDATE steg_audit_event SET stream = CAST(stream AS BLOB) WHERE seq > 2");
    CHECK_THAT(log.run_with_key("verify").out, Contains("the others belong to no stream"));
  }
  SECTION("an index that hides rows") {
    edit(
        "DROP INDEX steg_audit_event_id; CREATE INDEX steg_audit_event_id ON steg_audit_event (id, minute) WHERE id "
        "<> 'alice'");
    CHECK_THAT(log.run_with_key("verify").out, Contains("The log: SQLite finds the file damaged"));
  }
  SECTION("a view in place of the table") {
    sqlite3_exec(raw,
                 "DROP VIEW steg_audit_record; ALTER TABLE steg_audit_event RENAME TO hidden; CREATE VIEW "
                 "steg_audit_event AS SELECT * FROM hidden",
                 nullptr, nullptr, nullptr);
    CHECK_THAT(log.run_with_key("verify").out, Contains("steg_audit_event was altered"));
    CHECK(log.run("list").status == 2);
  }
  CHECK(log.run_with_key("verify").status == 1);
  CHECK(log.run_with_key("list").status == 1);
  sqlite3_close(raw);
}
