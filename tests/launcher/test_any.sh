#!/usr/bin/env bash
# any.pipeline: a film in a file and from a web server, and HLS as nginx makes it, each marked and sent on by RTMP in real time.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${STEG_TRACE:?set STEG_TRACE to the steg-trace to test}"
openssl rand -hex 32 >steg.key
out_port=$(free_port)
http_port=$(free_port)
start_nginx out out "$out_port" "$http_port"
output="rtmp://127.0.0.1:$out_port/live/marked"
input="rtmp://127.0.0.1:$out_port/live/source"
publish -c copy
ffmpeg -v error -stream_loop 9 -i clip.mp4 -c copy out/hls/film.mp4 </dev/null
playlist="http://127.0.0.1:$http_port/hls/source.m3u8"
has_segments() { [ "$(curl -sS "$playlist" 2>>curl.log | grep -c '^[^#].*\.ts')" -ge 3 ]; }

# comes_from NAME ADDRESS: the marked stream plays with its sound, and carries the ID that it was given.
comes_from() {
  launch any.pipeline --listen 127.0.0.1:0 --set "input=$2" --set "output=$output" --set "id=$1" --set on-eos=restart \
    --set key-file=steg.key --set database=sqlite:audit.db --set preset=ultrafast
  launched_url
  expect "$1: it runs" wait_for 60 state_is running
  expect "$1: the output plays" record 4 "$1.mp4"
  expect "$1: with picture and sound" test "$(streams_in "$1.mp4")" = "video audio"
  stop_launcher TERM
  expect "$1: it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000
  carries "$1"
}

comes_from FILE "file://$work/out/hls/film.mp4"
comes_from HTTP "http://127.0.0.1:$http_port/hls/film.mp4"
expect "nginx has HLS" wait_for 60 has_segments
comes_from HLS "$playlist"

# The film's end is the stream's end, after the film's own time.
ends() {  # ADDRESS ID
  launch any.pipeline --listen 127.0.0.1:0 --set "input=$1" --set "output=$output" --set "id=$2" --set key-file=steg.key \
    --set database=sqlite:audit.db --set preset=ultrafast
  exit_status=0
  wait "$launcher_pid" || exit_status=$?
}
began=$(monotonic_ms)
ends "file://$work/clip.mp4" ONCE
took=$(($(monotonic_ms) - began))
expect "a film of 3 s is sent in real time, then all ends: status $exit_status, $took ms" test "$exit_status" -eq 0 -a "$took" -ge 2800
ends "file://$work/nowhere.mp4" NONE
expect "a film that is not there is an error at once" test "$exit_status" -eq 1
