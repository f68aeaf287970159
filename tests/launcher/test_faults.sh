#!/usr/bin/env bash
# Faults with real servers and the shipped, marking pipeline: afterwards the stream is back within 5 s of the cause being gone, no
# frame was unmarked, no audit record is lost, and memory is where it was.
# STEG_SOAK=1 (tests/run.sh --soak): freezes of 30 s.
# Meson gives FLV_PUSH, STEG_TRACE, STEG_AUDIT and the paths of plugins and models.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${STEG_TRACE:?set STEG_TRACE to the steg-trace to test}" "${STEG_AUDIT:?set STEG_AUDIT to the steg-audit to test}"
freeze=${STEG_SOAK:+30}
freeze=${freeze:-8}
openssl rand -hex 32 >steg.key
mkdir seen
# The spool of a PostgreSQL log lies there.
export XDG_STATE_HOME="$work/state"

# Whether a viewer of the output gets a key frame and what follows it.
plays_now() { record 1 now.mp4 && [ "$(frames_in now.mp4)" -ge 10 ]; }
watch_once() {  # how long that takes from now on, in milliseconds: $took
  local began
  began=$(monotonic_ms)
  wait_for 90 plays_now || fail "$1: the output does not play again"
  took=$(($(monotonic_ms) - began))
}
back=0
# back_within_5_s WHAT: the output plays again. The viewer needs time too ($viewer_ms on the undisturbed stream: it connects, waits for a
# key frame, records a second), and the machine may be slow: three times both is allowed, and what it took is told.
back_within_5_s() {
  watch_once "$1"
  back=$((back + 1))
  mv now.mp4 "seen/$(printf %02d "$back").mp4"
  echo "$1: plays again, $took ms after the cause was gone ($viewer_ms ms of such are the viewer's own)"
  [ "$took" -lt $((3 * (5000 + viewer_ms))) ] || fail "$1: that took too long"
  [ "$(status '.audit.unmarked // 0')" -eq 0 ] || fail "$1: there are unmarked frames"
}
# Publishes 640x360 at 30 frames a second with sound unless told otherwise: publish_as VIDEO_OPTIONS AUDIO_OPTIONS
publish_as() {
  # shellcheck disable=SC2086  # these are options
  ffmpeg -v error -re -stream_loop -1 -i clip.mp4 $1 $2 -f flv "$input" </dev/null >>ffmpeg.log 2>&1 &
  publisher=$!
}
encode="-c:v libx264 -preset ultrafast -tune zerolatency -g 25"
size_is() { [ "$(ffprobe -v error -select_streams v -show_entries stream=width -of csv=p=0 "$1")" = "$2" ]; }
set_id() {  # ID: and waits until it is in the picture
  curl -sS -d "{\"id\": \"$1\"}" "$url/custom" | jq -e .ok >/dev/null || fail "ID $1 is refused"
  expect "ID $1 comes into the picture" wait_for 60 applied_is "$1"
}
applied_is() { [ "$(status .id.applied)" = "$1" ]; }
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

unpublish
publish_as "-vf scale=426:240 -r 25 $encode" "-c:a copy"
back_within_5_s "publisher with another size and rate"
expect "the output has the new size" size_is seen/01.mp4 426
unpublish
publish_as "-c:v copy" "-an"
back_within_5_s "publisher without sound"
unpublish
publish_as "-vn" "-c:a copy"
sleep 3
expect "with only sound it does not end" kill -0 "$launcher_pid"
unpublish
publish -c copy
back_within_5_s "publisher with picture after one with only sound"

tries=$(grep -c 'trying again' launcher.log)
kill -STOP "$publisher"
expect "it notices that the publisher froze" wait_for 30 logged_times "trying again" $((tries + 1))
sleep "$freeze"
unpublish
publish -c copy
back_within_5_s "publisher frozen for $freeze s"

for server in in out; do
  worker=$(nginx_worker "$server")
  kill -STOP "$worker"
  sleep "$freeze"
  kill -CONT "$worker"
  back_within_5_s "nginx ($server) frozen for $freeze s"
  tries=$(grep -c 'trying again' launcher.log)
  kill_nginx "$server"
  expect "it notices that nginx ($server) is gone" wait_for 30 logged_times "trying again" $((tries + 1))
  if [ "$server" = in ]; then start_nginx in in "$in_port"; else start_nginx out out "$out_port" "$(free_port)"; fi
  if [ "$server" = in ]; then unpublish && publish -c copy; fi
  back_within_5_s "nginx ($server) killed"
done

# The database is gone, and the spool has no room: the stream goes on, and what memory held is written afterwards.
wait_for 60 state_is running || fail "it does not run"
reconnects=$(status .reconnects)
"$top/tests/postgres/postgres.sh" kill "$database"
for id in GONE1 GONE2 GONE3 GONE4; do set_id "$id"; done
spool_is_full() { [ "$(status '.audit | .failed > 0 and .spooled > 0 and .pending > .spooled')" = true ]; }
expect "the spool is full, the rest waits in memory" wait_for 30 spool_is_full
expect "it says so" wait_for 10 logged "raise \`spool-limit\`"
answers 503 "$refused" "$url/audit"
back_within_5_s "database gone, spool full"
expect "the stream was not taken down for it" test "$(status .reconnects)" = "$reconnects"
expect "the database is back" test "$("$top/tests/postgres/postgres.sh" start "$database" $$)" = "$uri"
all_written() { [ "$(status .audit.pending)" = 0 ]; }
expect "all is written" wait_for 60 all_written

ffmpeg -v error -y -i clip.mp4 -c copy clip.flv </dev/null
for mode in forward back corrupt; do
  unpublish
  "$FLV_PUSH" clip.flv "$input" "$mode" 5 >>push.log 2>&1 &
  publisher=$!
  back_within_5_s "another publisher"
  watched=$(mktemp -p "$work")
  curl -sSN --max-time 9 "$url/live.flv" >"$watched" 2>/dev/null || true
  expect "timestamps or damage ($mode): the launcher is there" kill -0 "$launcher_pid"
  back_within_5_s "timestamps or damage ($mode)"
  gap=$(ffprobe -v error -select_streams v -show_entries packet=pts_time -of csv=p=0 "$watched" | tr -d , |
    awk '/^[0-9]/ { if (seen && $1 - last > gap) gap = $1 - last; last = $1; seen = 1 } END { printf "%.1f", gap }')
  echo "$mode: longest gap in a viewer's picture $gap s"
  expect "a viewer's picture went on" awk -v gap="$gap" 'BEGIN { exit !(gap < 6) }'
done
unpublish
publish -c copy
back_within_5_s "the usual publisher"

# What the process holds when nothing runs does not depend on how many pipelines there were.
read -r heap resident files <rest-before.txt
at_rest rest-after.txt "$files"
read -r heap_after resident_after files_after <rest-after.txt
echo "at rest, after $(status .reconnects) rebuilds: heap $((heap / 1024)) to $((heap_after / 1024)) KiB," \
  "resident $((resident / 1024)) to $((resident_after / 1024)) KiB, open files $files to $files_after"
expect "memory is where it was" test $((heap_after - heap)) -lt 2000000 -a $((resident_after - resident)) -lt 60000000
expect "and so are open files" test "$files_after" -le "$files"
stop_launcher TERM
expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000

# A second of each, so a few frames and many bits.
"$STEG_TRACE" --json --rate 5 --key-file steg.key seen/*.mp4 >trace.json || fail "steg-trace finds nothing"
expect "every picture that was seen is marked" \
  test "$(jq '[.files[] | select(any(.segments[]; .log10_p <= -9 and (.id == "FAULT1" or .id == "GONE4")))] | length' trace.json)" -eq "$back"
listed=$("$STEG_AUDIT" list --database "$uri" --format json)
expect "the audit log has every ID" \
  test "$(jq -r '[.. | .id? // empty] | unique | join(" ")' <<<"$listed")" = "FAULT1 GONE1 GONE2 GONE3 GONE4"
expect "and verifies" "$STEG_AUDIT" verify --database "$uri" --key-file steg.key

# No room for the log.
: >launcher.out
"$STEG_LAUNCH" rtmp.pipeline "${settings[@]}" >launcher.out 2>/dev/full &
launcher_pid=$!
launched_url
expect "without room for its messages it runs all the same" wait_for 60 state_is running
stop_launcher TERM
"$top/tests/postgres/postgres.sh" remove "$database"

# The output's session is held while the source is away.
launch "$top/pipelines/rtmp-hold.pipeline" "${settings[@]}" --set database=sqlite:hold.db
launched_url
expect "with a held output it runs" wait_for 60 state_is running
back_within_5_s "held output"
record 12 held.mp4 &
recorder=$!
expect "a viewer watches" wait_for 30 has_recorded 3 held.mp4
unpublish
# Longer than the longest gap that is allowed below.
sleep 3
publish -c copy
expect "a viewer stays connected while the publisher is away" wait "$recorder"
gap=$(ffprobe -v error -select_streams v -show_entries packet=pts_time -of csv=p=0 held.mp4 | tr -d , |
  awk '{ if (NR > 1 && $1 - last > gap) gap = $1 - last; last = $1 } END { printf "%.1f", gap }')
echo "longest gap $gap s"
expect "and has a picture all the time" awk -v gap="$gap" 'BEGIN { exit !(gap < 2.5) }'
kill_nginx out
start_nginx out out "$out_port" "$(free_port)"
reconnects=$(status .reconnects)
back_within_5_s "nginx (out) killed with a held output"
expect "the source was not taken down for it" test "$(status .reconnects)" = "$reconnects"
stop_launcher TERM
expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000
