#!/usr/bin/env bash
# The example application (C++ or Python) marks a real clip with two IDs, one after the other, and steg-trace finds both.
# Arguments: change-id or change_id.py, steg-trace, clip.
set -euo pipefail
change_id=$1 steg_trace=$2 clip=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
"$change_id" "$clip" marked.mp4 FIRST SECOND | tee said
grep -q '^ID FIRST from 0\.0' said
grep -q '^ID SECOND from' said
if [[ $change_id == *.py ]]; then
  # The metas that it counted agree with what the decoder makes of the file.
  counted=$(awk '/frames carry (FIRST|SECOND)$/ { sum += $1; ++ids } END { print ids, sum }' said)
  frames=$(ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 marked.mp4 | tr -d ',')
  [ "$counted" = "2 $frames" ] || { echo "the metas say $counted (IDs, frames), the file has $frames frames"; exit 1; }
fi
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
