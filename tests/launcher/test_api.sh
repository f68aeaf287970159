#!/usr/bin/env bash
# What the HTTP interface gives beside the control calls: events, metrics, graph, several streams, and that every JSON answer has
# exactly the members that the OpenAPI document says.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cat >two.pipeline <<'END'
[pipeline]
description=videotestsrc name=src is-live=true ! video/x-raw,width=160,height=120,framerate=25/1 ! \
  x264enc name=enc tune=zerolatency speed-preset=ultrafast ! h264parse ! \
  flvmux name=mark metadatacreator=${id} streamable=true ! fakesink sync=false
[variables]
id=first
[stream one]
[stream two]
id=second
[control]
listen=127.0.0.1:0
id=mark.metadatacreator
properties=src.pattern
[rate]
encoder=enc
END

# has_documented_members SCHEMA JQ_PATH: all that the schema requires, and nothing that it does not list.
has_documented_members() {
  jq -e --slurpfile api "$top/docs/openapi.json" "
    \$api[0].components.schemas.$1 as \$schema | $2 | keys as \$keys |
    ((\$schema.required // []) - \$keys) + (\$keys - (\$schema.properties | keys)) |
    if . == [] then true else error(\"differs: \" + (. | join(\", \"))) end" reply.json >/dev/null
}

launch two.pipeline --no-autostart --set two.id=third --log-format json
launched_url
answers 200 '[.streams[] | "\(.name) \(.state)"] == ["one stopped", "two stopped"]' "$url/streams"
answers 400 "$refused and (.error | contains(\"one, two\"))" "$url/status"
answers 404 "$refused" "$url/status?stream=three"
answers 200 '.id.requested == "first"' "$url/status?stream=one"
answers 200 '.id.requested == "third"' "$url/status?stream=two"
expect "the status is as documented" has_documented_members Status .
expect "so is its ID" has_documented_members Id .id
answers 404 "$refused" "$url/audit?stream=one"
expect "an error is as documented" has_documented_members Error .

curl -sSN --max-time 60 "$url/events" >events.txt &
expect "a listener hears the states at once" wait_for 10 grep -q '^event: status' events.txt
answers 200 '.ok' "$url/pull?stream=one"
running() { [ "$(status_of "$1" .state)" = running ]; }
status_of() { curl -sS "$url/status?stream=$1" | jq -r "$2"; }
expect "one stream runs" wait_for 20 running one
expect "the other does not" test "$(status_of two .state)" = stopped
expect "the listener hears of it" wait_for 10 grep -qF 'data: {"stream":"one","state":"running"}' events.txt
expect "it measures what leaves the encoder" wait_for 20 bash -c \
  "curl -sS '$url/status?stream=one' | jq -e '.fps.out > 15 and .fps.out < 35'"
answers 200 '.ok' -X POST -d '{"id": "mine"}' "$url/custom?stream=one"
answers 200 '.ok' -X PUT -d '{"value": "ball"}' "$url/elements/src/pattern?stream=one"
expect "the other stream keeps its ID" test "$(status_of two .id.requested)" = third
answers 200 '.process.rss_bytes > 1000000 and .process.uptime > 0' "$url/status?stream=one"

curl -sS "$url/metrics" >metrics.txt
expect "metrics: one runs" grep -qx 'steg_running{stream="one"} 1' metrics.txt
expect "metrics: the other does not" grep -qx 'steg_running{stream="two"} 0' metrics.txt
expect "metrics: every line is one of the format's" \
  bash -c "! grep -vE '^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{stream=\"[a-z]+\"\})? [0-9.e+]+)\$' metrics.txt"
curl -sS "$url/graph.svg?stream=one" >graph.svg
expect "the graph is drawn" grep -q GstX264Enc graph.svg
expect "as SVG" grep -q '</svg>' graph.svg
answers 200 '.ok' "$url/stop?stream=one"
expect "it stops" wait_for 10 bash -c "[ \"\$(curl -sS '$url/status?stream=one' | jq -r .state)\" = stopped ]"
answers 404 "$refused" "$url/graph.dot?stream=one"

curl -sS "$url/openapi.json" >served.json
expect "the server gives its own description" cmp served.json "$top/docs/openapi.json"
answers 404 "$refused" "$url/no-such-page"
expect "each line of the log is JSON" jq -es 'length >= 2 and all(.[]; .time and .level and .message)' launcher.log
expect "with stream and ID" jq -es 'any(.[]; .stream == "one" and .id == "mine")' launcher.log
stop_launcher TERM
expect "both streams end in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000

# Without other programs the answers say what to do.
mkdir bin tmp
cp "$STEG_LAUNCH" bin/steg-launch
: >launcher.out
TMPDIR="$work/tmp" PATH="$work/bin" bin/steg-launch two.pipeline >launcher.out 2>>launcher.log &
launcher_pid=$!
launched_url
expect "it runs" wait_for 20 running one
answers 501 "$refused and (.error | contains(\"install graphviz\"))" "$url/graph.svg?stream=one"
answers 501 "$refused and (.error | contains(\"steg-trace\"))" --data-binary @two.pipeline "$url/trace?stream=one"

# One trace at a time, which gets ten minutes.
printf '#!/bin/bash\necho $$ >"%s"\nexec /usr/bin/sleep 900\n' "$work/tracing" >bin/steg-trace
chmod +x bin/steg-trace
curl -sS --data-binary @two.pipeline "$url/trace?stream=one" >slow.json &
slow=$!
expect "a trace that takes its time" wait_for 20 test -s tracing
answers 503 "$refused and (.error | contains(\"try again\"))" --data-binary @two.pipeline "$url/trace?stream=one"
expect "its file has no name" test -z "$(ls tmp)"
if [ -n "${STEG_SOAK:-}" ]; then
  wait "$slow"
  expect "after ten minutes it is given up" jq -e '.ok == false and (.error | contains("ten minutes"))' slow.json
else
  kill "$slow"
fi
expect "its program ends with it, or with its client" wait_for 10 process_is_gone "$(cat tracing)"

# What a trace says of its end. The tracer is a script of ours.
tracer() {
  printf '#!/bin/bash\n%s\n' "$1" >bin/steg-trace
}
tracer 'kill -XCPU $$'
answers 504 "$refused" --data-binary @two.pipeline "$url/trace?stream=one"
tracer 'kill -SEGV $$'
answers 422 "$refused and (.error | contains(\"damaged\"))" --data-binary @two.pipeline "$url/trace?stream=one"
tracer 'printf "steg-trace: a notice\nsteg-trace: %s: It is broken.\nMend it.\n" "${*: -1}" >&2; exit 2'
answers 422 '.error == "It is broken. Mend it."' --data-binary @two.pipeline "$url/trace?stream=one"
tracer "/usr/bin/cmp '$work/two.pipeline' \"\${*: -1}\" >&2 && echo '{}'"
answers 200 .found --data-binary @two.pipeline "$url/trace?stream=one"

# Nor does the tracer outlive the server.
: >tracing
tracer "echo \$\$ >'$work/tracing'; exec /usr/bin/sleep 300"
curl -sS --data-binary @two.pipeline "$url/trace?stream=one" >slow.json 2>&1 &
expect "another trace" wait_for 20 test -s tracing
stop_launcher TERM
expect "ends with the server" wait_for 10 process_is_gone "$(cat tracing)"
