#!/usr/bin/env bash
# One source, two recipients, each with an ID of their own, which changes for one of them alone, by RTMP, HTTP-FLV and RTSP. With
# sound and without.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${STEG_TRACE:?set STEG_TRACE to the steg-trace to test}"
openssl rand -hex 32 >steg.key
ids_in() {  # FILE...
  "$STEG_TRACE" --json --rate 4 --key-file steg.key "$@" | jq -r '[.files[].segments[] | select(.log10_p <= -9) | .id] | join(" ")'
}

start_servers
publish -c copy
printf '%s\n' '[rtsp]' 'listen=127.0.0.1:0' | cat "$top/pipelines/rtmp-fanout.pipeline" - >rtmp-fanout.pipeline
launch rtmp-fanout.pipeline --listen 127.0.0.1:0 --set "input=$input" --set "output=${output%/*}" \
  --set key-file=steg.key --set database=sqlite:audit.db --set preset=ultrafast --set bitrate=16000 --set bob.id=BOB1
launched_url
expect "it runs" wait_for 90 state_is running
answers 200 '[.recipients[] | "\(.name) \(.id.requested)"] == ["alice ALICE", "bob BOB1"]' "$url/status"
answers 400 "$refused" -d '{"id": "X"}' "$url/custom"
answers 404 "$refused" -d '{"id": "X"}' "$url/custom?recipient=carol"
answers 200 '.ok' -d '{"id": "BOB2"}' "$url/custom?recipient=bob"
bob_has() { [ "$(status '.recipients[1].id.applied')" = "$1" ]; }
expect "bob's new ID comes into his picture" wait_for 60 bob_has BOB2
expect "alice keeps hers" test "$(status '.recipients[0].id.applied')" = ALICE
base=${output%/*}
output=$base/alice
record 4 alice.mp4 &
recorder=$!
output=$base/bob
record 4 bob.mp4
wait "$recorder"
answers 400 "$refused" "$url/live.flv"
answers 200 '.recipients[1].playback.flv == "/live.flv?stream=rtmp-fanout&recipient=bob" and .fps.out > 0' "$url/status"
curl -sSN --max-time 4 "$url/live.flv?recipient=bob" >bob.flv 2>>curl.log || true
for number in 0 1; do
  output=$(status ".recipients[$number].playback.rtsp")
  expect "RTSP plays at $output" record 3 "rtsp$number.mkv"
done
output=$base/bob

# A publisher without sound takes over.
runs=$(grep -c 'steg-launch: running' launcher.log)
unpublish
publish -c copy -an
expect "it runs without sound" wait_for 60 logged_times "steg-launch: running" $((runs + 1))
record 2 silent.mp4
expect "with a picture only" test "$(streams_in silent.mp4)" = video
stop_launcher TERM
expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000
ids=$(ids_in alice.mp4 bob.mp4 bob.flv rtsp0.mkv rtsp1.mkv)
expect "each copy carries its ID by RTMP, on the page and by RTSP: $ids" test "$ids" = "ALICE BOB2 BOB2 ALICE BOB2"
expect "both have picture and sound" test "$(streams_in alice.mp4) $(streams_in bob.mp4)" = "video audio video audio"
expect "the audit log has each under a name of its own" \
  test "$(sqlite3 audit.db "SELECT group_concat(DISTINCT stream || ' ' || id) FROM (SELECT * FROM steg_audit_record ORDER BY stream, id)")" \
  = "live/stream/alice ALICE,live/stream/bob BOB1,live/stream/bob BOB2"
