#!/usr/bin/env bash
# Input without sound, sound that comes later, key frames by time, a stop while the second server is frozen.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

start_servers
publish -c copy -an
launch "$top/tests/launcher/relay.pipeline" --set "input=$input" --set "output=$output"
launched_url
expect "a stream without sound runs" wait_for 15 state_is running
expect "it says that there is no sound" logged "nothing for branch 'sound'"
expect "the output plays" record 3 a.mp4
expect "with a picture only" test "$(streams_in a.mp4)" = "video"

runs=$(grep -c 'steg-launch: running' launcher.log)
unpublish
publish -c copy
expect "a publisher with sound takes over" wait_for 15 logged_times "steg-launch: running" $((runs + 1))
expect "the output plays" record 3 b.mp4
expect "with picture and sound" test "$(streams_in b.mp4)" = "video audio"

# A key frame every two seconds, although the input has one every second.
record 7 keys.mp4
keys=$(ffprobe -v error -select_streams v -skip_frame nokey -show_entries frame=pts_time -of csv=p=0 keys.mp4 | tr -d ',')
expect "key frames come every 2 s: $(echo "$keys" | tr '\n' ' ')" \
  awk 'NR > 1 && ($1 - last < 1.9 || $1 - last > 2.1) { bad = 1 } { last = $1 } END { exit bad || NR < 3 }' <<<"$keys"

worker=$(nginx_worker out)
kill -STOP "$worker"
wait_for 5 grep -q '^State:.T' "/proc/$worker/status"
stop_launcher TERM
kill -CONT "$worker"
expect "a frozen second server does not keep it from stopping" test "$exit_time" -lt 5000
