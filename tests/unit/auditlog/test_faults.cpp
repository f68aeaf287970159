// A PostgreSQL server that does everything but what it should, while a stream runs: no frame waits for it, nor for the
// disk, and afterwards every record is there once.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "audit_query.hpp"
#include "log_support.hpp"
#include "schema.hpp"
#include "small_disk.hpp"
#include "stalled_store.hpp"

using audit::AuditLog;
using audit::Stats;
using test::Database;
using test::eventually;
using test::mark;
using test::Outage;
using test::server;

namespace {

/// A log with a record in the database, and what must be true of it at the end.
class Stream {
 public:
  explicit Stream(const std::string& uri, const Database& place) : settings_(test::settings(place)), uri_(uri) {
    settings_.writer.database = uri;
    log_ = std::make_unique<AuditLog>(settings_, audit::Listener(), clock_.function());
    frames(1);
    REQUIRE(eventually([&] { return log_->stats().pending == 0; }));
  }
  /// So many frames, each of another ID, that long apart on the clock. Meanwhile neither disk nor database answers, so
  /// a frame that waited for them would not return.
  void frames(int count, audit::WallTime apart = 40000) {
    constexpr int kInQueue = 1000;
    for (int left = count; left > 0; left -= kInQueue) {
      pass(std::min(left, kInQueue), apart);
      if (left > kInQueue) CHECK(is_durable());
    }
  }
  bool fails() {
    return eventually([&] { return log_->stats().writer.failed > 0; });
  }
  /// Everything that frames() has counted is on disk, whatever the database does.
  bool is_durable() {
    return eventually([&] {
      const Stats stats = log_->stats();
      return stats.writer.held == 0 && stats.writer.spooled == stats.pending;
    });
  }
  void check_all_there() {
    REQUIRE(eventually([&] { return log_->stats().pending == 0; }, std::chrono::seconds(180)));
    CHECK(log_->stop().pending == 0);
    for (const std::string event : {"open", "close"})
      CHECK(audit::to_integer(
                test::sql(uri_, "SELECT COUNT(DISTINCT record) FROM steg_audit_event WHERE event = $1", {event})
                    .at(0)
                    .at(0)) == ids_);
    const auto report = audit::verify_chain(uri_, "live", {test::key()});
    CHECK(report.intact());
    CHECK(report.rows == 2 * ids_);
  }
  Stats stats() const { return log_->stats(); }
  test::TestClock& clock() { return clock_; }

 private:
  void pass(int count, audit::WallTime apart) {
    std::atomic<int> passed{0};
    std::atomic<bool> go_on{false};
    std::thread streaming;
    {
      const test::StalledStore stalled;
      streaming = std::thread([&] {
        while (passed < count) {
          clock_.now += apart;
          const std::string id = "id" + std::to_string(++ids_);
          if (log_->frame(mark(id), ids_) != AuditLog::Result::counted) return;
          // The others come when the log is at the store with the first.
          for (++passed; !go_on;) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
      });
      CHECK(eventually([&] { return passed == 1 && test::StalledStore::holds_a_thread(); }));
      go_on = true;
      const bool all = eventually([&] { return passed == count; });
      CHECK(all);
      // Who looks at the numbers does not wait either.
      if (all) CHECK(log_->stats().pending >= static_cast<std::size_t>(count));
    }
    streaming.join();
  }

  audit::Settings settings_;
  std::string uri_;
  test::TestClock clock_;
  std::unique_ptr<AuditLog> log_;
  std::int64_t ids_ = 0;
};

/// Ends the other connections to a database, so that the next statement needs a new one.
void cut_connections(const Database& database) {
  test::sql(server().uri(),
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> "
            "pg_backend_pid()",
            {database.uri().substr(database.uri().rfind('/') + 1)});
}

std::string name_of(const Database& database) { return database.uri().substr(database.uri().rfind('/') + 1); }

}  // namespace

TEST_CASE("stopped for ten minutes of stream time") {
  const Database database(test::kPostgres);
  Stream stream(database.uri(), database);
  Outage outage(Outage::Kind::stopped);
  // Another ID every second, and a new minute ten times.
  stream.frames(600, 1000000);
  CHECK(stream.is_durable());
  CHECK(stream.fails());
  outage.end();
  stream.check_all_there();
}

TEST_CASE("refusing connections, and refusing the password") {
  const Database database(test::kPostgres);
  SECTION("no connections") {
    Stream stream(database.uri(), database);
    test::sql(server().uri(), "ALTER DATABASE " + name_of(database) + " ALLOW_CONNECTIONS false");
    cut_connections(database);
    stream.frames(20);
    CHECK(stream.fails());
    CHECK(stream.is_durable());
    test::sql(server().uri(), "ALTER DATABASE " + name_of(database) + " ALLOW_CONNECTIONS true");
    stream.check_all_there();
  }
  SECTION("password changed") {
    const auto password = [&](const std::string& text) {
      test::sql(server().uri(), "ALTER USER guest PASSWORD '" + text + "'");
    };
    test::sql(server().uri(), "CREATE USER guest SUPERUSER");
    password("right");
    std::string uri = database.uri();
    uri.replace(uri.find("app@"), 4, "guest:right@");
    Stream stream(uri, database);
    password("changed");
    cut_connections(database);
    stream.frames(20);
    CHECK(eventually([&] { return stream.stats().writer.last_error.find("password") != std::string::npos; }));
    CHECK_THAT(stream.stats().writer.last_error, !Catch::Contains("right"));
    CHECK(stream.is_durable());
    password("right");
    stream.check_all_there();
    test::sql(database.uri(), "REASSIGN OWNED BY guest TO app");
    test::sql(server().uri(), "DROP USER guest");
  }
}

TEST_CASE("read-only") {
  const Database database(test::kPostgres);
  Stream stream(database.uri(), database);
  const std::string alter = "ALTER DATABASE " + name_of(database);
  test::sql(server().uri(), alter + " SET default_transaction_read_only = on");
  cut_connections(database);
  stream.frames(20);
  CHECK(stream.fails());
  CHECK(stream.is_durable());
  test::sql(server().uri(), alter + " RESET default_transaction_read_only");
  cut_connections(database);
  stream.check_all_there();
}

TEST_CASE("too slow: the queue grows on disk, not in memory") {
  const Database database(test::kPostgres);
  Stream stream(database.uri(), database);
  database.run(
      "CREATE FUNCTION crawl() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.05); RETURN NEW; END'");
  database.run("CREATE TRIGGER crawl BEFORE INSERT ON steg_audit_batch FOR EACH ROW EXECUTE FUNCTION crawl()");
  for (int i = 0; i < 10; ++i) {
    stream.frames(200);
    CHECK(stream.is_durable());
  }
  stream.check_all_there();
}

TEST_CASE("table locked: records become durable while the statement waits") {
  const Database database(test::kPostgres);
  Stream stream(database.uri(), database);
  const audit::Deadline deadline;
  const auto other = audit::connect(database.uri(), audit::Access::maintain, deadline);
  other->begin();
  other->run("LOCK TABLE steg_audit_event IN ACCESS EXCLUSIVE MODE");
  for (int i = 0; i < 5; ++i) {
    stream.frames(10);
    CHECK(stream.is_durable());
  }
  CHECK(stream.stats().writer.spooled > 0);
  CHECK(stream.stats().writer.failed == 0);
  other->rollback();
  stream.check_all_there();
}

TEST_CASE("killed in the middle of transactions") {
  const Database database(test::kPostgres);
  Stream stream(database.uri(), database);
  for (int i = 0; i < 3; ++i) {
    stream.frames(2000);
    // It is at work on these now.
    server().kill();
    server().start();
  }
  stream.check_all_there();
}

TEST_CASE("out of disk") {
  if (::getuid() != 0) {
    WARN("only root can make a small disk: not tested");
    return;
  }
  test::PostgresServer own;
  const test::Folder folder;
  std::filesystem::permissions(folder / ".", std::filesystem::perms::all);
  const test::SmallDisk disk(folder / "disk", "24m");
  std::filesystem::create_directory(disk / "space");
  own.own(disk / "space");
  test::sql(own.uri(), "CREATE TABLESPACE small LOCATION '" + (disk / "space") + "'");
  test::sql(own.uri(), "CREATE DATABASE audit TABLESPACE small");
  const Database place(test::kSqlite);  // only for its folder
  {
    Stream stream(own.uri("audit"), place);
    disk.fill();
    stream.frames(3000);
    CHECK(stream.fails());
    CHECK_THAT(stream.stats().writer.last_error, Catch::Contains("No space left"));
    CHECK(stream.is_durable());
    disk.make_room();
    stream.check_all_there();
  }
  own.stop();
}

TEST_CASE("the clock is set back an hour, and forward again") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  constexpr audit::WallTime kHour = 3600000000;
  Stream stream(database.uri(), database);
  stream.frames(30);
  stream.clock().now -= kHour;
  stream.frames(30);
  stream.clock().now += kHour;
  stream.frames(30);
  stream.check_all_there();
  // The order of the rows is that of the frames, whatever the clock said.
  CHECK(database.count("steg_audit_event", "minute = '2026-11-22T10:30Z'") == 60);
  CHECK(audit::to_integer(
            database
                .run("SELECT COUNT(*) FROM steg_audit_event a JOIN steg_audit_event b ON b.record > a.record "
                     "AND b.seq < a.seq AND a.event = 'open' AND b.event = 'open'")
                .at(0)
                .at(0)) == 0);
}
