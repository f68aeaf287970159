#!/usr/bin/env bash
# The stream comes back by itself, with the ID that was set, and says so: stream not there yet, publisher stops and returns. (Servers
# that are killed or freeze: test_faults.sh; publishers who freeze or change: test_publishers.sh.)
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start_servers
launch "$top/tests/launcher/relay.pipeline" --set "input=$input" --set "output=$output"
launched_url
curl -sSN --max-time 120 "$url/events" >events.txt 2>/dev/null &
expect "it waits for a stream that is not there yet" wait_for 15 logged "trying again"
answers 503 "$refused and (.error | contains(\"relay\"))" "$url/readyz"
answers 200 .ok "$url/healthz"
expect "listeners hear of it" wait_for 10 heard reconnect '.stream == "relay" and (.reason | length > 5) and .delay >= 0.25'
publish -c copy
expect "it runs once the stream is there" wait_for 15 state_is running
answers 200 .ok "$url/readyz"
expect "the output plays" record 2 a.mp4
expect "with picture and sound" test "$(streams_in a.mp4)" = "video audio"
curl -sS -d '{"id": "second"}' "$url/custom" | jq -e .ok >/dev/null

runs=$(grep -c 'steg-launch: running' launcher.log)
unpublish
expect "it notices that the publisher stopped" wait_for 15 logged "the source ended"
tries=$(grep -c 'trying again' launcher.log)
expect "and tries again in vain" wait_for 30 logged_times "trying again" $((tries + 2))
publish -c copy
expect "it runs when the publisher returns" wait_for 15 logged_times "steg-launch: running" $((runs + 1))
expect "the output plays again" record 2 b.mp4
expect "the ID that was set is still there" test "$(status .id.requested)" = second

stop_nginx out
expect "a lost output is an error that listeners hear of" \
  wait_for 30 heard error '.stream == "relay" and (.message | length > 5) and (.at | test("Z$"))'
expect "and the status tells" test "$(status '.last_error.message | length > 5')" = true
expect "the status counts the rebuilds" test "$(status .reconnects)" -ge 2

stop_launcher TERM
expect "it ends with status 0 in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000
