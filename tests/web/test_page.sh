#!/usr/bin/env bash
# The web page in a real Chromium, against a real steg-launch with the real elements between two real nginx.
# Meson gives STEG_LAUNCH, STEG_TRACE, NODE, PAGE_MODULES (the folder whose node_modules has playwright-core and axe-core),
# SCREENSHOTS (a folder) and the paths of plugins and models. CHROMIUM names another browser than /usr/bin/chromium.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=../launcher/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../launcher/lib.sh"
: "${STEG_TRACE:?}" "${NODE:?}" "${PAGE_MODULES:?}" "${SCREENSHOTS:?}"
export CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
[ -x "$CHROMIUM" ] || fail "$CHROMIUM is not there: apt-get install chromium"
mkdir -p "$SCREENSHOTS"
openssl rand -hex 32 >steg.key
openssl rand -hex 32 >token

in_port=$(free_port)
start_nginx in in "$in_port"
out_port=$(free_port)
hls_port=$(free_port)
start_nginx out out "$out_port" "$hls_port"
input="rtmp://127.0.0.1:$in_port/live/stream"
output="rtmp://127.0.0.1:$out_port/live/stream"
# A picture with movement all over it, so that "it moves" can be seen in any two frames, and a tone. Ten frames a second: the
# browser decodes, composes and encodes on the same CPUs.
ffmpeg -v error -y -i "$clip" -f lavfi -i sine=frequency=440:sample_rate=44100 -t 3 -vf 'fps=10,scale=640:360,scroll=horizontal=0.02' \
  -c:v libx264 -preset ultrafast -g 10 -pix_fmt yuv420p -c:a aac -b:a 64k clip.mp4 </dev/null
ffmpeg -v error -y -i clip.mp4 -frames:v 1 unmarked.png </dev/null

port=$(free_port)
sed "s|^listen=.*|listen=127.0.0.1:$port|" "$top/pipelines/rtmp.pipeline" >open.pipeline
sed "s|^listen=.*|&\ntoken-file=token|" open.pipeline >token.pipeline
{
  sed "s|^listen=.*|listen=127.0.0.1:$port|" "$top/pipelines/rtmp-fanout.pipeline"
  printf "[stream %s]\\ninput=${input%/*}/%s\\noutput=${output%/*}\\nstream=%s\\n" one stream one two nobody two
} >fanout.pipeline
{
  cat open.pipeline
  printf '[edge]\nmedia=film\nkey-file=steg.key\ndatabase=sqlite:tokens.db\n'
} >edge.pipeline
mkdir -p film/a film/b film/sound
"$STEG_LAUNCH" "$top/pipelines/ab-file.pipeline" --set input=clip.mp4 --set output=film --set key-file=steg.key --set preset=ultrafast >film.log 2>&1 ||
  fail "no film: $(cat film.log)"

INPUT=$input OUTPUT=$output PAGE_URL="http://127.0.0.1:$port/" HLS_ORIGIN="http://127.0.0.1:$hls_port" \
  "$NODE" "$top/tests/web/page.test.mjs"
