// The bytes of an SQLite database that holds a log: whoever may write the file needs no SQL.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <set>

#include "audit_query.hpp"
#include "fuzz.hpp"
#include "schema.hpp"
#include "store.hpp"
#include "support.hpp"
#include "temporary_folder.hpp"
#include "verified_records.hpp"
#include "verify_log.hpp"

namespace {

struct Log {
  std::string bytes;
  audit::KnownHeads heads;
  std::set<audit::Row> rows;
};

/// Calls `take` for each row that the chain vouches for; says whether the log is as it was written.
bool walk(const std::string& path, const audit::KnownHeads& heads, const audit::RowSink& take) {
  const auto connection = audit::connect("sqlite:" + path, audit::Access::read, test::kNoDeadline);
  audit::check_schema(*connection);
  return audit::verify_log(*connection, {test::key()}, heads, "", 100, take).intact();
}

Log written() {
  const fuzz::TemporaryFolder folder;
  const std::string path = folder.path() + "/audit.db";
  Log log;
  {
    const auto connection = audit::connect("sqlite:" + path, audit::Access::write, test::kNoDeadline);
    audit::prepare_schema(*connection);
    audit::Heads heads;
    for (const char* stream : {"live", "other"})
      for (std::int64_t record = 1; record <= 6; ++record)
        test::append(*connection, test::key(),
                     {test::event(record, audit::EventKind::open, stream, stream),
                      test::event(record, audit::EventKind::close, stream, stream)},
                     heads);
    for (const auto& [stream, head] : heads) log.heads[stream] = {head};
    connection->run("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  log.bytes = test::read_file(path);
  walk(path, log.heads, [&](const audit::Row& row) { log.rows.insert(row); });
  return log;
}

void open(const std::string& path, const Log& log) {
  std::set<audit::Row> seen;
  try {
    const bool intact = walk(path, log.heads, [&](const audit::Row& row) { seen.insert(row); });
    fuzz::require(!intact || seen == log.rows, "what passes as intact is what was written");
  } catch (const audit::AuditError&) {
    // It says that it cannot be read.
  }
  // An address can be taken out by anybody, which the walk finds only at its end.
  for (audit::Row row : seen) {
    if (log.rows.count(row) != 0) continue;
    fuzz::require(row[audit::kClientIp] == "", "a row that is vouched for was written");
  }
  try {
    audit::find("sqlite:" + path, {});
    audit::issued_ids("sqlite:" + path);
  } catch (const audit::AuditError&) {
    // The same.
  }
}

}  // namespace

fuzz::Target fuzz::database() {
  const auto log = std::make_shared<const Log>(written());
  fuzz::require(log->rows.size() == 24, "the log that was written has its rows");
  return {"database",
          {log->bytes},
          {"live", "other", "open", "close", "id1", "id2", "192.0.2.7", "192.0.2.8", "2026-11-22T11:30Z",
           "CREATE VIEW ", "steg_audit_event", "steg_audit_batch", std::string(8, '\0')},
          log->bytes.size() + 8192,
          [log, folder = std::make_shared<TemporaryFolder>()](const std::string& input) {
            for (const char* end : {"-wal", "-shm", "-journal"})
              std::filesystem::remove(folder->path() + "/audit.db" + end);
            open(folder->write("audit.db", input), *log);
          }};
}
