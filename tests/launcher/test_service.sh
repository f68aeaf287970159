#!/usr/bin/env bash
# The systemd unit, and what steg-launch tells a service manager: ready, the streams' states, that it lives, that it stops; nothing
# when its main loop hangs. Meson gives NOTIFY_LISTENER and UNIT.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${NOTIFY_LISTENER:?}" "${UNIT:?}"

# systemd's own opinion of the unit, with the program that was built in place of the one that is not installed.
mkdir units
sed "s|^ExecStart=[^ ]*|ExecStart=$STEG_LAUNCH|" "$UNIT" >units/steg-launch@test.service
complaints=$(systemd-analyze verify --man=no "$work/units/steg-launch@test.service" 2>&1 | grep -F steg-launch || true)
expect "systemd understands every line of the unit: $complaints" test -z "$complaints"
# In tenths of its scale from 0, closed, to 10, open.
expect "its exposure is 2.0 at most" \
  systemd-analyze security --no-pager --offline=true --threshold=20 "$work/units/steg-launch@test.service"

cat >live.pipeline <<'END'
[pipeline]
description=videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=25/1 ! fakesink sync=false
[control]
listen=127.0.0.1:0
END
"$NOTIFY_LISTENER" notify >told.txt &
wait_for 5 test -S notify
export NOTIFY_SOCKET="$work/notify" WATCHDOG_USEC=1000000
told() { grep -qxF -- "$1" told.txt; }
told_times() { [ "$(grep -cxF -- "$1" told.txt)" -ge "$2" ]; }

launch live.pipeline
launched_url
expect "it says that it is ready" wait_for 20 told READY=1
expect "that the stream runs" wait_for 20 told "STATUS=live running"
expect "that it lives" wait_for 20 told_times WATCHDOG=1 3
answers 200 .ok "$url/stop"
expect "that the stream was stopped" wait_for 20 told "STATUS=live stopped"
expect "each state once" test "$(grep -c '^STATUS=live running$' told.txt)" -eq 1
stop_launcher TERM
expect "that it stops, with status 0" test "$exit_status" -eq 0 -a "$(grep -c STOPPING=1 told.txt)" -eq 1
expect "and no more that it lives" test "$(sed '1,/^STOPPING=1$/d' told.txt | grep -cx WATCHDOG=1)" -eq 0

# A main loop that hangs, in an element: opening a named pipe waits for its reader.
: >told.txt
mkfifo nobody-reads
printf '%s\n' '[pipeline]' 'description=videotestsrc ! filesink location=nobody-reads' '[restart]' 'stop-timeout=0' >hanging.pipeline
launch hanging.pipeline
expect "a stream that hangs" wait_for 20 told READY=1
# That nothing is said can only be seen as time passes: six times as long as it may take to say so.
sleep 3
expect "is not said to live" test "$(grep -cx WATCHDOG=1 told.txt)" -le 1
stop_launcher TERM

# A file that is wrong is never ready; the unit does not try again with status 2.
: >told.txt
printf '%s\n' '[pipeline]' 'description=nosuchelement' >wrong.pipeline
got=0
"$STEG_LAUNCH" wrong.pipeline 2>>launcher.log || got=$?
expect "a wrong file ends it with the status that systemd does not try again" \
  grep -qx "RestartPreventExitStatus=$got" "$UNIT"
expect "before it was ready" test ! -s told.txt
