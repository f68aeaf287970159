#!/usr/bin/env bash
# Files as people have them, through file.pipeline: no track is lost without a word, the picture plays everywhere, and range and colours
# are what they were.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
openssl rand -hex 32 >steg.key

picture=(-f lavfi -i "testsrc2=size=320x240:rate=10:duration=1")
sound=(-f lavfi -i "sine=frequency=440:sample_rate=48000:duration=1")
make() { ffmpeg -v error -y "$@" </dev/null; }

# marks FILE [ARGUMENTS...]: marked.mp4 comes out.
marks() {
  local file=$1
  shift
  rm -f marked.mp4
  "$STEG_LAUNCH" "$top/pipelines/file.pipeline" --set "input=$file" --set output=marked.mp4 --set id=KIND1 --set key-file=steg.key \
    --set database=sqlite:kinds.db --set preset=veryfast "$@" 2>launcher.log || fail "$file: $(cat launcher.log)"
}

probe() {  # FILE ENTRIES
  ffprobe -v error -show_entries "stream=$2" -of csv=p=0 "$1" | sed '/^$/d' | sort -u | tr '\n' ' '
}
colours() { probe "$1" color_range,color_space,color_transfer,color_primaries; }

# Sound.
make "${picture[@]}" -c:v libx264 -preset ultrafast -pix_fmt yuv420p plain.mp4
while read -r file wanted options; do
  # shellcheck disable=SC2086  # the options are words
  make -i plain.mp4 "${sound[@]}" -map 0:v -map 1:a -c:v copy $options "$file"
  marks "$file"
  expect "$file comes out with $wanted" grep -qE "$wanted" <<<"$(ffprobe -v error -select_streams a -show_entries stream=codec_name -of csv=p=0 marked.mp4)"
done <<'END'
adts.ts aac -c:a aac
ac3.ts aac -c:a ac3
eac3.ts aac -c:a eac3
ac3.mkv ac3 -c:a ac3
ac3.mp4 ac3 -c:a ac3
eac3.mkv aac -c:a eac3
mp2.ts mp[23] -c:a mp2
opus.ts opus -c:a libopus
pcm.mkv aac -c:a pcm_s16le
flac.mkv aac -c:a flac
END
expect "what is converted is named" logged "(audio/x-flac) is converted to AAC"

for file in empty.ts empty.mkv; do
  make -i plain.mp4 "${sound[@]}" -map 0:v -map 1:a -c:v copy -c:a aac -bsf:a noise=drop=1 "$file"
  marks "$file"
  expect "$file, whose sound has no data, comes out whole" test "$(probe marked.mp4 codec_name)$(frames_in marked.mp4)" = "aac h264 10"
  expect "and the log says so" logged "is empty, and so it is in the output"
done

# Several tracks.
printf '1\n00:00:00,100 --> 00:00:00,400\nHello & <i>you</i>\n\n2\n00:00:00,500 --> 00:00:00,900\nBye\n' >text.srt
make -i plain.mp4 "${sound[@]}" "${sound[@]}" -i text.srt -map 0:v -map 1:a -map 2:a -map 3:s -c:v copy -c:a:0 aac -c:a:1 libmp3lame -c:s srt \
  -metadata:s:a:0 language=eng -metadata:s:a:1 language=fra -metadata:s:s:0 language=deu tracks.mkv
marks tracks.mkv
expect "both sound tracks and the text come out, with their languages" \
  test "$(ffprobe -v error -show_entries stream=codec_name:stream_tags=language -of compact=p=0:nk=1 marked.mp4 | tr '\n' ' ')" = "h264|und aac|eng mp3|fra mov_text|deu "
ffmpeg -v error -y -i marked.mp4 -map 0:s out.srt </dev/null
expect "the text is whole" grep -q "Hello & you" out.srt
printf '1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n00:00:50,000 --> 00:00:51,000\nB\n' >sparse.srt
make -f lavfi -i testsrc2=size=160x120:rate=4:duration=60 -i sparse.srt -map 0 -map 1 -c:v libx264 -preset ultrafast -c:s srt sparse.mkv
marks sparse.mkv
expect "lines of text far apart do not stop the picture" test "$(frames_in marked.mp4)" -eq 240
make "${picture[@]}" -frames:v 1 cover.jpg
make -i cover.jpg -i plain.mp4 -map 0 -map 1 -c copy -disposition:v:0 attached_pic cover.mkv
marks cover.mkv
expect "a cover picture does not hide the film" test "$(frames_in marked.mp4)" -eq 10
expect "and is named" logged "(image/jpeg) is left out: only one picture is marked"

# What plays everywhere.
for format in yuv420p10le yuv422p yuv444p; do
  make "${picture[@]}" -c:v libx264 -preset ultrafast -pix_fmt "$format" format.mp4
  marks format.mp4
  expect "$format comes out as High, 8 bit, 4:2:0" test "$(probe marked.mp4 profile,pix_fmt)" = "High,yuv420p "
done
make "${picture[@]}" -c:v libx264rgb -preset ultrafast rgb.mp4
marks rgb.mp4
expect "RGB comes out as High, 8 bit, 4:2:0" test "$(probe marked.mp4 profile,pix_fmt)" = "High,yuv420p "
make "${picture[@]}" -c:v libx265 -preset ultrafast -pix_fmt yuv420p10le \
  -x265-params log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc -tag:v hvc1 hdr10.mp4
marks hdr10.mp4
expect "HDR10 keeps its labels" test "$(colours marked.mp4)" = "tv,bt2020nc,smpte2084,bt2020 "
marks hdr10.mp4 --set format=I420_10LE
expect "and its 10 bits where they are asked for" test "$(probe marked.mp4 pix_fmt)$(colours marked.mp4)" = "yuv420p10le tv,bt2020nc,smpte2084,bt2020 "

# Tag for tag.
full=video_full_range_flag=1:colour_primaries
make -i plain.mp4 -c copy -bsf:v "h264_metadata=$full=2:transfer_characteristics=2:matrix_coefficients=2" full.mp4
make -i plain.mp4 -c copy -bsf:v "h264_metadata=$full=1:transfer_characteristics=1:matrix_coefficients=1" full709.mp4
make "${picture[@]}" -c:v libx264 -preset ultrafast -pix_fmt gray -color_range pc gray.mp4
make "${picture[@]}" -c:v libx264 -preset ultrafast -pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv tv709.mp4
for file in plain.mp4 full.mp4 full709.mp4 gray.mp4 tv709.mp4; do
  marks "$file"
  expect "$file keeps its tags: $(colours "$file")" test "$(colours marked.mp4)" = "$(colours "$file")"
done

# Shapes and other files.
# As newer ffmpeg takes it, or else as Debian 12's does.
make -display_rotation 90 -i plain.mp4 -c copy turned.mp4 2>turned.log || make -i plain.mp4 -c copy -metadata:s:v rotate=90 turned.mp4
marks turned.mp4
expect "a turned picture comes out upright" test "$(probe marked.mp4 width,height)" = "240,320 "
make -f lavfi -i "color=size=641x361:rate=10:duration=1,format=yuv444p" -c:v libx264 -preset ultrafast odd.mp4
marks odd.mp4
expect "an odd size loses one column and one row" test "$(probe marked.mp4 width,height)" = "640,360 "
for format in yuv420p bgr24; do
  make "${picture[@]}" -c:v rawvideo -pix_fmt "$format" raw.avi
  marks raw.avi
  expect "raw AVI of $format comes out" test "$(frames_in marked.mp4)" -eq 10
done

# What cannot be marked says so.
make "${picture[@]}" moving.gif
make "${sound[@]}" -c:a aac sound.mp4
make -i plain.mp4 "${sound[@]}" -map 0:v -map 1:a -c:v copy -c:a aac -mpegts_flags latm latm.ts
while read -r file text; do
  if "$STEG_LAUNCH" "$top/pipelines/file.pipeline" --set "input=$file" --set output=none.mp4 --set id=KIND1 --set key-file=steg.key \
    --set database=sqlite:kinds.db 2>launcher.log; then
    fail "$file is taken"
  fi
  expect "$file is refused with a reason" logged "$text"
done <<'END'
moving.gif convert it first
sound.mp4 has no picture that could be marked
latm.ts is LATM, which GStreamer reads in part only: convert it first
END

# Another encoder by its name.
marks "$top/tests/media/dog_720p.mp4" --set encoder=x265enc --set preset=ultrafast
expect "x265enc makes HEVC" test "$(ffprobe -v error -select_streams v -show_entries stream=codec_name -of csv=p=0 marked.mp4)" = hevc
expect "with the mark" grep -q KIND1 <<<"$("$STEG_TRACE" --no-search --key-file steg.key marked.mp4)"
film=$top/tests/media/dog_720p.mp4
if gst-inspect-1.0 --exists svtav1enc; then
  marks "$film" --set encoder=svtav1enc --set quality=35
  expect "svtav1enc makes AV1" test "$(ffprobe -v error -select_streams v -show_entries stream=codec_name -of csv=p=0 marked.mp4)" = av1
  expect "of all frames" test "$(frames_in marked.mp4)" -eq "$(frames_in "$film")"
  expect "with the mark in AV1" grep -q KIND1 <<<"$("$STEG_TRACE" --no-search --key-file steg.key marked.mp4)"
else
  got=0
  "$STEG_LAUNCH" "$top/pipelines/file.pipeline" --set "input=$film" --set output=av1.mp4 --set id=KIND1 --set encoder=svtav1enc 2>launcher.log || got=$?
  expect "without svtav1enc the error says where it is" logged "Debian 12 has no svtav1enc"
  expect "and nothing was made" test "$got" -ne 0 -a ! -e av1.mp4
fi
