#!/usr/bin/env bash
# The shipped pipeline for an hour (STEG_SOAK_SECONDS), with a publisher who leaves now and then, IDs that change and viewers who come
# and go: memory stays where it was after the first tenth of the time, no frame is unmarked, no record is lost.
# Runs with tests/run.sh --soak only. Leaves its samples in $STEG_SOAK_OUTPUT, if that is set, as lines "seconds rss_bytes cpu_percent fps".
# SPDX-License-Identifier: LGPL-2.1-or-later
[ -n "${STEG_SOAK:-}" ] || { echo "skipped: tests/run.sh --soak runs it"; exit 77; }
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
seconds=${STEG_SOAK_SECONDS:-3600}
openssl rand -hex 32 >steg.key
start_servers
publish -c copy
launch "$top/pipelines/rtmp.pipeline" --listen 127.0.0.1:0 --set "input=$input" --set "output=$output" --set id=SOAK0 \
  --set key-file=steg.key --set database=sqlite:audit.db --set preset=ultrafast --set bitrate=800
launched_url
expect "it runs" wait_for 90 state_is running
# What a pipeline counts is gone with it, so it is asked before the publisher leaves.
unmarked=0
samples=${STEG_SOAK_OUTPUT:-samples.txt}
: >"$samples"
began=$SECONDS
number=0
while [ $((SECONDS - began)) -lt "$seconds" ]; do
  number=$((number + 1))
  sleep 10
  status "\"$((SECONDS - began)) \\(.process.rss_bytes) \\(.process.cpu_percent) \\(.fps.out)\"" >>"$samples"
  curl -sS -d "{\"id\": \"S$((number % 1000))\"}" "$url/custom" | jq -e .ok >/dev/null || fail "ID $number is refused"
  curl -sSN --max-time 3 "$url/live.flv" >/dev/null 2>&1 || true
  if [ $((number % 12)) -eq 0 ]; then
    unmarked=$((unmarked + $(status '.audit.unmarked // 0')))
    unpublish
    sleep 2
    publish -c copy
    wait_for 30 state_is running || fail "it does not run again after $((SECONDS - began)) s"
  fi
done
unmarked=$((unmarked + $(status '.audit.unmarked // 0')))
expect "no frame was unmarked" test "$unmarked" -eq 0
stop_launcher TERM
expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000
read -r first last < <(awk -v from=$((seconds / 10)) '$1 >= from { if (!n++) first = $2; last = $2 } END { print first, last }' "$samples")
echo "memory: $((first / 1048576)) MiB after a tenth of the time, $((last / 1048576)) MiB at the end"
expect "memory stays where it was" test $((last - first)) -lt 50000000
expect "every ID that came into the picture is in the audit log" test "$(grep -o "ID '[^']*' is in the picture" launcher.log | sort -u | wc -l)" \
  -eq "$(sqlite3 audit.db 'SELECT count(DISTINCT id) FROM steg_audit_record')"
