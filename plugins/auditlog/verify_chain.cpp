// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verify_chain.hpp"

#include "schema.hpp"
#include "transaction.hpp"

namespace audit {

namespace {

std::string select_rows() {
  std::string sql = "SELECT ";
  for (std::size_t i = 0; i < kColumns; ++i) sql.append(i ? ", " : "").append(kColumnNames[i]);
  return sql + " FROM steg_audit_event WHERE stream = $1";
}

}  // namespace

ChainReport walk_chain(Connection& connection, const std::string& stream, const std::vector<ChainKey>& keys,
                       const std::vector<Head>& known, std::size_t most, const RowSink& genuine) {
  ChainWalk walk(keys, known, most);
  // All rows of the stream, whatever their numbers: what is left out here could still be shown.
  connection.each(select_rows() + " ORDER BY seq", {stream}, [&](const Row& row) {
    if (walk.row(row) && genuine) genuine(row);
    return genuine || !walk.full();
  });
  return walk.finish();
}

ChainReport verify_chain(Connection& connection, const std::string& stream, const std::vector<ChainKey>& keys,
                         const std::vector<Head>& known, std::size_t most) {
  Transaction transaction(connection);
  ChainReport report = walk_chain(connection, stream, keys, known, most);
  transaction.commit();
  return report;
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
  for (const Row& row : connection.run(select_rows() + " AND seq > $2 ORDER BY seq LIMIT " + std::to_string(rows),
                                       {stream, std::to_string(after.seq)}))
    walk.row(row);
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
