// SPDX-License-Identifier: LGPL-2.1-or-later
#include "verified_find.hpp"

#include <algorithm>
#include <tuple>

#include "schema.hpp"
#include "verified_records.hpp"

namespace audit {
namespace {

auto identity(const AuditRow& row) {
  return std::tie(row.id, row.client_ip, row.minute, row.stream, row.session, row.key_fingerprint,
                  row.model_fingerprint);
}

}  // namespace

VerifiedAnswers find_verified(const std::string& database_uri, const std::vector<Query>& queries,
                              const std::vector<ChainKey>& keys) {
  const Deadline deadline;
  const auto connection = connect(database_uri, Access::read, deadline);
  check_schema(*connection);
  std::vector<VerifiedRecords> records(queries.begin(), queries.end());
  const std::string stream = queries.empty() ? "" : queries.front().stream.value_or("");
  VerifiedAnswers answers;
  answers.intact = verify_log(*connection, keys, {}, stream, 1, [&](const Row& row) {
                     for (VerifiedRecords& some : records) some.row(row);
                   }).intact();
  for (const VerifiedRecords& some : records) answers.records.push_back(some.records());
  return answers;
}

std::vector<AuditRow> find_others(const std::string& database_uri, const Query& query,
                                  const std::vector<AuditRow>& verified) {
  std::vector<AuditRow> rows;
  try {
    rows = find(database_uri, query);
  } catch (const AuditError&) {
    return {};
  }
  const auto is_verified = [&](const AuditRow& row) {
    return std::any_of(verified.begin(), verified.end(),
                       [&](const AuditRow& one) { return identity(one) == identity(row); });
  };
  rows.erase(std::remove_if(rows.begin(), rows.end(), is_verified), rows.end());
  return rows;
}

}  // namespace audit
