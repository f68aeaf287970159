// steg-audit checkpoint, export and check-export.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tool.hpp"

using Catch::Contains;
using test::Log;
using test::Result;

namespace {

int shell(const std::string& command) { return std::system(command.c_str()); }

}  // namespace

TEST_CASE("checkpoints in a second place show what the chain alone cannot") {
  Log log(test::kSqlite);
  const test::Database other(test::kPostgres);
  const std::string place = GENERATE(as<std::string>(), "file", "sqlite", "postgresql");
  const std::string to = place == "file"     ? log.folder / "notes"
                         : place == "sqlite" ? "sqlite:" + (log.folder / "notes.db")
                                             : other.uri();
  for (int i = 0; i < 3; ++i) log.record("id" + std::to_string(i), "192.0.2.1", "2026-11-22T11:29Z", "live\tone");
  CHECK_THAT(log.run_with_key("checkpoint", {"--to", to}).out, Contains("1 streams were noted"));
  log.record("x", "192.0.2.1", "2026-11-22T11:30Z", "live\tone");
  log.record("y", "192.0.2.1", "2026-11-22T11:30Z", "other");
  CHECK(log.run_with_key("checkpoint", {"--to", to}).status == 0);
  const Result good = log.run_with_key("verify", {"--checkpoints", to});
  CHECK(good.status == 0);
  CHECK_THAT(good.out, Contains("3 checkpoints are signed"));

  SECTION("rows cut off at the end") {
    log.database().run("DELETE FROM steg_audit_event WHERE seq > 6");
    CHECK(log.run_with_key("verify").status == 1);
    log.database().run("DELETE FROM steg_audit_batch WHERE last_seq > 6");
    CHECK(log.run_with_key("verify").status == 0);
    const Result cut = log.run_with_key("verify", {"--checkpoints", to});
    CHECK(cut.status == 1);
    CHECK_THAT(cut.out, Contains("Rows 7 to 8 are missing"));
  }
  SECTION("a stream that was removed as a whole") {
    log.database().run("DELETE FROM steg_audit_event WHERE stream = 'other'");
    log.database().run("DELETE FROM steg_audit_batch WHERE stream = 'other'");
    CHECK(log.run_with_key("verify").status == 0);
    CHECK_THAT(log.run_with_key("verify", {"--checkpoints", to}).out, Contains("other: Rows 1 to 2 are missing"));
  }
  SECTION("checkpoints that were removed") {
    if (place == "file") {
      const std::string text = test::read_file(to);
      SECTION("all of them") { test::write_file(to, ""); }
      SECTION("the latest ones") { test::write_file(to, text.substr(0, text.find('\n') + 1)); }
    } else {
      const audit::Deadline deadline;
      const auto notes = audit::connect(to, audit::Access::maintain, deadline);
      SECTION("all of them") { notes->run("DELETE FROM steg_audit_checkpoint"); }
      SECTION("the latest ones") { notes->run("DELETE FROM steg_audit_checkpoint WHERE seq <> 6"); }
    }
    const Result removed = log.run_with_key("verify", {"--checkpoints", to});
    CHECK(removed.status == 1);
    CHECK_THAT(removed.out, Contains("other: no checkpoint notes the rows from 1 on"));
    CHECK_THAT(removed.out, Contains("live\\x09one: no checkpoint notes the rows from "));
    CHECK(log.run_with_key("verify", {"--checkpoints", to, "--stream", "other"}).status == 1);
    // Who checks less often than checkpoints are written says so.
    CHECK(log.run_with_key("verify", {"--checkpoints", to, "--grace", "100000000"}).status == 0);
    // What was noted by hand counts as well, and a new note settles it.
    CHECK(log.run_with_key("checkpoint", {"--to", to}).status == 0);
    CHECK(log.run_with_key("verify", {"--checkpoints", to}).status == 0);
  }
  SECTION("rows that are purged are no contradiction") {
    CHECK(log.run_with_key("purge", {"--before", "2026-11-22T11:30"}).status == 0);
    const Result purged = log.run_with_key("verify", {"--checkpoints", to});
    CHECK(purged.status == 0);
    CHECK_THAT(purged.out, Contains("1 of the noted rows are among the purged"));
  }
  SECTION("a log that is not intact is not noted") {
    log.database().run("UPDATE steg_audit_event SET id = 'z' WHERE seq = 3");
    CHECK(log.run_with_key("checkpoint", {"--to", to}).status == 1);
  }
  SECTION("a checkpoint that was altered") {
    if (place == "file") {
      std::string text = test::read_file(to);
      text.replace(text.find("\t6\t"), 3, "\t5\t");
      test::write_file(to, text);
      const Result altered = log.run_with_key("verify", {"--checkpoints", to});
      CHECK(altered.status == 1);
      CHECK_THAT(altered.out, Contains("not signed with a key"));
      test::write_file(to, "something\n");
      CHECK(log.run_with_key("verify", {"--checkpoints", to}).status == 2);
    }
  }
  CHECK(log.run_with_key("verify", {"--checkpoints", log.folder / "absent"}).status == 2);
}

TEST_CASE("a log that has just begun needs no checkpoint yet") {
  Log log(test::kSqlite);
  const std::string to = log.folder / "notes";
  test::write_file(to, "");
  CHECK(log.run_with_key("verify", {"--checkpoints", to}).status == 0);
  log.record("alice", "192.0.2.1", audit::utc_minute(audit::minute_number(audit::system_time())));
  const Result young = log.run_with_key("verify", {"--checkpoints", to});
  CHECK(young.status == 0);
  CHECK_THAT(young.out, Contains("live: rows from 1 on (") && Contains(" are not noted yet."));
  CHECK(log.run_with_key("verify", {"--checkpoints", to, "--grace", "-1"}).status == 2);
}

TEST_CASE("an export is signed, and common tools can check it") {
  Log log(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  log.record("alice", "192.0.2.1", "2026-11-22T11:29Z");
  log.record("bob", "192.0.2.2", "2026-11-22T11:30Z");
  log.record("alice", "192.0.2.3", "2026-11-22T11:31Z");
  const std::string folder = log.folder / "case";
  const Result made =
      log.run_with_key("export", {"--case", "2026-017 \"x\"", "--id", "alice", "--context", "--output", folder});
  CHECK(made.status == 0);
  CHECK_THAT(made.out, Contains("2 records of 1 streams"));
  const std::string manifest = test::read_file(folder + "/manifest.json");
  CHECK_THAT(manifest, Contains("2026-017 \\\"x\\\"") && Contains("\"intact\" : true") && Contains("\"events\" : 4"));
  CHECK_THAT(test::read_file(folder + "/records.csv"), Contains("192.0.2.3") && !Contains("bob"));
  // Others' addresses do not leave the house.
  CHECK_THAT(test::read_file(folder + "/context.csv"), Contains("bob") && !Contains("192.0.2.2"));
  CHECK(shell("cd '" + folder +
              "' && sha256sum --quiet -c SHA256SUMS && openssl pkeyutl -verify -pubin -inkey "
              "public-key.pem -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig >/dev/null") == 0);

  const std::string pem = log.folder / "public.pem";
  test::write_file(pem, test::steg_audit({"public-key", "--key-file", log.key_file()}).out);
  const auto check = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"check-export", folder});
    return test::steg_audit(more);
  };
  CHECK(check({"--public-key", pem}).status == 0);
  const Result with_key = check({"--public-key", pem, "--key-file", log.key_file()});
  CHECK(with_key.status == 0);
  CHECK_THAT(with_key.out, Contains("All rows are as auditlog wrote them"));
  CHECK_THAT(check({}).err, Contains("--public-key"));

  // Another's key, an altered file, a removed one.
  CHECK(test::steg_audit({"keygen", log.folder / "other.key"}).status == 0);
  test::write_file(log.folder / "other.pem",
                   test::steg_audit({"public-key", "--key-file", log.folder / "other.key"}).out);
  CHECK(check({"--public-key", log.folder / "other.pem"}).status == 1);
  CHECK(check({"--key-file", log.folder / "other.key"}).status == 1);
  CHECK(check({"--public-key", log.key_file()}).status == 2);
  const std::string records = test::read_file(folder + "/records.csv");
  test::write_file(folder + "/records.csv", records + "x");
  const Result altered = check({"--public-key", pem});
  CHECK(altered.status == 1);
  CHECK_THAT(altered.out, Contains("records.csv was altered"));
  std::filesystem::remove(folder + "/records.csv");
  CHECK(check({"--public-key", pem}).status == 1);
  CHECK(log.run_with_key("export", {"--case", "x", "--output", folder}).status == 2);
}

TEST_CASE("an export of a log that is not intact says so") {
  Log log(test::kSqlite);
  log.record("alice", "192.0.2.1", "2026-11-22T11:29Z");
  log.database().run("UPDATE steg_audit_event SET client_ip = '198.51.100.1' WHERE seq = 2");
  const std::string folder = log.folder / "case";
  const Result made = log.run_with_key("export", {"--case", "1", "--output", folder});
  CHECK(made.status == 1);
  CHECK_THAT(test::read_file(folder + "/manifest.json"),
             Contains("\"intact\" : false") && Contains("Row 2 was altered"));
  CHECK(test::steg_audit({"check-export", "--key-file", log.key_file(), folder}).status == 1);
}
