#!/usr/bin/env bash
# The shipped pipeline for an hour (STEG_SOAK_SECONDS), with a publisher who leaves every two minutes, IDs that change and viewers
# who come and go: memory and open files stay where they were after the first tenth of the time, no frame is unmarked, no record
# is lost. Runs with tests/run.sh --soak only.
# Leaves in the folder $STEG_SOAK_OUTPUT, if that is set: samples.txt, lines "seconds resident heap files cpu_percent fps" (bytes), and
# delays.txt, lines "seconds frames median p90 p99 most" (ms, from the making of a frame to its decoding at the second server), one for
# each publisher. docs/measured/soak.md has the result of an hour.
# SPDX-License-Identifier: LGPL-2.1-or-later
[ -n "${STEG_SOAK:-}" ] || { echo "skipped: tests/run.sh --soak runs it"; exit 77; }
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${BENCH_DELAY:=$(dirname "$STEG_LAUNCH")/../tests/benchmarks/delay/bench-delay}"
[ -x "$BENCH_DELAY" ] || fail "$BENCH_DELAY is not there: build with -Dbenchmarks=true"
seconds=${STEG_SOAK_SECONDS:-3600}
results=${STEG_SOAK_OUTPUT:-$work}
openssl rand -hex 32 >steg.key
start_servers
launch "$top/pipelines/rtmp.pipeline" --listen 127.0.0.1:0 --set "input=$input" --set "output=$output" --set id=SOAK0 \
  --set key-file=steg.key --set database=sqlite:audit.db --set preset=ultrafast --set bitrate=800
launched_url

# A publisher whose picture shows a clock, for two minutes with all that bench-delay waits for.
publish_clock() {
  "$BENCH_DELAY" --size 640x360 --seconds 107 --publish "$input" "after=$output" >clock.txt 2>>clock.log &
  publisher=$!
  published_at=$((SECONDS - began))
}
: >"$results/samples.txt"
: >"$results/delays.txt"
began=$SECONDS
number=0
publish_clock
expect "it runs" wait_for 90 state_is running
while [ $((SECONDS - began)) -lt "$seconds" ]; do
  number=$((number + 1))
  # An hour is the test; this is its step.
  sleep 10
  curl -sS -d "{\"id\": \"S$((number % 1000))\"}" "$url/custom" | jq -e .ok >/dev/null || fail "ID $number is refused"
  curl -sSN --max-time 3 "$url/live.flv" >/dev/null 2>&1 || true
  status "\"$((SECONDS - began)) \\(.process | \"\\(.rss_bytes) \\(.heap_bytes) \\(.open_files) \\(.cpu_percent)\") \\(.fps.out // 0)\"" \
    >>"$results/samples.txt"
  # What a pipeline counts is gone with it, so it is asked every time.
  [ "$(status '.audit.unmarked // 0')" -eq 0 ] || fail "unmarked frames after $((SECONDS - began)) s"
  if process_is_gone "$publisher"; then
    wait "$publisher"
    jq -r --arg at "$published_at" '.after | "\($at) \(.frames) \(.median_ms) \(.p90_ms) \(.p99_ms) \(.max_ms)"' \
      < <(tail -n 1 clock.txt) >>"$results/delays.txt"
    publish_clock
    wait_for 30 state_is running || fail "it does not run again after $((SECONDS - began)) s"
  fi
done
unpublish
echo "ok: no frame was unmarked in $number looks"
stop_launcher TERM
expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000

# median COLUMN FROM TO: of the samples between these seconds
median() {
  awk -v column="$1" -v from="$2" -v to="$3" '$1 >= from && $1 < to { print $column }' "$results/samples.txt" | sort -n |
    awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'
}
tenth=$((seconds / 10))
for what in 2:resident:50000000 3:heap:10000000 4:files:10; do
  IFS=: read -r column name most <<<"$what"
  early=$(median "$column" "$tenth" $((2 * tenth)))
  late=$(median "$column" $((seconds - tenth)) $((seconds + 60)))
  echo "$name: $early in the second tenth of the time, $late in the last"
  expect "it stays where it was" test $((late - early)) -lt "$most"
done
expect "every ID that came into the picture is in the audit log" test "$(grep -o "ID '[^']*' is in the picture" launcher.log | sort -u | wc -l)" \
  -eq "$(sqlite3 audit.db 'SELECT count(DISTINCT id) FROM steg_audit_record')"
