// Nothing that somebody without the key does to the database shows other records than were written, and passes as
// intact.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sqlite3.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "adversary.hpp"
#include "audit_query.hpp"
#include "databases.hpp"
#include "retention.hpp"
#include "schema.hpp"
#include "store.hpp"
#include "verified_records.hpp"
#include "verify_log.hpp"

using audit::Access;
using audit::Row;

namespace {

/// Three streams whose names differ little, IDs that differ in case, two months, rows purged and without addresses.
audit::KnownHeads write_log(audit::Connection& connection) {
  audit::prepare_schema(connection);
  audit::Heads heads;
  for (std::int64_t record = 1; record <= 16; ++record) {
    std::vector<audit::Event> events;
    for (const std::string stream : {"live", "other", "Live"})
      for (const auto kind : {audit::EventKind::open, audit::EventKind::close}) {
        audit::Event event = test::event(record, kind, stream, "session of " + stream);
        if (record % 4 == 0) event.id = "ID" + std::to_string(record % 5);
        event.client_ip = "192.0.2." + std::to_string(record % 3);
        event.minute = record <= 2    ? "2026-10-31T11:30Z"
                       : record <= 10 ? "2026-11-30T11:30Z"
                                      : "2026-12-01T11:" + std::to_string(record + 10) + "Z";
        event.first_time = event.minute.substr(0, 16) + ":" + std::to_string(record + 10) + ".000000Z";
        event.last_time = event.first_time;
        events.push_back(event);
      }
    // The last one runs still.
    if (record == 16)
      events.erase(std::remove_if(events.begin(), events.end(),
                                  [](const audit::Event& event) { return event.kind == audit::EventKind::close; }),
                   events.end());
    test::append(connection, test::key(), events, heads);
  }
  audit::purge(connection, test::key(), "2026-11-01T00:00Z", "live");
  audit::anonymise(connection, test::key(), "2026-12-01T00:00Z", "live");
  audit::Event late = test::event(17, audit::EventKind::open, "live", "session of live");
  test::append(connection, test::key(), {late}, heads);
  audit::KnownHeads known;
  for (const std::string& stream : audit::streams(connection))
    known[stream] = {audit::heads_in_database(connection, {stream}).at(stream).head};
  return known;
}

std::string text_of(const std::vector<audit::AuditRow>& records) {
  std::vector<std::string> lines;
  const auto number = [](const std::optional<std::int64_t>& value) { return value ? std::to_string(*value) : "none"; };
  for (const audit::AuditRow& r : records)
    lines.push_back(audit::canonical({r.id, r.client_ip, r.minute, r.stream, r.session, r.first_time, r.last_time,
                                      number(r.first_pts), number(r.last_pts), std::to_string(r.encoded),
                                      std::to_string(r.repeated), std::to_string(r.residual), r.key_fingerprint,
                                      r.model_fingerprint, std::to_string(r.intervals),
                                      std::to_string(r.intervals_open), std::to_string(int(r.client_ip_removed))}));
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  return text;
}

std::vector<audit::Query> questions() {
  std::vector<audit::Query> all(1);
  const auto ask = [&](std::optional<std::string> audit::Query::*field, const std::string& value) {
    all.emplace_back().*field = value;
  };
  for (const char* id : {"id0", "id1", "id2", "ID4", "mallory"}) ask(&audit::Query::id, id);
  for (const char* ip : {"192.0.2.1", "198.51.100.9", ""}) ask(&audit::Query::client_ip, ip);
  for (const char* stream : {"live", "Live", "new"}) ask(&audit::Query::stream, stream);
  ask(&audit::Query::from_minute, "2026-12-01");
  ask(&audit::Query::to_minute, "2026-11-30T23:59Z");
  for (audit::Query& query : all) query.most = audit::kAllRows;
  return all;
}

/// What the log shows, by each of the ways there are.
struct Shown {
  audit::LogReport report;
  std::vector<Row> rows;              ///< that are verified
  std::vector<std::string> verified;  ///< records of each question, from these rows
};

Shown verified(audit::Connection& connection, const audit::KnownHeads& known) {
  audit::check_schema(connection);
  Shown shown;
  std::vector<audit::VerifiedRecords> records;
  for (const audit::Query& query : questions()) records.emplace_back(query);
  shown.report = audit::verify_log(connection, {test::key()}, known, "", 100, [&](const Row& row) {
    shown.rows.push_back(row);
    for (audit::VerifiedRecords& some : records) some.row(row);
  });
  for (const audit::VerifiedRecords& some : records) shown.verified.push_back(text_of(some.records()));
  return shown;
}

/// The same as the database itself answers.
std::vector<std::string> asked(audit::Connection& connection) {
  std::vector<std::string> answers;
  audit::check_tables(connection);
  for (const audit::Query& query : questions()) answers.push_back(text_of(audit::find(connection, query)));
  return answers;
}

std::set<std::string> ids_of(const std::vector<Row>& rows) {
  std::set<std::string> ids;
  for (const Row& row : rows)
    if (row[audit::kId] != "") ids.insert(*row[audit::kId]);
  return ids;
}

/// Rows of each stream, from the first.
bool is_beginning(const std::vector<Row>& rows, const std::vector<Row>& written) {
  std::map<std::string, std::vector<Row>> there;
  std::map<std::string, std::vector<Row>> all;
  for (const Row& row : rows) there[*row[audit::kStream]].push_back(row);
  for (const Row& row : written) all[*row[audit::kStream]].push_back(row);
  return std::all_of(there.begin(), there.end(), [&](const auto& item) {
    const auto& whole = all[item.first];
    return item.second.size() <= whole.size() && std::equal(item.second.begin(), item.second.end(), whole.begin());
  });
}

/// What must hold whatever was done. Returns whether the log passes as intact.
bool holds(audit::Connection& connection, const std::vector<Row>& written, const audit::KnownHeads& known) {
  std::optional<Shown> shown;
  try {
    shown = verified(connection, known);
  } catch (const audit::AuditError&) {
    return false;
  }
  std::set<Row> genuine(written.begin(), written.end());
  // An address can be removed by anybody: whether a row says that it was comes out at the end of the walk.
  for (Row row : written) {
    row[audit::kClientIp] = "";
    row[audit::kClientIpSalt] = std::nullopt;
    genuine.insert(std::move(row));
  }
  const std::set<Row> seen(shown->rows.begin(), shown->rows.end());
  CHECK(std::includes(genuine.begin(), genuine.end(), seen.begin(), seen.end()));
  CHECK(seen.size() == shown->rows.size());
  if (!shown->report.intact()) return false;
  CHECK(is_beginning(shown->rows, written));
  if (!known.empty()) CHECK((shown->rows == written));
  CHECK((asked(connection) == shown->verified));
  audit::Query everything;
  everything.most = audit::kAllRows;
  const auto ids = audit::issued_ids(connection, everything);
  CHECK(std::set<std::string>(ids.begin(), ids.end()) == ids_of(shown->rows));
  return true;
}

int seeds() {
  // STEG_SOAK: tests/run.sh --soak
  return std::getenv("STEG_SOAK") ? 100 : 2;
}

/// Another program that writes to the file, and minds nothing.
class RawSqlite {
 public:
  explicit RawSqlite(const std::string& path) {
    sqlite3* opened = nullptr;
    REQUIRE(sqlite3_open(path.c_str(), &opened) == SQLITE_OK);
    database_.reset(opened);
    run("PRAGMA synchronous=OFF");
  }
  bool run(const std::string& sql) {
    return sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
  }

 private:
  struct Close {
    void operator()(sqlite3* database) const { sqlite3_close_v2(database); }
  };
  std::unique_ptr<sqlite3, Close> database_;
};

/// A connection all of whose transactions are parts of one, which is taken back at the end.
class InOneTransaction : public audit::Connection {
 public:
  explicit InOneTransaction(audit::Connection& connection) : connection_(connection) { connection_.begin(); }
  ~InOneTransaction() override { connection_.rollback(); }
  std::vector<Row> run(const std::string& sql, const Row& parameters) override {
    if (sql.rfind("SET TRANSACTION", 0) == 0) return {};
    return connection_.run(sql, parameters);
  }
  void each(const std::string& sql, const Row& parameters, const std::function<bool(const Row&)>& take) override {
    connection_.each(sql, parameters, take);
  }
  void insert(const std::string& table, const std::vector<std::string>& columns,
              const std::vector<Row>& rows) override {
    connection_.insert(table, columns, rows);
  }
  bool has_table(const std::string& name) override { return connection_.has_table(name); }
  void begin() override { connection_.run("SAVEPOINT part"); }
  void commit() override { connection_.run("RELEASE part"); }
  void rollback() noexcept override {
    try {
      connection_.run("ROLLBACK TO part");
    } catch (const audit::AuditError&) {
      // The next statement fails as well, and says why.
    }
  }
  audit::Dialect dialect() const override { return connection_.dialect(); }

  /// False if the database refuses it; then nothing is changed.
  bool attempt(const std::string& sql) {
    begin();
    try {
      connection_.run(sql);
    } catch (const audit::DatabaseError&) {
      rollback();
      return false;
    }
    commit();
    return true;
  }

 private:
  audit::Connection& connection_;
};

}  // namespace

TEST_CASE("who edits an SQLite log without the key shows nothing else than was written, or is found out") {
  const test::Folder folder;
  const std::string base = folder / "base.db";
  const auto known = write_log(*audit::connect("sqlite:" + base, Access::write, test::kNoDeadline));
  const auto untouched = verified(*audit::connect("sqlite:" + base, Access::read, test::kNoDeadline), known);
  REQUIRE(untouched.report.intact());
  REQUIRE(untouched.rows.size() > 90);
  const auto kinds = test::kinds_of_edits(test::Store::sqlite);
  CHECK(kinds.size() > 100);
  int passed = 0;
  int done = 0;
  for (const test::Kind& kind : kinds)
    for (int seed = 0; seed < seeds(); ++seed) {
      test::Random random(static_cast<std::uint64_t>(seed));
      const auto edit = kind.edit(random);
      std::string script;
      for (const std::string& sql : edit) script += sql + ";\n";
      INFO(kind.name << ", seed " << seed << ":\n" << script);
      const std::string path = folder / "edited.db";
      for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
      std::filesystem::copy_file(base, path);
      {
        RawSqlite raw(path);
        for (const std::string& sql : edit) done += raw.run(sql) ? 1 : 0;
      }
      std::unique_ptr<audit::Connection> connection;
      try {
        connection = audit::connect("sqlite:" + path, Access::read, test::kNoDeadline);
      } catch (const audit::DatabaseError&) {
        continue;
      }
      passed += holds(*connection, untouched.rows, known) ? 1 : 0;
      holds(*connection, untouched.rows, {});
    }
  // Some change nothing that counts, and most do.
  CHECK(done > 0);
  CHECK(passed > 0);
  WARN(kinds.size() << " kinds of edits, " << kinds.size() * static_cast<std::size_t>(seeds()) << " edits, " << passed
                    << " of them changed nothing that shows");
}

TEST_CASE("who edits a PostgreSQL log without the key shows nothing else than was written, or is found out") {
  const test::Database database(test::kPostgres);
  const auto connection = audit::connect(database.uri(), Access::maintain, test::kNoDeadline);
  const auto known = write_log(*connection);
  const auto untouched = verified(*connection, known);
  REQUIRE(untouched.report.intact());
  const auto kinds = test::kinds_of_edits(test::Store::postgres);
  CHECK(kinds.size() > 90);
  int passed = 0;
  for (const test::Kind& kind : kinds)
    for (int seed = 0; seed < seeds(); ++seed) {
      test::Random random(static_cast<std::uint64_t>(seed));
      const auto edit = kind.edit(random);
      std::string script;
      for (const std::string& sql : edit) script += sql + ";\n";
      INFO(kind.name << ", seed " << seed << ":\n" << script);
      InOneTransaction edited(*connection);
      for (const std::string& sql : edit) edited.attempt(sql);
      passed += holds(edited, untouched.rows, known) ? 1 : 0;
      holds(edited, untouched.rows, {});
    }
  CHECK(passed > 0);
  CHECK(holds(*connection, untouched.rows, known));
  WARN(kinds.size() << " kinds of edits, " << kinds.size() * static_cast<std::size_t>(seeds()) << " edits, " << passed
                    << " of them changed nothing that shows");
}
