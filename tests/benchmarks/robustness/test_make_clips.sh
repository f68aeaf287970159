#!/usr/bin/env bash
# The drawn clips are all there, of the size and rate that is said, and not empty pictures.
#   test_make_clips.sh MAKE_CLIPS FILM
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
SECONDS_OF_CLIP=0.2 "$1" "$work" "$2" 2>/dev/null
film=$(basename "${2%.*}")
for name in terminal slides cartoon dark page_white page_black "film_$film"; do
  format=$(ffprobe -v error -select_streams v -show_entries stream=width,height,pix_fmt,r_frame_rate -of csv=p=0 \
    "$work/$name.mp4")
  case $name:$format in
    film_*:1280,720,yuv420p,* | *:1280,720,yuv420p,25/1) ;;
    *) echo "$name is $format" >&2; exit 1 ;;
  esac
  # A picture without anything in it is coded in a few bytes.
  [ "$(stat -c %s "$work/$name.mp4")" -gt 4000 ] || { echo "$name shows nothing" >&2; exit 1; }
done
if "$1" 2>/dev/null; then
  echo "without a folder it must say how it is called" >&2
  exit 1
fi
