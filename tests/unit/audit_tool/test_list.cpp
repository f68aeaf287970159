// steg-audit list.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <catch2/catch.hpp>

#include "tool.hpp"

using Catch::Contains;
using test::Log;
using test::Result;

namespace {

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("list filters by ID, address, stream and time") {
  Log log(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  log.record("alice", "192.0.2.1", "2026-11-21T23:59Z");
  log.record("alice", "192.0.2.2", "2026-11-22T11:29Z", "other");
  log.record("bob", "192.0.2.1", "2026-11-22T11:30Z");
  log.record("bob", "", "2026-11-23T00:00Z");
  // Records of the CSV output, less its header.
  const auto found = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--format", "csv"});
    const Result result = log.run("list", arguments);
    CHECK(result.status == 0);
    CHECK(lines(result.err) == 1);
    return lines(result.out) - 1;
  };
  CHECK(found({}) == 4);
  CHECK(found({"--id", "alice"}) == 2);
  CHECK(found({"--client-ip", "192.0.2.1"}) == 2);
  CHECK(found({"--stream", "other"}) == 1);
  CHECK(found({"--id", "alice", "--stream", "other", "--client-ip", "192.0.2.2"}) == 1);
  CHECK(found({"--id", "' OR '1'='1"}) == 0);
  CHECK(found({"--from", "2026-11-22"}) == 3);
  CHECK(found({"--to", "2026-11-22"}) == 3);
  CHECK(found({"--from", "2026-11-22", "--to", "2026-11-22"}) == 2);
  CHECK(found({"--from", "2026-11-22 11:30", "--to", "2026-11-22T11:30:59Z"}) == 1);
  CHECK(found({"--from", "2027-01-01"}) == 0);
}

TEST_CASE("list prints a table, JSON or CSV") {
  Log log(test::kSqlite);
  log.record("a,\"b\"", "192.0.2.1", "2026-11-22T11:29Z", "live\x1B[31m\xE2\x80\xAE");
  const Result table = log.run("list");
  CHECK(lines(table.out) == 2);
  CHECK_THAT(table.out, Catch::StartsWith("ID ") && Contains("192.0.2.1") && Contains("live\\x1b[31m\\xe2\\x80\\xae"));
  const Result json = log.run("list", {"--format", "json"});
  CHECK_THAT(json.out, Contains("\"id\" : \"a,\\\"b\\\"\"") && Contains("\"encoded\" : 3") &&
                           Contains("\"intervals_open\" : 0") && Catch::StartsWith("[") && Catch::EndsWith("]\n"));
  const Result csv = log.run("list", {"--format", "csv"});
  CHECK_THAT(csv.out,
             Catch::StartsWith("id,minute,client_ip,") && Contains("\n\"a,\"\"b\"\"\",2026-11-22T11:29Z,192.0.2.1,"));
}

TEST_CASE("list says when there is more than it shows") {
  Log log(test::kSqlite);
  for (int i = 0; i < 5; ++i)
    log.record("id" + std::to_string(i), "192.0.2.1", "2026-11-22T11:2" + std::to_string(i) + "Z");
  const Result cut = log.run("list", {"--limit", "3"});
  CHECK(lines(cut.out) == 4);
  CHECK_THAT(cut.err, Contains("more than 3"));
  // The latest come first.
  CHECK_THAT(cut.out, Contains("id4") && !Contains("id1"));
  for (const std::string limit : {"5", "0"}) {
    const Result all = log.run("list", {"--limit", limit});
    CHECK(lines(all.out) == 6);
    CHECK_THAT(all.err, !Contains("more than"));
  }
}

TEST_CASE("list says whether what it shows was verified, and with the key shows nothing else") {
  Log log(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  log.record("alice", "192.0.2.1", "2026-11-22T11:29Z");
  log.record("bob", "192.0.2.2", "2026-11-22T11:30Z");
  const Result plain = log.run("list", {"--format", "json"});
  CHECK(plain.status == 0);
  CHECK_THAT(plain.err, Contains("not verified") && Contains("--key-file"));
  CHECK_THAT(plain.out, Contains("\"verified\" : false") && !Contains("\"verified\" : true"));
  const Result verified = log.run_with_key("list", {"--format", "json"});
  CHECK(verified.status == 0);
  CHECK(verified.err.empty());
  CHECK_THAT(verified.out, Contains("\"verified\" : true") && !Contains("\"verified\" : false"));
  for (const std::vector<std::string>& filter :
       {std::vector<std::string>{}, {"--id", "bob"}, {"--client-ip", "192.0.2.1"}, {"--limit", "1"}}) {
    std::vector<std::string> as_csv = filter;
    as_csv.insert(as_csv.end(), {"--format", "csv"});
    CHECK(log.run("list", as_csv).out == log.run_with_key("list", as_csv).out);
  }

  log.database().run("UPDATE steg_audit_event SET id = 'mallory' WHERE seq IN (1, 2)");
  CHECK_THAT(log.run("list").out, Contains("mallory"));
  const Result altered = log.run_with_key("list");
  CHECK(altered.status == 1);
  CHECK_THAT(altered.out, Contains("bob") && !Contains("mallory") && !Contains("alice"));
  CHECK_THAT(altered.err, Contains("not intact"));
  CHECK(log.run_with_key("list", {"--stream", "other"}).status == 0);
}
