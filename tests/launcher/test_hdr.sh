#!/usr/bin/env bash
# HDR10 and HLG with 10 bits through file.pipeline, read from what viewers make of it: the same file, and SDR by ffmpeg's tone mapping and by
# GStreamer's conversion to 8 bits, both encoded again.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${STEG_TRACE:?set STEG_TRACE to the steg-trace to test}"
openssl rand -hex 32 >steg.key
sdr=(-c:v libx264 -preset veryfast -crf 23)

# to_hdr TRANSFER: the clip, as if it had been shot so; white of SDR at 203 cd/m2. Three seconds have a whole epoch in them.
to_hdr() {
  ffmpeg -v error -y -i "$clip" -t 3 -vf "scale=640:360,zscale=tin=bt709:min=bt709:pin=bt709:rin=tv:t=linear:npl=203,format=gbrpf32le,zscale=p=bt2020:t=$1:m=bt2020nc:r=tv:npl=203,format=yuv420p10le" \
    -c:v libx265 -preset ultrafast -x265-params "log-level=none:crf=12:colorprim=bt2020:transfer=$1:colormatrix=bt2020nc" -tag:v hvc1 "$1.mp4" </dev/null
}

for transfer in smpte2084 arib-std-b67; do
  id=$([ "$transfer" = smpte2084 ] && echo HDR10 || echo HLG)
  to_hdr "$transfer"
  "$STEG_LAUNCH" file.pipeline --set "input=$transfer.mp4" --set "output=$id.mp4" --set "id=$id" --set key-file=steg.key --set database=sqlite:audit.db \
    --set preset=veryfast --set format=I420_10LE 2>launcher.log
  expect "$id: 10 bits and its transfer" test \
    "$(ffprobe -v error -show_entries stream=pix_fmt,color_transfer -of csv=p=0 "$id.mp4" | tr -d '\n')" = "yuv420p10le,$transfer"
  carries "$id"
  mv "$id.mp4" marked.mp4
  ffmpeg -v error -i marked.mp4 -vf "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable,zscale=t=bt709:m=bt709:r=tv,format=yuv420p" "${sdr[@]}" "$id.mp4" </dev/null
  echo "tone mapped by ffmpeg:"
  carries "$id"
  gst-launch-1.0 -q filesrc location=marked.mp4 ! decodebin ! videoconvert ! video/x-raw,format=I420 ! \
    x264enc speed-preset=veryfast pass=qual quantizer=23 bitrate=100000 ! h264parse ! mp4mux ! filesink "location=$id.mp4"
  echo "8 bits by GStreamer:"
  carries "$id"
done
