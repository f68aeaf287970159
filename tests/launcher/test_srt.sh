#!/usr/bin/env bash
# srt.pipeline: ffmpeg calls it, with a passphrase; it calls srt-live-transmit, which has H.264 or HEVC of ffmpeg; a peer that goes and returns.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${STEG_TRACE:?set STEG_TRACE to the steg-trace to test}"
openssl rand -hex 32 >steg.key
out_port=$(free_port)
start_nginx out out "$out_port" "$(free_port)"
output="rtmp://127.0.0.1:$out_port/live/marked"
passphrase=not-only-ten-letters
for codec in h264 hevc; do
  encoder=(-c:v libx264 -preset ultrafast)
  [ "$codec" = h264 ] || encoder=(-c:v libx265 -preset ultrafast -x265-params log-level=error)
  ffmpeg -v error -i "$clip" -f lavfi -i sine=frequency=440:sample_rate=44100 -t 3 -vf scale=640:360 "${encoder[@]}" -g 30 -pix_fmt yuv420p \
    -c:a aac -b:a 64k "$codec.ts" </dev/null
done

# sends CODEC ADDRESS...: ffmpeg in a loop, in real time. $sender is its process.
sends() {
  ffmpeg -v error -re -stream_loop -1 -i "$1.ts" -c copy -f mpegts "$2" </dev/null >>ffmpeg.log 2>&1 &
  sender=$!
}
stop() {  # PID
  kill -KILL "$1"
  wait "$1" 2>/dev/null || true
}
start() {  # ID INPUT SETTING...
  local id=$1 address=$2
  shift 2
  launch srt.pipeline --listen 127.0.0.1:0 --set "input=$address" --set "output=$output" --set "id=$id" --set key-file=steg.key \
    --set database=sqlite:audit.db --set preset=ultrafast "$@"
  launched_url
}
plays_with() {  # ID
  expect "$1: it runs" wait_for 90 state_is running
  expect "$1: the output plays" record 4 "$1.mp4"
  expect "$1: with picture and sound" test "$(streams_in "$1.mp4")" = "video audio"
  carries "$1"
}

port=$(free_port)
start LISTEN "srt://127.0.0.1:$port?mode=listener" --set "passphrase=$passphrase"
# A caller who does not know the passphrase is refused and gets nothing out.
sends h264 "srt://127.0.0.1:$port?mode=caller&passphrase=another-passphrase"
gone() { process_is_gone "$sender"; }
expect "a caller with another passphrase is refused" wait_for 60 gone
expect "and nothing of it comes out" test "$(status .state)" != running
# ffmpeg calls once; encoders call until they are heard.
called() {
  if gone; then sends h264 "srt://127.0.0.1:$port?mode=caller&passphrase=$passphrase"; fi
  state_is running
}
expect "ffmpeg calls with the passphrase" wait_for 120 called
plays_with LISTEN
stop "$sender"
not_running() { ! state_is running; }
expect "the caller hangs up: it waits" wait_for 60 not_running
expect "the caller returns: it runs again" wait_for 120 called
stop "$sender"
stop_launcher TERM

# It calls: srt-live-transmit listens, and gives on what ffmpeg sends it by UDP.
for codec in h264 hevc; do
  id=$(tr '[:lower:]' '[:upper:]' <<<"$codec")
  port=$(free_port)
  udp=$(free_port)
  srt-live-transmit -quiet "udp://127.0.0.1:$udp" "srt://127.0.0.1:$port?mode=listener&passphrase=$passphrase" >>srt.log 2>&1 &
  listener=$!
  sends "$codec" "udp://127.0.0.1:$udp?pkt_size=1316"
  start "$id" "srt://127.0.0.1:$port?mode=caller" --set "passphrase=$passphrase"
  plays_with "$id"
  stop_launcher TERM
  stop "$sender"
  stop "$listener"
done
