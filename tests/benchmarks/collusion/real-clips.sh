#!/usr/bin/env bash
# Mixes differently marked copies of real clips and counts whom steg-trace names among a million issued IDs.
#   real-clips.sh BUILD OUT.json CLIP...
# BUILD: a build folder. For each clip 25 copies are marked and coded (x264 veryfast, CRF), 2, 5, 10 and 25 of them averaged,
# interleaved by frame and put together by region, the mix is coded again, and read with --database. One line each.
# Environment: CRF (23) of the copies, MIX_CRF (23) of the mix, SECONDS_OF_CLIP (10), HEIGHT (480), COLLUDERS ("2 5 10 25"),
# ISSUED (1000000), RATE (10: of steg-trace), WORK (a new folder that is removed; copies in one that is given are used again).
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
build=$(realpath "$1")
out=$2
shift 2
crf=${CRF:-23}
mix_crf=${MIX_CRF:-23}
seconds=${SECONDS_OF_CLIP:-10}
height=${HEIGHT:-480}
issued=${ISSUED:-1000000}
rate=${RATE:-10}
read -ra colluders <<<"${COLLUDERS:-2 5 10 25}"
most=$(printf '%s\n' "${colluders[@]}" | sort -n | tail -1)
work=${WORK:-}
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
export GST_PLUGIN_PATH=$build/plugins/steg:$build/plugins/auditlog GST_REGISTRY=$work/registry.bin
export GST_STEG_MODEL_PATH=${GST_STEG_MODEL_PATH:-$(dirname "$0")/../../../models}

id_of() { printf 'U%06d' $((($1 * 39916801 + 12345) % 1000000)); }

# The element makes the tables; a million rows as it would have written them, but for the hashes.
database=$work/audit.db
if [ ! -e "$database" ]; then
  gst-launch-1.0 -q videotestsrc num-buffers=2 ! video/x-raw,width=320,height=240 ! stegencode id=setup 2>/dev/null \
    ! auditlog "database=sqlite:$database" ! fakesink
  sqlite3 "$database" "INSERT INTO steg_audit_event (stream, seq, event, session, record, id, client_ip, minute,
      first_time, last_time, frames_encoded, frames_repeated, frames_residual, key_fingerprint, model_fingerprint,
      chain_key, previous_hash, hash)
    WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i < $issued - 1)
    SELECT 'many', i + 1, 'open', 'session-' || i, 1, printf('U%06d', i), '192.0.2.' || (i % 250), '2026-11-22T11:29Z',
      '2026-11-22T11:29:05.000000Z', '2026-11-22T11:29:06.000000Z', 0, 0, 0, '', '', '', '', '' FROM n"
fi

# offset LETTER STEP COUNT: the sizes of COUNT inputs, every STEP-th one, as xstack adds them up.
offset() {
  local sum="" k
  for ((k = 0; k < $3; ++k)); do sum+="${sum:++}$1$((k * $2))"; done
  printf '%s' "${sum:-0}"
}

# part SIDE COUNT N: an ffmpeg expression of where the N-th of COUNT parts of a side begins: even, and near equal parts.
part() { printf 'floor(%s*%d/%d/2)*2' "$1" "$3" "$2"; }

# regions COLUMNS ROWS: a filter that takes each region of the picture from another copy.
regions() {
  local columns=$1 rows=$2 filter="" layout="" inputs="" i x y left top
  for ((i = 0; i < columns * rows; ++i)); do
    x=$((i % columns)) y=$((i / columns))
    left=$(part iw "$columns" "$x") top=$(part ih "$rows" "$y")
    filter+="[$i:v]crop=$(part iw "$columns" $((x + 1)))-$left:$(part ih "$rows" $((y + 1)))-$top:$left:${top}[p$i];"
    inputs+="[p$i]"
    layout+="${layout:+|}$(offset w 1 "$x")_$(offset h "$columns" "$y")"
  done
  printf '%s%sxstack=inputs=%d:layout=%s' "$filter" "$inputs" "$((columns * rows))" "$layout"
}

# mix KIND COUNT OUT
mix() {
  local kind=$1 count=$2 inputs=() filter="" i
  for ((i = 0; i < count; ++i)); do inputs+=(-i "$work/$name-$i.mkv"); done
  case $kind in
    averaged) filter="mix=inputs=$count" ;;
    frames)
      for ((i = 0; i < count; ++i)); do filter+="[$i:v]select='eq(mod(n,$count),$i)'[s$i];"; done
      for ((i = 0; i < count; ++i)); do filter+="[s$i]"; done
      filter+="interleave=nb_inputs=$count"
      ;;
    regions)
      case $count in
        2) filter=$(regions 2 1) ;;
        5) filter=$(regions 5 1) ;;
        10) filter=$(regions 5 2) ;;
        25) filter=$(regions 5 5) ;;
        *) return 1 ;;
      esac
      ;;
  esac
  ffmpeg -y -loglevel error "${inputs[@]}" -filter_complex "$filter" -fps_mode passthrough -threads 1 -c:v libx264 -preset veryfast \
    -crf "$mix_crf" "$3"
}

printf '%-28s %-9s %9s %6s %6s %6s %8s\n' clip mix colluders named missed wrong seconds
printf '' >"$out"
for clip in "$@"; do
  name=$(basename "$clip")
  for ((i = 0; i < most; ++i)); do
    [ ! -e "$work/$name-$i.mkv" ] || continue
    gst-launch-1.0 -q filesrc location="$clip" ! decodebin ! videoconvert ! videoscale ! videorate drop-only=true \
      ! "video/x-raw,format=I420,height=[1,$height],pixel-aspect-ratio=1/1" \
      ! identity eos-after=$((seconds * 30)) ! stegencode "id=$(id_of "$i")" 2>/dev/null \
      ! x264enc tune=zerolatency speed-preset=veryfast threads=1 pass=qual bitrate=200000 "quantizer=$crf" \
      ! h264parse ! matroskamux ! filesink "location=$work/$name-$i.mkv"
  done
  for count in "${colluders[@]}"; do
    guilty=$(for ((i = 0; i < count; ++i)); do id_of "$i"; echo; done | sort)
    for kind in averaged frames regions; do
      mix "$kind" "$count" "$work/mix.mp4"
      start=$(date +%s.%N)
      "$build/launcher/trace/steg-trace" --json --threads 1 --rate "$rate" --database "sqlite:$database" "$work/mix.mp4" \
        >"$work/trace.json" 2>"$work/trace.log" || [ $? -eq 1 ] || { cat "$work/trace.log" >&2; exit 2; }
      took=$(echo "$(date +%s.%N) - $start" | bc)
      found=$(jq -r '.files[0].segments[].id' "$work/trace.json" | sort -u)
      right=$(comm -12 <(echo "$guilty") <(echo "$found") | grep -c . || true)
      wrong=$(comm -13 <(echo "$guilty") <(echo "$found") | grep -c . || true)
      printf '%-28s %-9s %9d %6d %6d %6d %8.1f\n' "$name" "$kind" "$count" "$right" $((count - right)) "$wrong" "$took"
      jq -nc --arg clip "$name" --arg mix "$kind" --argjson colluders "$count" --argjson named "$right" \
        --argjson wrong "$wrong" --argjson seconds "$took" --argjson crf "$crf" --argjson mix_crf "$mix_crf" \
        '{clip: $clip, mix: $mix, crf: $crf, mix_crf: $mix_crf, colluders: $colluders, named: $named, wrong: $wrong, seconds: $seconds}' \
        >>"$out"
    done
  done
done
