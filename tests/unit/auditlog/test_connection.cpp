// Which databases are taken, and what is said of the others.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <netinet/in.h>
#include <sys/socket.h>

#include <catch2/catch.hpp>

#include "connection.hpp"
#include "databases.hpp"
#include "schema.hpp"
#include "spool.hpp"
#include "store.hpp"

using audit::Access;
using audit::AuditError;
using audit::connect;
using audit::DatabaseError;

namespace {

/// Kind and text of the failure to open and prepare a database.
std::pair<DatabaseError::Kind, std::string> failure(const std::string& uri,
                                                    const audit::Deadline& deadline = test::kNoDeadline) {
  try {
    audit::prepare_schema(*connect(uri, Access::write, deadline));
  } catch (const DatabaseError& error) {
    return {error.kind(), error.what()};
  }
  FAIL("opened " + uri);
  return {};
}

/// A loopback port that takes connections and never says anything.
class SilentPort {
 public:
  SilentPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    REQUIRE(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), length) == 0);
    REQUIRE(::listen(socket_.get(), 5) == 0);
    REQUIRE(::getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &length) == 0);
    port_ = ntohs(address.sin_port);
  }
  std::string uri() const { return "postgresql://app@127.0.0.1:" + std::to_string(port_) + "/postgres"; }

 private:
  audit::File socket_;
  int port_ = 0;
};

}  // namespace

TEST_CASE("a URI that names no database is refused before anything is opened") {
  for (const std::string uri :
       {"", "steg.db", "sqlite:", "sqlite::memory:", "mysql://host/db", "postgresql:db",
        "postgresql://host:notaport/db", "postgresql://host:0/db", "postgresql://h1:5,h2:70000/db",
        "postgresql://[::1/db", "postgresql://h/d?nonsense=1", "postgres://h/d?sslmode"}) {
    INFO(uri);
    CHECK_THROWS_AS(audit::check_uri(uri), AuditError);
    CHECK_THROWS_AS(connect(uri, Access::write, test::kNoDeadline), AuditError);
  }
  CHECK_THROWS_AS(audit::check_uri(std::string("sqlite:a\0b", 10)), AuditError);
  for (const std::string uri : {"sqlite:steg.db", "sqlite:/a/b.db", "postgresql://", "postgresql:///db?service=x",
                                "postgres://u:p@h1:1,h2:2/db?sslmode=verify-full"})
    CHECK_NOTHROW(audit::check_uri(uri));
}

TEST_CASE("passwords are not shown") {
  const std::string shown = audit::without_password("postgresql://me:secret@host:5/db?password=secret2");
  CHECK(shown == "postgresql://me@host:5/db");
  CHECK(audit::database_identity("postgresql://me:secret@host:5/db") ==
        audit::database_identity("postgresql://me:changed@host:5/db"));
  CHECK(audit::database_identity("postgresql://me@host:5/db") != audit::database_identity("postgresql://me@host:6/db"));
}

TEST_CASE("a file that SQLite cannot use is refused with advice") {
  test::Folder folder;
  CHECK_THAT(failure("sqlite:" + (folder / "none/a.db")).second, Catch::Contains("Check that its folder exists"));
  CHECK(failure("sqlite:" + (folder / "none/a.db")).first == DatabaseError::Kind::refused);
  test::write_file(folder / "text.db", "this is no database, only some text that someone wrote, and it is long enough");
  CHECK_THAT(failure("sqlite:" + (folder / "text.db")).second, Catch::Contains("Name another file"));
  std::filesystem::create_directory(folder / "directory");
  CHECK(failure("sqlite:" + (folder / "directory")).first == DatabaseError::Kind::refused);
  CHECK_THROWS_AS(connect("sqlite:" + (folder / "absent.db"), Access::read, test::kNoDeadline), DatabaseError);
  CHECK_FALSE(std::filesystem::exists(folder / "absent.db"));
}

TEST_CASE("an SQLite file that is held by another is unavailable, and the deadline ends the wait") {
  const test::Database database(test::kSqlite);
  const auto holder = connect(database.uri(), Access::write, test::kNoDeadline);
  audit::prepare_schema(*holder);
  audit::Deadline deadline;
  const auto waiting = connect(database.uri(), Access::write, deadline);
  holder->begin();
  deadline.set(audit::Deadline::Clock::now());
  try {
    waiting->begin();
    FAIL("two write locks");
  } catch (const DatabaseError& error) {
    CHECK(error.kind() == DatabaseError::Kind::unavailable);
  }
  holder->rollback();
  waiting->begin();
  waiting->commit();
}

TEST_CASE("an SQLite file that was taken away is not written into nothing") {
  const test::Database database(test::kSqlite);
  const auto connection = connect(database.uri(), Access::write, test::kNoDeadline);
  audit::prepare_schema(*connection);
  const std::string path = audit::sqlite_path(database.uri());
  std::filesystem::rename(path, path + ".old");
  CHECK_THROWS_WITH(connection->begin(), Catch::Contains("was moved or deleted"));
}

TEST_CASE("a PostgreSQL server that says no is refused, one that is not there is unavailable") {
  test::sql(test::server().uri(), "CREATE USER guest PASSWORD 'right'");
  const auto& server = test::server();
  CHECK(failure(server.uri("no_such_database")).first == DatabaseError::Kind::refused);
  CHECK_THAT(failure(server.uri("no_such_database")).second, Catch::Contains("no_such_database"));
  CHECK(failure(server.uri("postgres", "nobody")).first == DatabaseError::Kind::refused);
  CHECK(failure(server.uri("postgres", "guest")).first == DatabaseError::Kind::refused);
  const auto wrong = failure(server.uri("postgres", "guest:wrong"));
  CHECK(wrong.first == DatabaseError::Kind::refused);
  CHECK_THAT(wrong.second, Catch::Contains("Check user, password") && !Catch::Contains("wrong"));
  CHECK_NOTHROW(connect(server.uri("postgres", "guest:right"), Access::write, test::kNoDeadline));
  // A role that may not create tables.
  CHECK(failure(server.uri("postgres", "guest:right")).first == DatabaseError::Kind::refused);

  const auto absent = failure("postgresql://app@127.0.0.1:1/postgres");
  CHECK(absent.first == DatabaseError::Kind::unavailable);
  CHECK_THAT(absent.second, Catch::Contains("Check that the server runs"));
}

TEST_CASE("a role that may only insert and read can write to tables that are there") {
  const test::Database database(test::kPostgres);
  audit::prepare_schema(*connect(database.uri(), Access::write, test::kNoDeadline));
  database.run("CREATE USER writer");
  database.run("GRANT SELECT, INSERT ON steg_audit_event, steg_audit_batch TO writer");
  database.run("GRANT SELECT ON steg_audit_schema TO writer");
  std::string uri = database.uri();
  uri.replace(uri.find("app@"), 4, "writer@");
  const auto connection = connect(uri, Access::write, test::kNoDeadline);
  audit::prepare_schema(*connection);
  audit::Heads heads;
  CHECK(test::append(*connection, test::key(), {test::event(1)}, heads).written == 1);
  CHECK_THROWS_AS(connection->run("DELETE FROM steg_audit_event"), DatabaseError);
}

TEST_CASE("a database that cannot store all text is refused") {
  test::sql(test::server().uri(), "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  const auto [kind, text] = failure(test::server().uri("latin"));
  CHECK(kind == DatabaseError::Kind::refused);
  CHECK_THAT(text, Catch::Contains("UTF8"));
}

TEST_CASE("a server that never answers costs no more than the time allowed") {
  const SilentPort port;
  const auto begin = audit::Deadline::Clock::now();
  SECTION("by the URI") {
    const auto [kind, text] = failure(port.uri() + "?connect_timeout=1");
    CHECK(kind == DatabaseError::Kind::unavailable);
    CHECK_THAT(text, Catch::Contains("does not answer in time"));
  }
  SECTION("by the deadline, moved while it waits") {
    audit::Deadline deadline;
    std::thread mover([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
      deadline.set(audit::Deadline::Clock::now());
    });
    CHECK(failure(port.uri() + "?connect_timeout=600", deadline).first == DatabaseError::Kind::unavailable);
    mover.join();
  }
  CHECK(audit::Deadline::Clock::now() - begin < std::chrono::seconds(60));
}

TEST_CASE("a server that is stopped cuts the connection off, and a new one works") {
  const test::Database database(test::kPostgres);
  const auto connection = connect(database.uri(), Access::write, test::kNoDeadline);
  audit::prepare_schema(*connection);
  connection->begin();
  test::Outage outage(test::Outage::Kind::killed);
  try {
    connection->commit();
    FAIL("committed to a dead server");
  } catch (const DatabaseError& error) {
    CHECK(error.kind() == DatabaseError::Kind::unavailable);
  }
  connection->rollback();
  CHECK(failure(database.uri()).first == DatabaseError::Kind::unavailable);
  outage.end();
  CHECK_NOTHROW(audit::prepare_schema(*connect(database.uri(), Access::write, test::kNoDeadline)));
}

TEST_CASE("reading does not write") {
  const test::Database database(GENERATE(as<std::string>(), test::kSqlite, test::kPostgres));
  audit::prepare_schema(*connect(database.uri(), Access::write, test::kNoDeadline));
  const auto connection = connect(database.uri(), Access::read, test::kNoDeadline);
  connection->begin();
  CHECK_THROWS_AS(connection->run("DELETE FROM steg_audit_schema"), DatabaseError);
  connection->rollback();
}
