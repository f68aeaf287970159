#!/usr/bin/env bash
# Servers that freeze and die, a database that is away, no room for messages, with the shipped, marking pipeline: the stream comes back once
# the cause is gone, no frame was unmarked, no audit record is lost, and memory is where it was. (Publishers: test_publishers.sh.)
# STEG_SOAK=1 (tests/run.sh --soak): freezes of 30 s. Meson gives what faults.sh needs.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=faults.sh
source "$(dirname "${BASH_SOURCE[0]}")/faults.sh"
freeze=${STEG_SOAK:+30}
freeze=${freeze:-8}

frozen() {  # in|out
  local worker
  worker=$(nginx_worker "$1")
  kill -STOP "$worker"
  # The fault itself takes that long; a frozen server at a low rate makes no event that could be waited for.
  sleep "$freeze"
  kill -CONT "$worker"
  plays_again "nginx ($1) frozen for $freeze s"
}
killed() {  # in|out
  local tries
  tries=$(grep -c 'trying again' launcher.log)
  kill_nginx "$1"
  expect "it notices that nginx is gone" wait_for 30 logged_times "trying again" $((tries + 1))
  start_server "$1"
  if [ "$1" = in ]; then
    unpublish
    publish -c copy
  fi
  plays_again "nginx ($1) killed"
}

set_id() {  # ID: and waits until it is in the picture
  curl -sS -d "{\"id\": \"$1\"}" "$url/custom" | jq -e .ok >/dev/null || fail "ID $1 is refused"
  expect "ID $1 comes into the picture" wait_for 60 applied_is "$1"
}
applied_is() { [ "$(status .id.applied)" = "$1" ]; }
spool_is_full() { [ "$(status '.audit | .failed > 0 and .spooled > 0 and .pending > .spooled')" = true ]; }
all_written() { [ "$(status .audit.pending)" = 0 ]; }
# The stream goes on, and what memory held is written afterwards.
database_gone() {
  local reconnects id
  wait_for 60 state_is running || fail "it does not run"
  reconnects=$(status .reconnects)
  "$top/tests/postgres/postgres.sh" kill "$database"
  for id in GONE1 GONE2 GONE3 GONE4; do set_id "$id"; done
  expect "the spool is full, the rest waits in memory" wait_for 30 spool_is_full
  expect "it says so" wait_for 10 logged "raise \`spool-limit\`"
  answers 503 "$refused" "$url/audit"
  plays_again "database gone, spool full"
  expect "the stream was not taken down for it" test "$(status .reconnects)" = "$reconnects"
  expect "the database is back" start_database
  expect "all is written" wait_for 60 all_written
}

no_room_for_messages() {
  : >launcher.out
  "$STEG_LAUNCH" rtmp.pipeline "${settings[@]}" >launcher.out 2>/dev/full &
  launcher_pid=$!
  launched_url
  expect "it runs all the same" wait_for 60 state_is running
  stop_launcher TERM
}

# The output's session is held while the source is away.
held_output() {
  local recorder reconnects
  launch "$top/pipelines/rtmp-hold.pipeline" "${settings[@]}" --set database=sqlite:hold.db
  launched_url
  expect "it runs" wait_for 60 state_is running
  plays_again "held output"
  record 12 held.mp4 &
  recorder=$!
  expect "a viewer watches" wait_for 30 has_recorded 3 held.mp4
  unpublish
  # The publisher is away for longer than the longest gap that is allowed below.
  sleep 3
  publish -c copy
  expect "a viewer stays connected meanwhile" wait "$recorder"
  expect "and has a picture all the time" longest_gap_is_under 2.5 held.mp4
  kill_nginx out
  start_server out
  reconnects=$(status .reconnects)
  plays_again "nginx (out) killed with a held output"
  expect "the source was not taken down for it" test "$(status .reconnects)" = "$reconnects"
  stop_launcher TERM
  expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000
}

start_stream
for server in in out; do
  fault "nginx ($server) frozen" frozen "$server"
  fault "nginx ($server) killed" killed "$server"
done
fault "database gone" database_gone
fault "memory" memory_is_where_it_was
stop_launcher TERM
try "stop" expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000
try "pictures are marked" all_are_marked FAULT1 GONE4
try "audit log" the_log_has "FAULT1 GONE1 GONE2 GONE3 GONE4"
try "no room for messages" no_room_for_messages
try "held output" held_output
"$top/tests/postgres/postgres.sh" remove "$database"
