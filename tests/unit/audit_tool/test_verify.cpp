// steg-audit verify.
// SPDX-License-Identifier: LGPL-2.1-or-later
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
