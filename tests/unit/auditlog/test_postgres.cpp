// PostgreSQL as its users have it: TLS, service and password files, PgBouncer.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "audit_query.hpp"
#include "certificates.hpp"
#include "log_support.hpp"
#include "schema.hpp"

using audit::Access;
using audit::AuditLog;
using audit::DatabaseError;
using test::Database;
using test::eventually;
using test::mark;

namespace {

DatabaseError::Kind failure(const std::string& uri, const std::string& words) {
  try {
    audit::connect(uri, Access::write, test::kNoDeadline);
  } catch (const DatabaseError& error) {
    CHECK_THAT(error.what(), Catch::Contains(words));
    return error.kind();
  }
  FAIL("opened " + uri);
  return {};
}

/// An environment variable for as long as this lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

}  // namespace

TEST_CASE("TLS with verify-full: the right certificate opens, any other does not") {
  const test::Certificates certificates;
  const Database database(test::kPostgres);
  const std::string uri = database.uri() + "?sslmode=verify-full&sslrootcert=" + certificates.ca();
  test::server().show_certificate(certificates.certificate("good"), certificates.key("good"));
  const auto encrypted = [&] {
    return audit::connect(uri, Access::write, test::kNoDeadline)
               ->run("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") == std::vector<audit::Row>{{"t"}};
  };
  REQUIRE(eventually([&] {
    try {
      return encrypted();
    } catch (const DatabaseError&) {
      return false;  // the server has not read its files yet
    }
  }));

  audit::Settings settings = test::settings(database);
  settings.writer.database = uri;
  AuditLog log(settings, {});
  log.frame(mark("before"), 0);
  REQUIRE(eventually([&] { return log.stats().pending == 0; }));

  // It expires while the stream runs: the records wait.
  test::server().show_certificate(certificates.certificate("expired"), certificates.key("expired"));
  database.run(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app' AND pid <> pg_backend_pid()");
  log.frame(mark("during"), 0);
  REQUIRE(eventually([&] { return log.stats().writer.last_error.find("certificate") != std::string::npos; }));
  CHECK_THAT(log.stats().writer.last_error, Catch::Contains("certificate verify failed"));
  CHECK(failure(uri, "Check the server's certificate") == DatabaseError::Kind::unavailable);
  CHECK(log.stats().writer.spooled > 0);

  test::server().show_certificate(certificates.certificate("other"), certificates.key("other"));
  REQUIRE(eventually([&] {
    try {
      audit::connect(uri, Access::write, test::kNoDeadline);
      return false;
    } catch (const DatabaseError& error) {
      return std::string(error.what()).find("does not match host name") != std::string::npos;
    }
  }));
  failure(database.uri() + "?sslmode=verify-full&sslrootcert=" + certificates.certificate("other"), "certificate");

  test::server().show_certificate(certificates.certificate("good"), certificates.key("good"));
  REQUIRE(eventually([&] { return log.stats().pending == 0; }));
  CHECK(log.stop().pending == 0);
  test::check_complete(database);
}

TEST_CASE("service file, password file and variables are libpq's own") {
  const test::Folder folder;
  const Database database(test::kPostgres);
  const std::string uri = database.uri();
  const std::size_t colon = uri.rfind(':');
  const std::size_t slash = uri.rfind('/');
  const std::string port = uri.substr(colon + 1, slash - colon - 1);
  const std::string name = uri.substr(slash + 1);
  test::write_file(folder / "service", "[audit]\nhost=127.0.0.1\nport=" + port + "\ndbname=" + name + "\nuser=guest\n");
  test::write_file(folder / "pass", "127.0.0.1:" + port + ":" + name + ":guest:from file\n");
  std::filesystem::permissions(folder / "pass", std::filesystem::perms::owner_read);
  database.run("CREATE USER guest PASSWORD 'from file'");
  const Variable services("PGSERVICEFILE", folder / "service");
  const auto user = [&](const std::string& by) {
    return audit::connect(by, Access::write, test::kNoDeadline)->run("SELECT current_user").at(0).at(0).value_or("");
  };
  CHECK_THROWS_AS(user("postgresql:///?service=audit"), DatabaseError);
  const Variable passwords("PGPASSFILE", folder / "pass");
  CHECK(user("postgresql:///?service=audit") == "guest");
  CHECK(user("postgresql://127.0.0.1:" + port + "/" + name + "?user=guest") == "guest");
  const Variable service("PGSERVICE", "audit");
  CHECK(user("postgresql://") == "guest");
  database.run("DROP USER guest");
}

TEST_CASE("several logs write through PgBouncer with transaction pooling") {
  const Database database(test::kPostgres);
  const std::string port = test::server().start_pool();
  const std::string direct = database.uri();
  const std::string pooled = "postgresql://app@127.0.0.1:" + port + direct.substr(direct.rfind('/'));
  audit::prepare_schema(*audit::connect(pooled, Access::write, test::kNoDeadline));
  std::vector<std::unique_ptr<AuditLog>> logs;
  const test::Folder folder;
  for (int i = 0; i < 5; ++i) {
    audit::Settings settings = test::settings(database);
    settings.writer.database = pooled;
    settings.writer.stream = "live" + std::to_string(i);
    settings.writer.spool = folder / ("spool" + std::to_string(i));
    logs.push_back(std::make_unique<AuditLog>(settings, audit::Listener()));
  }
  // Five clients of two servers, each with transactions of its own in between.
  for (int round = 0; round < 20; ++round) {
    for (auto& log : logs) log->frame(mark("id" + std::to_string(round)), round);
    REQUIRE(eventually([&] {
      return std::all_of(logs.begin(), logs.end(), [](const auto& log) { return log->stats().pending == 0; });
    }));
  }
  for (auto& log : logs) {
    const audit::Stats stats = log->stop();
    CHECK(stats.pending == 0);
    CHECK(stats.writer.failed == 0);
    CHECK(stats.writer.tampered == 0);
  }
  CHECK(database.count("steg_audit_event") == 200);
  for (const std::string& stream : audit::streams(pooled))
    CHECK(audit::verify_chain(pooled, stream, {test::key()}).intact());
}

TEST_CASE("a transaction looks at its own rows only, although the planner knows nothing of this minute yet") {
  const Database database(test::kPostgres);
  const auto connection = audit::connect(database.uri(), audit::Access::write, test::kNoDeadline);
  audit::prepare_schema(*connection);
  audit::Heads heads;
  std::int64_t record = 0;
  // Rows of many streams in each transaction, as of a writer that is behind.
  const auto append = [&](const std::string& minute, int transactions) {
    for (int i = 0; i < transactions; ++i) {
      std::vector<audit::Event> events;
      for (int stream = 0; stream < 100; ++stream) {
        audit::Event event = test::event(++record, audit::EventKind::open, "live/" + std::to_string(stream),
                                         "session " + std::to_string(stream));
        event.minute = minute;
        events.push_back(event);
      }
      test::append(*connection, test::key(), events, heads);
    }
  };
  append("2026-11-22T11:30Z", 50);
  database.run("ANALYZE steg_audit_event");
  append("2026-11-22T11:31Z", 50);
  connection->run("SELECT pg_stat_force_next_flush()");
  const auto read = database.run(
      "SELECT SUM(idx_tup_read) FROM pg_stat_user_indexes WHERE indexrelname LIKE 'steg_audit_event_%_minute_idx' AND "
      "indexrelname NOT LIKE '%id_minute_idx' AND indexrelname NOT LIKE '%ip_minute_idx'");
  CHECK(audit::to_integer(read.at(0).at(0)) < 1000);
}
