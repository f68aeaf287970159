#!/usr/bin/env bash
# The level of the published H.264 is the one that its real frame rate needs, whatever the publisher says.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${FLV_PUSH:?set FLV_PUSH to the flv-push to publish with}"

# framediff alone: looking at the other plugins would load LibTorch.
export GST_PLUGIN_PATH=${GST_PLUGIN_PATH%%:*}
is_idle() { ! state_is running; }
rate_is() { [ "$(status '.fps.in // 0 | round')" = "$1" ]; }
level_is() { record 1 out.flv && [ "$(ffprobe -v error -show_entries stream=level -of csv=p=0 out.flv | tr -d '\n')" = "$1" ]; }
start_servers
for rate in 30 60; do
  ffmpeg -v error -y -f lavfi -i "testsrc2=size=640x360:rate=$rate" -t 4 -c:v libx264 -preset ultrafast -g "$rate" -pix_fmt yuv420p \
    "$rate.flv" </dev/null
done
# As rtmp.pipeline has it, without the mark, which would make it depend on the machine's speed.
grep -qx follow-level=true "$top/pipelines/rtmp.pipeline" || fail "rtmp.pipeline does not follow the level"
sed 's/ x264enc / framediff ! x264enc /; s/^encoder=enc$/&\nfollow-level=true/' "$top/tests/launcher/relay.pipeline" >level.pipeline
launch level.pipeline --set "input=$input" --set "output=$output"
launched_url

# 640x360 needs level 3.0 for 30 frames a second, and 3.1 for 60.
for case in 30:none:30 30:rate:30 60:rate:31 60:none:31; do
  IFS=: read -r rate mode wanted <<<"$case"
  "$FLV_PUSH" "$rate.flv" "$input" "$mode" 0 >>push.log 2>&1 &
  publisher=$!
  expect "$rate frames a second run" wait_for 60 state_is running
  expect "their rate is measured" wait_for 60 rate_is "$rate"
  # The level follows at the next key frame.
  expect "the level for $rate frames a second, metadata '$mode', is $wanted" wait_for 30 level_is "$wanted"
  expect "without a rebuild" test "$(grep -c 'steg-launch: running' launcher.log)" -eq 1
  unpublish
  expect "the launcher notices its end" wait_for 30 is_idle
  : >launcher.log
done
stop_launcher TERM
expect "it ends with status 0" test "$exit_status" -eq 0
