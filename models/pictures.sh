#!/usr/bin/env bash
# Makes the model card's pictures: six scenes as they were, marked, and the difference x16 in all planes (grey: none), each a part of the frame
# at 100%.
#   models/pictures.sh [OUT [FOLDER...]]
# OUT: where the PNGs go (default: docs/images). FOLDER: pictures and clips of your own instead of the six scenes, of
# each the middle. Four of the scenes are public-domain photos in Debian packages, which are downloaded, not installed.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${BUILD:-$root/build}
out=${1:-$root/docs/images}
[ $# -eq 0 ] || shift
width=400
height=226
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# scene NAME FILE SECONDS [X Y]: the frame at SECONDS; X and Y: left and top of the part shown, else the middle.
scene() {
  local name=$1 file=$2 seconds=$3 x=${4:-'(iw-ow)/2'} y=${5:-'(ih-oh)/2'}
  local freeze=()
  case "${file,,}" in
    *.jpg | *.jpeg | *.png | *.svg) freeze=(imagefreeze num-buffers=5 !) ;;
  esac
  # H.264's colours everywhere, so that nothing differs but the mark.
  local caps="video/x-raw,format=I420,colorimetry=bt709,width=(int)[64,8192,2],height=(int)[64,8192,2]"
  meson devenv -C "$build" gst-launch-1.0 -q filesrc location="$file" ! decodebin ! "${freeze[@]}" \
    videoconvert ! videoscale ! "$caps" ! tee name=t ! queue ! avenc_ffv1 ! matroskamux ! filesink location="$work/original.mkv" \
    t. ! queue ! stegencode id=PICTURE ! avenc_ffv1 ! matroskamux ! filesink location="$work/marked.mkv"
  local part="select=gte(t\\,$seconds),crop=$width:$height:$x:$y" rgb="scale=in_color_matrix=bt709:in_range=tv,format=rgb24" kind
  for kind in original marked; do
    ffmpeg -v error -y -i "$work/$kind.mkv" -frames:v 1 \
      -vf "$part,$rgb" "$out/scene-$name-$kind.png"
  done
  ffmpeg -v error -y -i "$work/original.mkv" -i "$work/marked.mkv" -frames:v 1 \
    -filter_complex "[1:v][0:v]blend=all_expr='128+16*(A-B)',$part,$rgb" "$out/scene-$name-difference.png"
  echo "$out/scene-$name-*.png"
}

mkdir -p "$out"
if [ $# -gt 0 ]; then
  for folder in "$@"; do
    for file in "$folder"/*; do
      name=$(basename "$file")
      case "${file,,}" in
        *.jpg | *.jpeg | *.png | *.svg) scene "${name%.*}" "$file" 0 ;;
        *) scene "${name%.*}" "$file" 1 ;;
      esac
    done
  done
else
  (cd "$work" && apt-get download -q endless-sky-data python3-skimage && for package in *.deb; do dpkg -x "$package" .; done)
  land=$work/usr/share/games/endless-sky/images/land
  scene sky "$land/sky6.jpg" 0 160 20
  scene dark "$land/nasa5.jpg" 0 160 100
  scene skin "$work/usr/lib/python3/dist-packages/skimage/data/astronaut.png" 0 56 20
  scene slide "$root/tests/media/slides/slide.svg" 0 40 20
  scene grass "$land/fields3.jpg" 0 0 134
  scene pan "$root/tests/media/dog_720p.mp4" 1
fi
