#!/usr/bin/env bash
# What people send by RTMP besides H.264 High with AAC: it comes out as 8-bit 4:2:0 with the same sound, or a sentence says
# what was sent and what to set.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${FLV_PUSH:?set FLV_PUSH to the flv-push to publish with}"

start_servers
ffmpeg -v error -y -i "$clip" -f lavfi -i sine=frequency=440:sample_rate=44100 -t 6 -vf scale=320:180 -c:v libx264 -preset ultrafast \
  -g 30 -pix_fmt yuv420p -c:a aac -b:a 64k clip.flv </dev/null
launch "$top/tests/launcher/relay.pipeline" --set "input=$input" --set "output=$output"
launched_url

push() {  # MODE [SECONDS]
  "$FLV_PUSH" clip.flv "$input" "$1" "${2:-0}" >>push.log 2>&1 &
  publisher=$!
}

send() {  # FFMPEG_OUTPUT_OPTIONS...
  ffmpeg -v error -re -stream_loop -1 -i clip.flv -g 30 -preset ultrafast "$@" -f flv "$input" </dev/null >>ffmpeg.log 2>&1 &
  publisher=$!
}

error_has() { [[ "$(status '.last_error.message // ""')" == *"$1"* ]]; }
is_idle() { ! state_is running; }
viewers_get_both() {
  curl -s --max-time 2 "$url/live.flv" >live.flv || true
  [ "$(head -c 5 live.flv | tail -c 1 | od -An -tu1 | tr -d ' ')" = 5 ]
}
described() { ffprobe -v error -select_streams "$1" -show_entries "stream=$2" -of csv=p=0 out.flv | tr -d '\n'; }

for format in yuv420p10le yuv422p yuv444p; do
  send -c:v libx264 -pix_fmt "$format" -c:a copy
  expect "$format runs" wait_for 20 state_is running
  expect "its output plays" record 2 out.flv
  expect "as 8-bit 4:2:0: $(described v pix_fmt)" test "$(described v pix_fmt)" = yuv420p
  unpublish
  expect "the launcher notices its end" wait_for 15 is_idle
done

for sound in libmp3lame:44100:mp3 pcm_alaw:8000:pcm_alaw pcm_mulaw:8000:pcm_mulaw; do
  IFS=: read -r encoder rate name <<<"$sound"
  send -c:v copy -c:a "$encoder" -ar "$rate" -ac 1
  expect "$name runs" wait_for 20 state_is running
  expect "its output plays" record 2 out.flv
  expect "with the same sound: $(described a codec_name)" test "$(described a codec_name)" = "$name"
  expect "viewers are told of it" wait_for 20 viewers_get_both
  unpublish
  expect "the launcher notices its end" wait_for 15 is_idle
done

push opus
expect "a picture with Opus runs" wait_for 20 state_is running
expect "the log names the sound" logged "sends sound in Opus, which cannot be passed on: send AAC (in OBS:"
expect "its output plays" record 2 out.flv
expect "without sound" test "$(streams_in out.flv)" = video
unpublish

for case in hevc12:HEVC hvc1:HEVC av01:AV1; do
  push "${case%:*}"
  expect "the status names ${case%:*}" wait_for 20 error_has "sends a picture in ${case#*:}, which cannot be read here: send H.264 (in OBS:"
  expect "and so does the log" logged "sends a picture in ${case#*:}"
  expect "which says why it names no profile" logged "Its profile is not known: the server keeps back the header that names it"
  unpublish
  send -c:v copy -c:a copy
  expect "H.264 runs after it" wait_for 20 state_is running
  unpublish
  expect "the launcher notices its end" wait_for 15 is_idle
done
stop_launcher TERM
expect "it ends with status 0" test "$exit_status" -eq 0
