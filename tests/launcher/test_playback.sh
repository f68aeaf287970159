#!/usr/bin/env bash
# Watching: /live.flv over HTTP and WebSocket and RTSP, from a key frame on, across a publisher's return, many viewers at once, and
# without slow ones hurting anybody.
# Meson gives WS_VIEWER.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# packets_of FILE: "time flags" of each video packet.
packets_of() {
  ffprobe -v error -select_streams v -show_entries packet=pts_time,flags -of csv=p=0 "$1" | tr , ' '
}
# Begins with a key frame, and no frame is more than SECONDS after the one before.
is_smooth() {  # FILE SECONDS
  packets_of "$1" | awk -v most="$2" '
    $1 !~ /^[0-9]/ { next }  # the decoder configuration
    NR == 1 && $2 !~ /K/ { print "begins with " $0; bad = 1 }
    NR > 1 && ($1 <= last || $1 - last > most) { print "jumps from " last " to " $1; bad = 1 }
    { last = $1 } END { print NR " frames, the last at " last " s"; exit bad || NR < 10 }'
}
# decodes FILE: sound and picture without an error. curl leaves in the middle of a packet at times: that one is not decoded. ffprobe does nothing
# but decode; ffmpeg would round times to whole frames, and after a pause of any length two may fall on one, which it calls an error.
decodes() {
  ffprobe -v error -fflags +discardcorrupt -count_frames -show_entries stream=nb_read_frames "$1" >frames.txt 2>>decoding.log && [ ! -s decoding.log ] &&
    [ "$(grep -c 'nb_read_frames=[1-9]' frames.txt)" -eq 2 ]
}
watch() { curl -sSN --max-time "$1" "$url/live.flv" >"$2" 2>>curl.log || true; }  # SECONDS FILE
viewers() { status .playback.viewers.flv; }
has_packets() { [ "$(packets_of "$1" 2>/dev/null | wc -l)" -ge "$2" ]; }  # FILE COUNT
is_idle() { ! state_is running; }
viewers_are() { [ "$(viewers)" = "$1" ]; }

start_servers
publish -c copy
printf '%s\n' '[rtsp]' 'listen=127.0.0.1:0' | cat "$top/tests/launcher/relay.pipeline" - >relay.pipeline
launch relay.pipeline --set "input=$input" --set "output=$output"
launched_url
expect "it runs" wait_for 30 state_is running
answers 200 '.playback.flv == "/live.flv?stream=relay"' "$url/status"

watch 4 first.flv
expect "the first viewer's picture begins with a key frame" is_smooth first.flv 0.2
expect "and has sound" test "$(streams_in first.flv | tr ' ' '\n' | sort | tr '\n' ' ')" = "audio video "
expect "all of it decodes" decodes first.flv
"$WS_VIEWER" "ws://${url#http://}/live.flv" 4 >ws.flv
expect "a WebSocket gives the same" is_smooth ws.flv 0.2
answers 400 "$refused" -H 'Upgrade: websocket' "$url/live.flv"

# A viewer stays while the publisher goes and returns.
watch 14 through.flv &
watcher=$!
expect "a viewer is counted" wait_for 5 viewers_are 1
expect "the picture comes" wait_for 10 has_packets through.flv 60
runs=$(grep -c 'steg-launch: running' launcher.log)
unpublish
expect "the launcher notices that the publisher left" wait_for 10 is_idle
publish -c copy
expect "it runs when the publisher is back" wait_for 20 logged_times "steg-launch: running" $((runs + 1))
wait "$watcher"
expect "a viewer who stayed has one picture without jumps" is_smooth through.flv 8
expect "which decodes" decodes through.flv
expect "nobody is left" wait_for 5 viewers_are 0

# RTSP.
rtsp=$(status .playback.rtsp)
# watch_rtsp tcp|udp SECONDS FILE
watch_rtsp() {
  timeout -k 2 $(($2 + 30)) ffmpeg -v error -y -rtsp_transport "$1" -i "$rtsp" -t "$2" -c copy "$3" </dev/null >>rtsp.log 2>&1
}
for transport in tcp udp; do
  expect "RTSP plays over $transport" watch_rtsp "$transport" 3 "$transport.mkv"
  expect "with picture and sound" test "$(streams_in "$transport.mkv" | tr ' ' '\n' | sort | tr '\n' ' ')" = "audio video "
  expect "and decodes" test "$(frames_in "$transport.mkv")" -ge 40
done

# Twenty viewers by HTTP and five by RTSP, without the stream losing a frame.
crowd=()
for i in $(seq 20); do
  watch 12 "crowd$i.flv" &
  crowd+=($!)
done
for i in $(seq 5); do
  watch_rtsp tcp 6 "crowd$i.mkv" &
  crowd+=($!)
done
expect "25 viewers are counted" wait_for 20 bash -c \
  "curl -sS '$url/status' | jq -e '.playback.viewers.flv == 20 and .playback.viewers.rtsp == 5' >/dev/null &&
   curl -sS '$url/metrics' | grep -q '^steg_viewers{.*} 25\$'"
record 5 crowd.mp4 &
crowd+=($!)
wait "${crowd[@]}"
for i in $(seq 20); do is_smooth "crowd$i.flv" 0.2 >smooth.txt || fail "viewer $i by HTTP: $(cat smooth.txt)"; done
echo "ok: each of 20 viewers by HTTP got every frame"
for i in $(seq 5); do [ "$(frames_in "crowd$i.mkv")" -ge 100 ] || fail "viewer $i by RTSP got $(frames_in "crowd$i.mkv") frames"; done
echo "ok: each of 5 viewers by RTSP has a picture"
expect "the output by RTMP lost nothing" is_smooth crowd.mp4 0.2
expect "nobody was dropped, and nothing was built again" test "$(status '"\(.playback.dropped) \(.reconnects)"')" = "0 1"
expect "RTSP viewers who left are not counted" wait_for 20 bash -c \
  "curl -sS '$url/status' | jq -e '.playback.viewers.rtsp == 0' >/dev/null"

# Slow viewers: frozen ones are dropped, and the others' picture does not suffer.
curl -sS -X PUT -d '{"value": "20000"}' "$url/elements/enc/bitrate" | jq -e .ok >/dev/null
slow=()
for _ in 1 2 3; do
  curl -sSN --limit-rate 10k --max-time 90 "$url/live.flv" >/dev/null 2>&1 &
  slow+=($!)
done
"$WS_VIEWER" "ws://${url#http://}/live.flv" 90 60 >/dev/null 2>&1 &
slow+=($!)
dropped_all() { [ "$(status .playback.dropped)" -ge 4 ]; }
expect "slow viewers are dropped" wait_for 80 dropped_all
watch 4 last.flv
expect "while another's picture is smooth" is_smooth last.flv 0.5
kill "${slow[@]}" 2>/dev/null || true
stop_launcher TERM
expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000
