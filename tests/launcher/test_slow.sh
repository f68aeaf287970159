#!/usr/bin/env bash
# A source that sends little is not taken for a dead one: one frame in 5 s without sound, sound while the picture pauses
# for 8 s. A steady one that freezes is.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${FLV_PUSH:?set FLV_PUSH to the flv-push to publish with}"

is_idle() { ! state_is running; }
start_servers
# A flash and a beep at every full second.
ffmpeg -v error -y -f lavfi -i "color=black:size=320x180:rate=30,drawbox=color=white:t=fill:enable='lt(mod(t,1),0.2)'" \
  -f lavfi -i "aevalsrc='0.5*sin(880*PI*t)*lt(mod(t,1),0.2)':sample_rate=44100" -t 6 -c:v libx264 -preset ultrafast -g 30 \
  -bf 2 -pix_fmt yuv420p -c:a aac -b:a 64k clip.flv </dev/null
launch "$top/tests/launcher/relay.pipeline" --set "input=$input" --set "output=$output"
launched_url
expect "a stream that is not there is tried again after 3 s" wait_for 60 logged_times "nothing came from the source for 3.00 s" 2

: >launcher.log
"$FLV_PUSH" clip.flv "$input" pause 6 >>push.log 2>&1 &
publisher=$!
expect "a stream runs whose picture will pause" wait_for 20 state_is running
expect "its output plays" record 18 pause.flv
expect "without a rebuild" test "$(grep -c 'steg-launch: running' launcher.log)" -eq 1
times() { ffprobe -v error -select_streams "$1" -show_entries packet=pts_time -of csv=p=0 pause.flv | tr -d ','; }
longest() { awk 'NR > 1 && $1 - last > gap { gap = $1 - last } { last = $1 } END { print gap + 0 }'; }
found() {  # FILTER_OPTION FILTER KEY: what the filter reports, a number a line
  ffmpeg -v info -i pause.flv "$1" "$2" -f null - </dev/null 2>&1 | grep -oP "$3: ?\K[0-9.]+"
}
found -vf blackdetect=d=0.3:pix_th=0.5 black_end >flashes.txt
found -af silencedetect=d=0.3:noise=-30dB silence_end >beeps.txt
apart=$(paste <(tail -n 1 flashes.txt) <(tail -n 1 beeps.txt) | awk '{ d = $1 - $2; print d < 0 ? -d : d }')
expect "the picture stands for 8 s: flashes $(longest <flashes.txt) s apart" awk '{ exit !($1 > 7 && $1 < 11) }' <<<"$(longest <flashes.txt)"
expect "the sound does not: packets $(times a | longest) s apart, beeps $(longest <beeps.txt) s" \
  awk '{ exit !($1 < 0.2 && $2 < 1.5) }' <<<"$(times a | longest) $(longest <beeps.txt)"
expect "players have a picture: $(times v | longest) s apart" awk '{ exit !($1 < 1) }' <<<"$(times v | longest)"
expect "afterwards flash and beep are $apart s apart" awk '{ exit !($1 < 0.1) }' <<<"$apart"
unpublish
expect "the launcher notices its end" wait_for 15 is_idle

: >launcher.log
ffmpeg -v error -re -stream_loop -1 -i clip.flv -c copy -f flv "$input" </dev/null >>ffmpeg.log 2>&1 &
publisher=$!
expect "a steady source runs" wait_for 20 state_is running
# In the first seconds it would be given more time.
expect "its output plays" record 3 steady.flv
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
