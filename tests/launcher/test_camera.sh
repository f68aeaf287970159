#!/usr/bin/env bash
# camera.pipeline: cameras that gst-rtsp-server plays, by TCP and by UDP, H.264 and HEVC, with AAC, G.711 and no sound; one that goes and returns.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${STEG_TRACE:?set STEG_TRACE to the steg-trace to test}" "${RTSP_CAMERA:?set RTSP_CAMERA to the camera}"
openssl rand -hex 32 >steg.key
out_port=$(free_port)
start_nginx out out "$out_port" "$(free_port)"
output="rtmp://127.0.0.1:$out_port/live/marked"
ffmpeg -v error -i "$clip" -frames:v 1 -vf scale=640:360,format=yuv420p -q:v 2 picture.jpg </dev/null
port=$(free_port)
not_running() { ! state_is running; }

camera() {  # tcp|udp CODEC [SOUND]: $camera is its process
  "$RTSP_CAMERA" picture.jpg "$port" "$@" >>camera.log 2>&1 &
  camera=$!
  wait_for 60 listens
}
listens() { ! port_is_free "$port"; }
unplug() {
  kill -KILL "$camera"
  wait "$camera" 2>/dev/null || true
}
start() {  # ID PROTOCOLS
  launch camera.pipeline --listen 127.0.0.1:0 --set "input=rtsp://127.0.0.1:$port/camera" --set "protocols=$2" --set "output=$output" \
    --set "id=$1" --set key-file=steg.key --set database=sqlite:audit.db --set preset=ultrafast
  launched_url
}
plays_with() {  # ID STREAMS
  expect "$1: it runs" wait_for 90 state_is running
  expect "$1: the output plays" record 4 "$1.mp4"
  expect "$1: with $2" test "$(streams_in "$1.mp4")" = "$2"
  carries "$1"
}

camera tcp h264 aac
start TCP tcp
plays_with TCP "video audio"
unplug
expect "the camera is unplugged: it waits" wait_for 60 not_running
camera tcp h264 aac
expect "the camera is back: it runs again" wait_for 90 state_is running
expect "and plays" record 2 again.mp4
stop_launcher TERM
expect "it ends" test "$exit_status" -eq 0
unplug

camera udp h265 pcma
start UDP udp
plays_with UDP "video audio"
stop_launcher TERM
unplug

camera udp h264
start SILENT udp+tcp
plays_with SILENT video
stop_launcher TERM
unplug
