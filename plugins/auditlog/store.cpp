// SPDX-License-Identifier: LGPL-2.1-or-later
#include "store.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace audit {

namespace {

using Kind = DatabaseError::Kind;

/// Rows of one INSERT: few enough parameters for every database (PostgreSQL 65,535; SQLite 32,766).
constexpr std::size_t kRowsPerInsert = 100;

constexpr const char* kCreate[] = {
    "CREATE TABLE steg_audit_schema (version BIGINT NOT NULL PRIMARY KEY)",
    "CREATE TABLE steg_audit_event ("
    "stream TEXT NOT NULL, "
    "seq BIGINT NOT NULL, "
    "event TEXT NOT NULL, "
    "session TEXT NOT NULL, "
    "record BIGINT NOT NULL, "
    "id TEXT NOT NULL, "
    "client_ip TEXT NOT NULL, "
    "minute TEXT NOT NULL, "
    "first_time TEXT NOT NULL, "
    "last_time TEXT NOT NULL, "
    "first_pts BIGINT, "
    "last_pts BIGINT, "
    "frames_encoded BIGINT NOT NULL, "
    "frames_repeated BIGINT NOT NULL, "
    "frames_residual BIGINT NOT NULL, "
    "key_fingerprint TEXT NOT NULL, "
    "model_fingerprint TEXT NOT NULL, "
    "chain_key TEXT NOT NULL, "
    "previous_hash TEXT NOT NULL, "
    "hash TEXT NOT NULL, "
    "PRIMARY KEY (stream, seq), "
    "UNIQUE (session, record, event))",
    "CREATE INDEX steg_audit_event_id ON steg_audit_event (id, minute)",
    "CREATE INDEX steg_audit_event_minute ON steg_audit_event (minute)",
    // One row for each ID, address, minute and session. first and last are those of the frames known so far.
    "CREATE VIEW steg_audit_record AS "
    "SELECT o.id AS id, o.client_ip AS client_ip, o.minute AS minute, o.stream AS stream, o.session AS session, "
    "MIN(o.first_time) AS first_time, MAX(COALESCE(c.last_time, o.last_time)) AS last_time, "
    "MIN(o.first_pts) AS first_pts, MAX(COALESCE(c.last_pts, o.last_pts)) AS last_pts, "
    "CAST(SUM(COALESCE(c.frames_encoded, 0)) AS BIGINT) AS frames_encoded, "
    "CAST(SUM(COALESCE(c.frames_repeated, 0)) AS BIGINT) AS frames_repeated, "
    "CAST(SUM(COALESCE(c.frames_residual, 0)) AS BIGINT) AS frames_residual, "
    "o.key_fingerprint AS key_fingerprint, o.model_fingerprint AS model_fingerprint, "
    "COUNT(*) AS intervals, CAST(SUM(CASE WHEN c.seq IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS intervals_open "
    "FROM steg_audit_event o LEFT JOIN steg_audit_event c "
    "ON c.session = o.session AND c.record = o.record AND c.event = 'close' "
    "WHERE o.event = 'open' "
    "GROUP BY o.id, o.client_ip, o.minute, o.stream, o.session, o.key_fingerprint, o.model_fingerprint",
    "INSERT INTO steg_audit_schema (version) VALUES (1)",
};
static_assert(kSchemaVersion == 1, "the INSERT above writes the version");

void check_version(const std::vector<Row>& rows) {
  if (rows.size() != 1)
    throw DatabaseError(Kind::refused,
                        "The audit database does not say which version its tables are. Use another database.");
  const std::int64_t version = to_integer(rows[0].at(0));
  if (version == kSchemaVersion) return;
  throw DatabaseError(Kind::refused, "The tables of the audit database are of version " + std::to_string(version) +
                                         "; this gst-steg needs version " + std::to_string(kSchemaVersion) + ". " +
                                         (version > kSchemaVersion ? "Update gst-steg, or use another database."
                                                                   : "Use another database."));
}

/// Ends with a rollback unless it was committed.
class Transaction {
 public:
  explicit Transaction(Connection& connection) : connection_(connection) { connection_.begin(); }
  ~Transaction() {
    if (!committed_) connection_.rollback();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    connection_.commit();
    committed_ = true;
  }

 private:
  Connection& connection_;
  bool committed_ = false;
};

using EventName = std::tuple<std::string, std::int64_t, std::string>;  ///< session, record, kind

std::set<EventName> already_written(Connection& connection, const std::vector<Event>& events) {
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> ranges;
  for (const Event& event : events) {
    const auto [place, added] = ranges.try_emplace(event.session, event.record, event.record);
    auto& [first, last] = place->second;
    if (!added) {
      first = std::min(first, event.record);
      last = std::max(last, event.record);
    }
  }
  std::set<EventName> names;
  for (const auto& [session, range] : ranges) {
    const auto rows =
        connection.run("SELECT record, event FROM steg_audit_event WHERE session = $1 AND record BETWEEN $2 AND $3",
                       {session, std::to_string(range.first), std::to_string(range.second)});
    for (const Row& row : rows) names.emplace(session, to_integer(row.at(0)), row.at(1).value_or(""));
  }
  return names;
}

Head head_in_database(Connection& connection, const std::string& stream) {
  const auto rows =
      connection.run("SELECT seq, hash FROM steg_audit_event WHERE stream = $1 ORDER BY seq DESC LIMIT 1", {stream});
  if (rows.empty()) return {};
  return {to_integer(rows[0].at(0)), rows[0].at(1).value_or("")};
}

void insert(Connection& connection, const std::vector<Row>& rows, std::size_t first, std::size_t count) {
  std::string sql = "INSERT INTO steg_audit_event (";
  for (std::size_t i = 0; i < kColumns; ++i) sql.append(i ? ", " : "").append(kColumnNames[i]);
  sql += ") VALUES ";
  Row parameters;
  for (std::size_t row = 0; row < count; ++row) {
    sql += row ? ", (" : "(";
    for (std::size_t i = 0; i < kColumns; ++i) {
      parameters.push_back(rows[first + row][i]);
      sql.append(i ? ", $" : "$").append(std::to_string(parameters.size()));
    }
    sql += ")";
  }
  connection.run(sql, parameters);
}

}  // namespace

void prepare_schema(Connection& connection) {
  try {
    if (!connection.has_table("steg_audit_schema")) {
      Transaction transaction(connection);
      for (const char* sql : kCreate) connection.run(sql);
      transaction.commit();
    }
  } catch (const DatabaseError&) {
    // Another process may have made the tables between the question and the answer.
    if (!connection.has_table("steg_audit_schema")) throw;
  }
  check_schema(connection);
}

void check_schema(Connection& connection) {
  if (!connection.has_table("steg_audit_schema"))
    throw DatabaseError(Kind::refused, "The database holds no audit log: auditlog has never written to it.");
  check_version(connection.run("SELECT version FROM steg_audit_schema"));
}

Appended append(Connection& connection, const ChainKey& key, const std::vector<Event>& events, Heads& heads) {
  Appended result;
  if (events.empty()) return result;
  Transaction transaction(connection);
  const std::set<EventName> known = already_written(connection, events);
  Heads ends;
  std::vector<Row> rows;
  for (const Event& event : events) {
    if (known.count({event.session, event.record, name(event.kind)}) > 0) {
      result.known += 1;
      continue;
    }
    auto end = ends.find(event.stream);
    if (end == ends.end()) {
      const Head found = head_in_database(connection, event.stream);
      const auto ours = heads.find(event.stream);
      const bool behind = ours != heads.end() && ours->second.seq > found.seq;
      if (behind) result.cut_streams.push_back(event.stream);
      end = ends.emplace(event.stream, behind ? ours->second : found).first;
    }
    rows.push_back(chain(event, key, end->second));
  }
  for (std::size_t first = 0; first < rows.size(); first += kRowsPerInsert)
    insert(connection, rows, first, std::min(kRowsPerInsert, rows.size() - first));
  transaction.commit();
  result.written = rows.size();
  for (const auto& [stream, end] : ends) heads[stream] = end;
  return result;
}

}  // namespace audit
