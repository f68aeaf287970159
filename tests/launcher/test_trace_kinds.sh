#!/usr/bin/env bash
# Pictures and tracks that steg-trace reads, or says how to convert. Meson gives STEG_TRACE.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${STEG_TRACE:?}"
openssl rand -hex 32 >steg.key
chmod o= steg.key

# trace STATUS FILE: the answer is in trace.json, what was said in said.txt.
trace() {
  local got=0
  timeout 60 "$STEG_TRACE" --json --threads 1 --no-search --rate 1 --key-file steg.key "$2" >trace.json 2>said.txt || got=$?
  [ "$got" = "$1" ] || fail "$got instead of $1 for $2: $(cat said.txt)"
}

ffmpeg -v error -f lavfi -i testsrc2=size=320x240:rate=10:duration=1 -c:v libx264 film.mp4 </dev/null
for name in picture.bmp picture.tiff picture.webp picture.gif picture.png; do
  ffmpeg -v error -i film.mp4 -frames:v 1 "$name" </dev/null
  trace 1 "$name"
  expect "$name is read" jq -e '.files[0] | .width == 320 and .height == 240 and .frames == 1' trace.json
done
ffmpeg -v error -i film.mp4 -frames:v 1 -vf scale=160:120 cover.jpg </dev/null
ffmpeg -v error -i cover.jpg -i film.mp4 -map 0 -map 1 -c copy cover.mkv </dev/null
trace 1 cover.mkv
expect "a cover does not hide the film" jq -e '.files[0] | .width == 320 and (.warning | test("another picture track"))' trace.json
ffmpeg -v error -i film.mp4 -f lavfi -i sine=duration=1 -map 0 -map 1 -c:v copy -c:a aac sound.mp4 </dev/null
trace 1 sound.mp4
expect "sound is no picture" jq -e '.files[0] | .width == 320 and (has("warning") | not)' trace.json

ffmpeg -v error -i film.mp4 -i "$top/tests/media/marked-steg-4.mp4" -map 0:v -map 1:v -c copy two.mkv </dev/null
"$STEG_TRACE" --json --verbose --no-search two.mkv >trace.json 2>said.txt || fail "the second film is not read: $(cat said.txt)"
expect "all films are read" jq -e '.files[0] | .segments[0].id == "STEG-4" and (.warning | test("number 2 of its 2 video tracks"))' trace.json
expect "each once with the newest network" test "$(grep -o 'the whole picture, network 1.*' said.txt | tr '\n' ';')" = \
  "the whole picture, network 1;the whole picture, network 1, video track 2;"
ffmpeg -v error -i film.mp4 -map 0:v -map 0:v -c copy twice.mkv </dev/null
trace 1 twice.mkv
expect "and that is said where nothing is found" jq -e '.files[0].warning | test("All of its 2 video tracks were read")' trace.json

# The decoder of the picture comes to a stop before there is any sound, and has to go on when it comes.
ffmpeg -v error -f lavfi -i testsrc2=size=320x240:rate=30:duration=3 -itsoffset 1 -f lavfi -i sine=duration=2 -c:v libx264 -c:a aac late.flv </dev/null
for _ in 1 2 3; do trace 1 late.flv; done
expect "sound may begin later than the picture" jq -e ".files[0].frames > 0 and (.files[0] | has(\"warning\") | not)" trace.json

ffmpeg -v error -i film.mp4 -c:v libwebp_anim animated.webp </dev/null
trace 2 animated.webp
expect "animated WebP is named" grep -q "animated WebP" said.txt
for brand in avif heic; do
  printf '\0\0\0\x18ftyp%s\0\0\0\0mif1%s\0\0\0\x08mdat' "$brand" "$brand" >picture.img
  trace 2 picture.img
  expect "$brand is named" grep -qi "$brand" said.txt
done
printf 'BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x30\x75\0\0\x30\x75\0\0\x01\0\x18\0' >large.bmp
trace 2 large.bmp
expect "a BMP that is too large is refused" grep -q "larger than" said.txt
