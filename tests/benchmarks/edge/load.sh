#!/usr/bin/env bash
# What tokens cost at the edge of A/B segments, with the nginx and the steg-launch of this machine, on loopback:
#   tests/benchmarks/edge/load.sh [VIEWERS] [SECONDS]   (2000 viewers, 15 s for each of four runs)
# STEG_LAUNCH names the steg-launch.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=../../launcher/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../launcher/lib.sh"
viewers=${1:-2000}
seconds=${2:-15}
segments=30
openssl rand -hex 32 >steg.key
mkdir -p film/a film/b
for variant in a b; do
  {
    printf '#EXTM3U\n#EXT-X-TARGETDURATION:2\n'
    for i in $(seq 0 $((segments - 1))); do printf '#EXTINF:2,\n%06d.ts\n' "$i"; done
    echo '#EXT-X-ENDLIST'
  } >film/$variant/index.m3u8
  # 2 s at 1 Mbit/s
  for i in $(seq 0 $((segments - 1))); do { echo "segment $variant" && head -c 250000 /dev/urandom; } >"film/$variant/$(printf %06d "$i").ts"; done
done
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
nginx_port=$(free_port)
mkdir pipelines
# The same server without the question: what tokens cost is the difference.
sed 's|^    location = /edge-check|    location /plain/ { proxy_pass http://origin/; proxy_cache_key $uri; proxy_cache_valid 200 1h; }\n&|' \
  "$here_pipelines/nginx-edge.conf" >pipelines/nginx-edge.conf
here_pipelines=$work/pipelines
start_edge "$work/edge" "$nginx_port" "$control_port" film
master=$(cat edge/run/nginx.pid)
mapfile -t workers < <(pgrep -P "$master" -f 'worker process')
/usr/bin/python3 "$top/tests/benchmarks/edge/load.py" --nginx "$nginx_port" --control "$control_port" --viewers "$viewers" --segments $segments \
  --seconds "$seconds" --connections 50 --nginx-pids "${workers[@]}" --launcher-pid "$launcher_pid"
echo "segments and playlists that the origin was asked for: $(grep -c 'GET /[ab]/' edge/logs/origin.log)"
expect "nothing but the two variants was served" test "$(grep -c 'cache=MISS.*variant=[ab] name=.*ts' edge/logs/edge.log)" -le $((2 * segments))
stop_launcher TERM
