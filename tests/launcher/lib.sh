# What the launcher's end-to-end tests share. Each test is a script that sources this file, works in a folder of its own
# ($work, also the current one) and leaves no process behind. Meson gives STEG_LAUNCH, and in SHARED_REGISTRY the file in which tests
# keep what GStreamer found out about its plugins.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
set -euo pipefail
top="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=../../pipelines/lib.sh
source "$top/pipelines/lib.sh"
: "${STEG_LAUNCH:?set STEG_LAUNCH to the steg-launch to test}"
clip="$top/tests/media/dog_720p.mp4"
work=$(mktemp -d "${TMPDIR:-/tmp}/steg-launch-test-XXXXXX")
cd "$work"
export GST_REGISTRY="$work/registry.bin"
# To look at all plugins takes seconds of CPU time. GStreamer looks again at those that have changed, and only then writes the file.
[ ! -f "${SHARED_REGISTRY:-}" ] || cp -p "$SHARED_REGISTRY" "$GST_REGISTRY"
launcher_pid=
failed_cases=()

end_jobs() {
  local pid children
  for pid in $(jobs -p); do
    # With theirs, such as the workers of an nginx.
    mapfile -t children < <(pgrep -P "$pid")
    kill -CONT "$pid" 2>/dev/null
    kill -KILL "$pid" "${children[@]}" 2>/dev/null
  done
  wait 2>/dev/null
}

clean_up() {
  local status=$?
  set +e
  if [ ${#failed_cases[@]} -gt 0 ]; then
    printf 'failed case: %s\n' "${failed_cases[@]}" >&2
    status=1
  fi
  stop_nginx "$work/in"
  stop_nginx "$work/out"
  stop_nginx "$work/edge"
  stop_nginx "$work/origin"
  end_jobs
  if [ "$status" -ne 0 ]; then
    for log in "$work"/*.log "$work"/*/logs/error.log; do
      [ -s "$log" ] && { echo "--- $log"; tail -n 40 "$log"; }
    done
  fi
  if [ "$status" -eq 0 ] && [ -n "${SHARED_REGISTRY:-}" ] && [ "$work/registry.bin" -nt "$SHARED_REGISTRY" ]; then
    cp -p "$work/registry.bin" "$SHARED_REGISTRY.$$"
    mv -f "$SHARED_REGISTRY.$$" "$SHARED_REGISTRY"
  fi
  cd /
  rm -rf "$work"
  exit "$status"
}
trap clean_up EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# expect DESCRIPTION COMMAND...: the command must succeed.
expect() {
  local what=$1
  shift
  "$@" || fail "$what"
  echo "ok: $what"
}

# try NAME COMMAND...: a case of its own, in a subshell: if it fails, so does the test, but the next case is still tried. What it starts in
# the background ends with it, unless it is disowned.
try() {
  local name=$1 status
  shift
  echo "case: $name"
  set +e
  (set -e; trap 'set +e; end_jobs' EXIT; "$@")
  status=$?
  set -e
  [ "$status" -eq 0 ] || failed_cases+=("$name")
}

# Starts steg-launch with ARGUMENTS; its control interface is at $url if the pipeline file has one.
launch() {
  : >launcher.out
  "$STEG_LAUNCH" "$@" >launcher.out 2>>launcher.log &
  launcher_pid=$!
}

launched_url() {
  wait_for 60 test -s launcher.out || fail "steg-launch prints no address"
  url=$(head -n 1 launcher.out)
}

status() {  # JQ_FILTER
  curl -sS --max-time 5 "$url/status" | jq -r "$1"
}

# answers STATUS JQ_CONDITION CURL_ARGUMENTS...: the answer is JSON that fits.
answers() {
  local wanted=$1 condition=$2 got
  shift 2
  got=$(curl -sS --max-time 150 -o reply.json -w '%{http_code}' "$@")
  [ "$got" = "$wanted" ] || fail "$got instead of $wanted for: $* ($(cat reply.json))"
  jq -e "$condition" reply.json >/dev/null || fail "$condition does not hold for: $* ($(cat reply.json))"
  echo "ok: $got $(cut -c1-150 reply.json)"
}
# shellcheck disable=SC2034  # the tests use it
refused='(.ok == false) and (.error | length > 10)'

# heard EVENT JQ_CONDITION: events.txt, which /events goes to, has such an event.
heard() {
  sed -n "/^event: $1\$/{n;s/^data: //p}" events.txt | jq -es "any(.[]; $2)" >/dev/null
}

state_is() { [ "$(status .state 2>/dev/null)" = "$1" ]; }
logged() { grep -qF -- "$1" launcher.log; }
logged_times() { [ "$(grep -cF -- "$1" launcher.log)" -ge "$2" ]; }  # TEXT COUNT

monotonic_ms() {
  local uptime
  read -r uptime _ </proc/uptime
  echo $((10#${uptime/./} * 10))
}

# Sends SIGNAL to steg-launch and waits for its end: $exit_status, $exit_time in milliseconds.
stop_launcher() {
  local began
  began=$(monotonic_ms)
  kill "-$1" "$launcher_pid"
  exit_status=0
  wait "$launcher_pid" || exit_status=$?
  exit_time=$(($(monotonic_ms) - began))
  echo "stopped by SIG$1 with status $exit_status after $exit_time ms"
}

nginx_worker() {  # FOLDER: its process id
  pgrep -P "$(cat "$1/run/nginx.pid")" -f 'worker process'
}

# Kills the nginx in FOLDER, the master and then all of its children, as a crash would.
kill_nginx() {
  local master children child
  master=$(cat "$1/run/nginx.pid")
  kill -STOP "$master" # so that it starts no more of them
  children=$(pgrep -P "$master")
  kill -KILL "$master"
  for child in $children; do
    kill -KILL "$child" 2>/dev/null || true
  done
  for child in $children; do
    wait_for 5 process_is_gone "$child"
  done
}

start_servers() {
  in_port=$(free_port)
  start_nginx in in "$in_port"
  out_port=$(free_port)
  start_nginx out out "$out_port" "$(free_port)"
  input="rtmp://127.0.0.1:$in_port/live/stream"
  output="rtmp://127.0.0.1:$out_port/live/stream"
}

# Pushes the clip in a loop, in real time, 640x360 with sound: publish FFMPEG_OUTPUT_OPTIONS.... $publisher is its process.
publish() {
  if [ ! -f clip.mp4 ]; then
    ffmpeg -v error -y -i "$clip" -f lavfi -i sine=frequency=440:sample_rate=44100 -t 3 -vf scale=640:360 \
      -c:v libx264 -preset ultrafast -g 30 -pix_fmt yuv420p -c:a aac -b:a 64k clip.mp4 </dev/null
  fi
  ffmpeg -v error -re -stream_loop -1 -i clip.mp4 "$@" -f flv "$input" </dev/null >>ffmpeg.log 2>&1 &
  publisher=$!
}

unpublish() {
  kill -KILL "$publisher" 2>/dev/null || true
  wait "$publisher" 2>/dev/null || true
}

# Records SECONDS of the output into FILE; fails if nothing comes.
record() {  # SECONDS FILE
  timeout -k 2 $(($1 + 60)) ffmpeg -v error -y -progress "$2.progress" -i "$output" -t "$1" -c copy "$2" </dev/null >>ffmpeg.log 2>&1
}

# Whether record has written so much of FILE.
has_recorded() {  # SECONDS FILE
  awk -F = -v most="$1" '$1 == "out_time_us" && $2 >= most * 1e6 { enough = 1 } END { exit !enough }' "$2.progress" 2>/dev/null
}

# The number of decodable video frames in FILE.
frames_in() {
  ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 "$1" | tr -d ',\n'
}

streams_in() {  # FILE: "video audio"
  ffprobe -v error -show_entries stream=codec_type -of csv=p=0 "$1" | tr '\n' ' ' | sed 's/ $//'
}

# What EXT-X-STREAM-INF has to say of a segment and of the sound's, by ffmpeg's reading of their headers: rendition_attributes PICTURE [SOUND]
rendition_attributes() {
  local headers codec=avc1. flags=0 bit
  headers=$(ffmpeg -v info -i "$1" -map 0:v -c copy -frames:v 1 -bsf:v trace_headers -f null - </dev/null 2>&1)
  field() { sed -n "s/.* $1 .* = \([0-9]*\)\$/\1/p" <<<"$headers" | head -n 1; }
  for bit in 0 1 2 3 4 5; do flags=$((flags | $(field "constraint_set${bit}_flag") << (7 - bit))); done
  codec+=$(printf '%02X%02X%02X' "$(field profile_idc)" $flags "$(field level_idc)")
  if [ $# -gt 1 ]; then
    [ "$(ffprobe -v error -show_entries stream=codec_name,profile -of csv=p=0 "$2" </dev/null | head -n 1)" = aac,LC ] || return 1
    codec+=,mp4a.40.2
  fi
  ffprobe -v error -select_streams v -show_entries stream=width,height,r_frame_rate -of csv=p=0 "$1" </dev/null | head -n 1 |
    awk -F '[,/]' -v codec="$codec" '{ printf "CODECS=\"%s\",RESOLUTION=%dx%d,FRAME-RATE=%.3f\n", codec, $1, $2, $3 / $4 }'
}

# The picture of ID.mp4 carries the ID, and no other.
carries() {  # ID
  local ids
  ids=$("$STEG_TRACE" --json --rate 2 --key-file steg.key "$1.mp4" | jq -r '[.files[].segments[] | select(.log10_p <= -9) | .id] | unique | join(" ")')
  expect "$1: the ID is in the picture: $ids" test "$ids" = "$1"
}

plays() {  # FILE MINIMAL_FRAMES
  local frames
  frames=$(frames_in "$1")
  echo "$1: ${frames:-0} frames"
  [ "${frames:-0}" -ge "$2" ]
}
