#!/usr/bin/env bash
# A source that sends little is not taken for a dead one: one frame in 5 s without sound. A steady one that freezes is.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

is_idle() { ! state_is running; }
start_servers
ffmpeg -v error -y -i "$clip" -f lavfi -i sine=frequency=440:sample_rate=44100 -t 6 -vf scale=320:180 -c:v libx264 -preset ultrafast \
  -g 30 -pix_fmt yuv420p -c:a aac -b:a 64k clip.flv </dev/null
launch "$top/tests/launcher/relay.pipeline" --set "input=$input" --set "output=$output"
launched_url

ffmpeg -v error -re -stream_loop -1 -i clip.flv -c copy -f flv "$input" </dev/null >>ffmpeg.log 2>&1 &
publisher=$!
expect "a steady source runs" wait_for 20 state_is running
sleep 3
kill -STOP "$publisher"
expect "a steady source that freezes is noticed" wait_for 12 logged "nothing came from the source for 3.00 s"
unpublish

: >launcher.log
ffmpeg -v error -re -stream_loop -1 -i clip.flv -an -vf fps=1/5 -c:v libx264 -preset ultrafast -tune zerolatency -g 1 -f flv "$input" \
  </dev/null >>ffmpeg.log 2>&1 &
publisher=$!
expect "a frame in 5 s is a stream" wait_for 40 state_is running
curl -s --max-time 16 "$url/live.flv" >slow.flv || true
expect "it runs for as long as it is watched" state_is running
expect "with its frames: $(frames_in slow.flv)" test "$(frames_in slow.flv)" -ge 2
expect "and without a rebuild" test "$(grep -c 'steg-launch: running' launcher.log)" -eq 1
unpublish
expect "the launcher notices its end" wait_for 15 is_idle

stop_launcher TERM
expect "it ends with status 0" test "$exit_status" -eq 0
