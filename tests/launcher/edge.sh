# A film of two variants that hold no picture, and the edge of steg-launch that gives them out: for its test and its load.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Makes film/a and film/b, whose segments begin with the line "segment a" or "segment b".
make_film() {  # SEGMENTS BYTES_MORE
  local variant i
  for variant in a b; do
    mkdir -p "film/$variant"
    {
      printf '#EXTM3U\n#EXT-X-TARGETDURATION:2\n'
      for i in $(seq 0 $(($1 - 1))); do printf '#EXTINF:2,\n%06d.ts\n' "$i"; done
      echo '#EXT-X-ENDLIST'
    } >"film/$variant/index.m3u8"
    for i in $(seq 0 $(($1 - 1))); do { echo "segment $variant" && head -c "$2" /dev/urandom; } >"film/$variant/$(printf %06d "$i").ts"; done
  done
}

# Starts the edge of film; sets control_port. The key is always the same, since it decides how much the viewers' patterns differ.
launch_edge() {
  printf '%064d\n' 1 >steg.key
  control_port=$(free_port)
  cat >edge.pipeline <<END
[pipeline]
description=videotestsrc ! fakesink
[control]
listen=127.0.0.1:$control_port
proxies=127.0.0.1
[edge]
media=film
key-file=steg.key
database=sqlite:audit.db
END
  launch edge.pipeline --no-autostart
  launched_url
}
