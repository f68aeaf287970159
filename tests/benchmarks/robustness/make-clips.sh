#!/usr/bin/env bash
# Draws clips of kinds that no camera films, for robustness --clips: the report has targets of their own for their kinds.
#   make-clips.sh FOLDER [FILM...]
# Writes terminal, slides, cartoon, dark, page_white and page_black (1280x720, 10 s, 25 frames a second, nearly lossless),
# and of each FILM a black-and-white version with grain, film_NAME.mp4. The same ffmpeg and fonts draw the same pictures.
# Environment: SECONDS_OF_CLIP (10).
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
if [ $# -lt 1 ]; then
  sed -n '3,6s/^# *//p' "$0" >&2
  exit 2
fi
out=$1
shift
seconds=${SECONDS_OF_CLIP:-10}
size=1280x720
rate=25
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"

# Of drawings; noise would cost too much at that.
crf=6

# encode NAME INPUT... : ffmpeg's inputs and filters.
encode() {
  local name=$1
  shift
  echo "$name" >&2
  ffmpeg -nostdin -loglevel error -y "$@" -t "$seconds" -an -pix_fmt yuv420p -colorspace bt709 -color_range tv \
    -c:v libx264 -preset veryfast -threads 1 -crf "$crf" "$out/$name.mp4"
}

plain() { printf 'color=c=%s:s=%s:r=%s,format=yuv444p' "$1" "$size" "$rate"; }

# Words without meaning, always the same: a line of LENGTH letters for each of COUNT.
words() {
  awk -v count="$1" -v length_of="$2" 'BEGIN {
    seed = 7
    split("the stream leaves a server and every frame of it carries what no eye shall see while a reader knows", word, " ")
    for (line = 0; line < count; ++line) {
      text = ""
      while (length(text) < length_of) {
        seed = (seed * 1103515245 + 12345) % 2147483648
        text = text word[int(seed / 65536) % 19 + 1] " "
      }
      print substr(text, 1, length_of)
    }
  }'
}

# A build that scrolls: three lines a second, in steps, green names before grey words.
words 60 90 | sed 's/^/         /' >"$work/log.txt"
awk '{ printf "[%3d/60]\n", NR }' "$work/log.txt" >"$work/names.txt"
scroll="y=40-26*floor(3*t)"
encode terminal -f lavfi -i "$(plain 0x101418),
  drawtext=font=monospace:textfile=$work/log.txt:fontsize=20:line_spacing=4:fontcolor=0xc8ccd0:x=24:$scroll,
  drawtext=font=monospace:textfile=$work/names.txt:fontsize=20:line_spacing=4:fontcolor=0x60c060:x=24:$scroll,
  drawbox=x=0:y=0:w=iw:h=30:color=0x3a4048:t=fill,
  drawtext=font=monospace:text='build':fontsize=18:fontcolor=white:x=24:y=6,
  drawbox=x=24:y=690:w=12:h=22:color=0xc8ccd0:t=fill:enable='lt(mod(t,1),0.5)'"

# Three slides: a list, a chart, and a dark one.
words 5 42 | sed 's/^/- /' >"$work/list.txt"
bars=
for i in 1 2 3 4 5 6; do
  bars+="drawbox=x=$((110 + 160 * i)):y=$((620 - 60 * i)):w=110:h=$((60 * i)):color=0x2d6fa8:t=fill:enable='between(t,3.5,7)',"
done
encode slides -f lavfi -i "$(plain 0xfafaf7),
  drawbox=x=0:y=0:w=iw:h=96:color=0x23395b:t=fill:enable='lt(t,7)',
  drawtext=text='What the year has brought':fontsize=46:fontcolor=white:x=60:y=26:enable='lt(t,3.5)',
  drawtext=textfile=$work/list.txt:fontsize=34:line_spacing=26:fontcolor=0x202020:x=90:y=170:enable='lt(t,3.5)',
  drawtext=text='By quarter':fontsize=46:fontcolor=white:x=60:y=26:enable='between(t,3.5,7)',
  ${bars}drawbox=x=200:y=620:w=980:h=3:color=0x404040:t=fill:enable='between(t,3.5,7)',
  drawbox=x=0:y=0:w=iw:h=ih:color=0x1c2733:t=fill:enable='gte(t,7)',
  drawtext=text='Thank you':fontsize=90:fontcolor=0xf0d080:x=(w-text_w)/2:y=(h-text_h)/2:enable='gte(t,7)'"

# Pages of little text that scroll a little in the middle.
words 14 74 >"$work/page.txt"
for page in "white 0xffffff 0x222222" "black 0x000000 0xb0b0b0"; do
  read -r name paper ink <<<"$page"
  encode "page_$name" -f lavfi -i "$(plain "$paper"),
    drawtext=textfile=$work/page.txt:fontsize=22:line_spacing=22:fontcolor=$ink:x=220:y='90-160*clip(t-4,0,1)'"
done

# Flat colours with outlines: a sky, hills, a house, a sun and a ball that hops along.
disc() { # RADIUS COLOUR OUTLINE: one frame with a hole around it, for overlay.
  printf "color=c=%s:s=%dx%d:r=%s:d=0.04,format=rgba,geq=r='if(gt(hypot(X-%d,Y-%d),%d-6),%d,r(X,Y))':g='if(gt(hypot(X-%d,Y-%d),%d-6),%d,g(X,Y))':b='if(gt(hypot(X-%d,Y-%d),%d-6),%d,b(X,Y))':a='255*lt(hypot(X-%d,Y-%d),%d)',loop=-1:1:0" \
    "$2" $((2 * $1)) $((2 * $1)) "$rate" "$1" "$1" "$1" "$3" "$1" "$1" "$1" "$3" "$1" "$1" "$1" "$3" "$1" "$1" "$1"
}
encode cartoon -filter_complex "
  $(plain 0x8fd0f0)[sky];
  $(disc 400 0x6cbf4a 24)[hill]; $(disc 520 0x4f9f3c 24)[near]; $(disc 70 0xffd84a 40)[sun];
  $(disc 60 0xe0483a 16)[ball]; $(disc 26 0xfafafa 16)[eye];
  [sky][sun]overlay=x=980:y='60+10*sin(t)':shortest=0[a];
  [a][hill]overlay=x='-100-20*t':y=420[b]; [b][near]overlay=x='640-40*t':y=500[c];
  [c]drawbox=x=500:y=380:w=200:h=180:color=0x202020:t=fill,drawbox=x=506:y=386:w=188:h=168:color=0xf4e2b8:t=fill,
  drawbox=x=570:y=470:w=60:h=84:color=0x8a4f2a:t=fill,drawbox=x=480:y=360:w=240:h=26:color=0xa83232:t=fill[d];
  [d][ball]overlay=x='-60+130*t':y='520-220*abs(sin(2.5*t))'[e];
  [e][eye]overlay=x='-10+130*t':y='545-220*abs(sin(2.5*t))'"

crf=12
# A room at night: a weak light that wanders over wall and floor, and the noise of a camera at its limit.
encode dark -f lavfi -i "color=c=0x060608:s=320x180:r=$rate,format=yuv444p,
  geq=lum='17+34*exp(-(pow(X-160-90*sin(T/2),2)+pow(Y-80-20*cos(T),2))/3000)+6*gt(Y,128)+3*lt(mod(X,64),3)*lt(Y,128)':cb='126+2*gt(Y,128)':cr=131,
  scale=1280:720:flags=bicubic,noise=c0s=3:c0f=t:all_seed=1"

for film in "$@"; do
  name=$(basename "$film")
  encode "film_${name%.*}" -i "$film" -vf "hue=s=0,noise=c0s=6:c0f=t:all_seed=1"
done
