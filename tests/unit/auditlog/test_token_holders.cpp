// Who had tokens, by the log.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "audit_query.hpp"
#include "databases.hpp"
#include "event_log.hpp"
#include "log_support.hpp"
#include "token_note.hpp"

TEST_CASE("viewers who had a token of a key are listed once, and nobody else") {
  const test::Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  audit::WriterSettings settings;
  settings.database = database.uri();
  settings.stream = audit::kTokenStream;
  settings.spool = database.spool();
  {
    audit::EventLog log(settings, test::key(), {});
    const auto add = [&log](const std::string& token, const std::string& viewer, const std::string& key,
                            const std::string& made_by) {
      log.add(audit::token_issued({token, viewer, "192.0.2.7", audit::utc_time(test::kStart),
                                   audit::utc_time(test::kStart + 7200000000), key, made_by}));
    };
    add("t1", "bob", "aaaaaaaaaaaaaaaa", "pattern 2 arcsine 0 0123456789abcdef");
    add("t2", "alice", "aaaaaaaaaaaaaaaa", "pattern 4 uniform 0 0123456789abcdee");
    add("t3", "bob", "aaaaaaaaaaaaaaaa", "pattern 2 arcsine 0 0123456789abcdef");
    add("t4", "carol", "bbbbbbbbbbbbbbbb", "pattern 2 arcsine 0 0123456789abcdef");
    add("t5", "network", "aaaaaaaaaaaaaaaa", "0123456789abcdef");
  }
  audit::Query query;
  query.most = audit::kAllRows;
  const auto holders = audit::token_holders(database.uri(), query, "aaaaaaaaaaaaaaaa");
  REQUIRE(holders.size() == 2);
  CHECK(holders[0].viewer == "alice");
  CHECK(holders[0].pattern == "pattern 4 uniform 0 0123456789abcdee");
  CHECK(holders[1].viewer == "bob");
  CHECK(holders[1].pattern == "pattern 2 arcsine 0 0123456789abcdef");
  query.stream = "another";
  CHECK(audit::token_holders(database.uri(), query, "aaaaaaaaaaaaaaaa").empty());
}
