// SPDX-License-Identifier: LGPL-2.1-or-later
#include <cstdio>

#include "commands.hpp"
#include "common_options.hpp"
#include "plugins/auditlog/connection.hpp"
#include "plugins/auditlog/schema.hpp"

namespace auditor {

namespace {

constexpr char kMigrateAbout[] =
    "Makes the tables of the log, or brings those of an earlier version up to date, and prepares the months to come.\n"
    "Run it as the owner of the database before auditlog writes there with a role that may only insert, and then once "
    "a\n"
    "month. Nothing is lost if it is forgotten: rows of months without a partition of their own go to the partition\n"
    "steg_audit_event_other, and move when their month is added.";
constexpr char kMigrateMore[] =
    "With --no-partitions one plain table is used: for databases that speak PostgreSQL's protocol but cannot partition "
    "a\n"
    "table by PostgreSQL's syntax. Tables of the other kind are rewritten, which takes as long as copying them, and\n"
    "loses what was granted on steg_audit_event.\n\n"
    "Examples:\n"
    "  steg-audit migrate --database postgresql://owner@db/steg_audit\n"
    "  steg-audit migrate --database postgresql://owner@db/steg_audit --months 12";

}  // namespace

int migrate(int argc, char** argv) {
  DatabaseOption database;
  bool no_partitions = false;
  std::int64_t months = 12;
  Options options("", kMigrateAbout, kMigrateMore);
  database.add(options);
  options.flag(0, "no-partitions", no_partitions, "one plain table instead of one for each month (PostgreSQL)");
  options.number('m', "months", months, "prepare this month and those after it, so many in all (default: 12)", "N");
  options.parse(argc, argv);
  if (months < 1 || months > 1200) throw UsageError("--months must be 1 to 1200");
  const audit::Deadline deadline;
  const auto connection = audit::connect(
      database.uri, audit::sqlite_path(database.uri).empty() ? audit::Access::maintain : audit::Access::write,
      deadline);
  const audit::Migration done = audit::migrate(
      *connection, no_partitions ? audit::Layout::plain : audit::Layout::months, static_cast<int>(months));
  const int version = audit::schema_version(*connection);
  if (done.from_version == 0)
    std::printf("The tables were made, version %d.\n", version);
  else if (done.from_version == version)
    std::printf("The tables are of version %d.\n", version);
  else
    std::printf("The tables were brought from version %d to %d.\n", done.from_version, version);
  if (done.partitioned) std::printf("%d months were added.\n", done.partitions);
  return kGood;
}

}  // namespace auditor
