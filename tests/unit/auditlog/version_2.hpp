// A log in SQLite as the second version of the schema had it.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "chain.hpp"
#include "databases.hpp"
#include "store.hpp"

namespace test {

/// Makes tables of version 2 with an open and a close row for each of so many records.
inline void make_version_2(const std::string& uri, const audit::ChainKey& key, std::int64_t records) {
  const audit::Deadline deadline;
  const auto connection = audit::connect(uri, audit::Access::write, deadline);
  for (const char* sql :
       {"CREATE TABLE steg_audit_schema (version BIGINT NOT NULL PRIMARY KEY)",
        "CREATE TABLE steg_audit_event (stream TEXT NOT NULL, seq BIGINT NOT NULL, event TEXT NOT NULL, session TEXT "
        "NOT NULL, record BIGINT NOT NULL, id TEXT NOT NULL, client_ip TEXT NOT NULL, minute TEXT NOT NULL, "
        "first_time TEXT NOT NULL, last_time TEXT NOT NULL, first_pts BIGINT, last_pts BIGINT, frames_encoded BIGINT "
        "NOT NULL, frames_repeated BIGINT NOT NULL, frames_residual BIGINT NOT NULL, key_fingerprint TEXT NOT NULL, "
        "model_fingerprint TEXT NOT NULL, client_ip_salt TEXT, client_ip_proof TEXT, through_seq BIGINT, through_hash "
        "TEXT, chain_key TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (stream, seq), "
        "UNIQUE (session, record, event))",
        "CREATE TABLE steg_audit_batch (stream TEXT NOT NULL, first_seq BIGINT NOT NULL, last_seq BIGINT NOT NULL, "
        "minute TEXT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (stream, first_seq))",
        "CREATE INDEX steg_audit_event_id ON steg_audit_event (id, minute)",
        "CREATE INDEX steg_audit_event_client_ip ON steg_audit_event (client_ip, minute)",
        "CREATE INDEX steg_audit_event_minute ON steg_audit_event (minute)",
        "CREATE VIEW steg_audit_record AS SELECT id FROM steg_audit_event",
        "INSERT INTO steg_audit_schema (version) VALUES (2)"})
    connection->run(sql);
  audit::Heads heads;
  std::vector<audit::Event> events;
  for (std::int64_t record = 1; record <= records; ++record)
    for (const auto kind : {audit::EventKind::open, audit::EventKind::close}) events.push_back(event(record, kind));
  test::append(*connection, key, events, heads);
}

}  // namespace test
