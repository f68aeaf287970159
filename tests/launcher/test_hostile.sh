#!/usr/bin/env bash
# Many connections, silent and slow ones, and requests that libsoup answers by itself: the stream goes on, and this machine is heard.
# Meson gives HOSTILE_CLIENT.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${HOSTILE_CLIENT:?}"

cat >hostile.pipeline <<'END'
[pipeline]
description=videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=25/1 ! \
  x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! h264parse ! flvmux name=mux streamable=true ! fakesink sync=false
[control]
listen=127.0.0.1:0
[playback]
flv=mux
END

# attack KIND COUNT: in the background; $attacker is its process, attack.txt what it says.
attack() {
  : >attack.txt
  "$HOSTILE_CLIENT" "${url##*:}" "$@" >attack.txt &
  attacker=$!
}
attack_ends() {
  kill "$attacker"
  wait "$attacker" 2>/dev/null || true
}
files() { status .process.open_files; }
fewer_files_than() { [ "$(files)" -lt "$1" ]; }

# As few files as many systems give by default, and nothing to raise.
(ulimit -n 1024 && exec "$STEG_LAUNCH" hostile.pipeline >launcher.out 2>>launcher.log) &
launcher_pid=$!
launched_url
expect "it runs" wait_for 20 state_is running
resting=$(files)

"$HOSTILE_CLIENT" "${url##*:}" options 20000
answers 200 .ok "$url/healthz"
expect "no request of a kind that libsoup answers leaves a connection behind" wait_for 10 fewer_files_than $((resting + 20))

attack idle 5000
expect "5000 connections that say nothing" wait_for 60 test -s attack.txt
answers 200 .ok "$url/healthz"
answers 200 '.state == "running" and .reconnects == 0' "$url/status"
expect "hold only so many files" fewer_files_than $((resting + 520))
expect "for 10 s" wait_for 30 fewer_files_than $((resting + 20))
attack_ends

attack slow 500
expect "500 connections that are slow" wait_for 60 test -s attack.txt
answers 200 .ok "$url/healthz"
expect "are closed, too" wait_for 30 fewer_files_than $((resting + 20))
attack_ends

attack events 600
expect "600 listeners" wait_for 60 test -s attack.txt
cat attack.txt
expect "of whom 504 are served" grep -qx 'HTTP/1.1 200: 504' attack.txt
expect "and the others are told" grep -qx 'HTTP/1.1 503: 96' attack.txt
answers 200 .ok "$url/healthz"
frames() { status .elements.fakesink0.rendered; }
shown=$(frames)
more_frames() { [ "$(frames)" -gt $((shown + 25)) ]; }
expect "the stream goes on" wait_for 20 more_frames
attack_ends
expect "leave nothing behind" wait_for 10 fewer_files_than $((resting + 20))
stop_launcher TERM
expect "it ends in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000

# Viewers who talk. 10000 fragments would be 600 MB.
launch hostile.pipeline
launched_url
expect "it runs" wait_for 20 state_is running
memory=$(status .process.rss_bytes)
no_more_memory() { [ "$(status .process.rss_bytes)" -lt $((memory + 40000000)) ]; }
for kind in pings:70000 fragments:10000; do
  answer=$("$HOSTILE_CLIENT" "${url##*:}" "${kind%:*}" "${kind#*:}")
  expect "a viewer who sends ${kind%:*} is cut off: $answer" grep -q '^HTTP/1.1 101, closed after' <<<"$answer"
  expect "and costs nothing" no_more_memory
done
answers 200 '.state == "running" and .playback.viewers.websocket == 0' "$url/status"
stop_launcher TERM

# Requests whose length libsoup cannot read, and of which it would keep the path: 1000 would be 60 MB.
launch hostile.pipeline
launched_url
expect "it runs" wait_for 20 state_is running
memory=$(status .process.rss_bytes)
curl -s -o none.txt -H 'Transfer-Encoding: foo' "$url/$(printf 'A%.0s' {1..60000})?[1-1000]" || true
expect "requests that say no plain length cost nothing" no_more_memory
answers 200 '.state == "running"' "$url/status"
stop_launcher TERM

# Clients of RTSP who never say what they want to see.
printf '[rtsp]\nlisten=127.0.0.1:0\n' | cat hostile.pipeline - >rtsp.pipeline
launch rtsp.pipeline
launched_url
expect "it runs" wait_for 20 state_is running
resting=$(files)
rtsp=$(status .playback.rtsp)
rtsp_port=${rtsp##*:}
"$HOSTILE_CLIENT" "${rtsp_port%%/*}" idle 300 >attack.txt &
attacker=$!
more_files_than() { [ "$(files)" -gt "$1" ]; }
expect "clients of RTSP that say nothing" wait_for 60 more_files_than $((resting + 20))
expect "are closed" wait_for 120 fewer_files_than $((resting + 5))
answers 200 '.state == "running" and .reconnects == 0' "$url/status"
attack_ends
stop_launcher TERM

sed 's/^listen=.*/&\nmax-connections=0/' hostile.pipeline >wrong.pipeline
got=0
"$STEG_LAUNCH" wrong.pipeline 2>>launcher.log || got=$?
expect "a server for nobody is refused" test "$got" -eq 2
