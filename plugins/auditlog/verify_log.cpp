// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verify_log.hpp"

#include <algorithm>
#include <numeric>
#include <set>

#include "schema.hpp"
#include "store.hpp"
#include "transaction.hpp"

namespace audit {

bool LogReport::intact() const {
  return findings.empty() &&
         std::all_of(streams.begin(), streams.end(), [](const auto& item) { return item.second.intact(); });
}

std::int64_t LogReport::rows() const {
  return std::accumulate(streams.begin(), streams.end(), std::int64_t{0},
                         [](std::int64_t sum, const auto& item) { return sum + item.second.rows; });
}

namespace {

/// Counted without an index, and without the walk: what the walk does not see is found by its number at least.
std::int64_t count_rows(Connection& connection, const std::string& stream) {
  const bool sqlite = connection.dialect() == Dialect::sqlite;
  std::string sql = std::string("SELECT COUNT(*) FROM steg_audit_event") + (sqlite ? " NOT INDEXED" : "");
  Row parameters;
  if (!stream.empty()) {
    sql += " WHERE stream = $1";
    parameters.emplace_back(stream);
  }
  return to_integer(connection.run(sql, parameters).at(0).at(0));
}

/// SQLite finds rows by indexes that anyone who writes to the file can falsify: it compares them with the tables here.
void check_file(Connection& connection, std::vector<std::string>& findings) {
  if (connection.dialect() != Dialect::sqlite) return;
  for (const Row& row : connection.run("PRAGMA integrity_check(10)"))
    if (row.at(0) != "ok") findings.push_back("SQLite finds the file damaged: " + row.at(0).value_or("") + ".");
}

std::set<std::string> names_of(Connection& connection, const KnownHeads& known, const std::string& stream) {
  if (!stream.empty()) return {stream};
  std::set<std::string> names;
  for (const std::string& name : streams(connection))
    if (!is_foreign(name)) names.insert(name);
  // Streams that only the notes know of were removed as a whole.
  for (const auto& [name, heads] : known) names.insert(name);
  return names;
}

}  // namespace

LogReport verify_log(Connection& connection, const std::vector<ChainKey>& keys, const KnownHeads& known,
                     const std::string& stream, std::size_t most, const RowSink& genuine) {
  // What is counted, walked and shown is of the same moment.
  Transaction transaction(connection);
  if (connection.dialect() == Dialect::postgres) connection.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
  LogReport report;
  report.findings = schema_findings(connection);
  check_file(connection, report.findings);
  bool complete = true;
  for (const std::string& name : names_of(connection, known, stream)) {
    const auto noted = known.find(name);
    std::vector<Head> ends = noted == known.end() ? std::vector<Head>() : noted->second;
    try {
      for (const auto& [of, end] : heads_in_database(connection, {name})) ends.push_back(end.head);
    } catch (const DatabaseError& error) {
      if (error.kind() != DatabaseError::Kind::refused) throw;
      report.findings.emplace_back(error.what());
    }
    const ChainReport& chain = report.streams[name] = walk_chain(connection, name, keys, ends, most, genuine);
    complete = complete && (genuine || chain.findings.size() < most);
  }
  const std::int64_t rows = count_rows(connection, stream);
  if (complete && rows != report.rows())
    report.findings.push_back("steg_audit_event has " + std::to_string(rows) + " rows, but the chains have " +
                              std::to_string(report.rows()) + ": the others belong to no stream.");
  transaction.commit();
  return report;
}

}  // namespace audit
