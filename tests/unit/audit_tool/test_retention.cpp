// steg-audit purge and anonymise.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tool.hpp"
#include "version_1.hpp"

using Catch::Contains;
using test::Log;
using test::Result;

namespace {

/// Whether the bytes are anywhere in the files of an SQLite database.
bool in_files(const Log& log, const std::string& text) {
  const std::string path = audit::sqlite_path(log.uri());
  for (const std::string end : {"", "-wal"})
    if (test::read_file(path + end).find(text) != std::string::npos) return true;
  return false;
}

/// Four records, in October and November, of two streams.
void fill(Log& log) {
  log.record("alice", "192.0.2.111", "2025-10-30T11:29Z");
  log.record("bob", "192.0.2.112", "2025-10-31T23:59Z");
  log.record("carol", "192.0.2.113", "2025-11-01T00:00Z");
  log.record("dave", "192.0.2.114", "2025-10-30T11:29Z", "other");
}

}  // namespace

TEST_CASE("purge removes what is older, and the chain still verifies") {
  Log log(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  fill(log);
  const Result dry = log.run_with_key("purge", {"--before", "2025-11-01", "--dry-run"});
  CHECK(dry.status == 0);
  CHECK_THAT(dry.out, Contains("live: 4 rows would be removed, up to row 4"));
  CHECK(log.database().count("steg_audit_event") == 8);

  const Result purged = log.run_with_key("purge", {"--before", "2025-11-01"});
  CHECK(purged.status == 0);
  CHECK_THAT(purged.out, Contains("live: 4 rows are removed, up to row 4") && Contains("other: 2 rows are removed"));
  CHECK(log.database().count("steg_audit_event", "event IN ('open', 'close')") == 2);
  CHECK_THAT(log.run("list").out, Contains("carol") && !Contains("alice") && !Contains("dave"));
  const Result verified = log.run_with_key("verify");
  CHECK(verified.status == 0);
  CHECK_THAT(verified.out, Contains("live: 3 rows are as they were written; rows up to 4 were purged") &&
                               Contains("other: 1 rows are as they were written; rows up to 2 were purged"));
  if (!audit::sqlite_path(log.uri()).empty()) CHECK_FALSE(in_files(log, "192.0.2.111"));

  // The log goes on, and is purged again.
  log.record("erin", "192.0.2.115", "2025-11-02T00:00Z");
  CHECK(log.run_with_key("verify").status == 0);
  CHECK(log.run_with_key("purge", {"--before", "2025-11-02", "--stream", "live"}).status == 0);
  CHECK_THAT(log.run("list").out, Contains("erin") && !Contains("carol"));
  CHECK(log.run_with_key("verify").status == 0);

  // Without the row that says so, the same would be noticed: here its row, and one more behind it.
  log.database().run("DELETE FROM steg_audit_event WHERE stream = 'other'");
  log.record("frank", "192.0.2.116", "2025-11-02T00:00Z", "other");
  const Result removed = log.run_with_key("verify", {"--stream", "other"});
  CHECK(removed.status == 1);
  CHECK_THAT(removed.out, Contains("Rows 1 to 3 are missing"));
}

TEST_CASE("a log that is not intact is not purged, nor are addresses removed") {
  Log log(test::kSqlite);
  fill(log);
  log.database().run("UPDATE steg_audit_event SET id = 'mallory' WHERE seq = 2 AND stream = 'live'");
  for (const std::string command : {"purge", "anonymise"}) {
    const Result result = log.run_with_key(command, {"--before", "2025-11-01"});
    CHECK(result.status == 1);
    CHECK_THAT(result.out, Contains("live: Row 2 was altered"));
    CHECK_THAT(result.err, Contains("nothing was done"));
  }
  CHECK(log.database().count("steg_audit_event") == 8);
  CHECK(log.run_with_key("purge").status == 2);
}

TEST_CASE("a partition whose rows all go is dropped as a whole") {
  Log log(test::kPostgres);
  log.record("alice", "192.0.2.1", "2025-10-30T11:29Z");
  const audit::Deadline deadline;
  const auto connection = audit::connect(log.uri(), audit::Access::maintain, deadline);
  connection->run(
      "CREATE TABLE steg_audit_event_2025_09 PARTITION OF steg_audit_event FOR VALUES FROM ('2025-09') TO "
      "('2025-10')");
  log.record("bob", "192.0.2.1", "2025-09-30T11:29Z", "other");
  CHECK(connection->has_table("steg_audit_event_2025_09"));
  CHECK(log.run_with_key("purge", {"--before", "2025-10-01"}).status == 0);
  CHECK_FALSE(connection->has_table("steg_audit_event_2025_09"));
  CHECK(log.run_with_key("verify").status == 0);
  CHECK_THAT(log.run("list").out, Contains("alice") && !Contains("bob"));
}

TEST_CASE("anonymise removes addresses for good, and the chain still verifies") {
  Log log(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  fill(log);
  const Result done = log.run_with_key("anonymise", {"--before", "2025-11-01"});
  CHECK(done.status == 0);
  CHECK_THAT(done.out, Contains("live: 4 rows are without their address, up to row 4"));
  const Result list = log.run("list");
  CHECK_THAT(list.out,
             Contains("(removed)") && Contains("alice") && Contains("192.0.2.113") && !Contains("192.0.2.111"));
  const Result verified = log.run_with_key("verify");
  CHECK(verified.status == 0);
  CHECK_THAT(verified.out, Contains("4 have lost their address"));
  if (!audit::sqlite_path(log.uri()).empty()) CHECK_FALSE(in_files(log, "192.0.2.111"));
  // What is left of it, the proof, is not that of any address: the salt is gone.
  CHECK(log.database().count("steg_audit_event", "client_ip_salt IS NOT NULL AND minute < '2025-11'") == 0);

  // Other addresses cannot be removed that way unnoticed, nor put back.
  log.database().run("UPDATE steg_audit_event SET client_ip = '', client_ip_salt = NULL WHERE seq = 5");
  CHECK_THAT(log.run_with_key("verify").out, Contains("Row 5 has lost the address, and no row says"));
  log.database().run("UPDATE steg_audit_event SET client_ip = '192.0.2.99' WHERE seq = 1 AND stream = 'live'");
  CHECK_THAT(log.run_with_key("verify").out, Contains("Row 1 was altered: its address"));
}

TEST_CASE("rows of schema version 1 keep their address, and the tool says so") {
  const test::Database database(test::kSqlite);
  const test::Folder folder;
  test::write_file(folder / "key", std::string(64, '7') + '\n');
  test::make_version_1(database.uri(), audit::chain_key(steg::Key::from_file(folder / "key")), 2);
  const std::vector<std::string> where{"--database", database.uri()};
  CHECK_THAT(test::steg_audit({"verify", "--database", database.uri()}).err, Contains("steg-audit migrate"));
  const Result migrated = test::steg_audit({"migrate", "--database", database.uri()});
  CHECK_THAT(migrated.out, Contains("from version 1 to 3"));
  CHECK_THAT(test::steg_audit({"migrate", "--database", database.uri()}).out, Contains("are of version 3"));
  const std::vector<std::string> call{"--database",   database.uri(), "--key-file",
                                      folder / "key", "--before",     "2027-01-01"};
  std::vector<std::string> anonymise{"anonymise"};
  anonymise.insert(anonymise.end(), call.begin(), call.end());
  // Nothing could be removed, so nothing was done.
  CHECK_THAT(test::steg_audit(anonymise).out, Contains("4 rows of schema version 1 keep their address"));
  std::vector<std::string> purge{"purge"};
  purge.insert(purge.end(), call.begin(), call.end());
  CHECK_THAT(test::steg_audit(purge).out, Contains("4 rows are removed"));
  CHECK(test::steg_audit({"verify", "--database", database.uri(), "--key-file", folder / "key"}).status == 0);
}
