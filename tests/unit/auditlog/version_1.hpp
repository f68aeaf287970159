// A log as the first version of the schema had it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "chain.hpp"
#include "databases.hpp"

namespace test {

/// Makes tables of version 1 with an open and a close row for each of so many records.
inline void make_version_1(const std::string& uri, const audit::ChainKey& key, std::int64_t records) {
  const audit::Deadline deadline;
  const auto connection = audit::connect(uri, audit::Access::write, deadline);
  connection->run("CREATE TABLE steg_audit_schema (version BIGINT NOT NULL PRIMARY KEY)");
  connection->run(
      "CREATE TABLE steg_audit_event (stream TEXT NOT NULL, seq BIGINT NOT NULL, event TEXT NOT NULL, session TEXT NOT "
      "NULL, record BIGINT NOT NULL, id TEXT NOT NULL, client_ip TEXT NOT NULL, minute TEXT NOT NULL, first_time TEXT "
      "NOT NULL, last_time TEXT NOT NULL, first_pts BIGINT, last_pts BIGINT, frames_encoded BIGINT NOT NULL, "
      "frames_repeated BIGINT NOT NULL, frames_residual BIGINT NOT NULL, key_fingerprint TEXT NOT NULL, "
      "model_fingerprint TEXT NOT NULL, chain_key TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL, "
      "PRIMARY KEY (stream, seq), UNIQUE (session, record, event))");
  connection->run("CREATE INDEX steg_audit_event_id ON steg_audit_event (id, minute)");
  connection->run("CREATE INDEX steg_audit_event_minute ON steg_audit_event (minute)");
  connection->run("CREATE VIEW steg_audit_record AS SELECT id FROM steg_audit_event");
  connection->run("INSERT INTO steg_audit_schema (version) VALUES (1)");
  std::vector<std::string> columns;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < audit::kColumns; ++i) {
    if (i >= audit::kClientIpSalt && i <= audit::kThroughHash) continue;
    columns.emplace_back(audit::kColumnNames[i]);
    places.push_back(i);
  }
  audit::Head head;
  for (std::int64_t record = 1; record <= records; ++record)
    for (const auto kind : {audit::EventKind::open, audit::EventKind::close}) {
      audit::Row row = audit::to_row(event(record, kind));
      row.resize(audit::kColumns);
      row[audit::kSeq] = std::to_string(head.seq + 1);
      row[audit::kChainKey] = key.fingerprint;
      row[audit::kPreviousHash] = head.hash;
      row[audit::kHash] = audit::row_hash(key.chain, row);
      head = {head.seq + 1, *row[audit::kHash]};
      audit::Row stored;
      for (const std::size_t i : places) stored.push_back(row[i]);
      connection->insert("steg_audit_event", columns, {stored});
    }
}

}  // namespace test
