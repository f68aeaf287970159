#!/usr/bin/env bash
# Faults with real servers: afterwards the stream is back within 5 s of the cause being gone.
# STEG_SOAK=1 (tests/run.sh --soak): freezes of 30 s.
# Meson gives FLV_PUSH.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
freeze=${STEG_SOAK:+30}
freeze=${freeze:-8}

# Whether a viewer of the output gets a key frame and what follows it.
plays_now() { record 1 now.mp4 && [ "$(frames_in now.mp4)" -ge 10 ]; }
# back_within_5_s WHAT: the output plays again; the machine may be slow, so twice that fails and between the two is told.
back_within_5_s() {
  local began
  began=$(date +%s%3N)
  wait_for 60 plays_now || fail "$1: the output does not play again"
  local took=$(($(date +%s%3N) - began))
  echo "$1: plays again, $took ms after the cause was gone (1 s of that is the recording itself)"
  [ "$took" -lt 20000 ] || fail "$1: that took too long"
}
# Publishes 640x360 at 30 frames a second with sound unless told otherwise: publish_as VIDEO_OPTIONS AUDIO_OPTIONS
publish_as() {
  # shellcheck disable=SC2086  # these are options
  ffmpeg -v error -re -stream_loop -1 -i clip.mp4 $1 $2 -f flv "$input" </dev/null >>ffmpeg.log 2>&1 &
  publisher=$!
}
encode="-c:v libx264 -preset ultrafast -tune zerolatency -g 25"
size_is() { [ "$(ffprobe -v error -select_streams v -show_entries stream=width -of csv=p=0 now.mp4)" = "$1" ]; }

start_servers
publish -c copy
launch "$top/tests/launcher/relay.pipeline" --set "input=$input" --set "output=$output"
launched_url
expect "it runs" wait_for 30 state_is running
resident=$(status .process.rss_bytes)

unpublish
publish_as "-vf scale=426:240 -r 25 $encode" "-c:a copy"
back_within_5_s "publisher with another size and rate"
expect "the output has the new size" size_is 426
unpublish
publish_as "-c:v copy" "-an"
back_within_5_s "publisher without sound"
unpublish
publish_as "-vn" "-c:a copy"
sleep 5
expect "with only sound it does not end" kill -0 "$launcher_pid"
unpublish
publish -c copy
back_within_5_s "publisher with picture after one with only sound"

kill -STOP "$publisher"
expect "it notices that the publisher froze" wait_for 30 logged_times "trying again" 4
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
  kill_nginx "$server"
  sleep 1
  if [ "$server" = in ]; then start_nginx in in "$in_port"; else start_nginx out out "$out_port" "$(free_port)"; fi
  if [ "$server" = in ]; then unpublish && publish -c copy; fi
  back_within_5_s "nginx ($server) killed"
done

ffmpeg -v error -y -i clip.mp4 -c copy clip.flv </dev/null
for mode in forward back corrupt; do
  unpublish
  "$FLV_PUSH" clip.flv "$input" "$mode" 8 >>push.log 2>&1 &
  publisher=$!
  back_within_5_s "another publisher"
  watched=$(mktemp)
  curl -sSN --max-time 14 "$url/live.flv" >"$watched" 2>/dev/null || true
  expect "timestamps or damage ($mode): the launcher is there" kill -0 "$launcher_pid"
  back_within_5_s "timestamps or damage ($mode)"
  gap=$(ffprobe -v error -select_streams v -show_entries packet=pts_time -of csv=p=0 "$watched" | tr -d , |
    awk '/^[0-9]/ { if (seen && $1 - last > gap) gap = $1 - last; last = $1; seen = 1 } END { printf "%.1f", gap }')
  echo "$mode: longest gap in a viewer's picture $gap s"
  expect "a viewer's picture went on" awk -v gap="$gap" 'BEGIN { exit !(gap < 6) }'
done
unpublish

grown=$(($(status .process.rss_bytes) - resident))
echo "memory grew by $((grown / 1024)) KiB over $(status .reconnects) rebuilds"
expect "memory stays where it was" test "$grown" -lt 60000000
stop_launcher TERM
expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000

# No room for the log.
publish -c copy
: >launcher.out
"$STEG_LAUNCH" "$top/tests/launcher/relay.pipeline" --set "input=$input" --set "output=$output" >launcher.out 2>/dev/full &
launcher_pid=$!
launched_url
expect "without room for its messages it runs all the same" wait_for 30 state_is running
stop_launcher TERM

# The output's session is held while the source is away.
sed -e 's/rtmp2sink location=${output} sync=false async-connect=false/fakesink sync=false async=false/' \
  -e 's/^flv=mux/&\noutput=${output}\nhold-output=true/' "$top/tests/launcher/relay.pipeline" >hold.pipeline
launch hold.pipeline --set "input=$input" --set "output=$output"
launched_url
expect "with a held output it runs" wait_for 30 state_is running
back_within_5_s "held output"
record 16 held.mp4 &
recorder=$!
sleep 4
unpublish
sleep 4
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
