#!/usr/bin/env bash
# Copies that were mirrored, turned, cropped, stretched, cut into a still or a GIF, set between black bars, shown in a window, or filmed from a
# screen: steg-trace finds the ID in each.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ffmpeg -v error -y -i "$clip" -t 2 -an -c:v libx264 -preset ultrafast -qp 0 source.mkv </dev/null
gst-launch-1.0 -q filesrc location=source.mkv ! decodebin ! videoconvert ! video/x-raw,format=I420 \
  ! stegencode id=LEAK-1 ! x264enc pass=qual quantizer=0 speed-preset=ultrafast bitrate=200000 ! h264parse \
  ! matroskamux ! filesink location=marked.mkv 2>mark.log || fail "no marked clip: $(cat mark.log)"

# leak NAME FFMPEG_OPTIONS...: a copy at x264's CRF 18, or as the name's ending asks.
leak() {
  local name=$1
  shift
  case "$name" in
    *.mp4) ffmpeg -v error -y -i marked.mkv "$@" -c:v libx264 -preset veryfast -crf 18 "$name" </dev/null ;;
    *) ffmpeg -v error -y -i marked.mkv "$@" "$name" </dev/null ;;
  esac
}

# finds FILE: exit status 0, the ID and nothing else.
finds() {
  timeout 300 "$STEG_TRACE" --json --threads 2 "$1" >found.json 2>trace.log || fail "status $? for $1: $(cat trace.log)"
  [ "$(jq -r '[.files[0].segments[].id] | unique | join(" ")' found.json)" = LEAK-1 ] || fail "$1: $(cat found.json)"
  echo "ok: $1: $(jq -r '.files[0] | (.found.how // "as it is") + ", p " + (.segments[0].p_value | tostring)' found.json)"
}

# found_in NAME FFMPEG_OPTIONS...
found_in() {
  leak "$@"
  finds "$1"
}
mirrored() {
  found_in mirrored.mp4 -vf hflip
  expect "the report says how" test "$(jq -r '.files[0].found.how' found.json)" = "whole picture, mirrored"
  expect "the left top corner is at the right" test "$(jq '.files[0].segments[0].outline[0] > 0.98' found.json)" = true
  local status=0
  "$STEG_TRACE" --no-search mirrored.mp4 >/dev/null 2>&1 || status=$?
  expect "without a search it shows nothing" test "$status" -eq 1
}

try mirrored mirrored
try cropped found_in cropped.mp4 -vf "crop=iw*0.84:ih*0.84"
try "a still" found_in still.jpg -frames:v 1 -q:v 5
try "a GIF" found_in animated.gif -t 1 -vf fps=5
try "black bars" found_in boxed.mp4 -vf "scale=960:540,pad=960:720:0:90"
try upright found_in upright.mp4 -vf transpose=1
try turned found_in turned.mp4 -vf "rotate=3*PI/180"
try stretched found_in stretched.mp4 -vf "scale=iw*0.6:ih"
try portrait found_in portrait.mp4 -vf "crop=ih*9/16:ih"
try "a window on a desktop" found_in window.mp4 -filter_complex \
  "color=0x3a6ea5:s=1920x1080,drawgrid=w=160:h=120:t=2:c=white@0.4,drawbox=400:200:1000:600:0xe0e0e0:fill[desk];
  [0]scale=960:540[player];[desk][player]overlay=420:240:shortest=1"
try "filmed from a screen" found_in filmed.mp4 -vf \
  "pad=1440:810:80:45:color=0x202428,perspective=60:30:W-20:50:30:H-40:W-60:H-10:sense=destination,gblur=sigma=0.9,eq=gamma=1.2,
  noise=c0s=7:c0f=t"
