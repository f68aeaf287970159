// SPDX-License-Identifier: LGPL-2.1-or-later
#include "schema.hpp"

#include <algorithm>
#include <functional>
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

/// SQLite's names of types, where a table is STRICT.
struct Types {
  const char* number;
  const char* end;  ///< of the statement
};
constexpr Types kSqliteTypes{"INTEGER", " STRICT"};
constexpr Types kOtherTypes{"BIGINT", ""};

const Types& types_of(const Connection& connection) {
  return connection.dialect() == Dialect::sqlite ? kSqliteTypes : kOtherTypes;
}

std::string schema_table(const Types& types) {
  return std::string("CREATE TABLE steg_audit_schema (version ") + types.number + " NOT NULL PRIMARY KEY)" + types.end;
}

/// Where the chain of a stream ended after each transaction. Its key is what keeps two writers from adding to the same
/// end, also where partitions allow no key of (stream, seq) alone; and the end is found here without looking at all of
/// them.
std::string batch_table(const Types& types) {
  const std::string number = types.number;
  return "CREATE TABLE steg_audit_batch (stream TEXT NOT NULL, first_seq " + number + " NOT NULL, last_seq " + number +
         " NOT NULL, minute TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (stream, first_seq))" + types.end;
}

struct NamedSql {
  const char* name;
  const char* sql;
};
constexpr NamedSql kIndexes[] = {
    {"steg_audit_event_id", "CREATE INDEX steg_audit_event_id ON steg_audit_event (id, minute)"},
    {"steg_audit_event_client_ip", "CREATE INDEX steg_audit_event_client_ip ON steg_audit_event (client_ip, minute)"},
    {"steg_audit_event_minute", "CREATE INDEX steg_audit_event_minute ON steg_audit_event (minute)"},
};

std::string record_view() { return std::string("CREATE VIEW steg_audit_record AS ") + kRecords; }

bool is_number(std::size_t column) {
  switch (column) {
    case kSeq:
    case kRecord:
    case kFirstPts:
    case kLastPts:
    case kEncoded:
    case kRepeated:
    case kResidual:
    case kThroughSeq:
      return true;
    default:
      return false;
  }
}

std::string event_table(const Types& types, bool partitioned) {
  const std::string collation = partitioned ? " COLLATE \"C\"" : "";
  // A key of a partitioned table must hold the column that the partitions are made by.
  const std::string minute = partitioned ? ", minute" : "";
  const std::string number = types.number;
  return "CREATE TABLE steg_audit_event ("
         "stream TEXT NOT NULL, "
         "seq " +
         number +
         " NOT NULL, "
         "event TEXT NOT NULL, "
         "session TEXT NOT NULL, "
         "record " +
         number +
         " NOT NULL, "
         "id TEXT NOT NULL, "
         "client_ip TEXT NOT NULL, "
         "minute TEXT" +
         collation +
         " NOT NULL, "
         "first_time TEXT NOT NULL, "
         "last_time TEXT NOT NULL, "
         "first_pts " +
         number +
         ", "
         "last_pts " +
         number +
         ", "
         "frames_encoded " +
         number +
         " NOT NULL, "
         "frames_repeated " +
         number +
         " NOT NULL, "
         "frames_residual " +
         number +
         " NOT NULL, "
         "key_fingerprint TEXT NOT NULL, "
         "model_fingerprint TEXT NOT NULL, "
         "client_ip_salt TEXT, "
         "client_ip_proof TEXT, "
         "through_seq " +
         number +
         ", "
         "through_hash TEXT, "
         "chain_key TEXT NOT NULL, "
         "previous_hash TEXT NOT NULL, "
         "hash TEXT NOT NULL, "
         "PRIMARY KEY (stream, seq" +
         minute + "), UNIQUE (session, record, event" + minute + "))" + types.end +
         (partitioned ? " PARTITION BY RANGE (minute)" : "");
}

void create_event_table(Connection& connection, bool partitioned) {
  connection.run(event_table(types_of(connection), partitioned));
  if (partitioned)
    connection.run(std::string("CREATE TABLE ") + kOtherPartition + " PARTITION OF steg_audit_event DEFAULT");
}

void create_indexes_and_view(Connection& connection) {
  for (const NamedSql& index : kIndexes) connection.run(index.sql);
  connection.run(record_view());
}

std::string this_minute() { return utc_minute(minute_number(system_time())); }

void create(Connection& connection, bool partitioned) {
  Transaction transaction(connection);
  connection.run(schema_table(types_of(connection)));
  create_event_table(connection, partitioned);
  connection.run(batch_table(types_of(connection)));
  create_indexes_and_view(connection);
  if (partitioned) add_partitions(connection, this_minute(), kMonthsAhead);
  connection.run("INSERT INTO steg_audit_schema (version) VALUES (" + std::to_string(schema_version(connection)) + ")");
  transaction.commit();
}

void upgrade_from_1(Connection& connection) {
  Transaction transaction(connection);
  connection.run("DROP VIEW steg_audit_record");
  for (const char* column : {"client_ip_salt TEXT", "client_ip_proof TEXT", "through_seq BIGINT", "through_hash TEXT"})
    connection.run(std::string("ALTER TABLE steg_audit_event ADD COLUMN ") + column);
  connection.run(batch_table(kOtherTypes));
  connection.run(
      "INSERT INTO steg_audit_batch (stream, first_seq, last_seq, minute, hash) "
      "SELECT e.stream, m.first_seq, m.last_seq, e.minute, e.hash FROM (SELECT stream, MIN(seq) AS first_seq, MAX(seq) "
      "AS last_seq FROM steg_audit_event GROUP BY stream) m JOIN steg_audit_event e ON e.stream = m.stream AND e.seq = "
      "m.last_seq");
  connection.run(kIndexes[1].sql);
  connection.run(record_view());
  connection.run("UPDATE steg_audit_schema SET version = 2");
  transaction.commit();
}

std::string event_columns(const std::function<std::string(std::size_t)>& text) {
  std::string columns;
  for (std::size_t i = 0; i < kColumns; ++i) columns.append(i ? ", " : "").append(text(i));
  return columns;
}
std::string event_columns() {
  return event_columns([](std::size_t i) { return std::string(kColumnNames[i]); });
}

/// SQLite's tables become STRICT. What somebody stored as another type becomes what its column says: then it is the
/// value that was written, or the chain shows that it is not.
void upgrade_from_2(Connection& connection) {
  const auto rewrite = [&](const std::string& table, const std::string& create, const std::string& columns,
                           const std::string& values) {
    connection.run("ALTER TABLE " + table + " RENAME TO old_" + table);
    connection.run(create);
    connection.run("INSERT INTO " + table + " (" + columns + ") SELECT " + values + " FROM old_" + table);
    connection.run("DROP TABLE old_" + table);
  };
  // So that addresses that are removed later are not left in the pages of the old tables.
  connection.run("PRAGMA secure_delete=ON");
  Transaction transaction(connection);
  connection.run("DROP VIEW IF EXISTS steg_audit_record");
  for (const NamedSql& index : kIndexes) connection.run(std::string("DROP INDEX IF EXISTS ") + index.name);
  try {
    rewrite("steg_audit_event", event_table(kSqliteTypes, false), event_columns(), event_columns([](std::size_t i) {
              return std::string("CAST(") + kColumnNames[i] + (is_number(i) ? " AS INTEGER)" : " AS TEXT)");
            }));
    rewrite("steg_audit_batch", batch_table(kSqliteTypes), "stream, first_seq, last_seq, minute, hash",
            "CAST(stream AS TEXT), CAST(first_seq AS INTEGER), CAST(last_seq AS INTEGER), CAST(minute AS TEXT), "
            "CAST(hash AS TEXT)");
  } catch (const DatabaseError& error) {
    if (error.kind() != Kind::conflict) throw;
    throw DatabaseError(Kind::refused,
                        std::string("The tables of the audit database hold rows that auditlog cannot have written, so "
                                    "they stay as they are. Keep the file as evidence, and use another one. ") +
                            error.what());
  }
  rewrite("steg_audit_schema", schema_table(kSqliteTypes), "version", "3");
  create_indexes_and_view(connection);
  transaction.commit();
  connection.run("PRAGMA secure_delete=OFF");
}

/// Rewrites the event table in the other layout.
void rewrite(Connection& connection, bool partitioned) {
  const std::string columns = event_columns();
  Transaction transaction(connection);
  connection.run("LOCK TABLE steg_audit_event IN ACCESS EXCLUSIVE MODE");
  const auto range = connection.run("SELECT MIN(minute), MAX(minute) FROM steg_audit_event").at(0);
  connection.run("DROP VIEW steg_audit_record");
  for (const NamedSql& index : kIndexes) connection.run(std::string("DROP INDEX ") + index.name);
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
    if (before > 0 && before < 3 && connection.dialect() == Dialect::sqlite) upgrade_from_2(connection);
  } catch (const DatabaseError& error) {
    // Another process may have done it between the question and the answer.
    if (version(connection) != schema_version(connection)) {
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

/// Sentences about a table of PostgreSQL: it must be a plain one, of plain partitions, that shows all its rows to
/// everybody.
std::string postgres_table_finding(Connection& connection, const std::string& table,
                                   const std::vector<std::string>& numbers, const std::vector<std::string>& texts) {
  const auto self = connection.run(
      "SELECT c.oid, c.relkind, c.relrowsecurity, (SELECT COUNT(*) FROM pg_catalog.pg_rewrite r WHERE r.ev_class = "
      "c.oid) FROM pg_catalog.pg_class c WHERE c.relname = $1 AND pg_catalog.pg_table_is_visible(c.oid)",
      {table});
  if (self.size() != 1) return table + " is missing.";
  const Row& row = self[0];
  if (row.at(1) != "r" && row.at(1) != "p") return table + " was altered: it is no table.";
  if (row.at(2) != "f") return table + " was altered: row-level security hides rows.";
  if (row.at(3) != "0") return table + " was altered: a rule rewrites what is asked.";
  const auto parts = connection.run(
      "WITH RECURSIVE part AS (SELECT inhrelid FROM pg_catalog.pg_inherits WHERE inhparent = $1::pg_catalog.oid UNION "
      "ALL SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN part ON i.inhparent = part.inhrelid) SELECT c.relname "
      "FROM part JOIN pg_catalog.pg_class c ON c.oid = part.inhrelid WHERE c.relkind NOT IN ('r', 'p')",
      {row.at(0)});
  if (!parts.empty()) return table + " was altered: its partition " + parts[0].at(0).value_or("") + " is no table.";
  // 25 and 20 are text and bigint in every server.
  const auto columns = connection.run(
      "SELECT a.attname, a.atttypid, a.attgenerated = '' AND COALESCE(l.collisdeterministic, true) FROM "
      "pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation WHERE a.attrelid = "
      "$1::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped",
      {row.at(0)});
  const auto is_there = [&](const std::string& name, const char* type) {
    return std::find(columns.begin(), columns.end(), Row{name, type, "t"}) != columns.end();
  };
  for (const std::string& name : texts)
    if (!is_there(name, "25")) return table + " was altered: its column " + name + " is not the text it was made as.";
  for (const std::string& name : numbers)
    if (!is_there(name, "20")) return table + " was altered: its column " + name + " is not the bigint it was made as.";
  return {};
}

std::vector<std::string> postgres_findings(Connection& connection) {
  // First, and without an operator: those of another schema would answer the other questions.
  const std::string path = connection.run("SELECT pg_catalog.array_to_string(pg_catalog.current_schemas(true), ' ')")
                               .at(0)
                               .at(0)
                               .value_or("");
  std::string_view first = path;
  if (first.substr(0, 8) == "pg_temp_") first.remove_prefix(std::min(first.size(), first.find(' ') + 1));
  if (first.substr(0, first.find(' ')) != "pg_catalog")
    return {"search_path puts other functions and operators in front of PostgreSQL's own: " + path + "."};
  std::vector<std::string> numbers;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < kColumns; ++i) (is_number(i) ? numbers : texts).emplace_back(kColumnNames[i]);
  std::vector<std::string> findings{
      postgres_table_finding(connection, "steg_audit_event", numbers, texts),
      postgres_table_finding(connection, "steg_audit_batch", {"first_seq", "last_seq"}, {"stream", "minute", "hash"}),
      postgres_table_finding(connection, "steg_audit_schema", {"version"}, {})};
  findings.erase(std::remove(findings.begin(), findings.end(), std::string()), findings.end());
  return findings;
}

int add_months(Connection& connection, int months) {
  Transaction transaction(connection);
  const int added = add_partitions(connection, this_minute(), months);
  transaction.commit();
  return added;
}

}  // namespace

int schema_version(const Connection& connection) { return connection.dialect() == Dialect::sqlite ? 3 : 2; }

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

std::vector<std::string> schema_findings(Connection& connection) {
  if (connection.dialect() == Dialect::postgres) return postgres_findings(connection);
  std::vector<std::string> findings;
  for (const auto& [name, sql] : std::initializer_list<std::pair<const char*, std::string>>{
           {"steg_audit_event", event_table(kSqliteTypes, false)},
           {"steg_audit_batch", batch_table(kSqliteTypes)},
           {"steg_audit_schema", schema_table(kSqliteTypes)},
           {"steg_audit_record", record_view()}}) {
    const auto found = connection.run("SELECT sql FROM sqlite_master WHERE name = $1", {name});
    if (found.size() == 1 && found[0].at(0) == sql) continue;
    findings.push_back(std::string(name) +
                       (found.empty() ? " is missing." : " was altered: it is not as it was made."));
  }
  return findings;
}

void check_tables(Connection& connection) {
  check_schema(connection);
  const auto findings = schema_findings(connection);
  if (!findings.empty())
    throw DatabaseError(Kind::refused, "The tables of the audit log are not as they were made. " + findings[0] +
                                           " What is shown of them may be false: see steg-audit verify.");
}

void check_schema(Connection& connection) {
  const std::int64_t found = version(connection);
  const int current = schema_version(connection);
  if (found == current) return;
  if (found == 0)
    throw DatabaseError(Kind::refused, "The database holds no audit log: auditlog has never written to it.");
  throw DatabaseError(Kind::refused,
                      "The tables of the audit database are of version " + std::to_string(found) +
                          "; this gst-steg needs version " + std::to_string(current) + ". " +
                          (found > current ? "Update gst-steg, or use another database." : "Run steg-audit migrate."));
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
