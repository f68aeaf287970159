// What steg-trace shows of the audit log: rows that the chain vouches for, and others only as such.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "launcher/trace/tool/audit_process.hpp"
#include "schema.hpp"
#include "store.hpp"
#include "support.hpp"

namespace tool = steg_trace::tool;

namespace {

/// A log of IDs id0 to id4, twice each, in two streams.
class Log {
 public:
  Log() {
    const auto connection = audit::connect(uri(), audit::Access::write, test::kNoDeadline);
    audit::prepare_schema(*connection);
    audit::Heads heads;
    for (const char* stream : {"live", "other"})
      for (std::int64_t record = 0; record < 5; ++record)
        test::append(*connection, test::key(),
                     {test::event(record, audit::EventKind::open, stream, stream),
                      test::event(record, audit::EventKind::close, stream, stream)},
                     heads);
  }
  std::string uri() const { return "sqlite:" + (folder_ / "audit.db"); }
  void run(const std::string& sql) const {
    audit::connect(uri(), audit::Access::maintain, test::kNoDeadline)->run(sql);
  }

 private:
  test::Folder folder_;
};

tool::AuditAnswer ask(const Log& log, const std::set<std::string>& ids, const std::optional<audit::ChainKey>& key,
                      const audit::Query& query = {}) {
  return tool::AuditProcess(log.uri(), query, key).rows_of(ids);
}

std::string verified(const std::vector<audit::AuditRow>& rows) {
  std::string text;
  for (const audit::AuditRow& row : rows) text += row.verified ? 'v' : '-';
  return text;
}

}  // namespace

TEST_CASE("rows are verified with the key, and only with it") {
  const Log log;
  const tool::AuditAnswer answer = ask(log, {"id1", "id3", "nobody"}, test::key());
  CHECK(answer.intact);
  CHECK(answer.rows.size() == 3);
  CHECK(verified(answer.rows.at("id1")) == "vv");
  CHECK(verified(answer.rows.at("id3")) == "vv");
  CHECK(answer.rows.at("id1").at(0).encoded == 3);
  CHECK(answer.rows.at("nobody").empty());
  const tool::AuditAnswer plain = ask(log, {"id1"}, std::nullopt);
  CHECK_FALSE(plain.intact);
  CHECK(verified(plain.rows.at("id1")) == "--");
  CHECK(ask(log, {}, test::key()).rows.empty());
}

TEST_CASE("only records that fit the query are shown") {
  const Log log;
  audit::Query query;
  query.stream = "other";
  const tool::AuditAnswer answer = ask(log, {"id1"}, test::key(), query);
  CHECK(answer.intact);
  CHECK(verified(answer.rows.at("id1")) == "v");
  CHECK(answer.rows.at("id1").at(0).stream == "other");
}

TEST_CASE("what was altered is shown as not verified, behind what was not") {
  const Log log;
  log.run(
      "UPDATE steg_audit_event SET client_ip = '203.0.113.9' WHERE stream = 'live' AND id = 'id1' AND event = 'open'");
  const tool::AuditAnswer answer = ask(log, {"id1"}, test::key());
  CHECK_FALSE(answer.intact);
  const auto& rows = answer.rows.at("id1");
  REQUIRE(verified(rows) == "v-");
  CHECK(rows[0].stream == "other");
  CHECK(rows[1].client_ip == "203.0.113.9");
}

TEST_CASE("an ID that somebody wrote into a row of another is not verified") {
  const Log log;
  log.run("UPDATE steg_audit_event SET id = 'mallory' WHERE stream = 'live' AND id = 'id2'");
  const tool::AuditAnswer answer = ask(log, {"mallory", "id2", "id3"}, test::key());
  CHECK_FALSE(answer.intact);
  CHECK(verified(answer.rows.at("mallory")) == "-");
  CHECK(verified(answer.rows.at("id2")) == "v");
  CHECK(verified(answer.rows.at("id3")) == "vv");
}

TEST_CASE("under another key nothing is verified, and nothing is hidden") {
  const Log log;
  const tool::AuditAnswer answer = ask(log, {"id1"}, test::key(2));
  CHECK_FALSE(answer.intact);
  CHECK(verified(answer.rows.at("id1")) == "--");
}

TEST_CASE("a database that is not there is an error, each time") {
  audit::Query query;
  tool::AuditProcess process("sqlite:/nonexistent/audit.db", query, test::key());
  CHECK_THROWS_AS(process.rows_of({"id1"}), tool::HelperError);
  CHECK_THROWS_AS(process.rows_of({"id1"}), tool::HelperError);
}
