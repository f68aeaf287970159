#!/usr/bin/env bash
# Writes a small copy of each kind into FOLDER, for the fuzzing of steg-trace: make_media.sh FOLDER
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
folder=$1
mkdir -p "$folder"

# make NAME FFMPEG_OUTPUT_OPTIONS...: half a second with sound where the kind has any.
make() {
  local name=$1
  shift
  ffmpeg -v error -y -f lavfi -i testsrc2=size=96x72:rate=10 -f lavfi -i sine=sample_rate=44100 -t 0.5 "$@" "$folder/$name" </dev/null
}
x264=(-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 3)

make h264.mp4 "${x264[@]}" -c:a aac
make fragmented.mp4 "${x264[@]}" -c:a aac -movflags frag_keyframe+empty_moov
make mpeg4.mov -c:v mpeg4 -c:a pcm_s16le
make h264.3gp "${x264[@]}" -c:a aac
make h264.mkv "${x264[@]}" -c:a libmp3lame
make vp8.webm -c:v libvpx -b:v 200k -c:a libvorbis
make vp9.webm -c:v libvpx-vp9 -b:v 200k -an
make h264.ts "${x264[@]}" -c:a aac
make mpeg2.mpg -c:v mpeg2video -r 25 -c:a mp2
make h264.flv "${x264[@]}" -c:a aac
make sorenson.flv -c:v flv1 -an
make mpeg4.avi -c:v mpeg4 -c:a libmp3lame
make mjpeg.avi -c:v mjpeg -pix_fmt yuvj420p -an
make raw.avi -c:v rawvideo -pix_fmt yuv420p -an
make wmv2.asf -c:v wmv2 -c:a wmav2
make theora.ogg -c:v libtheora -c:a libvorbis
make h265.mp4 -c:v libx265 -preset ultrafast -x265-params log-level=none -pix_fmt yuv420p -an
make plain.h264 "${x264[@]}" -an -f h264
make plain.y4m -frames:v 2 -pix_fmt yuv420p -an -f yuv4mpegpipe
make plain.mjpeg -c:v mjpeg -pix_fmt yuvj420p -an -f mjpeg
make picture.gif -an
for kind in png jpg bmp tiff webp; do
  make "picture.$kind" -frames:v 1 -an
done
