#!/usr/bin/env bash
# Starts a steg-launch and gives it mutated requests and WebSocket frames: server.sh ARGUMENTS_OF_FUZZ...
# FUZZ and STEG_LAUNCH name the programs, AUDIT_PLUGIN the folder of auditlog.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=../launcher/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../launcher/lib.sh"
: "${FUZZ:?}" "${AUDIT_PLUGIN:?}"
# To look at all plugins takes long with sanitizers; and the scanner, which has none, cannot load one that has them.
gst-inspect-1.0 fakesink >/dev/null
export GST_PLUGIN_PATH=$AUDIT_PLUGIN GST_REGISTRY_FORK=no
# Whole stacks, so that the suppression of GLib's own leak is found in them.
export ASAN_OPTIONS=fast_unwind_on_malloc=0
export LSAN_OPTIONS=print_suppressions=0:suppressions=$top/tests/lsan.supp

cat >fuzz.pipeline <<'END'
[pipeline]
description=videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=10/1 ! \
  auditlog name=audit database=sqlite:audit.db spool=spool ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=10 ! \
  h264parse ! flvmux name=mux streamable=true ! fakesink sync=false
[control]
listen=127.0.0.1:0
id=audit.client-ip
properties=audit.client-ip
client-ip-from=publisher
client-ip=audit.client-ip
[playback]
flv=mux
[rtsp]
listen=127.0.0.1:0
END

launch fuzz.pipeline
wait_for 120 test -s launcher.out || fail "steg-launch does not start"
launched_url
expect "it runs" wait_for 60 state_is running
FUZZ_PORT=${url##*:} FUZZ_PID=$launcher_pid "$FUZZ" server "$@"
stop_launcher TERM
expect "no sanitizer reports anything" test "$exit_status" -eq 0
