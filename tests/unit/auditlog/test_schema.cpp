// Tables of earlier versions, months, and the two layouts.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "audit_query.hpp"
#include "databases.hpp"
#include "partitions.hpp"
#include "schema.hpp"
#include "store.hpp"
#include "verify_chain.hpp"
#include "verify_log.hpp"
#include "version_1.hpp"
#include "version_2.hpp"

using audit::Access;
using audit::DatabaseError;
using audit::Layout;
using test::Database;

namespace {

std::vector<audit::Event> event_of_minute(std::int64_t record, const std::string& minute) {
  audit::Event event = test::event(record);
  event.minute = minute;
  return {event};
}

std::int64_t rows_in(const Database& database, const std::string& table) { return database.count(table); }

}  // namespace

TEST_CASE("tables of version 1 are brought up to date, and their rows stay verifiable") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  test::make_version_1(database.uri(), test::key(), 3);
  const auto connection = audit::connect(database.uri(), Access::write, test::kNoDeadline);
  CHECK_THROWS_WITH(audit::check_schema(*connection), Catch::Contains("steg-audit migrate"));
  audit::prepare_schema(*connection);
  audit::check_schema(*connection);
  audit::Heads heads;
  CHECK(test::append(*connection, test::key(), {test::event(3), test::event(4)}, heads).written == 1);
  CHECK(heads.at("live").seq == 7);
  const auto report = audit::verify_chain(database.uri(), "live", {test::key()});
  CHECK(report.rows == 7);
  CHECK(report.intact());
  CHECK(audit::find(database.uri(), {}).size() == 4);
  database.run("UPDATE steg_audit_event SET client_ip = '' WHERE seq = 2");
  CHECK(audit::verify_chain(database.uri(), "live", {test::key()}).findings.at(0).seq == 2);
}

TEST_CASE("SQLite's tables of version 2 become STRICT, and what was hidden in them shows again") {
  const Database database(test::kSqlite);
  test::make_version_2(database.uri(), test::key(), 3);
  const std::string edit = GENERATE("", "UPDATE steg_audit_event SET event = CAST(event AS BLOB) WHERE id = 'id1'",
                                    "UPDATE steg_audit_event SET frames_encoded = CAST(frames_encoded AS BLOB)",
                                    "UPDATE steg_audit_batch SET last_seq = CAST(last_seq AS BLOB)");
  if (!edit.empty()) database.run(edit);
  const auto connection = audit::connect(database.uri(), Access::write, test::kNoDeadline);
  CHECK_THROWS_WITH(audit::check_schema(*connection), Catch::Contains("steg-audit migrate"));
  const auto migrated = audit::migrate(*connection, Layout::months, 1);
  CHECK(migrated.from_version == 2);
  CHECK(audit::schema_findings(*connection).empty());
  const auto report = audit::verify_log(*connection, {test::key()});
  CHECK(report.intact());
  CHECK(report.rows() == 6);
  CHECK(audit::find_by_id(database.uri(), "id1").size() == 1);
  CHECK(audit::find_by_id(database.uri(), "id1").at(0).encoded == 3);
  audit::Heads heads;
  CHECK(test::append(*connection, test::key(), {test::event(3), test::event(4)}, heads).written == 1);
  CHECK(heads.at("live").seq == 7);
  CHECK_THROWS_AS(database.run("UPDATE steg_audit_event SET event = CAST(event AS BLOB)"), DatabaseError);
  CHECK_THROWS_AS(database.run("UPDATE steg_audit_batch SET last_seq = 'x'"), DatabaseError);
}

TEST_CASE("tables of version 2 with rows that no column can hold stay as they are") {
  const Database database(test::kSqlite);
  test::make_version_2(database.uri(), test::key(), 3);
  // Two numbers that are the same as soon as they are numbers.
  database.run("UPDATE steg_audit_event SET seq = CAST('x' AS BLOB) WHERE seq = 2");
  database.run("UPDATE steg_audit_event SET seq = CAST('y' AS BLOB) WHERE seq = 3");
  const auto connection = audit::connect(database.uri(), Access::write, test::kNoDeadline);
  CHECK_THROWS_WITH(audit::prepare_schema(*connection), Catch::Contains("Keep the file as evidence"));
  CHECK(database.run("SELECT version FROM steg_audit_schema") == std::vector<audit::Row>{{"2"}});
  CHECK(database.count("steg_audit_event", "typeof(seq) = 'blob'") == 2);
}

TEST_CASE("a role that may not change tables is told who can") {
  const Database database(test::kPostgres);
  test::make_version_1(database.uri(), test::key(), 1);
  database.run("CREATE USER old_writer");
  database.run("GRANT SELECT, INSERT ON steg_audit_event, steg_audit_schema TO old_writer");
  std::string uri = database.uri();
  uri.replace(uri.find("app@"), 4, "old_writer@");
  const auto connection = audit::connect(uri, Access::write, test::kNoDeadline);
  CHECK_THROWS_WITH(audit::prepare_schema(*connection),
                    Catch::Contains("Let the owner of the database run steg-audit migrate"));
  CHECK(database.run("SELECT version FROM steg_audit_schema") == std::vector<audit::Row>{{"1"}});
}

TEST_CASE("each month has a partition, and a month without one is found, too") {
  const Database database(test::kPostgres);
  const auto connection = audit::connect(database.uri(), Access::maintain, test::kNoDeadline);
  audit::prepare_schema(*connection);
  CHECK(audit::partitions(*connection).size() == 4);
  audit::Heads heads;
  test::append(*connection, test::key(), event_of_minute(1, "2031-11-30T23:59Z"), heads);
  test::append(*connection, test::key(), event_of_minute(2, "2031-12-01T00:00Z"), heads);
  CHECK(rows_in(database, "steg_audit_event_other") == 2);
  CHECK(audit::add_partitions(*connection, "2031-11-05T00:00Z", 2) == 2);
  CHECK(audit::add_partitions(*connection, "2031-11-05T00:00Z", 2) == 0);
  CHECK(rows_in(database, "steg_audit_event_other") == 0);
  CHECK(rows_in(database, "steg_audit_event_2031_11") == 1);
  CHECK(rows_in(database, "steg_audit_event_2031_12") == 1);
  CHECK(audit::verify_chain(database.uri(), "live", {test::key()}).intact());
  CHECK(audit::find(database.uri(), {}).size() == 2);
}

TEST_CASE("tables of one layout are rewritten in the other, with all rows") {
  const Database database(test::kPostgres);
  const auto connection = audit::connect(database.uri(), Access::maintain, test::kNoDeadline);
  CHECK(audit::migrate(*connection, Layout::plain, 3).from_version == 0);
  CHECK_FALSE(audit::is_partitioned(*connection));
  audit::Heads heads;
  test::append(*connection, test::key(), event_of_minute(1, "2025-12-31T23:59Z"), heads);
  test::append(*connection, test::key(), event_of_minute(2, "2026-02-01T00:00Z"), heads);
  const auto check = [&] {
    CHECK(audit::verify_chain(database.uri(), "live", {test::key()}, {heads.at("live")}).intact());
    CHECK(audit::find(database.uri(), {}).size() == 2);
  };
  check();
  // What starts next finds the layout as it is.
  audit::prepare_schema(*connection);
  CHECK_FALSE(audit::is_partitioned(*connection));
  const auto migrated = audit::migrate(*connection, Layout::months, 2);
  CHECK(migrated.from_version == audit::schema_version(*connection));
  CHECK(audit::is_partitioned(*connection));
  CHECK(rows_in(database, "steg_audit_event_2025_12") == 1);
  CHECK(rows_in(database, "steg_audit_event_2026_02") == 1);
  CHECK(rows_in(database, "steg_audit_event_other") == 0);
  check();
  audit::migrate(*connection, Layout::plain, 2);
  CHECK_FALSE(audit::is_partitioned(*connection));
  check();
  test::append(*connection, test::key(), event_of_minute(3, "2026-02-01T00:01Z"), heads);
  CHECK(audit::verify_chain(database.uri(), "live", {test::key()}).rows == 3);
}
