#!/usr/bin/env bash
# Copies that were mirrored, cropped, cut into a still or a GIF, or set between black bars: steg-trace finds the ID in each.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ffmpeg -v error -y -i "$clip" -t 2 -an -c:v libx264 -preset ultrafast -qp 0 source.mkv </dev/null
gst-launch-1.0 -q filesrc location=source.mkv ! decodebin ! videoconvert ! video/x-raw,format=I420 \
  ! stegencode id=LEAK-1 ! x264enc pass=qual quantizer=0 speed-preset=ultrafast bitrate=200000 ! h264parse \
  ! matroskamux ! filesink location=marked.mkv 2>mark.log || fail "no marked clip: $(cat mark.log)"

# leak NAME FFMPEG_OPTIONS...: a copy at x264's CRF 28, or as the name's ending asks.
leak() {
  local name=$1
  shift
  case "$name" in
    *.mp4) ffmpeg -v error -y -i marked.mkv "$@" -c:v libx264 -preset veryfast -crf 28 "$name" </dev/null ;;
    *) ffmpeg -v error -y -i marked.mkv "$@" "$name" </dev/null ;;
  esac
}

# finds FILE: exit status 0, the ID and nothing else.
finds() {
  timeout 300 "$STEG_TRACE" --json --threads 2 "$1" >found.json 2>trace.log || fail "status $? for $1: $(cat trace.log)"
  [ "$(jq -r '[.files[0].segments[].id] | unique | join(" ")' found.json)" = LEAK-1 ] || fail "$1: $(cat found.json)"
  echo "ok: $1: $(jq -r '.files[0] | (.found.how // "as it is") + ", p " + (.segments[0].p_value | tostring)' found.json)"
}

leak mirrored.mp4 -vf hflip
finds mirrored.mp4
expect "the report says how" test "$(jq -r '.files[0].found.how' found.json)" = "whole picture, mirrored"
expect "the left top corner is at the right" test "$(jq '.files[0].segments[0].outline[0] > 0.98' found.json)" = true

leak cropped.mp4 -vf "crop=iw*0.84:ih*0.84"
finds cropped.mp4

leak still.jpg -frames:v 1 -q:v 5
finds still.jpg

leak animated.gif -t 1 -vf "fps=5,scale=640:-1"
finds animated.gif

leak boxed.mp4 -vf "scale=960:540,pad=960:720:0:90"
finds boxed.mp4

status=0
"$STEG_TRACE" --no-search mirrored.mp4 >/dev/null 2>&1 || status=$?
expect "without a search a mirrored copy shows nothing" test "$status" -eq 1
