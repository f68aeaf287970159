#!/usr/bin/env bash
# What tokens cost at the edge of A/B segments, with the nginx and the steg-launch of this machine, on loopback:
#   tests/benchmarks/edge/load.sh [VIEWERS] [SECONDS]   (2000 viewers, 15 s for each of four runs)
# STEG_LAUNCH names the steg-launch.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=../../launcher/edge.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../launcher/edge.sh"
viewers=${1:-2000}
seconds=${2:-15}
segments=30
make_film $segments 250000 # 2 s at 1 Mbit/s
launch_edge
nginx_port=$(free_port)
mkdir pipelines
# The same server without the question: what tokens cost is the difference.
sed 's|^    location = /edge-check|    location /plain/ { proxy_pass http://origin/; proxy_cache_key $uri; proxy_cache_valid 200 1h; }\n&|' \
  "$here_pipelines/nginx-edge.conf" >pipelines/nginx-edge.conf
here_pipelines=${work:?}/pipelines
start_edge "$work/edge" "$nginx_port" "$control_port" film
master=$(cat edge/run/nginx.pid)
mapfile -t workers < <(pgrep -P "$master" -f 'worker process')
/usr/bin/python3 "${top:?}/tests/benchmarks/edge/load.py" --nginx "$nginx_port" --control "$control_port" --viewers "$viewers" --segments $segments \
  --seconds "$seconds" --connections 50 --nginx-pids "${workers[@]}" --launcher-pid "${launcher_pid:?}"
echo "segments and playlists that the origin was asked for: $(grep -c 'GET /[ab]/' edge/logs/origin.log)"
expect "nothing but the two variants was served" test "$(grep -c 'cache=MISS.*variant=[ab] name=.*ts' edge/logs/edge.log)" -le $((2 * segments))
stop_launcher TERM
