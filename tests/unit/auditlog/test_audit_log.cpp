// The whole log: queue, thread, spool and database, with outages and crashes.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sys/mman.h>
#include <sys/wait.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <random>

#include "audit_query.hpp"
#include "log_support.hpp"
#include "lost_records.hpp"
#include "schema.hpp"
#include "spool_path.hpp"
#include "store.hpp"

using audit::Action;
using audit::AuditError;
using audit::AuditLog;
using audit::Settings;
using audit::Stats;
using test::check_complete;
using test::Database;
using test::eventually;
using test::intact;
using test::kStart;
using test::mark;
using test::Reports;
using test::settings;
using test::TestClock;
using test::unreachable;
using Result = audit::AuditLog::Result;

TEST_CASE("records of a stream arrive with their counts") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  TestClock clock;
  AuditLog log(settings(database), {}, clock.function());
  for (int i = 0; i < 10; ++i)
    CHECK(log.frame(mark("a", i ? Action::repeat : Action::encode), i * 40) == Result::counted);
  // The open record is in the database while the stream runs.
  REQUIRE(eventually([&] { return log.stats().writer.written == 1; }));
  REQUIRE(audit::find_by_id(database.uri(), "a").size() == 1);
  CHECK(audit::find_by_id(database.uri(), "a")[0].intervals_open == 1);
  log.frame(mark("b"), 400);
  log.set_client_ip("198.51.100.1");
  log.frame(mark("b", Action::residual), std::nullopt);
  clock.now += 60000000;
  log.frame(mark("b"), 480);
  const Stats stats = log.stop();
  CHECK(stats.frames == 13);
  CHECK(stats.records == 4);
  CHECK(stats.pending == 0);
  CHECK(stats.writer.written == 8);
  CHECK(stats.writer.failed == 0);
  CHECK(stats.writer.last_error.empty());

  const auto a = audit::find_by_id(database.uri(), "a");
  REQUIRE(a.size() == 1);
  CHECK(a[0].encoded == 1);
  CHECK(a[0].repeated == 9);
  CHECK(a[0].first_pts == 0);
  CHECK(a[0].last_pts == 360);
  CHECK(a[0].session == stats.session);
  CHECK(a[0].intervals_open == 0);
  const auto b = audit::find_by_id(database.uri(), "b");
  REQUIRE(b.size() == 3);
  CHECK(b[0].minute == "2026-11-22T11:31Z");
  CHECK(b[0].client_ip == "198.51.100.1");
  CHECK(intact(database));
}

TEST_CASE("a record ends with its minute although no frame comes") {
  const Database database(test::kSqlite);
  TestClock clock;
  AuditLog log(settings(database), {}, clock.function());
  clock.now = kStart + 59999000;
  log.frame(mark("a"), 0);
  REQUIRE(eventually([&] { return log.stats().writer.written == 1; }));
  clock.now = kStart + 63000000;
  // Shows without stop(): the thread woke by itself.
  REQUIRE(eventually([&] { return log.stats().writer.written == 2; }));
  CHECK(audit::find_by_id(database.uri(), "a").at(0).last_time == "2026-11-22T11:30:59.999000Z");
  CHECK(log.stop().writer.written == 2);
}

TEST_CASE("the end of the stream ends the record") {
  const Database database(test::kSqlite);
  AuditLog log(settings(database), {});
  log.frame(mark("a"), 0);
  log.end();
  log.end();
  REQUIRE(eventually([&] { return log.stats().writer.written == 2; }));
  log.frame(mark("a"), 0);
  CHECK(log.stop().records == 2);
}

TEST_CASE("sessions follow each other in one chain") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  for (int session = 0; session < 3; ++session) {
    AuditLog log(settings(database), {});
    log.frame(mark("a"), 0);
    log.frame(mark("b"), 0);
  }
  CHECK(database.count("steg_audit_event") == 12);
  CHECK(audit::to_integer(database.run("SELECT MAX(seq) FROM steg_audit_event").at(0).at(0)) == 12);
  CHECK(intact(database));
}

TEST_CASE("an outage of the server loses nothing and repeats nothing") {
  const Database database(test::kPostgres);
  Reports reports;
  AuditLog log(settings(database), reports.listener());
  int ids = 0;
  const auto frames = [&](int count) {
    for (int i = 0; i < count; ++i) log.frame(mark("id" + std::to_string(ids++)), ids);
  };
  frames(20);
  test::Outage outage(GENERATE(test::Outage::Kind::stopped, test::Outage::Kind::killed));
  frames(700);
  REQUIRE(eventually([&] { return log.stats().writer.failed > 1 && log.stats().writer.spooled > 1000; }));
  Stats stats = log.stats();
  CHECK_FALSE(stats.writer.connected);
  CHECK_FALSE(stats.writer.last_error.empty());
  CHECK(reports.problem_count() == 1);
  outage.end();
  frames(20);
  REQUIRE(eventually([&] { return log.stats().pending == 0; }));
  stats = log.stop();
  CHECK(stats.records == 740);
  CHECK(stats.pending == 0);
  CHECK(stats.writer.last_error.empty());
  CHECK(reports.problem_count() == 1);
  CHECK(reports.recovered.size() == 1);
  CHECK(database.count("steg_audit_event", "event = 'open'") == 740);
  CHECK(database.count("steg_audit_event", "event = 'close'") == 740);
  check_complete(database);
  // Nothing but the notes about database and chain is left on disk.
  CHECK(stats.writer.spool_bytes < 500);
}

TEST_CASE("a transaction of another that locks the table delays, and loses nothing") {
  const Database database(test::kPostgres);
  AuditLog log(settings(database), {});
  const audit::Deadline deadline;
  const auto other = audit::connect(database.uri(), audit::Access::write, deadline);
  other->begin();
  other->run("LOCK TABLE steg_audit_event IN ACCESS EXCLUSIVE MODE");
  log.frame(mark("a"), 0);
  REQUIRE(eventually([&] { return log.stats().pending == 1; }));
  other->rollback();
  REQUIRE(eventually([&] { return log.stats().writer.written == 1; }));
  CHECK(log.stop().writer.written == 2);
  check_complete(database);
}

TEST_CASE("tables that vanish come back with a gap that shows") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  Reports reports;
  AuditLog log(settings(database), reports.listener());
  log.frame(mark("a"), 0);
  REQUIRE(eventually([&] { return log.stats().writer.written == 1; }));
  database.run("DROP VIEW steg_audit_record");
  database.run("DROP TABLE steg_audit_event");
  database.run("DROP TABLE steg_audit_batch");
  database.run("DROP TABLE steg_audit_schema");
  log.frame(mark("b"), 0);
  REQUIRE(eventually([&] { return log.stats().writer.written == 3; }));
  CHECK(log.stop().pending == 0);
  const auto report = audit::verify_chain(database.uri(), "live", {test::key()});
  CHECK(report.findings.at(0).kind == audit::Finding::Kind::missing);
  CHECK(reports.problem_count() >= 1);
}

TEST_CASE("rows removed between two runs show, because the spool remembers the end") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  {
    AuditLog log(settings(database), {});
    log.frame(mark("a"), 0);
    log.frame(mark("b"), 0);
  }
  database.run("DELETE FROM steg_audit_event WHERE seq > 2");
  CHECK(intact(database));
  Reports reports;
  {
    AuditLog log(settings(database), reports.listener());
    log.frame(mark("c"), 0);
  }
  CHECK(reports.problems.size() == 1);
  const auto report = audit::verify_chain(database.uri(), "live", {test::key()});
  REQUIRE_FALSE(report.intact());
  CHECK(report.findings[0].kind == audit::Finding::Kind::missing);
  CHECK(report.findings[0].seq == 3);
  CHECK(report.findings[0].last == 4);
}

TEST_CASE("a start needs a database that is there, or was there before") {
  const Database database(test::kPostgres);
  test::Folder folder;
  Settings absent = unreachable(folder);
  absent.writer.start_without_database = false;
  CHECK_THROWS_WITH(AuditLog(absent, {}), Catch::Contains("start-without-database=true"));
  CHECK_FALSE(std::filesystem::exists(absent.writer.spool));

  { AuditLog(settings(database), {}).frame(mark("a"), 0); }
  test::Outage outage(test::Outage::Kind::stopped);
  Reports reports;
  Settings down = settings(database);
  down.stop_time = std::chrono::seconds(0);
  {
    AuditLog log(down, reports.listener());
    log.frame(mark("b"), 0);
    const Stats stats = log.stop();
    CHECK(stats.pending == 2);
    CHECK(stats.writer.held == 0);
  }
  CHECK(reports.problems.size() == 1);
  // The same spool does not vouch for another database.
  Settings other = absent;
  other.writer.spool = down.writer.spool;
  CHECK_THROWS_AS(AuditLog(other, {}), AuditError);
  outage.end();
  { AuditLog(settings(database), {}).frame(mark("c"), 0); }
  CHECK(database.count("steg_audit_event") == 6);
  check_complete(database);
}

TEST_CASE("what refuses does not start, whatever is set") {
  const Database database(test::kPostgres);
  Settings wrong = settings(database);
  wrong.writer.start_without_database = true;
  wrong.writer.database = test::server().uri("no_such_database");
  CHECK_THROWS_AS(AuditLog(wrong, {}), AuditError);
  CHECK_FALSE(std::filesystem::exists(database.spool()));
  wrong = settings(database);
  wrong.writer.stream = "";
  CHECK_THROWS_WITH(AuditLog(wrong, {}), Catch::Contains("stream"));
  wrong.writer.stream = "\xFF";
  CHECK_THROWS_WITH(AuditLog(wrong, {}), Catch::Contains("stream"));
  wrong = settings(database);
  wrong.writer.spool = "/nonexistent-folder/spool";
  CHECK_THROWS_WITH(AuditLog(wrong, {}), Catch::Contains("spool"));
  const AuditLog running(settings(database), {});
  CHECK_THROWS_WITH(AuditLog(settings(database), {}), Catch::Contains("in use by another auditlog"));
}

TEST_CASE("when spool and queue are full, a frame waits or is refused, and none is dropped") {
  test::Folder folder;
  Settings full = unreachable(folder);
  full.writer.spool_limit = 1;
  full.queue_events = 4;
  SECTION("error") {
    full.on_full = audit::OnFull::error;
    TestClock clock;  // no minute ends on the way
    AuditLog log(full, {}, clock.function());
    // The thread takes the first record and finds that it cannot keep it; from then on it takes no other.
    REQUIRE(log.frame(mark("id0"), 0) == Result::counted);
    REQUIRE(eventually([&] { return log.stats().writer.held > 0; }));
    int counted = 1;
    while (log.frame(mark("id" + std::to_string(counted)), 0) == Result::counted) ++counted;
    CHECK(counted >= 2);
    CHECK(log.frame(mark("another"), 0) == Result::full);
    // A frame of the open record needs no room.
    CHECK(log.frame(mark("id" + std::to_string(counted - 1)), 0) == Result::counted);
    CHECK_THAT(log.stats().writer.last_error, Catch::Contains("127.0.0.1") || Catch::Contains("limit of 1 bytes"));
    // The limit is no reason to lose anything at the stop.
    const Stats stats = log.stop();
    CHECK(stats.records == counted);
    CHECK(stats.writer.held == 0);
    CHECK(stats.writer.spooled == static_cast<std::size_t>(2 * counted));
    CHECK(stats.lost.empty());
  }
  SECTION("block, until the stream is flushed") {
    AuditLog log(full, {});
    std::atomic<int> counted{0};
    std::atomic<pid_t> thread{0};
    Result result = Result::counted;
    std::thread stream([&] {
      thread = ::gettid();
      while ((result = log.frame(mark("id" + std::to_string(counted)), 0)) == Result::counted) ++counted;
    });
    const bool held = eventually([&] { return counted >= 2 && test::is_asleep(thread); });
    const int before = counted;
    log.set_flushing(true);
    stream.join();
    CHECK(held);
    CHECK(before < 10);
    CHECK(counted == before);
    CHECK(result == Result::flushing);
    const Stats stats = log.stop();
    CHECK(stats.records == counted);
    CHECK(stats.writer.spooled == static_cast<std::size_t>(2 * counted));
  }
  SECTION("block, changed to error") {
    TestClock clock;  // no minute ends on the way
    AuditLog log(full, {}, clock.function());
    Result result = Result::counted;
    std::atomic<int> asked{0};
    std::atomic<pid_t> thread{0};
    std::thread stream([&] {
      thread = ::gettid();
      for (int i = 0; result == Result::counted; ++i) {
        ++asked;
        result = log.frame(mark("id" + std::to_string(i)), 0);
      }
    });
    // The queue is full, frame() was asked for one record more than have begun, and it waits.
    const bool held = eventually([&] {
      const Stats stats = log.stats();
      return stats.writer.held > 0 && stats.pending - stats.writer.held + 2 > full.queue_events &&
             asked == static_cast<std::int64_t>(stats.records) + 1 && test::is_asleep(thread);
    });
    log.set_on_full(audit::OnFull::error);
    stream.join();
    CHECK(held);
    CHECK(result == Result::full);
  }
}

TEST_CASE("a blocked stream goes on when the database is back, and nothing is lost") {
  const Database database(test::kPostgres);
  Settings small = settings(database);
  small.writer.spool_limit = 4000;
  small.queue_events = 8;
  AuditLog log(small, {});
  log.frame(mark("first"), 0);
  REQUIRE(eventually([&] { return log.stats().writer.written == 1; }));
  test::Outage outage(test::Outage::Kind::stopped);
  std::atomic<int> counted{0};
  std::thread stream([&] {
    for (; counted < 200; ++counted) log.frame(mark("id" + std::to_string(counted)), counted);
  });
  REQUIRE(eventually([&] { return log.stats().writer.held > 0; }));
  outage.end();
  stream.join();
  const Stats stats = log.stop();
  CHECK(stats.pending == 0);
  CHECK(stats.records == 201);
  CHECK(database.count("steg_audit_event") == 402);
  check_complete(database);
}

TEST_CASE("a stop with a full spool and no database keeps everything for the next start") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  test::Folder folder;
  Settings away = unreachable(folder);
  away.writer.spool = database.spool();
  away.writer.stream = "live";
  away.writer.spool_limit = 1;
  away.queue_events = 64;
  away.on_full = audit::OnFull::error;
  int counted = 0;
  {
    TestClock clock;  // no minute ends on the way
    AuditLog log(away, {}, clock.function());
    while (log.frame(mark("id" + std::to_string(counted)), 0) == Result::counted) ++counted;
    log.stop();
  }
  { const AuditLog log(settings(database), {}); }
  CHECK(database.count("steg_audit_event") == 2 * counted);
  check_complete(database);
}

TEST_CASE("what neither spool nor database takes at a stop is named, and what fits is kept") {
  const Database database(test::kSqlite);
  test::Folder folder;
  Settings away = unreachable(folder);
  away.writer.spool = database.spool();
  away.writer.stream = "live";
  away.client_ip = "192.0.2.7";
  TestClock clock;
  Stats stats;
  {
    AuditLog log(away, {}, clock.function());
    log.frame(mark("kept"), 0);
    REQUIRE(eventually([&] { return log.stats().writer.spooled == 1; }));
    // The system refuses to let the file grow, as a full disk would.
    const test::FileSizeLimit limit(log.stats().writer.spool_bytes + 1600);
    log.frame(mark("early"), 0);
    clock.now += 20000000;
    log.frame(mark("early"), 1);
    for (int i = 0; i < 200; ++i) log.frame(mark("id" + std::to_string(i)), 2);
    clock.now += 1000000;
    log.frame(mark("last"), 3);
    stats = log.stop();
  }
  CHECK(stats.records == 203);
  CHECK(stats.writer.spooled >= 2);
  CHECK(stats.writer.held + stats.writer.spooled == 2 * 203);
  CHECK_THAT(stats.lost,
             Catch::Contains(" records:\n") && Catch::Contains(" more, the last until 2026-11-22T11:30:21"));
  CHECK_THAT(stats.lost, Catch::Contains("id50 for 192.0.2.7, 2026-11-22T11:30:20.000000Z to "
                                         "2026-11-22T11:30:20.000000Z, 1 frames\n"));
  CHECK_THAT(stats.lost, !Catch::Contains("kept for"));
  { const AuditLog next(settings(database), {}); }
  CHECK(database.count("steg_audit_event") == static_cast<std::int64_t>(stats.writer.spooled));
  CHECK(database.count("steg_audit_event", "id = 'kept' AND event = 'close'") == 1);
  CHECK(intact(database));
}

TEST_CASE("a stop that can save nothing says so before somebody ends the process") {
  const Database database(test::kPostgres);
  AuditLog log(settings(database), {});
  log.frame(mark("a"), 0);
  REQUIRE(eventually([&] { return log.stats().pending == 0; }));
  const audit::Deadline deadline;
  const auto other = audit::connect(database.uri(), audit::Access::maintain, deadline);
  other->begin();
  other->run("LOCK TABLE steg_audit_event IN ACCESS EXCLUSIVE MODE");
  const auto begin = audit::Deadline::Clock::now();
  {
    const test::FileSizeLimit no_room(0);
    log.frame(mark("b"), 0);
    // settings() would give the database a minute.
    CHECK_THAT(log.stop().lost, Catch::StartsWith("2 records:\na for "));
  }
  CHECK(audit::Deadline::Clock::now() - begin < std::chrono::seconds(20));
  other->rollback();
}

TEST_CASE("lost records are listed one by one") {
  CHECK(audit::lost_records(test::rows({})).empty());
  const auto open = test::event(1);
  const auto close = test::event(1, audit::EventKind::close);
  auto other = test::event(2, audit::EventKind::close);
  other.id = "e\nvil";
  other.client_ip = "";
  const std::string times = ", 2026-11-22T11:30:00.000000Z to 2026-11-22T11:30:00.001000Z, 6 frames";
  CHECK(audit::lost_records(test::rows({open, close})) == "1 record:\nid1 for 192.0.2.7" + times);
  CHECK(audit::lost_records(test::rows({open, close, other})) == "2 records:\nid1 for 192.0.2.7" + times +
                                                                     "\ne%0avil for no address" + times +
                                                                     " (that it began is in the log)");
}

TEST_CASE("a spool that cannot be written is no loss while the database is there") {
  const Database database(test::kSqlite);
  Settings tiny = settings(database);
  tiny.writer.spool_limit = 1;
  Reports reports;
  AuditLog log(tiny, reports.listener());
  for (int i = 0; i < 50; ++i) log.frame(mark("id" + std::to_string(i)), i);
  REQUIRE(eventually([&] { return log.stats().writer.written >= 99; }));
  CHECK(log.stop().pending == 0);
  CHECK(database.count("steg_audit_event") == 100);
  CHECK(reports.problems.size() == 1);
  check_complete(database);
}

TEST_CASE("the spool file has a place of its own for each database and stream") {
  test::Folder folder;
  const std::string database = "sqlite:" + (folder / "a.db");
  CHECK(audit::default_spool_path(database, "live-1") == folder / "a.db.live-1.spool");
  const std::string slashed = audit::default_spool_path(database, "../x/y");
  CHECK_THAT(slashed, Catch::StartsWith(folder / "a.db.___x_y-"));
  CHECK(slashed != audit::default_spool_path(database, "../x_y"));
  REQUIRE(::setenv("XDG_STATE_HOME", (folder / "state").c_str(), 1) == 0);
  const std::string one = audit::default_spool_path("postgresql://me:pw@host/db", "live");
  CHECK_THAT(one, Catch::StartsWith(folder / "state/gst-steg/auditlog-live-"));
  CHECK(one == audit::default_spool_path("postgresql://me:other@host/db", "live"));
  CHECK(one != audit::default_spool_path("postgresql://me@host/db2", "live"));
  CHECK(one != audit::default_spool_path("postgresql://me@host/db", "live2"));
  CHECK(std::filesystem::is_directory(folder / "state/gst-steg"));
}

namespace {

/// What a child that is killed has told before, in memory that it shares with its parent.
struct Told {
  std::atomic<std::uint64_t> durable;  ///< its events that the log said are on disk or in the database
  char session[40];
};

[[noreturn]] void be_killed(const Settings& options, Told& told) {
  try {
    AuditLog log(options, {});
    const Stats start = log.stats();
    const std::uint64_t left_by_others = start.writer.written + start.writer.spooled;
    start.session.copy(told.session, sizeof(told.session) - 1);
    for (std::int64_t i = 0;; ++i) {
      log.frame(mark("id" + std::to_string(i / 3)), i);
      const Stats stats = log.stats();
      told.durable = stats.writer.written + stats.writer.spooled - left_by_others;
      if (i % 64 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  } catch (...) {
  }
  ::_exit(3);
}

}  // namespace

TEST_CASE("a process killed at any moment loses nothing that was durable and repeats nothing") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  audit::prepare_schema(*audit::connect(database.uri(), audit::Access::write, audit::Deadline()));
  void* shared = ::mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(shared != MAP_FAILED);
  Told& told = *new (shared) Told{};
  std::minstd_rand random(7);
  // STEG_SOAK: tests/run.sh --soak
  const int rounds = std::getenv("STEG_SOAK") ? 200 : 12;
  for (int round = 0; round < rounds; ++round) {
    told.durable = 0;
    std::fill(std::begin(told.session), std::end(told.session), '\0');
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) be_killed(settings(database), told);
    int status = 0;
    const bool began = eventually([&] { return told.durable > 0 || ::waitpid(child, &status, WNOHANG) != 0; });
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 60000));
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    REQUIRE(began);
    REQUIRE(WIFSIGNALED(status));
    // Every other time the next start is killed as well, with a spool that is half written to the database.
    if (round % 2 == 1) continue;
    const std::string session = told.session;
    const std::uint64_t durable = told.durable;
    { const AuditLog log(settings(database), {}); }
    CHECK(static_cast<std::uint64_t>(database.count("steg_audit_event", "session = '" + session + "'")) >= durable);
    check_complete(database);
  }
  { const AuditLog log(settings(database), {}); }
  check_complete(database);
  CHECK(database.count("steg_audit_record", "intervals_open > 0") <= rounds);
  ::munmap(shared, sizeof(Told));
}

TEST_CASE("what a killed process was about shows as open") {
  const Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  audit::prepare_schema(*audit::connect(database.uri(), audit::Access::write, audit::Deadline()));
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    try {
      AuditLog log(settings(database), {});
      log.frame(mark("whole"), 0);
      log.frame(mark("cut"), 1);
      // Two records begun, one of them ended.
      const auto is_durable = [&] {
        const Stats stats = log.stats();
        return stats.writer.written + stats.writer.spooled >= 3;
      };
      if (eventually(is_durable)) ::kill(::getpid(), SIGKILL);
    } catch (...) {
    }
    ::_exit(3);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  { const AuditLog log(settings(database), {}); }
  const auto cut = audit::find_by_id(database.uri(), "cut");
  REQUIRE(cut.size() == 1);
  CHECK(cut[0].intervals_open == 1);
  const auto whole = audit::find_by_id(database.uri(), "whole");
  REQUIRE(whole.size() == 1);
  CHECK(whole[0].intervals_open == 0);
  CHECK(database.count("steg_audit_record", "intervals_open > 0") == 1);
  check_complete(database);
}
