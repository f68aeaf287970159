#!/usr/bin/env bash
# A real OBS, under Xvfb, pushes into the first server; the relay takes it (H.264 High with B-frames, AAC). Skipped where OBS is missing.
# SPDX-License-Identifier: LGPL-2.1-or-later
for program in obs Xvfb setpriv; do
  command -v "$program" >/dev/null || { echo "skipped: $program is not installed (packages obs-studio, xvfb, util-linux)"; exit 77; }
done
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
chmod 755 "$work"
home="$work/home"
profile="$home/.config/obs-studio"
mkdir -p "$profile/basic/profiles/ci" "$profile/basic/scenes" "$home/run"
chmod 700 "$home/run"

start_servers
publish_clip="$work/clip.mp4"
ffmpeg -v error -y -i "$clip" -f lavfi -i sine=frequency=440:sample_rate=48000 -t 3 -vf scale=640:360 -c:v libx264 \
  -preset ultrafast -pix_fmt yuv420p -c:a aac "$publish_clip" </dev/null
cat >"$profile/global.ini" <<'END'
[General]
FirstRun=true
LastVersion=486539266
InfoIncrement=-1
EnableAutoUpdates=false
BrowserHWAccel=false
Pre19Defaults=false
Pre21Defaults=false
Pre23Defaults=false
Pre24.1Defaults=false
ConfirmOnExit=false

[Basic]
Profile=ci
ProfileDir=ci
SceneCollection=ci
SceneCollectionFile=ci

[BasicWindow]
PreviewEnabled=false
WarnBeforeStartingStream=false
SysTrayEnabled=false

[OBSWebSocket]
FirstLoad=false
ServerEnabled=false
AlertsEnabled=false
END
cat >"$profile/basic/profiles/ci/basic.ini" <<'END'
[General]
Name=ci

[Video]
BaseCX=640
BaseCY=360
OutputCX=640
OutputCY=360
FPSType=0
FPSCommon=30
ColorFormat=NV12

[Output]
Mode=Simple
Reconnect=true
RetryDelay=2
MaxRetries=20

[SimpleOutput]
VBitrate=800
ABitrate=96
StreamEncoder=x264
UseAdvanced=true
Preset=ultrafast
x264Settings=keyint=60 bframes=2

[Audio]
SampleRate=48000
ChannelSetup=Stereo
END
printf '{"type":"rtmp_custom","settings":{"server":"%s","key":"stream","use_auth":false,"bwtest":false}}\n' "${input%/*}" \
  >"$profile/basic/profiles/ci/service.json"
cat >"$profile/basic/scenes/ci.json" <<END
{"name": "ci", "current_scene": "Scene", "current_program_scene": "Scene", "scene_order": [{"name": "Scene"}],
 "current_transition": "Cut", "transition_duration": 300, "transitions": [], "groups": [], "modules": {}, "sources": [
  {"id": "ffmpeg_source", "versioned_id": "ffmpeg_source", "name": "clip", "enabled": true, "mixers": 255, "volume": 1.0,
   "settings": {"local_file": "$publish_clip", "is_local_file": true, "looping": true, "hw_decode": false}},
  {"id": "scene", "versioned_id": "scene", "name": "Scene", "enabled": true, "mixers": 0,
   "settings": {"custom_size": false, "id_counter": 1, "items": [{"name": "clip", "id": 1, "visible": true, "align": 5,
    "pos": {"x": 0.0, "y": 0.0}, "scale": {"x": 1.0, "y": 1.0}, "bounds_type": 2, "bounds_align": 0,
    "bounds": {"x": 640.0, "y": 360.0}}]}}]}
END
launch "$top/tests/launcher/relay.pipeline" --set "input=$input" --set "output=$output"
launched_url

# OBS does not run as root.
as_user=()
if [ "$(id -u)" -eq 0 ]; then
  chown -R 65534:65534 "$home"
  as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
fi
number=$((RANDOM % 400 + 100))
Xvfb ":$number" -screen 0 1024x768x24 -nolisten tcp >xvfb.log 2>&1 &
expect "Xvfb runs" wait_for 20 test -e "/tmp/.X11-unix/X$number"
env HOME="$home" XDG_RUNTIME_DIR="$home/run" DISPLAY=":$number" LIBGL_ALWAYS_SOFTWARE=1 QT_QPA_PLATFORM=xcb "${as_user[@]}" \
  obs --multi --disable-missing-files-check --profile ci --collection ci --scene Scene --startstreaming </dev/null >obs.log 2>&1 &
obs=$!
expect "OBS's stream comes through" wait_for 90 state_is running
expect "the output plays" record 5 obs.mp4
expect "with picture and sound" test "$(streams_in obs.mp4)" = "video audio"
expect "and decodes" test "$(frames_in obs.mp4)" -ge 60
expect "without a rebuild in mid-stream" test "$(grep -c 'steg-launch: running' launcher.log)" -eq 1
kill -INT "$obs"
expect "it notices that OBS stopped" wait_for 30 logged "the source ended"
wait "$obs" || true
stop_launcher TERM
expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000
