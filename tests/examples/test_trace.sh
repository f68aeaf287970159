#!/usr/bin/env bash
# The C example reads a clip that stegencode marked, and says the same of it as steg-trace; its errors are for people. The same with each option.
# Arguments: trace.c, libsteg-trace.so, steg-trace, clip.
set -euo pipefail
source=$1 library=$2 steg_trace=$3 clip=$4
headers=$(cd "$(dirname "$source")/../../launcher/trace/library" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
build() { cc -std=c99 -Wall -Wextra -Wpedantic -Werror "$1" -I "$headers" -o "$2" "$library" -Wl,-rpath,"$(dirname "$library")"; }
build "$source" trace
build "$here/trace_options.c" trace-options
printf '%064d\n' 7 >steg.key
chmod 600 steg.key
printf '%064d\n' 8 >other.key
gst-launch-1.0 -q filesrc location="$clip" ! decodebin ! videoconvert ! video/x-raw,format=I420 ! framediff ! stegencode id=CARL7 key-file=steg.key ! \
  x264enc tune=zerolatency speed-preset=veryfast ! h264parse ! mp4mux ! filesink location=marked.mp4

./trace marked.mp4 steg.key >found.json
[ "$(jq -r '.files[0].segments[].id' found.json | sort -u)" = CARL7 ] || { cat found.json; echo "CARL7 was not found"; exit 1; }
jq -e '.sandbox | test("Landlock|seccomp|none")' found.json >/dev/null
same='.files[0], .version, .sandbox, .key_fingerprint, .public_key, .model_fingerprint, .max_p_value'
"$steg_trace" --json --key-file steg.key marked.mp4 >tool.json
diff <(jq "$same" found.json) <(jq "$same" tool.json) || { echo "the library and steg-trace disagree"; exit 1; }

# IDs that were given out are tried besides, and what is there is found all the same.
./trace marked.mp4 steg.key ALICE CARL7 >issued.json
[ "$(jq -r '.files[0].segments[].id' issued.json | sort -u)" = CARL7 ]

refuses() {  # PATTERN ARGUMENTS...
  local pattern=$1 status=0
  shift
  ./trace "$@" >out 2>err || status=$?
  if [ $status -ne 2 ] || [ -s out ] || ! grep -qE -- "$pattern" err; then
    echo "trace $*: status $status"
    cat out err
    exit 1
  fi
}
refuses usage
refuses 'missing.mp4' missing.mp4
refuses 'no.key.*keygen' marked.mp4 no.key
echo 'no film' >text.mp4
refuses '[.]$' text.mp4 steg.key
./trace-options marked.mp4 "$(cat steg.key)" "$(cat other.key)"
echo "the C example reads what steg-trace reads"
