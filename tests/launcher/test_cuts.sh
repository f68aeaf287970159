#!/usr/bin/env bash
# Copies whose time was changed: another frame rate, frames dropped and repeated, another start, parts of differently marked copies, and
# such copies with their frames in turn: steg-trace names the IDs and says from when to when.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The copies are good ones, so that a few frames read: it is their time that is tested here.
ffmpeg -v error -y -i "$clip" -t 3 -an -vf fps=30,scale=640:360 -c:v libx264 -preset ultrafast -qp 0 source.mkv </dev/null
# mark SOURCE ID FILE
mark() {
  gst-launch-1.0 -q filesrc "location=$1" ! decodebin ! videoconvert ! video/x-raw,format=I420 \
    ! stegencode "id=$2" ! x264enc pass=qual quantizer=10 speed-preset=veryfast bitrate=200000 ! h264parse \
    ! matroskamux ! filesink "location=$3" 2>mark.log || fail "no marked clip: $(cat mark.log)"
}
for id in ANNA BEN CLEO; do
  mark source.mkv "$id" "$id.mkv"
done

# copy NAME FFMPEG_OPTIONS...: from ANNA's copy, or from all three with -filter_complex. Options may set another -crf.
copy() {
  local name=$1
  shift
  ffmpeg -v error -y -i ANNA.mkv -i BEN.mkv -i CLEO.mkv -c:v libx264 -preset veryfast -crf 14 "$@" "$name" </dev/null
}

# traced FILE OPTIONS...: "ID ID…" in order of time; the JSON is in trace.json.
traced() {
  timeout 300 "$STEG_TRACE" --json --verbose --no-search --threads 1 "$@" >trace.json 2>trace.log || fail "status $? for $1: $(cat trace.log)"
  jq -r '[.files[0].segments[].id] | join(" ")' trace.json
}

# carries IDS FILE OPTIONS...: "ID ID…", in order of time.
carries() {
  local ids=$1 found
  shift
  found=$(traced "$@")
  expect "$* carries $ids: $found" test "$found" = "$ids"
}

# is_near NUMBER NUMBER TOLERANCE
is_near() { jq -ne "($1) - ($2) | fabs <= $3" >/dev/null; }

# segment N FROM TO TOLERANCE: of trace.json.
segment() {
  local from to
  from=$(jq ".files[0].segments[$1].from" trace.json)
  to=$(jq ".files[0].segments[$1].to" trace.json)
  expect "segment $1 begins at $2 s: $from" is_near "$from" "$2" "$4"
  expect "and ends at $3 s: $to" is_near "$to" "$3" "$4"
}

# whole FILE LENGTH: one segment of ANNA from beginning to end.
whole() {
  carries ANNA "$1"
  segment 0 0 "$2" 0.15
}

# openings TIMES: so often the newest network had the file decoded.
openings() { expect "it was decoded $1 time(s)" test "$(grep -c ': reading .*, network 1' trace.log)" = "$1"; }

other_rate() {
  copy rate.mp4 -map 0 -vf "fps=$1"
  whole rate.mp4 3
}
dropped() {
  copy dropped.mp4 -map 0 -vf "select=gt(mod(n\,5)\,1)" -fps_mode vfr
  whole dropped.mp4 3
}
repeated() {
  copy repeated.mp4 -map 0 -vf "select=eq(mod(n\,4)\,0),fps=30"
  whole repeated.mp4 3
}
late() {
  copy late.mp4 -ss 0.73 -map 0
  whole late.mp4 2.27
}

parts() {
  copy parts.mp4 -filter_complex "[0]trim=0:1.2,setpts=PTS-STARTPTS[a];[1]trim=1.2:2.1,setpts=PTS-STARTPTS[b];
    [2]trim=2.1:3,setpts=PTS-STARTPTS[c];[a][b][c]concat=n=3"
  carries "ANNA BEN CLEO" parts.mp4
  segment 0 0 1.2 0.25
  segment 1 1.2 2.1 0.25
  segment 2 2.1 3 0.25
  carries "ANNA BEN CLEO" parts.mp4 --rate 1000
  segment 0 0 1.2 0.1
  segment 1 1.2 2.1 0.1
  segment 2 2.1 3 0.1
}

# Every third frame, as a tenth of a second at 30 a second has it, would be of one of the copies. At higher CRFs x264 skips what changes from
# frame to frame, and one ID is left.
turns() {
  copy turns.mp4 -filter_complex "[0]select=eq(mod(n\,3)\,0)[a];[1]select=eq(mod(n\,3)\,1)[b];
    [2]select=eq(mod(n\,3)\,2)[c];[a][b][c]interleave=nb_inputs=3" -fps_mode passthrough -crf 4
  expect "all are named" test "$(traced turns.mp4 | tr ' ' '\n' | sort -u | tr '\n' ' ')" = "ANNA BEN CLEO "
}

# 30 s are marked as a whole: a marked copy that is played again and again goes back in the mark's time, which is a cut.
ffmpeg -v error -y -stream_loop 9 -i source.mkv -c copy long-source.mkv </dev/null
mark long-source.mkv ANNA ANNA-long.mkv
mark long-source.mkv BEN BEN-long.mkv
# long FILTER: 30 s of ANNA's copy, and of BEN's.
long() {
  ffmpeg -v error -y -i ANNA-long.mkv -i BEN-long.mkv -filter_complex "$1" -t 30 \
    -c:v libx264 -preset veryfast -crf 14 -g 60 long.mp4 </dev/null
}
steady() {
  long "[0]null"
  carries ANNA long.mp4
  segment 0 0 30 0.15
  local frames
  frames=$(jq .files[0].frames trace.json)
  expect "fewer frames than one a second are enough: $frames" test "$frames" -lt 27
  openings 1
}
change() {
  long "[0]split[a][c];[a]trim=0:16[a];[1]trim=16:21,setpts=PTS-STARTPTS[b];[c]trim=21:30,setpts=PTS-STARTPTS[c];[a][b][c]concat=n=3"
  carries "ANNA BEN ANNA" long.mp4
  segment 0 0 16 0.25
  segment 1 16 21 0.25
  segment 2 21 30 0.25
  openings 2
}

unmarked() {
  local status=0
  "$STEG_TRACE" --no-search --verbose source.mkv >none.txt 2>trace.log || status=$?
  expect "it has no mark" test "$status" -eq 1
  expect "and that is said" grep -q "No mark found" none.txt
  openings 1
}

try "25 frames a second" other_rate 25
try "15 frames a second" other_rate 15
try "frames dropped" dropped
try "frames repeated" repeated
try "another start" late
try "parts of three copies" parts
try "copies whose frames take turns" turns
try "a long copy of one ID, not decoded whole" steady
try "a long copy whose ID changes, read again" change
try "unmarked material" unmarked
