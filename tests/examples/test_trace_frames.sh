#!/usr/bin/env bash
# The C example that pushes frames, decoded by ffmpeg, says the same of them as steg-trace says of their file; also of a mirrored picture, which is searched
# for. Its errors, and those of the interface, are for people. Arguments: trace_frames.c, libsteg-trace.so, steg-trace, clip.
set -euo pipefail
source=$1 library=$2 steg_trace=$3 clip=$4
headers=$(cd "$(dirname "$source")/../../launcher/trace/library" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
build() { cc -std=c99 -Wall -Wextra -Wpedantic -Werror "$1" -I "$headers" -o "$2" "$library" -Wl,-rpath,"$(dirname "$library")"; }
build "$source" trace-frames
build "$here/trace_frames_errors.c" trace-frames-errors
printf '%064d\n' 7 >steg.key
chmod 600 steg.key
gst-launch-1.0 -q filesrc location="$clip" ! decodebin ! videoconvert ! video/x-raw,format=I420 ! framediff ! stegencode id=CARL7 key-file=steg.key ! \
  x264enc tune=zerolatency speed-preset=veryfast ! h264parse ! mp4mux ! filesink location=marked.mp4

raw() { ffmpeg -nostdin -loglevel error -i marked.mp4 "$@" -f rawvideo -pix_fmt yuv420p - >frames.raw; }
# Numbers to a millionth: times in a file are rounded to its time scale.
same='walk(if type == "number" then . * 1e6 | round else . end) | .files[0] | {width, height, duration, frames, warning, found, segments}'

raw
./trace-frames 1280 720 30 steg.key <frames.raw >pushed.json
"$steg_trace" --json --key-file steg.key marked.mp4 >file.json
[ "$(jq -r '.files[0].segments[].id' pushed.json | sort -u)" = CARL7 ] || { cat pushed.json; echo "CARL7 was not found"; exit 1; }
[ "$(jq -r '.files[0].file' pushed.json)" = "" ]
diff <(jq -S "$same" pushed.json) <(jq -S "$same" file.json) || { echo "of frames something else is said than of the file"; exit 1; }

raw -vf hflip
./trace-frames 1280 720 30 steg.key <frames.raw >mirrored.json
jq -e '.files[0] | .found.how == "whole picture, mirrored" and ([.segments[].id] | unique == ["CARL7"])' mirrored.json >/dev/null ||
  { cat mirrored.json; echo "CARL7 was not found in the mirrored picture"; exit 1; }

refuses() {  # PATTERN ARGUMENTS..., the input is frames.raw
  local pattern=$1 status=0
  shift
  ./trace-frames "$@" <frames.raw >out 2>err || status=$?
  if [ $status -ne 2 ] || [ -s out ] || ! grep -qE -- "$pattern" err; then
    echo "trace-frames $*: status $status"
    cat out err
    exit 1
  fi
}
refuses 'usage' 1280 720
refuses 'no.key.*keygen' 1280 720 30 no.key
refuses 'fewer than 64 pixels' 40 30 30 steg.key
TMPDIR=$work/missing refuses 'TMPDIR' 1280 720 30 steg.key
: >frames.raw
refuses 'No frame was pushed' 1280 720 30 steg.key
./trace-frames-errors
echo "of frames that are pushed the same is said as of their file"
