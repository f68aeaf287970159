#!/usr/bin/env bash
# ab.pipeline with four variants, between real servers: all four have the same times and key frames, each viewer is sent those of their pattern, and a
# playlist that mixes the four plays without a gap and is read, position and variant. Meson gives STEG_TRACE and AB_PATTERN.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
openssl rand -hex 32 >steg.key
# Few small pictures: four variants of them are to keep up on a busy machine.
ffmpeg -v error -stream_loop -1 -i "$clip" -t 30 -an -vf fps=5,scale=480:270 -c:v libx264 -preset ultrafast -crf 10 -g 7 source.mp4 </dev/null
variants=(a b c d)
mkdir -p live/{a,b,c,d,sound} {a,b,c,d,alice,mix}
in_port=$(free_port)
start_nginx in in "$in_port"
input="rtmp://127.0.0.1:$in_port/live/stream"
ffmpeg -v error -re -stream_loop -1 -i source.mp4 -c copy -f flv "$input" </dev/null >>ffmpeg.log 2>&1 &
printf '[pipeline]\nbase=ab.pipeline\n[recipient c]\nvariant=2\n[recipient d]\nvariant=3\n' >four.pipeline
launch four.pipeline --listen 127.0.0.1:0 --set variants=4 --set "input=$input" --set media=live --set key-file=steg.key \
  --set segment-duration=1000000000 --set window=6 --set kept=40 --set quality=15 --set preset=superfast
launched_url
alice=$url$(curl -sS -d '{"viewer": "alice", "minutes": 60}' "$url/tokens" | jq -er .path)
numbers() { curl -sSf "${alice}index.m3u8" 2>/dev/null | sed -n 's/\.ts$//p'; }
reached() { [ "$(numbers | tail -n 1)" -ge "${1:-1}" ] 2>/dev/null; }

expect "there are segments" wait_for 120 reached
first=$(($(numbers | tail -n 1) + 1))
list=()
for number in $(seq "$first" $((first + 7))); do
  wait_for 60 reached "$number" || fail "segment $number comes"
  for variant in "${variants[@]}"; do cp "live/$variant/$number.ts" "$variant/"; done
  cp "${variants[number % 4]}/$number.ts" mix/
  curl -sSf -o "alice/$number.ts" "$alice$number.ts"
  list+=("$number")
done
stop_launcher TERM
expect "it ends well" test "$exit_status" -eq 0

packets() { ffprobe -v error -select_streams v -show_entries packet=pts_time,flags -of csv=p=0 "$1" </dev/null | grep .; }
for folder in a b c d mix; do for number in "${list[@]}"; do cat "$folder/$number.ts"; done >$folder.ts; done
for variant in b c d; do expect "$variant has the times and key frames of a" test "$(packets a.ts)" = "$(packets $variant.ts)"; done
sent=
for number in "${list[@]}"; do
  expect "$number is another file in each variant" test "$(sha256sum {a,b,c,d}/"$number.ts" | cut -d' ' -f1 | sort -u | wc -l)" -eq 4
  for variant in "${variants[@]}"; do if cmp -s "alice/$number.ts" "$variant/$number.ts"; then sent+=$variant; fi; done
done
expect "alice was sent her pattern: $sent" test "$sent" = "$("$AB_PATTERN" steg.key 4 arcsine alice "$first" 8)"

{
  printf '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:%d\n' "$first"
  printf '#EXTINF:1,\n%d.ts\n' "${list[@]}"
  echo '#EXT-X-ENDLIST'
} >mix/index.m3u8
frames=$(ffmpeg -v warning -i mix/index.m3u8 -f framemd5 - </dev/null 2>messages | grep -vc '^#')
if grep -v 'Opening\|Skip' messages; then fail "a mixture of the four plays without a complaint"; fi
expect "it has all pictures of 8 s: $frames" test "$frames" -eq 40
packets mix.ts | awk -F, 'NR > 1 && ($1 - last < 0.15 || $1 - last > 0.25) { print NR, $1 - last } { last = $1 }' >uneven.txt
expect "they are a fifth of a second apart: $(xargs <uneven.txt)" test ! -s uneven.txt
# The counters of MPEG-TS do not go on from one variant to another.
gst-launch-1.0 -q filesrc location=mix.ts ! tsdemux ! h264parse ! avdec_h264 ! videoconvert ! video/x-raw,format=GRAY8 ! filesink location=mix.gray
expect "nor does tsdemux lose a picture" test "$(stat -c %s mix.gray)" -eq $((40 * 480 * 270))

timeout 300 "$STEG_TRACE" --json --threads 1 --no-search --key-file steg.key mix.ts >trace.json 2>trace.log || true
for number in "${list[@]}"; do echo "$number ${variants[number % 4]}"; done >expected.txt
jq -r '.files[0].ab.segments[] | "\(.position) \(.variant)"' trace.json >read.txt
expect "position and variant of each are read: $(diff expected.txt read.txt | head -n 5)" cmp expected.txt read.txt
