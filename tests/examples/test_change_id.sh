#!/usr/bin/env bash
# The example application marks a real clip with two IDs, one after the other, and steg-trace finds both.
# Arguments: change-id, steg-trace, clip.
set -euo pipefail
change_id=$1 steg_trace=$2 clip=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$change_id" "$clip" marked.mp4 FIRST SECOND | tee said
grep -q '^ID FIRST from 0\.0' said
grep -q '^ID SECOND from' said
"$steg_trace" --json --database sqlite:steg-audit.db marked.mp4 >found.json
for id in FIRST SECOND; do
  grep -q "\"$id\"" found.json || { cat found.json; echo "$id was not found in the marked file"; exit 1; }
done
[ "$(sqlite3 steg-audit.db "SELECT count(*) FROM steg_audit_record WHERE id = 'SECOND'")" -gt 0 ] ||
  { echo "the audit log does not know SECOND"; exit 1; }

# Errors are for people: a missing argument, a missing file, a bad ID.
if "$change_id" >out 2>&1; then exit 1; fi
grep -q usage out
if "$change_id" missing.mp4 out.mp4 A B >out 2>&1; then exit 1; fi
grep -q . out
if "$change_id" "$clip" out.mp4 TOO-LONG-ID B >out 2>&1; then exit 1; fi
grep -q '7 bytes' out
