// SPDX-License-Identifier: LGPL-2.1-or-later
#include "retention.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "partitions.hpp"
#include "plugins/common/crypto/random.hpp"
#include "store.hpp"
#include "text.hpp"
#include "transaction.hpp"
#include "verify_chain.hpp"

namespace audit {

namespace {

constexpr int kDeletionTries = 20;

/// The addresses that could be removed are those with a salt.
constexpr char kHasAddress[] = "client_ip_salt IS NOT NULL";

std::int64_t count(Connection& connection, const std::string& condition, const Row& parameters) {
  return to_integer(connection.run("SELECT COUNT(*) FROM steg_audit_event WHERE " + condition, parameters).at(0).at(0));
}

Cut cut_of(Connection& connection, const std::string& minute, const std::string& stream) {
  Cut cut;
  cut.stream = stream;
  const Value kept =
      connection.run("SELECT MIN(seq) FROM steg_audit_event WHERE stream = $1 AND minute >= $2", {stream, minute})
          .at(0)
          .at(0);
  const auto last = connection.run(
      "SELECT seq, hash FROM steg_audit_event WHERE stream = $1 AND seq < $2 ORDER BY seq "
      "DESC LIMIT 1",
      {stream, kept ? *kept : std::to_string(INT64_MAX)});
  if (last.empty()) return cut;
  cut.through = {to_integer(last[0].at(0)), last[0].at(1).value_or("")};
  const Row older{stream, std::to_string(cut.through.seq)};
  cut.rows = count(connection, "stream = $1 AND seq <= $2", older);
  cut.fixed_addresses =
      count(connection, "stream = $1 AND seq <= $2 AND client_ip_proof IS NULL AND client_ip <> ''", older);
  return cut;
}

/// Adds a row of that kind to the streams of the cuts.
void add_tombstones(Connection& connection, const ChainKey& key, const char* kind, const std::string& before,
                    const std::vector<Cut>& cuts) {
  const WallTime now = system_time();
  std::set<std::string> names;
  for (const Cut& cut : cuts) names.insert(cut.stream);
  auto ends = heads_in_database(connection, names);
  std::vector<Row> rows;
  for (const Cut& cut : cuts) {
    Head& head = ends[cut.stream].head;
    rows.push_back(chain(Tombstone{kind, cut.stream, steg::random_uuid(), utc_minute(minute_number(now)), before,
                                   utc_time(now), cut.through},
                         steg::random_hex(sizeof(Secret)), key, head));
  }
  if (!rows.empty()) insert_rows(connection, rows);
}

/// Whether all rows of a partition are among those that are removed.
bool goes(Connection& connection, const Partition& part, const std::map<std::string, std::int64_t>& through) {
  const auto rows = connection.run("SELECT stream, MAX(seq) FROM " + part.name + " GROUP BY stream");
  return std::all_of(rows.begin(), rows.end(), [&](const Row& row) {
    const auto cut = through.find(row.at(0).value_or(""));
    return cut != through.end() && to_integer(row.at(1)) <= cut->second;
  });
}

void remove_rows(Connection& connection, const std::string& minute, const std::vector<Cut>& cuts) {
  if (is_partitioned(connection)) {
    std::map<std::string, std::int64_t> through;
    for (const Cut& cut : cuts) through[cut.stream] = cut.through.seq;
    for (const Partition& part : partitions(connection))
      if (!part.first_minute.empty() && part.end_minute <= minute && goes(connection, part, through))
        connection.run("DROP TABLE " + part.name);
  }
  for (const Cut& cut : cuts) {
    const Row older{cut.stream, std::to_string(cut.through.seq)};
    connection.run("DELETE FROM steg_audit_event WHERE stream = $1 AND seq <= $2", older);
    connection.run("DELETE FROM steg_audit_batch WHERE stream = $1 AND last_seq <= $2", older);
  }
}

/// Does `change` to the cuts in one transaction; again if a stream's writer was faster.
std::vector<Cut> change_rows(Connection& connection, const std::string& minute, const std::string& stream,
                             const std::function<void(const std::vector<Cut>&)>& change) {
  for (int i = 0;; ++i) {
    try {
      Transaction transaction(connection);
      std::vector<Cut> cuts = rows_before(connection, minute, stream);
      change(cuts);
      transaction.commit();
      return cuts;
    } catch (const DatabaseError& error) {
      if (error.kind() != DatabaseError::Kind::conflict || i >= kDeletionTries) throw;
    }
  }
}

/// Makes what was removed unreadable in the files as well.
void forget(Connection& connection) {
  if (connection.dialect() == Dialect::postgres) {
    connection.run("VACUUM steg_audit_event");
    connection.run("VACUUM steg_audit_batch");
  } else {
    connection.run("PRAGMA wal_checkpoint(TRUNCATE)");
  }
}

}  // namespace

std::vector<Cut> rows_before(Connection& connection, const std::string& minute, const std::string& stream) {
  std::vector<Cut> cuts;
  for (const std::string& name : stream.empty() ? streams(connection) : std::vector<std::string>{stream}) {
    Cut cut = cut_of(connection, minute, name);
    if (cut.rows > 0) cuts.push_back(std::move(cut));
  }
  return cuts;
}

std::vector<Cut> purge(Connection& connection, const ChainKey& key, const std::string& minute,
                       const std::string& stream) {
  if (connection.dialect() == Dialect::sqlite) connection.run("PRAGMA secure_delete=ON");
  auto cuts = change_rows(connection, minute, stream, [&](const std::vector<Cut>& found) {
    // The row first: an end that loses its last row is found by its note alone.
    add_tombstones(connection, key, kPurge, minute, found);
    remove_rows(connection, minute, found);
  });
  if (!cuts.empty()) forget(connection);
  return cuts;
}

std::vector<Cut> anonymise(Connection& connection, const ChainKey& key, const std::string& minute,
                           const std::string& stream) {
  if (connection.dialect() == Dialect::sqlite) connection.run("PRAGMA secure_delete=ON");
  std::vector<Cut> done;
  change_rows(connection, minute, stream, [&](const std::vector<Cut>& found) {
    done.clear();
    std::vector<Cut> changed;
    for (Cut cut : found) {
      const Row older{cut.stream, std::to_string(cut.through.seq)};
      cut.rows = count(connection, std::string("stream = $1 AND seq <= $2 AND ") + kHasAddress, older);
      if (cut.rows > 0 || cut.fixed_addresses > 0) done.push_back(cut);
      if (cut.rows == 0) continue;
      changed.push_back(cut);
      connection.run(std::string("UPDATE steg_audit_event SET client_ip = '', client_ip_salt = NULL WHERE stream = $1 "
                                 "AND seq <= $2 AND ") +
                         kHasAddress,
                     older);
    }
    add_tombstones(connection, key, kAnonymise, minute, changed);
  });
  if (!done.empty()) forget(connection);
  return done;
}

}  // namespace audit
