#!/usr/bin/env bash
# SIGINT and SIGTERM end the process in time, with a recording that plays; a hanging element does not keep it alive.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cat >record.pipeline <<'END'
[pipeline]
description=videotestsrc is-live=true ! video/x-raw,format=I420,width=320,height=240,framerate=25/1 ! tee name=t \
  t. ! queue ! x264enc tune=zerolatency speed-preset=ultrafast ! h264parse ! ${mux} ! filesink location=${output} \
  t. ! queue ! videoscale ! video/x-raw,width=16,height=16 ! filesink location=passed buffer-mode=unbuffered
[variables]
mux=mp4mux
output=out.mp4
END

# Each frame adds 384 bytes to what has passed.
have_passed() { [ "$(stat -c %s passed)" -ge $(($1 * 384)) ]; }
for signal in INT TERM; do
  for mux in mp4mux flvmux; do
    sed "s/\${mux}/$mux/; /^mux=/d" record.pipeline >"$mux.pipeline"
    : >launcher.log
    launch "$mux.pipeline" --set "output=out $signal!.$mux"
    expect "$mux runs" wait_for 20 logged running
    expect "for 50 frames" wait_for 60 have_passed 50
    stop_launcher "$signal"
    expect "SIG$signal ends it with status 0" test "$exit_status" -eq 0
    expect "within 5 s" test "$exit_time" -lt 5000
    expect "the $mux recording plays" plays "out $signal!.$mux" 30
  done
done

# An end of stream that never arrives, because nobody reads from the pipe.
cat >stuck.pipeline <<'END'
[pipeline]
description=videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=25/1 ! queue ! fdsink fd=3 sync=false
[restart]
stop-timeout=1
END
mkfifo pipe
exec 4<>pipe
: >launcher.log
"$STEG_LAUNCH" stuck.pipeline 3>pipe 2>launcher.log &
launcher_pid=$!
# A frame is larger than a pipe: the first one stays in it.
expect "the stuck pipeline runs" wait_for 20 logged running
stop_launcher TERM
expect "a stuck sink means status 1" test "$exit_status" -eq 1
expect "within 5 s" test "$exit_time" -lt 5000
expect "it says why" logged "did not get through"
expect "and that an element hangs" logged "an element hangs"
exec 4>&-

# The same with a file that lacks its end.
cat >unfinished.pipeline <<'END'
[pipeline]
description=videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=25/1 ! tee name=t \
  t. ! queue ! x264enc tune=zerolatency speed-preset=ultrafast ! mp4mux ! filesink location=unfinished.mp4 \
  t. ! queue ! fdsink fd=3 sync=false
[restart]
stop-timeout=1
END
exec 4<>pipe
: >launcher.log
"$STEG_LAUNCH" unfinished.pipeline 3>pipe 2>launcher.log &
launcher_pid=$!
expect "it runs" wait_for 20 logged running
stop_launcher TERM
expect "a file without its end means status 1" test "$exit_status" -eq 1
expect "within 5 s" test "$exit_time" -lt 5000
expect "it says why" logged "may lack its end"
exec 4>&-

# A main thread that hangs in an element: opening a named pipe waits for its reader.
mkfifo nobody-reads
cat >hanging.pipeline <<'END'
[pipeline]
description=videotestsrc ! tee name=t t. ! queue ! filesink location=nobody-reads t. ! queue ! filesink location=began
[restart]
stop-timeout=1
END
: >launcher.log
launch hanging.pipeline
# What it opens next is the pipe.
expect "an element hangs" wait_for 20 test -e began
stop_launcher TERM
expect "a hanging element does not keep the process" test "$exit_status" -eq 1
expect "within 5 s" test "$exit_time" -lt 5000
expect "it says so" logged "an element hangs"

# The second signal does not wait.
rm began
: >launcher.log
launch hanging.pipeline
expect "an element hangs again" wait_for 20 test -e began
kill -TERM "$launcher_pid"
expect "the first signal is heard" wait_for 5 logged stopping
stop_launcher TERM
expect "a second signal ends it at once" test "$exit_status" -eq 143 -a "$exit_time" -lt 1000

# A stream that ends by itself.
cat >short.pipeline <<'END'
[pipeline]
description=videotestsrc num-buffers=50 ! video/x-raw,width=320,height=240 ! x264enc speed-preset=ultrafast ! mp4mux ! \
  filesink location=short.mp4
END
exit_status=0
timeout 30 "$STEG_LAUNCH" short.pipeline 2>launcher.log || exit_status=$?
expect "an end of stream ends the process with status 0" test "$exit_status" -eq 0
expect "its recording is whole" plays short.mp4 50
