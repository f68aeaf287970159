#!/usr/bin/env bash
# How PostgreSQL finds its way in a large log: makes a server of its own with so many generated rows (default: 10^7, about
# 10 GB in TMPDIR) over twelve months, and prints size, plans and times of the queries that steg-trace and steg-audit ask.
#   STEG_AUDIT=build/launcher/audit/steg-audit tests/benchmarks/audit/plans.sh [ROWS]
# The rows have the shape of real ones, but their hashes are random: this is about finding, not verifying.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
: "${STEG_AUDIT:?set STEG_AUDIT to the steg-audit to use}"
rows=${1:-10000000}
postgres="$(dirname "${BASH_SOURCE[0]}")/../../postgres/postgres.sh"
dir=$("$postgres" create)
trap '"$postgres" remove "$dir"' EXIT
cat >>"$dir/data/postgresql.conf" <<'CONF'
fsync = off
synchronous_commit = off
max_wal_size = 8GB
shared_buffers = 512MB
maintenance_work_mem = 256MB
CONF
uri=$("$postgres" start "$dir" $$)
sql() { psql -X -q -v ON_ERROR_STOP=1 "$uri" "$@"; }

"$STEG_AUDIT" migrate --database "$uri" --months 12
start=$(date -u +%Y-%m-01)
echo "generating $rows rows from $start on"
began=$(date +%s)
# Indexes are made afterwards, which is much faster.
sql <<SQL
ALTER TABLE steg_audit_event DROP CONSTRAINT steg_audit_event_pkey,
  DROP CONSTRAINT steg_audit_event_session_record_event_minute_key;
DROP INDEX steg_audit_event_id, steg_audit_event_client_ip, steg_audit_event_minute;
INSERT INTO steg_audit_event (stream, seq, event, session, record, id, client_ip, minute, first_time, last_time,
  first_pts, last_pts, frames_encoded, frames_repeated, frames_residual, key_fingerprint, model_fingerprint,
  client_ip_salt, client_ip_proof, chain_key, previous_hash, hash)
SELECT 'live/' || r % 100, (r / 100) * 2 + k + 1, CASE k WHEN 0 THEN 'open' ELSE 'close' END,
  'a0a0a0a0-0000-4000-8000-' || lpad((r % 100)::text, 4, '0') || lpad((r / 100 / 5000)::text, 8, '0'),
  (r / 100) % 5000 + 1, 'U' || lpad((r * 7919 % 1000000)::text, 6, '0'),
  '192.0.' || (r * 31 % 250) || '.' || (r * 17 % 250),
  to_char(t, 'YYYY-MM-DD"T"HH24:MI"Z"'), to_char(t, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
  to_char(t + k * interval '5 s', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), r * 1000000, CASE k WHEN 1 THEN r * 1000000 END,
  k * 100, k * 25, 0, '0123456789abcdef', 'fedcba9876543210', md5(r::text), md5(r || 'a') || md5(r || 'b'),
  '0123456789abcdef', md5(r || 'c') || md5(r || 'd'), md5(r || 'e') || md5(r || 'f')
FROM generate_series(0::bigint, $rows / 2 - 1) r CROSS JOIN generate_series(0, 1) k
CROSS JOIN LATERAL (SELECT timestamp '$start' + r * interval '1 s' * (363 * 86400.0 / ($rows / 2))) AS x(t);
ALTER TABLE steg_audit_event ADD PRIMARY KEY (stream, seq, minute), ADD UNIQUE (session, record, event, minute);
CREATE INDEX steg_audit_event_id ON steg_audit_event (id, minute);
CREATE INDEX steg_audit_event_client_ip ON steg_audit_event (client_ip, minute);
CREATE INDEX steg_audit_event_minute ON steg_audit_event (minute);
INSERT INTO steg_audit_batch SELECT DISTINCT ON (stream) stream, 1, seq, minute, hash FROM steg_audit_event
  WHERE minute >= '$(date -u -d "$start +330 days" +%Y-%m)' ORDER BY stream, seq DESC;
SQL
echo "filled in $(($(date +%s) - began)) s"
sql -c "VACUUM (ANALYZE) steg_audit_event" -c "VACUUM (ANALYZE) steg_audit_batch"
sql -c "SELECT (SELECT count(*) FROM steg_audit_event) AS rows, pg_size_pretty(sum(pg_total_relation_size(inhrelid))) AS
  size, pg_size_pretty(sum(pg_indexes_size(inhrelid))) AS of_that_indexes FROM pg_inherits
  WHERE inhparent = 'steg_audit_event'::regclass"

month=$(date -u -d "$start +100 days" +%Y-%m)
ask() {  # TITLE QUERY: twice, so that the second finds its pages in memory
  echo "=== $1"
  sql -c "EXPLAIN (ANALYZE, BUFFERS) $2" >/dev/null
  sql -At -c "EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) $2"
}
fields="id, client_ip, minute, stream, session, first_time, last_time, first_pts, last_pts, frames_encoded,
  frames_repeated, frames_residual, key_fingerprint, model_fingerprint, intervals, intervals_open, client_ip_removed"
ask "who had this ID? (steg-trace, steg-audit list --id)" \
  "SELECT $fields FROM steg_audit_record WHERE id = 'U123456' ORDER BY first_time DESC LIMIT 1000"
ask "the same within a month" \
  "SELECT $fields FROM steg_audit_record WHERE id = 'U123456' AND minute >= '$month-01T00:00Z' AND minute <= '$month-28T23:59Z' ORDER BY first_time DESC LIMIT 1000"
ask "what did this address get?" \
  "SELECT $fields FROM steg_audit_record WHERE client_ip = '192.0.31.17' ORDER BY first_time DESC LIMIT 1000"
ask "what went out on a stream in an hour?" \
  "SELECT $fields FROM steg_audit_record WHERE stream = 'live/7' AND minute >= '$month-10T12:00Z' AND minute <= '$month-10T12:59Z' ORDER BY first_time DESC LIMIT 1000"
ask "all IDs (steg-trace tries them)" \
  "SELECT DISTINCT id FROM steg_audit_event WHERE id <> '' ORDER BY id LIMIT 1000000"
ask "the IDs of a stream on a day" \
  "SELECT DISTINCT id FROM steg_audit_event WHERE id <> '' AND stream = 'live/7' AND minute >= '$month-10T00:00Z' AND minute <= '$month-10T23:59Z' ORDER BY id LIMIT 1000000"
ask "the end of a chain (each transaction)" \
  "SELECT b.last_seq, b.hash, b.minute, (SELECT COUNT(*) FROM steg_audit_event e WHERE e.stream = b.stream AND e.seq = b.last_seq AND e.minute >= b.minute AND e.hash = b.hash) FROM steg_audit_batch b WHERE b.stream = 'live/7' ORDER BY b.first_seq DESC LIMIT 1"
echo "=== steg-audit, from the call to its end"
TIMEFORMAT='%R s'
echo -n "list --id: "
time "$STEG_AUDIT" list --database "$uri" --id U123456 >/dev/null
echo -n "list --from --to (a day, --limit 0): "
time "$STEG_AUDIT" list --database "$uri" --limit 0 --format csv --from "$month-10" --to "$month-10" >/dev/null
