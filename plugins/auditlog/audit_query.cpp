// SPDX-License-Identifier: LGPL-2.1-or-later
#include "audit_query.hpp"

#include <array>
#include <utility>

#include "connection.hpp"
#include "schema.hpp"
#include "text.hpp"

namespace audit {

namespace {

constexpr std::array<const char*, 17> kFields = {"id",
                                                 "client_ip",
                                                 "minute",
                                                 "stream",
                                                 "session",
                                                 "first_time",
                                                 "last_time",
                                                 "first_pts",
                                                 "last_pts",
                                                 "frames_encoded",
                                                 "frames_repeated",
                                                 "frames_residual",
                                                 "key_fingerprint",
                                                 "model_fingerprint",
                                                 "intervals",
                                                 "intervals_open",
                                                 "client_ip_removed"};

AuditRow to_audit_row(const Row& row) {
  AuditRow result;
  std::size_t i = 0;
  const auto text = [&] {
    const Value& value = row.at(i++);
    if (is_foreign(value))
      throw AuditError("The audit log has " + value->substr(1) + " as a " + kFields.at(i - 1) +
                       ": a row was altered. Run steg-audit verify.");
    return value.value_or("");
  };
  result.id = text();
  result.client_ip = text();
  result.minute = text();
  result.stream = text();
  result.session = text();
  result.first_time = text();
  result.last_time = text();
  result.first_pts = optional_integer(row.at(i++));
  result.last_pts = optional_integer(row.at(i++));
  result.encoded = to_integer(row.at(i++));
  result.repeated = to_integer(row.at(i++));
  result.residual = to_integer(row.at(i++));
  result.key_fingerprint = text();
  result.model_fingerprint = text();
  result.intervals = to_integer(row.at(i++));
  result.intervals_open = to_integer(row.at(i++));
  result.client_ip_removed = to_integer(row.at(i++)) != 0;
  return result;
}

/// Appends the conditions of a query, and adds their values to `parameters`. Throws AuditError.
void add_conditions(const Query& query, std::string& sql, Row& parameters) {
  const auto where = [&](const char* condition, const std::optional<std::string>& value) {
    if (!value) return;
    if (!is_storable(*value)) throw AuditError("The audit log is asked for text that is not UTF-8.");
    parameters.push_back(value);
    sql.append(" AND ").append(condition).append(std::to_string(parameters.size()));
  };
  where("id = $", query.id);
  where("client_ip = $", query.client_ip);
  where("stream = $", query.stream);
  where("minute >= $", query.from_minute);
  where("minute <= $", query.to_minute);
}

}  // namespace

std::vector<AuditRow> find(const std::string& database_uri, const Query& query) {
  const Deadline deadline;
  const auto connection = connect(database_uri, Access::read, deadline);
  check_tables(*connection);
  return find(*connection, query);
}

std::vector<AuditRow> find(Connection& connection, const Query& query) {
  std::string sql = "SELECT ";
  for (std::size_t i = 0; i < kFields.size(); ++i) sql.append(i ? ", " : "").append(kFields[i]);
  sql.append(" FROM (").append(kRecords).append(") AS r WHERE 1 = 1");
  Row parameters;
  add_conditions(query, sql, parameters);
  sql += " ORDER BY first_time DESC LIMIT " + std::to_string(query.most);
  std::vector<AuditRow> result;
  for (const Row& row : connection.run(sql, parameters)) result.push_back(to_audit_row(row));
  return result;
}

std::vector<AuditRow> find_by_id(const std::string& database_uri, const std::string& id, std::size_t most) {
  Query query;
  query.id = id;
  query.most = most;
  return find(database_uri, query);
}

std::vector<std::string> issued_ids(const std::string& database_uri, std::size_t most) {
  Query query;
  query.most = most;
  return issued_ids(database_uri, query);
}

std::vector<std::string> issued_ids(const std::string& database_uri, const Query& query) {
  const Deadline deadline;
  const auto connection = connect(database_uri, Access::read, deadline);
  check_tables(*connection);
  return issued_ids(*connection, query);
}

std::vector<std::string> issued_ids(Connection& connection, const Query& query) {
  // Rows that are no records have no ID. This condition, and not their kind, so that the index of the IDs is enough.
  std::string sql = "SELECT DISTINCT id FROM steg_audit_event WHERE id <> ''";
  Row parameters;
  add_conditions(query, sql, parameters);
  sql += " ORDER BY id LIMIT " + std::to_string(query.most);
  std::vector<std::string> ids;
  for (Row& row : connection.run(sql, parameters)) ids.push_back(std::move(row.at(0)).value_or(""));
  return ids;
}

std::vector<TokenHolder> token_holders(const std::string& database_uri, const Query& query,
                                       const std::string& key_fingerprint) {
  const Deadline deadline;
  const auto connection = connect(database_uri, Access::read, deadline);
  check_tables(*connection);
  std::string sql =
      "SELECT DISTINCT id, model_fingerprint FROM steg_audit_event WHERE id <> '' AND model_fingerprint LIKE 'pattern "
      "%' AND key_fingerprint = $1";
  Row parameters{key_fingerprint};
  add_conditions(query, sql, parameters);
  sql += " ORDER BY id, model_fingerprint LIMIT " + std::to_string(query.most);
  std::vector<TokenHolder> holders;
  for (Row& row : connection->run(sql, parameters))
    holders.push_back({std::move(row.at(0)).value_or(""), std::move(row.at(1)).value_or("")});
  return holders;
}

}  // namespace audit
