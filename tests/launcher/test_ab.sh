#!/usr/bin/env bash
# ab-file.pipeline with the real network and x264: variants a and b of 2 s segments have the same playlist, and any mixture of their
# segments plays like one stream, each picture bit for bit that of its variant. The sound is a rendition of its own; a film without any is fine.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
openssl rand -hex 32 >steg.key
# Cuts where segments have none, so that an encoder that adds key frames there would be seen.
ffmpeg -v error -stream_loop 2 -i "$clip" -f lavfi -i sine=frequency=440:sample_rate=44100 -t 7.5 -map 0:v -map 1:a -vf scale=480:270 \
  -c:v libx264 -preset ultrafast -crf 12 -c:a aac source.mp4 </dev/null
mkdir a b mix sound
"$STEG_LAUNCH" "$top/pipelines/ab-file.pipeline" --set input=source.mp4 --set output="$work" --set first-position=100 \
  --set key-file=steg.key --set preset=veryfast 2>launcher.log

expect "both variants have the same playlist" cmp a/index.m3u8 b/index.m3u8
segments=$(grep -c '\.ts$' a/index.m3u8)
expect "7.5 s are 4 segments" test "$segments" -eq 4

launch "$top/pipelines/ab-edge.pipeline" --no-autostart --listen 127.0.0.1:0 --set media="$work" --set key-file=steg.key --set first-position=100
launched_url
watch=$url$(curl -sS -d '{"viewer": "alice", "minutes": 60}' "$url/tokens" | jq -er .path)
said=$(curl -sSf "${watch}master.m3u8" | grep -o 'CODECS=.*FRAME-RATE=[0-9.]*')
expect "the playlist of playlists says what is in them: $said" test "$said" = "$(rendition_attributes b/000003.ts sound/000003.ts)"
ffmpeg -v error -i "${watch}master.m3u8" -c copy -f mpegts played.ts </dev/null || fail "it plays"
expect "a player gets picture and sound" test "$(streams_in played.ts | tr ' ' '\n' | sort -u | xargs)" = "audio video"
stop_launcher TERM

# span FILE: first and last time of its packets, in seconds.
span() { ffprobe -v error -show_entries packet=pts_time -of csv=p=0 "$1" </dev/null | grep . | cut -d, -f1 | sort -n | sed -n '1p;$p' | xargs; }
expect "the sound is AAC, and nothing else" test "$(ffprobe -v error -show_entries stream=codec_name -of csv=p=0 sound/index.m3u8 2>&1 | sort -u | xargs)" = aac
expect "picture and sound begin and end together: $(span a/index.m3u8), $(span sound/index.m3u8)" awk -v picture="$(span a/index.m3u8)" \
  -v sound="$(span sound/index.m3u8)" 'BEGIN { split(picture, p); split(sound, s); exit !((p[1] - s[1]) ^ 2 < 0.05 ^ 2 && (p[2] - s[2]) ^ 2 < 0.1 ^ 2) }'
expect "the variants have no sound" test "$(streams_in a/index.m3u8 | tr ' ' '\n' | sort -u | xargs)" = video

# pictures PLAYLIST: time and checksum of each.
pictures() {
  ffmpeg -v warning -i "$1" -map 0:v -f framemd5 - </dev/null 2>messages | awk -F', *' '!/^#/ { print $3, $6 }'
  if grep -v 'Opening\|Skip' messages; then fail "$1 plays without a complaint"; fi
}
pictures a/index.m3u8 >a.pictures
pictures b/index.m3u8 >b.pictures
all=$(ffprobe -v error -count_frames -select_streams v -show_entries stream=nb_read_frames -of csv=p=0 source.mp4)
expect "variant a has all $all pictures" test "$(wc -l <a.pictures)" -eq "$all"
expect "variant b has them at the same times" test "$(cut -d' ' -f1 a.pictures)" = "$(cut -d' ' -f1 b.pictures)"
for variant in a b; do cut -d' ' -f2 $variant.pictures | sort -u >$variant.sums; done
expect "every picture is one variant's alone" test -z "$(comm -12 a.sums b.sums)"

# The number of pictures in each segment is the same in both variants, and each begins with a key frame, the only one in it.
types() { ffprobe -v error -select_streams v -show_entries frame=pict_type,key_frame -of csv=p=0 "$1" </dev/null | cut -d, -f1 | tr -d '\n'; }
lengths=()
for segment in a/*.ts; do
  name=$(basename "$segment")
  [ "$(types "a/$name")" = "$(types "b/$name")" ] || fail "segment $name has its key frames at the same pictures in both variants"
  [[ "$(types "a/$name")" =~ ^10*$ ]] || fail "segment $name has one key frame, its first: $(types "a/$name")"
  lengths+=("$(types "a/$name" | wc -c)")
done

for mixture in abab baab bbba; do
  rm -f mix/*
  cp a/index.m3u8 mix/
  : >expected
  from=1
  for i in 0 1 2 3; do
    variant=${mixture:$i:1}
    name=$(grep '\.ts$' a/index.m3u8 | sed -n $((i + 1))p)
    cp "$variant/$name" mix/
    sed -n "$from,$((from + lengths[i] - 1))p" "$variant.pictures" >>expected
    from=$((from + lengths[i]))
  done
  pictures mix/index.m3u8 >mix.pictures
  expect "mixture $mixture plays like one stream" cmp expected mix.pictures
done

ffmpeg -v error -i source.mp4 -t 1 -an -c copy silent.mp4 </dev/null
mkdir -p silent/a silent/b
"$STEG_LAUNCH" "$top/pipelines/ab-file.pipeline" --set input=silent.mp4 --set output="$work/silent" --set key-file=steg.key \
  --set preset=ultrafast 2>launcher.log || fail "a film without sound"
expect "a film without sound is the picture alone" test "$(grep -c '\.ts$' silent/a/index.m3u8) $(echo silent/*)" = "1 silent/a silent/b"

# x264 holds back 100 frames here, more than two segments of a second, and GStreamer drops requests for key frames: with two segments in a file no
# copy could be traced.
sed 's/option-string=scenecut=0/rc-lookahead=100 &/' "$top/pipelines/ab-file.pipeline" >late.pipeline
mkdir -p late/a late/b late/sound
status=0
"$STEG_LAUNCH" late.pipeline --set input=source.mp4 --set output="$work/late" --set key-file=steg.key --set preset=ultrafast \
  --set segment-duration=1000000000 --set target-duration=1 2>launcher.log || status=$?
expect "files with two segments are an error" test "$status" -ne 0
expect "which says what to do" grep -q 'segments-[ab]: the file from .* holds [0-9]* segments .*rc-lookahead' launcher.log
