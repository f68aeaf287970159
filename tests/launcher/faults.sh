# What the tests of faults share: the shipped, marking pipeline between real servers, and cases that each begin with a stream that plays.
# Meson gives STEG_TRACE, STEG_AUDIT and the paths of plugins and models.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${STEG_TRACE:?set STEG_TRACE to the steg-trace to test}" "${STEG_AUDIT:?set STEG_AUDIT to the steg-audit to test}"
# Where the spool of a PostgreSQL log lies.
export XDG_STATE_HOME="$work/state"
mkdir seen

# Whether a viewer of the output gets a key frame and what follows it.
plays_now() { record 1 now.mp4 && [ "$(frames_in now.mp4)" -ge 10 ]; }
watch_once() {  # WHAT: how long that takes from now on, in milliseconds: $took
  local began
  began=$(monotonic_ms)
  wait_for 90 plays_now || fail "$1: the output does not play again"
  took=$(($(monotonic_ms) - began))
}
# plays_again WHAT: within three times 5 s and what a viewer needs on the undisturbed stream ($viewer_ms, in which it connects, waits for a
# key frame and records a second). 5 s is what a quiet machine takes at most; three times, since this one may be slow.
plays_again() {
  watch_once "$1"
  last_seen=$(mktemp -p seen --suffix .mp4)
  mv now.mp4 "$last_seen"
  echo "$1: plays again, $took ms after the cause was gone ($viewer_ms ms of such are the viewer's own)"
  [ "$took" -lt $((3 * (5000 + viewer_ms))) ] || fail "$1: that took too long"
  [ "$(status '.audit.unmarked // 0')" -eq 0 ] || fail "$1: there are unmarked frames"
}

start_server() {  # in|out
  if [ "$1" = in ]; then start_nginx in in "$in_port"; else start_nginx out out "$out_port" "$(free_port)"; fi
  # It stays when the case that started it ends.
  disown "$!"
}
start_database() { [ "$("$top/tests/postgres/postgres.sh" start "$database" $$)" = "$uri" ]; }

start_stream() {
  openssl rand -hex 32 >steg.key
  database=$("$top/tests/postgres/postgres.sh" create)
  uri=$("$top/tests/postgres/postgres.sh" start "$database" $$)
  start_servers
  publish -c copy
  # So little room that a few records fill the spool.
  sed 's/auditlog name=audit /&spool-limit=1500 /' "$top/pipelines/rtmp.pipeline" >rtmp.pipeline
  settings=(--listen 127.0.0.1:0 --set "input=$input" --set "output=$output" --set id=FAULT1 --set key-file=steg.key
    --set "database=$uri" --set preset=ultrafast --set bitrate=16000)
  launch rtmp.pipeline "${settings[@]}"
  launched_url
  expect "it runs" wait_for 90 state_is running
  at_rest rest-before.txt
  watch_once "undisturbed"
  viewer_ms=$took
}

# fault NAME COMMAND...: a case. Servers, database and the usual publisher are there when it begins, whatever the one before left.
fault() {
  local server restored=
  kill -0 "$launcher_pid" 2>/dev/null || fail "steg-launch has ended"
  for server in in out; do
    nginx_worker "$server" >/dev/null 2>&1 || { start_server "$server"; restored=yes; }
    kill -CONT "$(nginx_worker "$server")"
  done
  [ -e "$database/data/postmaster.pid" ] || start_database
  if process_is_gone "$publisher"; then
    publish -c copy
    restored=yes
  fi
  if [ -n "$restored" ] || [ ${#failed_cases[@]} -gt 0 ]; then watch_once "before $1"; fi
  try "$@"
}

open_files_are() { [ "$(status .process.open_files)" -le "$1" ]; }
# Stops the stream, notes heap and open files of the process, and starts it again: at_rest FILE [FILES]
# A connection whose other end was frozen may take some seconds to close: waits for no more than FILES, and tells what stays open.
at_rest() {
  curl -sS "$url/stop" >/dev/null
  wait_for 20 state_is stopped || fail "it does not stop"
  [ $# -lt 2 ] || wait_for 60 open_files_are "$2" || ls -l "/proc/$launcher_pid/fd"
  status '.process | "\(.heap_bytes) \(.rss_bytes) \(.open_files)"' >"$1"
  curl -sS "$url/pull" >/dev/null
  wait_for 60 state_is running || fail "it does not start again"
}

# What the process holds when nothing runs does not depend on how many pipelines there were.
memory_is_where_it_was() {
  local heap resident files heap_after resident_after files_after
  read -r heap resident files <rest-before.txt
  at_rest rest-after.txt "$files"
  read -r heap_after resident_after files_after <rest-after.txt
  echo "at rest, after $(status .reconnects) rebuilds: heap $((heap / 1024)) to $((heap_after / 1024)) KiB," \
    "resident $((resident / 1024)) to $((resident_after / 1024)) KiB, open files $files to $files_after"
  expect "memory is where it was" test $((heap_after - heap)) -lt 2000000 -a $((resident_after - resident)) -lt 60000000
  expect "and so are open files" test "$files_after" -le "$files"
}

# all_are_marked ID...: every picture that was seen carries one of them. A second of each, so a few frames and many bits.
all_are_marked() {
  "$STEG_TRACE" --json --rate 5 --key-file steg.key seen/*.mp4 >trace.json || fail "steg-trace finds nothing"
  expect "every picture that was seen is marked" test "$(jq '[.files[] | select(any(.segments[]; .log10_p <= -9
    and (.id | IN($ARGS.positional[]))))] | length' trace.json --args "$@")" -eq "$(find seen -type f | wc -l)"
}

# the_log_has "ID ID…": these and no other, in an audit log that verifies.
the_log_has() {
  local listed
  listed=$("$STEG_AUDIT" list --database "$uri" --format json)
  expect "the audit log has every ID" test "$(jq -r '[.. | .id? // empty] | unique | join(" ")' <<<"$listed")" = "$1"
  expect "and verifies" "$STEG_AUDIT" verify --database "$uri" --key-file steg.key
}

longest_gap_is_under() {  # SECONDS FILE: in the picture
  local gap
  gap=$(ffprobe -v error -select_streams v -show_entries packet=pts_time -of csv=p=0 "$2" | tr -d , |
    awk '/^[0-9]/ { if (seen && $1 - last > gap) gap = $1 - last; last = $1; seen = 1 } END { printf "%.1f", gap }')
  echo "longest gap in the picture $gap s"
  awk -v gap="$gap" -v most="$1" 'BEGIN { exit !(gap < most) }'
}
