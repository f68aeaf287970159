#!/usr/bin/env bash
# Publishers who change, leave, freeze, and send damage, with real servers and the shipped, marking pipeline: the stream comes back once
# the cause is gone, no frame was unmarked, no audit record is lost, and memory is where it was.
# STEG_SOAK=1 (tests/run.sh --soak): a freeze of 30 s. Meson gives FLV_PUSH, and what faults.sh needs.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=faults.sh
source "$(dirname "${BASH_SOURCE[0]}")/faults.sh"
: "${FLV_PUSH:?set FLV_PUSH to the flv-push to publish with}"
freeze=${STEG_SOAK:+30}
freeze=${freeze:-8}

# Publishes 640x360 at 30 frames a second with sound unless told otherwise: publish_as VIDEO_OPTIONS AUDIO_OPTIONS
publish_as() {
  # shellcheck disable=SC2086  # these are options
  ffmpeg -v error -re -stream_loop -1 -i clip.mp4 $1 $2 -f flv "$input" </dev/null >>ffmpeg.log 2>&1 &
  publisher=$!
}
size_is() { [ "$(ffprobe -v error -select_streams v -show_entries stream=width -of csv=p=0 "$1")" = "$2" ]; }

other_size() {
  unpublish
  publish_as "-vf scale=426:240 -r 25 -c:v libx264 -preset ultrafast -tune zerolatency -g 25" "-c:a copy"
  plays_again "publisher with another size and rate"
  expect "the output has the new size" size_is "$last_seen" 426
}
no_sound() {
  unpublish
  publish_as "-c:v copy" "-an"
  plays_again "publisher without sound"
}
only_sound() {
  local tries
  unpublish
  publish_as "-vn" "-c:a copy"
  expect "its end is noticed" wait_for 30 state_is waiting
  tries=$(grep -c 'trying again' launcher.log)
  expect "with only sound it tries again" wait_for 60 logged_times "trying again" $((tries + 1))
  unpublish
  publish -c copy
  plays_again "publisher with picture after one with only sound"
}
frozen() {
  local tries
  tries=$(grep -c 'trying again' launcher.log)
  kill -STOP "$publisher"
  # The fault itself takes that long.
  sleep "$freeze"
  expect "it notices that the publisher froze" wait_for 30 logged_times "trying again" $((tries + 1))
  unpublish
  publish -c copy
  plays_again "publisher frozen for $freeze s"
}
# From the fifth second on: forward, back, corrupt.
damaged() {
  unpublish
  "$FLV_PUSH" clip.flv "$input" "$1" 5 >>push.log 2>&1 &
  publisher=$!
  plays_again "another publisher"
  curl -sSN --max-time 9 "$url/live.flv" >watched.flv 2>/dev/null || true
  expect "the launcher is there" kill -0 "$launcher_pid"
  plays_again "timestamps or damage ($1)"
  expect "a viewer's picture went on" longest_gap_is_under 6 watched.flv
}

start_stream
ffmpeg -v error -y -i clip.mp4 -c copy clip.flv </dev/null
fault "another size and rate" other_size
fault "without sound" no_sound
fault "with only sound" only_sound
fault "frozen" frozen
fault "timestamps jump forward" damaged forward
fault "timestamps jump back" damaged back
fault "damaged pictures" damaged corrupt
fault "memory" memory_is_where_it_was
stop_launcher TERM
try "stop" expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000
try "pictures are marked" all_are_marked FAULT1
try "audit log" the_log_has FAULT1
"$top/tests/postgres/postgres.sh" remove "$database"
