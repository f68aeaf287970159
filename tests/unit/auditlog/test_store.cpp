// The tables, the same in both kinds of database.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "audit_query.hpp"
#include "databases.hpp"
#include "plugins/common/crypto/random.hpp"
#include "schema.hpp"
#include "store.hpp"
#include "verify_chain.hpp"

using audit::Access;
using audit::AuditError;
using audit::DatabaseError;
using audit::Event;
using audit::EventKind;
using audit::Finding;
using audit::Heads;
using test::Database;

namespace {

std::unique_ptr<audit::Connection> prepared(const Database& database) {
  auto connection = audit::connect(database.uri(), Access::write, test::kNoDeadline);
  audit::prepare_schema(*connection);
  return connection;
}

std::vector<Event> records(std::int64_t first, std::int64_t last, const std::string& stream = "live",
                           const std::string& session = "s1") {
  std::vector<Event> result;
  for (std::int64_t i = first; i <= last; ++i) {
    result.push_back(test::event(i, EventKind::open, stream, session));
    result.push_back(test::event(i, EventKind::close, stream, session));
  }
  return result;
}

audit::ChainReport verify(const Database& database, const std::vector<audit::Head>& known = {}) {
  return audit::verify_chain(database.uri(), "live", {test::key()}, known);
}

DatabaseError::Kind kind_of_failure(const std::function<void()>& action) {
  try {
    action();
  } catch (const DatabaseError& error) {
    INFO(error.what());
    return error.kind();
  }
  FAIL("no DatabaseError");
  return DatabaseError::Kind::unavailable;
}

}  // namespace

TEST_CASE("tables are made once, by whoever comes first") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  CHECK_THROWS_AS(audit::find_by_id(database.uri(), "a"), AuditError);
  prepared(database);
  prepared(database);
  const std::string version = audit::sqlite_path(database.uri()).empty() ? "2" : "3";
  CHECK(database.run("SELECT version FROM steg_audit_schema") == std::vector<audit::Row>{{version}});
  CHECK(audit::find_by_id(database.uri(), "a").empty());
  CHECK(audit::streams(database.uri()).empty());
  CHECK(verify(database).intact());
}

TEST_CASE("two programs may make the tables at the same time") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  std::vector<std::thread> threads;
  std::atomic<int> made{0};
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      prepared(database);
      ++made;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(made == 4);
}

TEST_CASE("tables of another version are refused") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  prepared(database);
  const auto [version, advice] =
      GENERATE(table<std::string, std::string>({{"4", "Update gst-steg"}, {"-1", "steg-audit migrate"}}));
  database.run("UPDATE steg_audit_schema SET version = $1", {version});
  CHECK_THROWS_WITH(prepared(database), Catch::Contains("version " + version) && Catch::Contains(advice));
  CHECK(kind_of_failure([&] { prepared(database); }) == DatabaseError::Kind::refused);
  CHECK_THROWS_AS(audit::find_by_id(database.uri(), "a"), AuditError);
}

TEST_CASE("events are written once, however often") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  const auto connection = prepared(database);
  Heads heads;
  // More rows than one INSERT takes.
  const auto first = test::append(*connection, test::key(), records(1, 130), heads);
  CHECK(first.written == 260);
  CHECK(heads.at("live").seq == 260);
  const auto again = test::append(*connection, test::key(), records(129, 132), heads);
  CHECK(again.written == 4);
  CHECK(again.known == 4);
  Heads forgotten;
  CHECK(test::append(*connection, test::key(), records(1, 132), forgotten).written == 0);
  CHECK(test::append(*connection, test::key(), {}, heads).written == 0);
  CHECK(database.count("steg_audit_event") == 264);
  const auto report = verify(database, {heads.at("live")});
  CHECK(report.rows == 264);
  CHECK(report.intact());
}

TEST_CASE("one transaction takes events of many streams") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  const auto connection = prepared(database);
  std::vector<Event> events;
  for (int i = 0; i < 300; ++i)
    events.push_back(test::event(1, EventKind::open, "s" + std::to_string(i), std::to_string(i)));
  Heads heads;
  CHECK(test::append(*connection, test::key(), events, heads).written == 300);
  CHECK(test::append(*connection, test::key(), events, heads).known == 300);
  for (Event& event : events) event.record = 2;
  Heads forgotten;
  CHECK(test::append(*connection, test::key(), events, forgotten).written == 300);
  CHECK(forgotten.size() == 300);
  for (const auto& [stream, head] : forgotten) CHECK(head.seq == 2);
  for (const std::string stream : {"s0", "s255", "s299"})
    CHECK(audit::verify_chain(database.uri(), stream, {test::key()}).rows == 2);
}

TEST_CASE("a failed transaction leaves nothing, and the next attempt works") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  const auto connection = prepared(database);
  Heads heads;
  test::append(*connection, test::key(), records(1, 1), heads);
  const Heads before = heads;
  auto broken = records(2, 3);
  broken[2] = broken[0];  // the same event twice: the second breaks the rule that it is unique
  CHECK(kind_of_failure([&] { test::append(*connection, test::key(), broken, heads); }) ==
        DatabaseError::Kind::conflict);
  CHECK(heads == before);
  CHECK(database.count("steg_audit_event") == 2);
  test::append(*connection, test::key(), records(2, 3), heads);
  CHECK(verify(database).intact());
}

TEST_CASE("two writers share the chain of a stream, and each stream has its own") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  prepared(database);
  std::vector<std::thread> threads;
  for (int writer = 0; writer < 3; ++writer)
    threads.emplace_back([&, writer] {
      const auto connection = prepared(database);
      const std::string session = "session" + std::to_string(writer);
      Heads heads;
      for (std::int64_t i = 1; i <= 10;) {
        std::vector<Event> batch = records(i, i, "live", session);
        const auto other = records(i, i, "other", session + "o");
        batch.insert(batch.end(), other.begin(), other.end());
        try {
          test::append(*connection, test::key(), batch, heads);
          ++i;
        } catch (const DatabaseError& error) {
          if (error.kind() != DatabaseError::Kind::conflict) throw;
        }
      }
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(database.count("steg_audit_event") == 120);
  CHECK(audit::streams(database.uri()) == std::vector<std::string>{"live", "other"});
  for (const std::string stream : {"live", "other"}) {
    const auto report = audit::verify_chain(database.uri(), stream, {test::key()});
    CHECK(report.rows == 60);
    CHECK(report.intact());
  }
}

TEST_CASE("the view has one row for each ID, address, minute and session") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  const auto connection = prepared(database);
  auto make = [](std::int64_t record, EventKind kind, const std::string& id, const std::string& ip, int second) {
    Event event = test::event(record, kind);
    event.id = id;
    event.client_ip = ip;
    event.first_time = audit::utc_time(test::kStart + second * 1000000);
    event.last_time =
        kind == EventKind::open ? event.first_time : audit::utc_time(test::kStart + (second + 4) * 1000000);
    event.first_pts = second * 1000;
    event.last_pts = kind == EventKind::open ? event.first_pts : second * 1000 + 4000;
    return event;
  };
  Heads heads;
  test::append(*connection, test::key(),
               {make(1, EventKind::open, "a", "ip", 0), make(1, EventKind::close, "a", "ip", 0),
                make(2, EventKind::open, "b", "ip", 5), make(2, EventKind::close, "b", "ip", 5),
                make(3, EventKind::open, "a", "ip", 10), make(3, EventKind::close, "a", "ip", 10),
                make(4, EventKind::open, "a", "other", 15), make(4, EventKind::close, "a", "other", 15),
                make(5, EventKind::open, "a", "ip", 20)},
               heads);
  const auto rows = audit::find_by_id(database.uri(), "a");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].client_ip == "other");
  CHECK(rows[0].intervals_open == 0);
  const audit::AuditRow& row = rows[1];
  CHECK(row.id == "a");
  CHECK(row.client_ip == "ip");
  CHECK(row.minute == "2026-11-22T11:30Z");
  CHECK(row.stream == "live");
  CHECK(row.session == "s1");
  CHECK(row.first_time == "2026-11-22T11:30:00.000000Z");
  CHECK(row.last_time == "2026-11-22T11:30:20.000000Z");
  CHECK(row.first_pts == 0);
  CHECK(row.last_pts == 20000);
  CHECK(row.encoded == 6);
  CHECK(row.repeated == 4);
  CHECK(row.residual == 2);
  CHECK(row.key_fingerprint == "aaaaaaaaaaaaaaaa");
  CHECK(row.model_fingerprint == "bbbbbbbbbbbbbbbb");
  CHECK(row.intervals == 3);
  CHECK(row.intervals_open == 1);

  CHECK(audit::find(database.uri(), {}).size() == 3);
  audit::Query query;
  query.client_ip = "ip";
  query.stream = "live";
  query.from_minute = "2026-11-22T11:30Z";
  query.to_minute = "2026-11-22T11:30Z";
  CHECK(audit::find(database.uri(), query).size() == 2);
  query.from_minute = "2026-11-23";
  query.to_minute.reset();
  CHECK(audit::find(database.uri(), query).empty());
  CHECK(audit::find_by_id(database.uri(), "a", 1).size() == 1);
  CHECK(audit::find_by_id(database.uri(), "none").empty());
  CHECK(audit::find_by_id(database.uri(), "' OR '1'='1").empty());
  CHECK_THROWS_AS(audit::find_by_id(database.uri(), std::string("a\0", 2)), AuditError);
  CHECK(audit::issued_ids(database.uri()) == std::vector<std::string>{"a", "b"});
  query = {};
  query.client_ip = "other";
  CHECK(audit::issued_ids(database.uri(), query) == std::vector<std::string>{"a"});
  query = {};
  query.most = 1;
  CHECK(audit::issued_ids(database.uri(), query) == std::vector<std::string>{"a"});
  query.from_minute = "2026-11-23";
  CHECK(audit::issued_ids(database.uri(), query).empty());
  query = {};
  query.stream = "none";
  CHECK(audit::issued_ids(database.uri(), query).empty());
}

TEST_CASE("hostile text arrives as data") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  const auto connection = prepared(database);
  const std::vector<std::string> texts = {"'",
                                          "\"; DROP TABLE steg_audit_event; --",
                                          "') ; DELETE FROM steg_audit_event; --",
                                          "$1 $2 ?1 :a @b %s %n {}",
                                          "\\x00\\",
                                          "line\nbreak\r\ttab",
                                          "\x01\x7F\x1B[31m",
                                          "\xE2\x80\xAE"
                                          "elpmaxe\xE2\x80\xAC",
                                          "\xF0\x9F\x8E\xA5\xCC\x88",
                                          std::string(10240, 'x'),
                                          ""};
  Heads heads;
  std::int64_t record = 0;
  for (const std::string& text : texts) {
    Event event = test::event(++record);
    event.id = event.client_ip = event.stream = event.session = text;
    test::append(*connection, test::key(), {event}, heads);
  }
  for (const std::string& text : texts) {
    INFO(text.substr(0, 100));
    const auto rows = audit::find_by_id(database.uri(), text);
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].client_ip == text);
    CHECK(rows[0].stream == text);
    CHECK(rows[0].session == text);
    CHECK(audit::verify_chain(database.uri(), text, {test::key()}).intact());
  }
  CHECK(database.count("steg_audit_event") == static_cast<std::int64_t>(texts.size()));
}

TEST_CASE("whatever is done to the rows shows") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  const auto connection = prepared(database);
  Heads heads;
  test::append(*connection, test::key(), records(1, 5), heads);
  const audit::Head end = heads.at("live");
  REQUIRE(verify(database, {end}).intact());

  SECTION("a change of any column but the numbers") {
    for (std::size_t i = 0; i < audit::kColumns; ++i) {
      if (i == audit::kSeq || i == audit::kStream) continue;
      const std::string column = audit::kColumnNames[i];
      const std::string where = " FROM steg_audit_event WHERE seq = 4";
      const audit::Value old = database.run("SELECT " + column + where).at(0).at(0);
      const std::string set = "UPDATE steg_audit_event SET " + column + " = $1 WHERE seq = 4";
      database.run(set, {old.value_or("") + "1"});
      const auto report = verify(database);
      INFO(column);
      REQUIRE_FALSE(report.intact());
      CHECK(report.findings[0].seq == 4);
      CHECK(report.findings[0].kind == (i == audit::kChainKey ? Finding::Kind::unknown_key : Finding::Kind::altered));
      database.run(set, {old});
      CHECK(verify(database).intact());
    }
  }
  SECTION("a removed row") {
    database.run("DELETE FROM steg_audit_event WHERE seq = 4");
    const auto report = verify(database);
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].kind == Finding::Kind::missing);
    CHECK(report.findings[0].seq == 4);
    CHECK(report.findings[0].text == "Row 4 is missing.");
  }
  SECTION("removed rows, with the gap closed") {
    database.run("DELETE FROM steg_audit_event WHERE seq BETWEEN 4 AND 5");
    for (int seq = 6; seq <= 10; ++seq)
      database.run("UPDATE steg_audit_event SET seq = seq - 2 WHERE seq = " + std::to_string(seq));
    const auto report = verify(database);
    REQUIRE_FALSE(report.intact());
    CHECK(report.findings[0].kind == Finding::Kind::missing);
    CHECK(report.findings[0].seq == 4);
    CHECK(report.findings[0].last == 5);
    CHECK(report.findings[0].text == "Rows 4 to 5 were removed, and the rows behind renumbered.");
  }
  SECTION("rows at the beginning") {
    database.run("DELETE FROM steg_audit_event WHERE seq <= 2");
    const auto report = verify(database);
    REQUIRE_FALSE(report.intact());
    CHECK(report.findings[0].kind == Finding::Kind::missing);
    CHECK(report.findings[0].seq == 1);
    CHECK(report.findings[0].last == 2);
  }
  SECTION("rows at the end, which only a noted end shows") {
    database.run("DELETE FROM steg_audit_event WHERE seq > 7");
    CHECK(verify(database).intact());
    const auto report = verify(database, {end});
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].seq == 8);
    CHECK(report.findings[0].last == 10);

    // A writer that knows the end goes on behind the gap.
    const auto appended = test::append(*connection, test::key(), records(6, 6), heads);
    CHECK(appended.cut_streams == std::vector<std::string>{"live"});
    const auto later = verify(database);
    REQUIRE_FALSE(later.intact());
    CHECK(later.findings[0].kind == Finding::Kind::missing);
    CHECK(later.findings[0].seq == 8);
  }
  SECTION("rows that changed places") {
    database.run("UPDATE steg_audit_event SET seq = -1 WHERE seq = 4");
    database.run("UPDATE steg_audit_event SET seq = 4 WHERE seq = 7");
    database.run("UPDATE steg_audit_event SET seq = 7 WHERE seq = -1");
    const auto report = verify(database);
    REQUIRE(report.findings.size() >= 2);
    CHECK(report.findings[0].kind == Finding::Kind::moved);
    CHECK(report.findings[0].seq == 4);
    CHECK(report.findings[0].last == 7);
  }
  SECTION("an inserted row") {
    audit::Head forged{10, end.hash};
    const audit::Row row = audit::chain(audit::to_row(test::event(99)), steg::random_hex(16), test::key(2), forged);
    Heads other{{"live", end}};
    test::append(*connection, test::key(2), {test::event(99)}, other);
    const auto report = verify(database);
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].kind == Finding::Kind::unknown_key);
    CHECK(report.findings[0].seq == 11);
    database.run("UPDATE steg_audit_event SET chain_key = $1 WHERE seq = 11", {test::key().fingerprint});
    CHECK(verify(database).findings.at(0).kind == Finding::Kind::altered);
    CHECK(row[audit::kSeq] == "11");
  }
  SECTION("an inserted row, with those behind it renumbered") {
    for (int seq = 10; seq >= 4; --seq)
      database.run("UPDATE steg_audit_event SET seq = seq + 1 WHERE seq = " + std::to_string(seq));
    audit::Head forged{3, "00"};
    audit::Row row = audit::chain(audit::to_row(test::event(99)), steg::random_hex(16), test::key(2), forged);
    row[audit::kChainKey] = test::key().fingerprint;
    connection->insert("steg_audit_event", {std::begin(audit::kColumnNames), std::end(audit::kColumnNames)}, {row});
    const auto report = verify(database);
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings[0].kind == Finding::Kind::inserted);
    CHECK(report.findings[0].text == "Row 4 was inserted, and the rows behind renumbered.");
  }
  SECTION("a number that is there twice, which only partitions allow") {
    if (audit::sqlite_path(database.uri()).empty()) {
      audit::Head forged{3, "00"};
      Event event = test::event(99);
      event.minute = "2026-12-01T00:00Z";
      connection->insert("steg_audit_event", {std::begin(audit::kColumnNames), std::end(audit::kColumnNames)},
                         {audit::chain(audit::to_row(event), steg::random_hex(16), test::key(), forged)});
      const auto report = verify(database);
      REQUIRE(report.findings.size() == 1);
      CHECK(report.findings[0].kind == Finding::Kind::inserted);
      CHECK(report.findings[0].text == "Row 4 is there twice.");
    }
  }
  SECTION("an address that was removed without a row to say so") {
    database.run("UPDATE steg_audit_event SET client_ip = '', client_ip_salt = NULL WHERE seq IN (3, 4, 8)");
    const auto report = verify(database);
    REQUIRE(report.findings.size() == 2);
    CHECK(report.findings[0].kind == Finding::Kind::address_removed);
    CHECK(report.findings[0].text == "Rows 3 to 4 have lost the address, and no row says that it was removed.");
    CHECK(report.findings[1].seq == 8);
  }
  SECTION("an address and its proof, changed together") {
    const std::string salt = steg::random_hex(16);
    database.run("UPDATE steg_audit_event SET client_ip = $1, client_ip_salt = $2, client_ip_proof = $3 WHERE seq = 3",
                 {"198.51.100.1", salt, audit::client_ip_proof(salt, "198.51.100.1")});
    CHECK(verify(database).findings.at(0).kind == Finding::Kind::altered);
  }
  SECTION("a row below the first") {
    database.run("UPDATE steg_audit_event SET seq = 0 WHERE seq = 10");
    CHECK_FALSE(verify(database).intact());
  }
  SECTION("a genuine row on a changed one") {
    // The holder of the key rewrote row 10; what was noted earlier tells.
    database.run("DELETE FROM steg_audit_event WHERE seq = 10");
    database.run("UPDATE steg_audit_batch SET last_seq = 9, hash = (SELECT hash FROM steg_audit_event WHERE seq = 9)");
    Heads rewritten;
    Event other = test::event(5, EventKind::close);
    other.client_ip = "198.51.100.1";
    test::append(*connection, test::key(), {other}, rewritten);
    CHECK(verify(database).intact());
    CHECK(verify(database, {end}).findings.at(0).seq == 10);
  }
}

TEST_CASE("a change of the key within a stream verifies with both keys") {
  const Database database(test::kSqlite);
  const auto connection = prepared(database);
  Heads heads;
  test::append(*connection, test::key(1), records(1, 2), heads);
  test::append(*connection, test::key(2), records(3, 4), heads);
  CHECK(audit::verify_chain(database.uri(), "live", {test::key(1), test::key(2)}).intact());
  const auto report = audit::verify_chain(database.uri(), "live", {test::key(2)}, {}, 3);
  CHECK(report.findings.size() == 3);
}

TEST_CASE("a long chain is read page by page") {
  const Database database(test::kSqlite);
  const auto connection = prepared(database);
  Heads heads;
  test::append(*connection, test::key(), records(1, 1200), heads);
  const auto report = verify(database, {heads.at("live")});
  CHECK(report.rows == 2400);
  CHECK(report.intact());
}
