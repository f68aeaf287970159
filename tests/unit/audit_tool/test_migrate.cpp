// steg-audit migrate.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "tool.hpp"
#include "version_1.hpp"

using Catch::Contains;
using test::Database;
using test::steg_audit;

TEST_CASE("migrate makes the tables, and says what it found the next time") {
  const std::string kind = GENERATE(as<std::string>(), test::kSqlite, test::kPostgres);
  const Database database(kind);
  const std::string version = kind == test::kSqlite ? "3" : "2";
  const auto migrate = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"migrate", "--database", database.uri()});
    return steg_audit(more);
  };
  CHECK_THAT(migrate({}).out, Contains("The tables were made, version " + version + "."));
  const auto again = migrate({"--months", "14"});
  CHECK(again.status == 0);
  CHECK_THAT(again.out, Contains("The tables are of version " + version + "."));
  if (kind == test::kPostgres) {
    CHECK_THAT(again.out, Contains("2 months were added."));
    CHECK_THAT(migrate({"--no-partitions"}).out, !Contains("months"));
    CHECK(database.count("pg_partitioned_table") == 0);
  }
  CHECK(migrate({"--months", "0"}).status == 2);
  database.run("UPDATE steg_audit_schema SET version = 4");
  const auto later = migrate({});
  CHECK(later.status == 2);
  CHECK_THAT(later.err, Contains("Update gst-steg"));
}

TEST_CASE("migrate brings an older log up to date, which stays verifiable") {
  const std::string kind = GENERATE(as<std::string>(), test::kSqlite, test::kPostgres);
  const Database database(kind);
  const test::Folder folder;
  test::write_file(folder / "key", std::string(64, '7') + '\n');
  test::make_version_1(database.uri(), audit::chain_key(steg::Key::from_file(folder / "key")), 5);
  const std::vector<std::string> verify{"verify", "--database", database.uri(), "--key-file", folder / "key"};
  CHECK_THAT(steg_audit(verify).err, Contains("Run steg-audit migrate"));
  CHECK_THAT(steg_audit({"migrate", "--database", database.uri()}).out,
             Contains(kind == test::kSqlite ? "from version 1 to 3" : "from version 1 to 2"));
  CHECK(steg_audit(verify).status == 0);
}
