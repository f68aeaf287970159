#!/usr/bin/env bash
# The shipped pipelines with the real elements: what comes out carries the IDs, before and after a change by HTTP and a lost source,
# and the audit log has them. Meson gives STEG_TRACE, STEG_AUDIT and the paths of plugins and models.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${STEG_TRACE:?set STEG_TRACE to the steg-trace to test}"
: "${STEG_AUDIT:?set STEG_AUDIT to the steg-audit to test}"
openssl rand -hex 32 >steg.key
# A folder of its own, so that what is left behind there is its own.
mkdir tmp
export TMPDIR="$work/tmp"

# ids_in FILE: the IDs that steg-trace finds, in order, each with p <= 1e-9.
ids_in() {
  "$STEG_TRACE" --json --rate 4 --key-file steg.key "$1" >trace.json || fail "steg-trace finds nothing in $1"
  jq -r '[.files[].segments[] | select(.log10_p <= -9) | .id] | join(" ")' trace.json
}

rows_of() {  # ID CLIENT_IP_CONDITION
  sqlite3 audit.db "SELECT count(*) FROM steg_audit_record WHERE id = '$1' AND client_ip $2"
}

# Without an ID nothing starts and nothing is written.
got=0
timeout 60 "$STEG_LAUNCH" "$top/pipelines/file.pipeline" --set "input=$clip" --set output=none.mp4 \
  --set database=sqlite:none.db 2>launcher.log || got=$?
expect "without an ID it refuses to start" test "$got" -eq 1
expect "it says what to do" logged "Set the property"
expect "it writes nothing" test ! -s none.mp4

# A file, with sound that is passed through bit by bit, and one without.
ffmpeg -v error -i "$clip" -f lavfi -i sine=frequency=440:sample_rate=44100 -t 3.1 -c:v copy -c:a aac sound.mp4 </dev/null
# One checksum for each packet of sound.
sound_of() {
  ffmpeg -v error -ignore_editlist 1 -i "$1" -map 0:a -c copy -f framemd5 - </dev/null | awk '!/^#/ { print $NF }'
}
for source in sound.mp4 "$clip"; do
  "$STEG_LAUNCH" "$top/pipelines/file.pipeline" --set "input=$source" --set output=marked.mp4 --set id=FILE1 \
    --set key-file=steg.key --set database=sqlite:file.db --set preset=veryfast 2>launcher.log
  expect "$(basename "$source") comes out with all its streams" test "$(streams_in marked.mp4)" = "$(streams_in "$source")"
  expect "and all its frames" test "$(frames_in marked.mp4)" -eq "$(frames_in "$source")"
done
"$STEG_LAUNCH" "$top/pipelines/file.pipeline" --set input=sound.mp4 --set output=marked.mp4 --set id=FILE1 \
  --set key-file=steg.key --set database=sqlite:file.db --set preset=veryfast 2>launcher.log
# What the container's edit list cuts off (the decoder's first packet, and the padding at the end) is no part of the sound.
original=$(sound_of sound.mp4)
passed=$(sound_of marked.mp4)
is_part_of() { [[ "$2" == *"$1"* ]]; }
expect "the sound is untouched" is_part_of "$passed" "$original"
expect "and whole" test "$(wc -l <<<"$passed")" -ge $(($(wc -l <<<"$original") - 2))
expect "the file carries its ID" test "$(ids_in marked.mp4)" = FILE1
recorded=$(sqlite3 file.db "SELECT sum(frames_encoded + frames_repeated + frames_residual) FROM steg_audit_record")
expect "the audit log has every frame of the three runs" test "$recorded" -eq $(($(frames_in marked.mp4) * 3))
expect "and of no other ID" test "$("$STEG_AUDIT" list --database sqlite:file.db --format csv | grep -vc '^FILE1,')" -eq 1
expect "and verifies" "$STEG_AUDIT" verify --database sqlite:file.db --key-file steg.key

# Rows that steg-trace shows are verified with its own key.
traced_with_log() {  # DATABASE JQ_CONDITION
  "$STEG_TRACE" --json --rate 2 --key-file steg.key --database "sqlite:$1" marked.mp4 >trace.json 2>trace.log
  jq -e "$2" trace.json >/dev/null
}
expect "a trace shows its rows as verified" traced_with_log file.db \
  '.audit_intact and (.audit | length >= 3 and all(.[]; .verified))'
sqlite3 file.db '.backup forged.db'
sqlite3 forged.db "UPDATE steg_audit_event SET client_ip = '203.0.113.9' WHERE seq = 1"
expect "an altered one as not verified" traced_with_log forged.db \
  '.audit_intact == false and any(.audit[]; .client_ip == "203.0.113.9" and .verified == false) and any(.audit[]; .verified)'
expect "and says so" grep -q 'audit log is not intact' trace.log

# The relay.
start_servers
publish -c copy
sed 's/^listen=.*/listen=127.0.0.1:0\nproxies=127.0.0.1/' "$top/pipelines/rtmp.pipeline" >rtmp.pipeline
launch rtmp.pipeline --set "input=$input" --set "output=$output" --set id=ALICE1 \
  --set key-file=steg.key --set database=sqlite:audit.db --set client-ip=192.0.2.7 --set preset=ultrafast \
  --set bitrate=16000 # of what comes out a single frame is read, too
launched_url
applied_is() { [ "$(status .id.applied)" = "$1" ]; }
expect "the relay runs" wait_for 60 state_is running
expect "with the first ID" applied_is ALICE1
record 8 first.mp4 &
recorder=$!
expect "a viewer sees the first ID for some seconds" wait_for 30 has_recorded 4 first.mp4
curl -sSN --max-time 60 "$url/events" >events.txt 2>/dev/null &
answers 200 .ok -H 'X-Forwarded-For: 192.0.2.8' -d '{"id": "BOB2"}' "$url/custom"
expect "the second ID comes into the picture" wait_for 30 applied_is BOB2
expect "listeners hear of its first frame" \
  wait_for 10 heard id-applied '.stream == "rtmp" and .id == "BOB2" and .pts > 0 and .running_time > 0 and (.applied_at | test("Z$"))'
wait "$recorder"
record 3 second.mp4
expect "the viewer's copy carries the first ID, then perhaps the second" \
  grep -qx 'ALICE1\( BOB2\)\?' <<<"$(ids_in first.mp4)"
expect "a later copy carries the second ID only" test "$(ids_in second.mp4)" = BOB2
expect "the picture came with sound" test "$(streams_in second.mp4)" = "video audio"

runs=$(grep -c 'steg-launch: running' launcher.log)
unpublish
expect "it notices that the publisher stopped" wait_for 120 logged "the source ended"
publish -c copy
expect "it runs again" wait_for 60 logged_times "steg-launch: running" $((runs + 1))
record 3 third.mp4
expect "after the rebuild the second ID is still in the picture" test "$(ids_in third.mp4)" = BOB2
answer=$(status '"\(.frames.frames) \(.audit.unmarked) \(.audit.failed)"')
expect "the status has frames, none unmarked, no failed writes: $answer" grep -qx '[1-9][0-9]* 0 0' <<<"$answer"

# What the page asks for.
answers 200 '[.rows[].id] | contains(["ALICE1", "BOB2"])' "$url/audit"
answers 200 '.rows | length == 1' "$url/audit?most=1"
answers 200 '[.rows[] | select(.id != "BOB2")] == []' "$url/audit?id=BOB2"
answers 400 "$refused" "$url/audit?most=0"
answers 200 '.found and .report.files[0].segments[0].id == "BOB2"' --data-binary @third.mp4 "$url/trace"
ffmpeg -v error -i third.mp4 -frames:v 1 frame.png </dev/null
answers 200 '.found and .report.files[0].segments[0].id == "BOB2"' --data-binary @frame.png "$url/trace"
ffmpeg -v error -i "$clip" -frames:v 1 unmarked.png </dev/null
answers 200 '.found == false' --data-binary @unmarked.png "$url/trace"
answers 422 "$refused" --data-binary @steg.key "$url/trace"
answers 422 "$refused" -X POST "$url/trace"
expect "tracing leaves no files behind" test -z "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'steg-launch-??????' -newer steg.key)"
stop_launcher TERM
expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000
expect "the audit log has the first ID with the address in the file" test "$(rows_of ALICE1 "= '192.0.2.7'")" -ge 1
expect "the second ID with that of the caller" test "$(rows_of BOB2 "= '192.0.2.8'")" -ge 1
expect "and neither with the other's" test "$(rows_of ALICE1 "<> '192.0.2.7'")$(rows_of BOB2 "<> '192.0.2.8'")" = 00
expect "and its chain verifies" "$STEG_AUDIT" verify --database sqlite:audit.db --key-file steg.key

# Where nginx-rtmp says who publishes, the log has the publisher's address.
unpublish
stop_nginx in
sed 's/^client-ip=audit.client-ip/&\nclient-ip-from=publisher/' rtmp.pipeline >publisher.pipeline
launch publisher.pipeline --no-autostart --set "input=$input" --set "output=$output" --set id=CAROL3 \
  --set key-file=steg.key --set database=sqlite:publisher.db --set client-ip=192.0.2.7 --set preset=ultrafast
launched_url
sed -i "s|live on;|&\n      on_publish $url/on_publish;|" in/nginx.conf
(cd in && exec nginx -p "$PWD/" -c "$PWD/nginx.conf" -e logs/error.log -g 'user root;') >>nginx.log 2>&1 &
expect "nginx runs with a call-back" wait_for 10 nginx_is_up $! "$in_port"
publish -c copy
expect "the publisher starts the stream" wait_for 60 state_is running
record 1 published.mp4
stop_launcher TERM
expect "the audit log has the publisher's address" \
  test "$(sqlite3 publisher.db "SELECT group_concat(DISTINCT id || ' ' || client_ip) FROM steg_audit_record")" = "CAROL3 127.0.0.1"
