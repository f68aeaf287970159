#!/usr/bin/env bash
# ab.pipeline between real servers: a picture with sound is pushed by RTMP, and a viewer with a token plays both behind nginx, in step, from a live
# window whose files are named after the positions that the picture was marked with. Meson gives STEG_TRACE.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
openssl rand -hex 32 >steg.key
# Small and slow, so that a busy machine keeps up. Every three seconds the picture is white for half a second and the tone is heard, and no two rounds of
# the clip are the same.
ffmpeg -v error -stream_loop -1 -i "$clip" -f lavfi -i "aevalsrc='0.5*sin(2*PI*440*t)*lt(mod(t,3),0.5)':s=44100" -t 60 \
  -vf "fps=10,scale=480:270,drawbox=x=80:w=200:color=white@1:t=fill:enable='lt(mod(t,3),0.5)'" -c:v libx264 -preset ultrafast -crf 10 -g 17 \
  -pix_fmt yuv420p -c:a aac -b:a 64k source.mp4 </dev/null
mkdir -p live/a live/b live/sound
in_port=$(free_port)
start_nginx in in "$in_port"
input="rtmp://127.0.0.1:$in_port/live/stream"
push() {  # FFMPEG_OPTIONS...
  ffmpeg -v error -re -stream_loop -1 -i source.mp4 -c copy "$@" -f flv "$input" </dev/null >>ffmpeg.log 2>&1 &
  publisher=$!
}
began=$(($(date +%s) / 2))
push
launch "$top/pipelines/ab.pipeline" --listen 127.0.0.1:0 --set "input=$input" --set media=live --set key-file=steg.key --set quality=15 \
  --set window=4 --set kept=16 --set preset=superfast
launched_url
edge_port=$(free_port)
start_edge "$work/edge" "$edge_port" "${url##*:}" live
edge="http://127.0.0.1:$edge_port"
watch() { curl -sS -d "{\"viewer\": \"$1\", \"minutes\": 60}" "$url/tokens" | jq -er .path; }
alice=$(watch alice)
playlist() { curl -sSf "$edge$alice$1" 2>/dev/null; }
numbers() { playlist "${1:-index.m3u8}" | sed -n 's/\.ts$//p'; }
latest() { numbers index.m3u8 | tail -n 1; }
window_is() { [ "$(numbers | wc -l)" -eq "$1" ] && [ "$(numbers sound/index.m3u8 | wc -l)" -eq "$1" ]; }

expect "there is a window of four segments" wait_for 120 window_is 4
playlist master.m3u8 >master.txt
expect "the playlist of playlists has both" test "$(grep -c 'TYPE=AUDIO.*URI="sound/index.m3u8"' master.txt) $(grep -c '^index.m3u8$' master.txt)" = "1 1"
expect "and a bit rate" grep -q 'BANDWIDTH=[0-9]\{5,\},CODECS=.*,AUDIO="sound"' master.txt
said=$(grep -o 'CODECS=.*FRAME-RATE=[0-9.]*' master.txt)
expect "it says what they are: $said" test "$said" = "$(rendition_attributes "live/b/$(latest).ts" "live/sound/$(numbers sound/index.m3u8 | tail -n 1).ts")"
first=$(numbers | head -n 1)
expect "positions count from 1970: $first" test "$first" -ge "$began" -a "$first" -le $(($(date +%s) / 2 + 1))
playlist index.m3u8 >list.txt
expect "so does the playlist" grep -qx "#EXT-X-MEDIA-SEQUENCE:$(sed -n 's/\.ts$//p' list.txt | head -n 1)" list.txt

# What alice was sent, both variants of it, and the variants in turn.
mkdir -p alice a b mix
last=$(latest)
list=()
get() {  # NUMBER
  curl -sSf -o "alice/$1.ts" "$edge$alice$1.ts"
  cp "live/a/$1.ts" a/
  cp "live/b/$1.ts" b/
  if [ $(($1 % 2)) -eq 0 ]; then cp "a/$1.ts" mix/; else cp "b/$1.ts" mix/; fi
  list+=("$1")
}
reached() { [ "$(latest)" -ge "$1" ]; }
for number in $(seq "$last" $((last + 7))); do
  wait_for 60 reached "$number" || fail "segment $number comes"
  get "$number"
done
stream() { for number in "${list[@]}"; do cat "$1/$number.ts"; done >"$1.ts"; }
for folder in alice a b mix; do stream $folder; done
packets() { ffprobe -v error -select_streams v -show_entries packet=pts_time,flags -of csv=p=0 "$1" </dev/null | grep .; }
expect "both variants have the same times and key frames" test "$(packets a.ts)" = "$(packets b.ts)"
for folder in a b; do
  for number in "${list[@]}"; do
    [[ "$(packets "$folder/$number.ts" | cut -d, -f2 | cut -c1 | tr -d '\n')" =~ ^K_+$ ]] || fail "$folder/$number.ts has one key frame, its first"
  done
done
for number in "${list[@]}"; do
  cmp -s "alice/$number.ts" "a/$number.ts" || cmp -s "alice/$number.ts" "b/$number.ts" || fail "alice's $number is one of the variants"
done
# Pictures of a mixture: none missing, none twice, and no complaint.
frames=$(ffmpeg -v warning -i mix.ts -f framemd5 - </dev/null 2>messages | grep -vc '^#')
expect "a mixture decodes without a complaint: $(head -c 300 messages)" test ! -s messages
expect "it has all pictures of 16 s: $frames" test "$frames" -ge 158 -a "$frames" -le 162
packets mix.ts | awk -F, 'NR > 1 && ($1 - last < 0.07 || $1 - last > 0.13) { print NR, $1 - last } { last = $1 }' >uneven.txt
expect "they are a tenth of a second apart: $(xargs <uneven.txt)" test ! -s uneven.txt

# A player that opens the playlist of playlists: both for as long, and the tone with the white. ffmpeg begins with the sound of when
# the first picture is decoded, two pictures before it is shown.
timeout 120 ffmpeg -v error -i "$edge${alice}master.m3u8" -t 14 -c copy -f mpegts played.ts </dev/null 2>played.log || fail "it plays: $(cat played.log)"
expect "a player gets picture and sound" test "$(streams_in played.ts | tr ' ' '\n' | sort -u | xargs)" = "audio video"
span() { ffprobe -v error -select_streams "$1" -show_entries packet=pts_time,dts_time -of csv=p=0 played.ts </dev/null | grep . | sort -t, -n | sed -n '1s/.*,//p;$s/,.*//p' | xargs; }
awk -v video="$(span v)" -v audio="$(span a)" 'BEGIN { split(video, v); split(audio, a); exit !((v[1] - a[1]) ^ 2 < 0.06 && (v[2] - a[2]) ^ 2 < 0.06) }' ||
  fail "both begin and end together: $(span v), $(span a)"
ffmpeg -v info -i played.ts -vf "crop=200:200:80:20,negate,blackdetect=d=0.2:pix_th=0.2" -af silencedetect=n=-30dB:d=1 -f null - </dev/null 2>found.txt
sed -n 's/.*black_start:\([0-9.]*\).*/\1/p' found.txt >white.txt
sed -n 's/.*silence_end: \([0-9.]*\).*/\1/p' found.txt >tone.txt
# Each tone that follows a silence begins with a white that is within a frame of it; to silencedetect the end of the file is one, too.
together=$(awk 'NR == FNR { white[NR] = $1; next } { for (i in white) if ((white[i] - $1) ^ 2 <= 0.13 ^ 2) { print; break } }' white.txt tone.txt | wc -l)
expect "sound is in step: $(wc -l <tone.txt) tones, $together of them with their picture ($(xargs <white.txt); $(xargs <tone.txt))" \
  test "$together" -ge 3 -a "$together" -ge "$(($(wc -l <tone.txt) - 1))"

# Every segment says the position that it is named after, and alice's variant.
got=0
timeout 600 "$STEG_TRACE" --json --threads 1 --no-search --key-file steg.key alice.ts >trace.json 2>trace.log || got=$?
expect "the copy is read ($got)" test "$(jq '.files[0].ab.segments | length' trace.json)" -eq "${#list[@]}"
for number in "${list[@]}"; do
  cmp -s "alice/$number.ts" "a/$number.ts" && echo "$number a" || echo "$number b"
done >sent.txt
jq -r '.files[0].ab.segments[] | "\(.position) \(.variant)"' trace.json >read.txt
expect "positions and variants are those that alice was sent: $(diff sent.txt read.txt | head -n 5)" cmp sent.txt read.txt

# Nobody without a token hears or sees anything, and nobody is given a folder's name.
for path in watch/index.m3u8 watch/sound/index.m3u8 "watch/x/sound/$last.ts" "a/$last.ts" "b/$last.ts" "sound/$last.ts" "${alice#/}a/$last.ts" \
  "${alice#/}sound/../a/$last.ts" "${alice#/}sound/a/$last.ts" "${alice#/}sound/master.m3u8" "${alice#/}%73ound/index.m3u8"; do
  for server in "$url" "$edge"; do
    got=$(curl -sS --path-as-is -o body -w '%{http_code}' "$server/$path")
    # GLib reads %73 as the letter that it stands for.
    [[ "$server $path" == "$url "*%73ound* ]] || [[ " 400 401 403 404 " == *" $got "* ]] || fail "$got for /$path"
  done
done
echo "ok: without a token, and by other paths, there is nothing"

# The source goes and comes back: positions go on, and none is used twice.
kill -KILL "$publisher"
wait "$publisher" 2>/dev/null || true
find live -name '*.ts' -printf '%p %T@\n' | sort >before.txt
end=$(latest)
push
again() { local n; n=$(numbers | head -n 1); [ -n "$n" ] && [ "$n" -gt "$end" ]; }
expect "after a return the window begins with positions that are new" wait_for 120 again
sounds_again() { local n; n=$(numbers sound/index.m3u8 | head -n 1); [ -n "$n" ] && [ "$n" -gt "$end" ]; }
expect "of the sound, too" wait_for 60 sounds_again
find live -name '*.ts' -printf '%p %T@\n' | sort >after.txt
# But for what was being written when the source went.
changed=$(join before.txt after.txt | awk '$2 != $3' | wc -l)
expect "no file was written again" test "$changed" -le 3
playlist index.m3u8 >list.txt
expect "and the playlist counts on" grep -qx "#EXT-X-MEDIA-SEQUENCE:$(sed -n 's/\.ts$//p' list.txt | head -n 1)" list.txt

# Without sound there is the picture alone.
kill -KILL "$publisher"
wait "$publisher" 2>/dev/null || true
end=$(latest)
push -an
expect "a source without sound is fine" wait_for 120 again
silent() { playlist master.m3u8 >master.txt && ! grep -q AUDIO master.txt && grep -q index.m3u8 master.txt; }
expect "and the playlist of playlists says so" wait_for 60 silent
stop_launcher TERM
expect "it ends well" test "$exit_status" -eq 0
