#!/usr/bin/env bash
# The whole job with real parts: a stream is pushed to one nginx, marked on its way to another, given a new ID in mid-stream, recorded
# by a viewer, and traced back from the recording.
#   pipelines/demo.sh          about a minute after the build; leaves its results in demo-output/
#   pipelines/demo.sh --keep   stays up afterwards, with addresses for OBS, VLC and a browser, until Ctrl+C
#   pipelines/demo.sh --ab     A/B segments instead: ten viewers of one film behind nginx, of whom one, then two give it away
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=lib.sh
source pipelines/lib.sh
build=${BUILD:-build}
out="$PWD/demo-output"
first_id=ALICE1
second_id=BOB2
seconds_each=8
keep=false
ab=false
case "${1:-}" in
  "") ;;
  --keep) keep=true ;;
  --ab) ab=true ;;
  *) sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac

step() { printf '\n== %s\n' "$*"; }
give_up() { printf '\nThe demo failed: %s\nLogs are in %s.\n' "$*" "$out" >&2; exit 1; }

step "Installing what is missing (pipelines/packages.txt) and building"
./pipelines/install-packages.sh
[ -f "$build/build.ninja" ] || meson setup "$build" >/dev/null
meson compile -C "$build" steg-launch steg-trace:executable steg-audit gststeg gstframediff gstauditlog
set +u  # it extends variables that may not be set
eval "$(meson devenv -C "$build" --dump)"
set -u
build=$(cd "$build" && pwd)
began=$SECONDS

rm -rf "$out"
mkdir -p "$out"
export GST_REGISTRY="$out/registry.bin"
launcher=''
publisher=''
workers=()
clean_up() {
  local status=$?
  set +e
  [ -z "$publisher" ] || kill "$publisher" 2>/dev/null
  [ ${#workers[@]} -eq 0 ] || kill "${workers[@]}" 2>/dev/null
  [ -z "$launcher" ] || { kill -TERM "$launcher" 2>/dev/null; wait "$launcher" 2>/dev/null; }
  stop_nginx "$out/server-in"
  stop_nginx "$out/server-out"
  stop_nginx "$out/edge"
  wait
  exit "$status"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# port_or_other NAME PORT: the port if it is free, else another one, and a word about it.
port_or_other() {
  if port_is_free "$2"; then
    echo "$2"
    return
  fi
  local other
  other=$(free_port)
  echo "Port $2 ($1) is busy: using $other instead." >&2
  echo "$other"
}

if $ab; then
  # shellcheck source=demo-ab.sh
  source pipelines/demo-ab.sh
  exit
fi

step "Starting two nginx servers: streamers push to the first, viewers watch the second"
in_port=$(port_or_other "RTMP in" 1935)
out_port=$(port_or_other "RTMP out" 2935)
hls_port=$(port_or_other "HLS" 8080)
control_port=$(port_or_other "control" 5000)
start_nginx in "$out/server-in" "$in_port" || give_up "the first nginx does not start"
start_nginx out "$out/server-out" "$out_port" "$hls_port" || give_up "the second nginx does not start"
input="rtmp://127.0.0.1:$in_port/live/stream"
output="rtmp://127.0.0.1:$out_port/live/stream"
hls="http://127.0.0.1:$hls_port/hls/stream.m3u8"
control="http://127.0.0.1:$control_port"
database="sqlite:$out/audit.db"
(umask 077 && openssl rand -hex 32 >"$out/steg.key")
echo "in:  $input"
echo "out: $output and $hls"

step "Pushing a clip with sound to the first server, in real time"
ffmpeg -v error -re -stream_loop -1 -i tests/media/dog_720p.mp4 -f lavfi -i "sine=frequency=440:sample_rate=44100" \
  -map 0:v -map 1:a -c:v copy -c:a aac -b:a 96k -f flv "$input" </dev/null >"$out/publisher.log" 2>&1 &
publisher=$!

step "Marking every frame with the ID $first_id on the way to the second server"
echo "steg-launch rtmp.pipeline --set id=$first_id --set key-file=demo-output/steg.key ..."
"$build/launcher/steg-launch" pipelines/rtmp.pipeline --listen "127.0.0.1:$control_port" --set "id=$first_id" \
  --set "input=$input" --set "output=$output" --set "key-file=$out/steg.key" --set "database=$database" \
  --set stream=live/stream --set client-ip=127.0.0.1 --set "hls=$hls" >"$out/launcher.out" 2>"$out/launcher.log" &
launcher=$!
state_is() { curl -s --max-time 2 "$control/status" | jq -e --arg state "$1" '.state == $state' >/dev/null; }
id_is_in_picture() { curl -s --max-time 2 "$control/status" | jq -e --arg id "$1" '.id.applied == $id' >/dev/null; }
if ! wait_for 30 state_is running; then
  cat "$out/launcher.log" >&2
  give_up "the stream does not run"
fi

step "A viewer records the second server: demo-output/recording.mp4"
ffmpeg -v error -i "$output" -t $((2 * seconds_each)) -c copy -y "$out/recording.mp4" </dev/null \
  >"$out/recorder.log" 2>&1 &
recorder=$!
sleep "$seconds_each"

step "The ID changes to $second_id while the stream runs"
echo "curl -X POST -d '{\"id\": \"$second_id\"}' $control/custom"
curl -sS -X POST -d "{\"id\": \"$second_id\"}" "$control/custom"
echo
wait_for 10 id_is_in_picture "$second_id" || give_up "the new ID does not come into the picture"
curl -s "$control/status" | jq -r '"in the picture since \(.id.applied_at)"'
wait "$recorder" || give_up "the recording failed: $(cat "$out/recorder.log")"
curl -s "$control/status" >"$out/status.json"
jq -r '"\(.frames.frames // 0) frames so far, \(.frames.duplicates // 0) of them duplicates; rebuilt \(.reconnects) times"' \
  "$out/status.json"

if ! $keep; then
  kill "$publisher" && publisher=''
  kill -TERM "$launcher"
  wait "$launcher" || give_up "the launcher did not end well: $(tail -n 3 "$out/launcher.log")"
  launcher=''
fi

step "Tracing the recording"
echo "steg-trace --key-file demo-output/steg.key --database sqlite:demo-output/audit.db --rate 4 demo-output/recording.mp4"
"$build/launcher/trace/steg-trace" --key-file "$out/steg.key" --database "$database" --rate 4 "$out/recording.mp4" |
  tee "$out/trace.txt" || give_up "steg-trace finds no ID"
for id in "$first_id" "$second_id"; do
  awk -v id="$id" '$3 == id && $4 + 0 <= 1e-9 { found = 1 } END { exit !found }' "$out/trace.txt" ||
    give_up "the ID $id is not in the recording with p <= 1e-9"
done

step "What the audit log has"
sqlite3 -box "$out/audit.db" \
  "SELECT id, client_ip, minute, frames_encoded, frames_repeated FROM steg_audit_record ORDER BY minute, id"

for id in "$first_id" "$second_id"; do
  [ "$(sqlite3 "$out/audit.db" "SELECT count(*) FROM steg_audit_record WHERE id = '$id' AND client_ip = '127.0.0.1'")" -ge 1 ] ||
    give_up "the audit log has no row for the ID $id"
done

step "Done in $((SECONDS - began)) s: both IDs were found in the recording, and the log says who had them and when"
if $keep; then
  cat <<END

Everything stays up until Ctrl+C:
  VLC:      vlc $output
  HLS:      $hls  (VLC, Safari, or any browser that plays HLS)
  page:     $control/  (the picture, a box for the ID, figures, the audit log)
  new ID:   curl -X POST -d '{"id": "CAROL3"}' $control/custom
  status:   curl $control/status
  OBS:      stop the clip with: kill $publisher
            then Settings, Stream: service Custom, server rtmp://127.0.0.1:$in_port/live, stream key: stream
END
  wait "$launcher"
fi
