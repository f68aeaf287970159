// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verify_chain.hpp"

#include <algorithm>

#include "schema.hpp"

namespace audit {

namespace {

constexpr std::size_t kPageRows = 5000;

/// Gives rows from number `first` on to the walk, until it is full, `most` were read or there are no more.
void walk_rows(Connection& connection, const std::string& stream, std::int64_t first, std::size_t most,
               ChainWalk& walk) {
  std::string sql = "SELECT ";
  for (std::size_t i = 0; i < kColumns; ++i) sql.append(i ? ", " : "").append(kColumnNames[i]);
  // The minute too, because a number that is there twice may be at the end of a page.
  sql += " FROM steg_audit_event WHERE stream = $1 AND (seq, minute) > ($2, $3) ORDER BY seq, minute LIMIT " +
         std::to_string(std::min(kPageRows, most));
  std::string seq = std::to_string(first);
  std::string minute;
  for (std::size_t read = 0; read < most && !walk.full();) {
    const auto rows = connection.run(sql, {stream, seq, minute});
    if (rows.empty()) break;
    for (const Row& row : rows) walk.row(row);
    seq = rows.back().at(kSeq).value_or("");
    minute = rows.back().at(kMinute).value_or("");
    read += rows.size();
  }
}

}  // namespace

ChainReport verify_chain(Connection& connection, const std::string& stream, const std::vector<ChainKey>& keys,
                         const std::vector<Head>& known, std::size_t most) {
  ChainWalk walk(keys, known, most);
  // Numbers before the first are as bad as gaps: begin below any.
  walk_rows(connection, stream, INT64_MIN, SIZE_MAX, walk);
  return walk.finish();
}

ChainReport verify_chain(const std::string& database_uri, const std::string& stream, const std::vector<ChainKey>& keys,
                         const std::vector<Head>& known, std::size_t most) {
  const Deadline deadline;
  const auto connection = connect(database_uri, Access::read, deadline);
  check_schema(*connection);
  return verify_chain(*connection, stream, keys, known, most);
}

ChainReport verify_after(Connection& connection, const std::string& stream, const std::vector<ChainKey>& keys,
                         const Head& after, std::size_t rows) {
  ChainWalk walk(keys, {}, 10, after);
  walk_rows(connection, stream, after.seq + 1, rows, walk);
  return walk.finish();
}

std::vector<std::string> streams(const std::string& database_uri) {
  const Deadline deadline;
  const auto connection = connect(database_uri, Access::read, deadline);
  check_schema(*connection);
  return streams(*connection);
}

std::vector<std::string> streams(Connection& connection) {
  std::vector<std::string> names;
  for (const Row& row : connection.run("SELECT DISTINCT stream FROM steg_audit_batch UNION SELECT DISTINCT stream FROM "
                                       "steg_audit_event ORDER BY stream"))
    names.push_back(row.at(0).value_or(""));
  return names;
}

}  // namespace audit
