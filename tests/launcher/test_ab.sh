#!/usr/bin/env bash
# One source marked as variants a and b of 2 s segments, with the real network and x264: both have the same playlist, and any mixture
# of their segments plays like one stream, each picture bit for bit that of its variant.
# Arguments: clip.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
clip=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
fail() {
  echo "FAILED: $*" >&2
  exit 1
}

openssl rand -hex 32 >steg.key
# Cuts where segments have none, so that an encoder that adds key frames there would be seen.
ffmpeg -v error -stream_loop 2 -i "$clip" -t 7.5 -vf scale=480:270 -an -c:v libx264 -preset ultrafast -crf 12 source.mp4 </dev/null
mkdir a b mix
branch() {  # FOLDER VARIANT
  echo "frames. ! queue ! stegencode segment-duration=2000000000 first-position=100 variant=$2 key-file=steg.key !
    x264enc speed-preset=veryfast pass=qual quantizer=23 key-int-max=1000 option-string=scenecut=0 ! h264parse ! $1.video
    hlssink2 name=$1 target-duration=2 playlist-length=0 max-files=0 send-keyframe-requests=false
      location=$1/%05d.ts playlist-location=$1/index.m3u8"
}
# shellcheck disable=SC2046 # each word is one of gst-launch's
gst-launch-1.0 -q filesrc location=source.mp4 ! decodebin ! videoconvert ! video/x-raw,format=I420 ! tee name=frames \
  $(branch a 0) $(branch b 1) >out 2>&1 || { cat out; fail "the pipeline runs"; }

cmp a/index.m3u8 b/index.m3u8 || fail "both variants have the same playlist"
segments=$(grep -c '\.ts$' a/index.m3u8)
[ "$segments" -eq 4 ] || fail "7.5 s are 4 segments, not $segments"

# pictures PLAYLIST: time and checksum of each.
pictures() {
  ffmpeg -v warning -i "$1" -map 0:v -f framemd5 - </dev/null 2>messages | awk -F', *' '!/^#/ { print $3, $6 }'
  if grep -v 'Opening\|Skip' messages; then fail "$1 plays without a complaint"; fi
}
pictures a/index.m3u8 >a.pictures
pictures b/index.m3u8 >b.pictures
all=$(ffprobe -v error -count_frames -show_entries stream=nb_read_frames -of csv=p=0 source.mp4)
[ "$(wc -l <a.pictures)" -eq "$all" ] || fail "variant a has $(wc -l <a.pictures) of $all pictures"
[ "$(cut -d' ' -f1 a.pictures | md5sum)" = "$(cut -d' ' -f1 b.pictures | md5sum)" ] || fail "both have the same times"
for variant in a b; do cut -d' ' -f2 $variant.pictures | sort -u >$variant.sums; done
[ -z "$(comm -12 a.sums b.sums)" ] || fail "every picture says which variant it is of"

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
  cmp expected mix.pictures || fail "mixture $mixture plays like one stream"
done
echo "ok: mixtures of two variants of $segments segments play like one stream of $all pictures"
