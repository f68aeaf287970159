// SPDX-License-Identifier: LGPL-2.1-or-later
#include "schema.hpp"

#include <string_view>

#include "partitions.hpp"
#include "text.hpp"
#include "transaction.hpp"

namespace audit {

const char* const kRecords =
    "SELECT o.id AS id, o.client_ip AS client_ip, o.minute AS minute, o.stream AS stream, o.session AS session, "
    "MIN(o.first_time) AS first_time, MAX(COALESCE(c.last_time, o.last_time)) AS last_time, "
    "MIN(o.first_pts) AS first_pts, MAX(COALESCE(c.last_pts, o.last_pts)) AS last_pts, "
    "CAST(SUM(COALESCE(c.frames_encoded, 0)) AS BIGINT) AS frames_encoded, "
    "CAST(SUM(COALESCE(c.frames_repeated, 0)) AS BIGINT) AS frames_repeated, "
    "CAST(SUM(COALESCE(c.frames_residual, 0)) AS BIGINT) AS frames_residual, "
    "o.key_fingerprint AS key_fingerprint, o.model_fingerprint AS model_fingerprint, "
    "COUNT(*) AS intervals, CAST(SUM(CASE WHEN c.seq IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS intervals_open, "
    "MAX(CASE WHEN o.client_ip_proof IS NOT NULL AND o.client_ip_salt IS NULL THEN 1 ELSE 0 END) AS client_ip_removed "
    "FROM steg_audit_event o LEFT JOIN steg_audit_event c "
    "ON c.session = o.session AND c.record = o.record AND c.event = 'close' AND c.minute = o.minute AND c.stream = "
    "o.stream "
    "WHERE o.event = 'open' "
    "GROUP BY o.id, o.client_ip, o.minute, o.stream, o.session, o.key_fingerprint, o.model_fingerprint";

namespace {

using Kind = DatabaseError::Kind;

/// How many months prepare_schema() looks ahead.
constexpr int kMonthsAhead = 3;

constexpr char kSchemaTable[] = "CREATE TABLE steg_audit_schema (version BIGINT NOT NULL PRIMARY KEY)";

/// Where the chain of a stream ended after each transaction. Its key is what keeps two writers from adding to the same
/// end, also where partitions allow no key of (stream, seq) alone; and the end is found here without looking at all of
/// them.
constexpr char kBatchTable[] =
    "CREATE TABLE steg_audit_batch (stream TEXT NOT NULL, first_seq BIGINT NOT NULL, last_seq BIGINT NOT NULL, "
    "minute TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (stream, first_seq))";

constexpr const char* kIndexes[] = {
    "CREATE INDEX steg_audit_event_id ON steg_audit_event (id, minute)",
    "CREATE INDEX steg_audit_event_client_ip ON steg_audit_event (client_ip, minute)",
    "CREATE INDEX steg_audit_event_minute ON steg_audit_event (minute)",
};

std::string event_table(bool partitioned) {
  const std::string collation = partitioned ? " COLLATE \"C\"" : "";
  // A key of a partitioned table must hold the column that the partitions are made by.
  const std::string minute = partitioned ? ", minute" : "";
  return "CREATE TABLE steg_audit_event ("
         "stream TEXT NOT NULL, "
         "seq BIGINT NOT NULL, "
         "event TEXT NOT NULL, "
         "session TEXT NOT NULL, "
         "record BIGINT NOT NULL, "
         "id TEXT NOT NULL, "
         "client_ip TEXT NOT NULL, "
         "minute TEXT" +
         collation +
         " NOT NULL, "
         "first_time TEXT NOT NULL, "
         "last_time TEXT NOT NULL, "
         "first_pts BIGINT, "
         "last_pts BIGINT, "
         "frames_encoded BIGINT NOT NULL, "
         "frames_repeated BIGINT NOT NULL, "
         "frames_residual BIGINT NOT NULL, "
         "key_fingerprint TEXT NOT NULL, "
         "model_fingerprint TEXT NOT NULL, "
         "client_ip_salt TEXT, "
         "client_ip_proof TEXT, "
         "through_seq BIGINT, "
         "through_hash TEXT, "
         "chain_key TEXT NOT NULL, "
         "previous_hash TEXT NOT NULL, "
         "hash TEXT NOT NULL, "
         "PRIMARY KEY (stream, seq" +
         minute + "), UNIQUE (session, record, event" + minute + "))" +
         (partitioned ? " PARTITION BY RANGE (minute)" : "");
}

void create_event_table(Connection& connection, bool partitioned) {
  connection.run(event_table(partitioned));
  if (partitioned)
    connection.run(std::string("CREATE TABLE ") + kOtherPartition + " PARTITION OF steg_audit_event DEFAULT");
}

void create_indexes_and_view(Connection& connection) {
  for (const char* sql : kIndexes) connection.run(sql);
  connection.run(std::string("CREATE VIEW steg_audit_record AS ") + kRecords);
}

std::string this_minute() { return utc_minute(minute_number(system_time())); }

void create(Connection& connection, bool partitioned) {
  Transaction transaction(connection);
  connection.run(kSchemaTable);
  create_event_table(connection, partitioned);
  connection.run(kBatchTable);
  create_indexes_and_view(connection);
  if (partitioned) add_partitions(connection, this_minute(), kMonthsAhead);
  connection.run("INSERT INTO steg_audit_schema (version) VALUES (" + std::to_string(kSchemaVersion) + ")");
  transaction.commit();
}

void upgrade_from_1(Connection& connection) {
  Transaction transaction(connection);
  connection.run("DROP VIEW steg_audit_record");
  for (const char* column : {"client_ip_salt TEXT", "client_ip_proof TEXT", "through_seq BIGINT", "through_hash TEXT"})
    connection.run(std::string("ALTER TABLE steg_audit_event ADD COLUMN ") + column);
  connection.run(kBatchTable);
  connection.run(
      "INSERT INTO steg_audit_batch (stream, first_seq, last_seq, minute, hash) "
      "SELECT e.stream, m.first_seq, m.last_seq, e.minute, e.hash FROM (SELECT stream, MIN(seq) AS first_seq, MAX(seq) "
      "AS last_seq FROM steg_audit_event GROUP BY stream) m JOIN steg_audit_event e ON e.stream = m.stream AND e.seq = "
      "m.last_seq");
  connection.run(kIndexes[1]);
  connection.run(std::string("CREATE VIEW steg_audit_record AS ") + kRecords);
  connection.run("UPDATE steg_audit_schema SET version = 2");
  transaction.commit();
}
static_assert(kSchemaVersion == 2, "there is an upgrade to each version");

/// Rewrites the event table in the other layout.
void rewrite(Connection& connection, bool partitioned) {
  std::string columns;
  for (std::size_t i = 0; i < kColumns; ++i) columns.append(i ? ", " : "").append(kColumnNames[i]);
  Transaction transaction(connection);
  connection.run("LOCK TABLE steg_audit_event IN ACCESS EXCLUSIVE MODE");
  const auto range = connection.run("SELECT MIN(minute), MAX(minute) FROM steg_audit_event").at(0);
  connection.run("DROP VIEW steg_audit_record");
  for (const char* index : {"steg_audit_event_id", "steg_audit_event_client_ip", "steg_audit_event_minute"})
    connection.run(std::string("DROP INDEX ") + index);
  for (const Partition& part : partitions(connection)) {
    connection.run("ALTER TABLE steg_audit_event DETACH PARTITION " + part.name);
    connection.run("ALTER TABLE " + part.name + " RENAME TO old_" + part.name);
  }
  const auto old = connection.run(
      "SELECT relname FROM pg_catalog.pg_class WHERE relname LIKE 'old\\_steg\\_audit\\_event\\_%' AND relkind = 'r' "
      "AND pg_catalog.pg_table_is_visible(oid)");
  connection.run("ALTER TABLE steg_audit_event RENAME TO old_steg_audit_event");
  create_event_table(connection, partitioned);
  if (partitioned) {
    const std::string last = range[1].value_or(this_minute());
    for (std::string month = range[0].value_or(this_minute()); month <= last; month = next_month(month))
      add_partitions(connection, month, 1);
  }
  const auto take = [&](const std::string& table) {
    connection.run("INSERT INTO steg_audit_event (" + columns + ") SELECT " + columns + " FROM " + table);
    connection.run("DROP TABLE " + table);
  };
  take("old_steg_audit_event");
  for (const Row& row : old) take(row.at(0).value_or(""));
  create_indexes_and_view(connection);
  transaction.commit();
}

/// 0 if there are no tables.
std::int64_t version(Connection& connection) {
  if (!connection.has_table("steg_audit_schema")) return 0;
  const auto rows = connection.run("SELECT version FROM steg_audit_schema");
  if (rows.size() != 1)
    throw DatabaseError(Kind::refused,
                        "The audit database does not say which version its tables are. Use another database.");
  return to_integer(rows[0].at(0));
}

/// Makes the tables, or brings them up to this version. Returns the version that was there.
std::int64_t make_current(Connection& connection, bool partitioned) {
  const std::int64_t before = version(connection);
  try {
    if (before == 0) create(connection, partitioned);
    if (before == 1) upgrade_from_1(connection);
  } catch (const DatabaseError& error) {
    // Another process may have done it between the question and the answer.
    if (version(connection) == before) {
      if (error.kind() != Kind::refused) throw;
      throw DatabaseError(Kind::refused, std::string(error.what()) +
                                             " Let the owner of the database run steg-audit "
                                             "migrate once: it makes the tables, or brings "
                                             "those of an earlier version up to date.");
    }
  }
  check_schema(connection);
  return before;
}

int add_months(Connection& connection, int months) {
  Transaction transaction(connection);
  const int added = add_partitions(connection, this_minute(), months);
  transaction.commit();
  return added;
}

}  // namespace

void prepare_schema(Connection& connection, Layout layout) {
  make_current(connection, layout == Layout::months && connection.dialect() == Dialect::postgres);
  if (!is_partitioned(connection)) return;
  try {
    add_months(connection, kMonthsAhead);
  } catch (const DatabaseError& error) {
    // A user that may only insert, or another that is adding them: the rows have a place in any case.
    if (error.kind() == Kind::unavailable) throw;
  }
}

void check_schema(Connection& connection) {
  const std::int64_t found = version(connection);
  if (found == kSchemaVersion) return;
  if (found == 0)
    throw DatabaseError(Kind::refused, "The database holds no audit log: auditlog has never written to it.");
  throw DatabaseError(Kind::refused, "The tables of the audit database are of version " + std::to_string(found) +
                                         "; this gst-steg needs version " + std::to_string(kSchemaVersion) + ". " +
                                         (found > kSchemaVersion ? "Update gst-steg, or use another database."
                                                                 : "Run steg-audit migrate."));
}

Migration migrate(Connection& connection, Layout layout, int months) {
  const bool partitioned = layout == Layout::months && connection.dialect() == Dialect::postgres;
  Migration result;
  result.from_version = static_cast<int>(make_current(connection, partitioned));
  if (connection.dialect() == Dialect::postgres && is_partitioned(connection) != partitioned)
    rewrite(connection, partitioned);
  if (partitioned) result.partitions = add_months(connection, months);
  result.partitioned = partitioned;
  return result;
}

}  // namespace audit
