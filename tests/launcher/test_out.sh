#!/usr/bin/env bash
# rtmp-to-srt.pipeline: ffmpeg calls it, with a passphrase, and it calls srt-live-transmit. The same with HEVC, from both files. rtmp-to-hls.pipeline: ffmpeg plays what nginx hands out.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${STEG_TRACE:?set STEG_TRACE to the steg-trace to test}"
openssl rand -hex 32 >steg.key
passphrase=not-only-ten-letters
in_port=$(free_port)
http_port=$(free_port)
start_nginx in in "$in_port"
start_nginx out out "$(free_port)" "$http_port"
input="rtmp://127.0.0.1:$in_port/live/stream"
publish -c copy

start() {  # FILE ID SETTING...
  local file=$1 id=$2
  shift 2
  launch "$file" --listen 127.0.0.1:0 --set "input=$input" --set "id=$id" --set key-file=steg.key --set database=sqlite:audit.db \
    --set preset=ultrafast "$@"
  launched_url
  expect "$id: it runs" wait_for 90 state_is running
}
plays_with() {  # ID ADDRESS FFMPEG_OPTIONS...
  output=$2
  expect "$1: it plays" record 4 "$1.mp4"
  expect "$1: with picture and sound" test "$(streams_in "$1.mp4")" = "video audio"
  carries "$1"
}
refuses() { ! timeout 30 ffprobe -v error "$@" >>refused.log 2>&1 </dev/null; }

port=$(free_port)
start rtmp-to-srt.pipeline LISTEN --set "output=srt://127.0.0.1:$port?mode=listener" --set "passphrase=$passphrase"
expect "who does not know the passphrase gets nothing" refuses "srt://127.0.0.1:$port?passphrase=another-passphrase"
plays_with LISTEN "srt://127.0.0.1:$port?passphrase=$passphrase"
plays_with LISTEN "srt://127.0.0.1:$port?passphrase=$passphrase"
stop_launcher TERM

port=$(free_port)
udp=$(free_port)
srt-live-transmit -quiet "srt://127.0.0.1:$port?mode=listener&passphrase=$passphrase" "udp://127.0.0.1:$udp" >>srt.log 2>&1 &
start rtmp-to-srt.pipeline CALL --set "output=srt://127.0.0.1:$port?mode=caller" --set "passphrase=$passphrase"
plays_with CALL "udp://127.0.0.1:$udp"
stop_launcher TERM

# HEVC costs several times what H.264 does.
unpublish
publish -c:v libx264 -preset ultrafast -r 10 -g 20 -c:a copy
port=$(free_port)
start rtmp-to-srt-hevc.pipeline HEVC --set "output=srt://127.0.0.1:$port?mode=listener" --set "passphrase=$passphrase"
plays_with HEVC "srt://127.0.0.1:$port?passphrase=$passphrase"
expect "HEVC is what it is" test "$(ffprobe -v error -select_streams v -show_entries stream=codec_name -of csv=p=0 HEVC.mp4)" = hevc
stop_launcher TERM
port=$(free_port)
start rtmp-to-srt.pipeline NAMED --set "output=srt://127.0.0.1:$port?mode=listener" --set "passphrase=$passphrase" --set encoder=x265enc
plays_with NAMED "srt://127.0.0.1:$port?passphrase=$passphrase"
expect "an encoder by its name" test "$(ffprobe -v error -select_streams v -show_entries stream=codec_name -of csv=p=0 NAMED.mp4)" = hevc
longest_group() {  # seconds from a key frame to the next one, the longest; nothing with fewer than two of them
  ffprobe -v error -select_streams v -show_entries packet=pts_time,flags -of csv=p=0 "$1" |
    awk -F, '$2 ~ /K/ { if (keys++ && $1 - last > most) most = $1 - last; last = $1 } END { if (keys > 1) print most }'
}
expect "with the key frames that are asked for" awk -v longest="$(longest_group NAMED.mp4)" 'BEGIN { exit !(longest > 0 && longest < 2.2) }'
stop_launcher TERM

start rtmp-to-hls.pipeline HLS --set "folder=$work/out/hls" --set output=marked
has_playlist() { [ "$(grep -c '^marked-.*\.ts' out/hls/marked.m3u8 2>/dev/null)" -ge 2 ]; }
expect "HLS: a playlist" wait_for 60 has_playlist
plays_with HLS "http://127.0.0.1:$http_port/hls/marked.m3u8"
stop_launcher TERM
