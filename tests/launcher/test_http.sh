#!/usr/bin/env bash
# The control interface: the three original calls, the status, and what it refuses.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

cat >control.pipeline <<'END'
[pipeline]
description=videotestsrc name=src is-live=true ! video/x-raw,width=160,height=120,framerate=25/1 ! \
  x264enc tune=zerolatency speed-preset=ultrafast ! h264parse ! \
  flvmux name=mark metadatacreator=${id} streamable=true ! fakesink sync=false
[variables]
id=first
[control]
listen=127.0.0.1:0
id=mark.metadatacreator
properties=src.pattern;mark.metadatacreator
END

launch control.pipeline --no-autostart
launched_url
answers 200 '.ok and .state == "stopped" and .id.requested == "first"' "$url/status"
answers 200 '.ok' "$url/healthz"
answers 200 '.ok' "$url/readyz"
answers 200 '.ok' "$url/pull"
expect "it runs" wait_for 20 state_is running
answers 200 '.ok and .id == "123"' -d '{"id": "123"}' "$url/custom"
answers 200 '.id.requested == "123" and .reconnects == 0 and .last_error == null' "$url/status"
answers 200 '.id == "日本"' -d '{"id": "日本"}' "$url/custom"

answers 400 "$refused" -d '{"id": ""}' "$url/custom"
answers 400 "$refused" -d '{"id": "12345678"}' "$url/custom"
answers 400 "$refused" -d '{"id": "日本語"}' "$url/custom"
answers 400 "$refused" -d '{"id": 123}' "$url/custom"
answers 400 "$refused" -d '{"id": null}' "$url/custom"
answers 400 "$refused" -d '{"id": "a\u0000b"}' "$url/custom"
answers 400 "$refused" -d '{"id": "a\nb"}' "$url/custom"
answers 400 "$refused" -d '{"name": "x"}' "$url/custom"
answers 400 "$refused" -d '["x"]' "$url/custom"
answers 400 "$refused" -d 'id=123' "$url/custom"
answers 400 "$refused" -X POST "$url/custom"
printf '{"id": "\xff\xfe"}' >bytes
answers 400 "$refused" --data-binary @bytes "$url/custom"
head -c 70000 /dev/zero | tr '\0' 'x' >long
answers 413 "$refused" --data-binary @long "$url/custom"
answers 200 '.id.requested == "日本"' "$url/status"

answers 200 '.ok' -X PUT -d '{"value": "ball"}' "$url/elements/src/pattern"
answers 400 "$refused" -X PUT -d '{"value": "nonsense"}' "$url/elements/src/pattern"
answers 404 "$refused" -X PUT -d '{"value": "1"}' "$url/elements/src/num-buffers"
answers 404 "$refused" -X PUT -d '{"value": "1"}' "$url/elements/src"

answers 404 "$refused" "$url/nothing"
answers 405 "$refused" "$url/custom"
answers 405 "$refused" -X POST "$url/stop"
answers 403 "$refused" -H 'Origin: https://evil.example' "$url/stop"
answers 403 "$refused" -H 'Sec-Fetch-Site: cross-site' "$url/stop"
answers 403 "$refused" -H 'Host: evil.example' "$url/status"
answers 200 '.state == "running"' "$url/status"

# Connections that clients close, with or without a request, are let go of. (The first of a kind may leave a file of GIO's open.)
curl -sSN --max-time 0.2 "$url/events" >/dev/null 2>&1 || true
files=$(status .process.open_files)
for _ in $(seq 10); do
  status .ok >/dev/null
  (exec 3<>"/dev/tcp/127.0.0.1/${url##*:}")
  curl -sSN --max-time 0.2 "$url/events" >/dev/null 2>&1 || true
done
no_more_files() { [ "$(status .process.open_files)" -le "$files" ]; }
expect "no connection stays behind" wait_for 10 no_more_files

answers 200 '.ok' "$url/stop"
expect "it stops" wait_for 10 state_is stopped
answers 200 '.ok and .state == "stopped"' "$url/stop"
answers 200 '.ok and .id == "later"' -d '{"id": "later"}' "$url/custom"
answers 200 '.ok' "$url/pull"
expect "it runs again" wait_for 20 state_is running
answers 200 '.id.requested == "later"' "$url/status"
answers 200 '.ok and .state == "running"' "$url/pull"
stop_launcher TERM
expect "it ends with status 0 in time" test "$exit_status" -eq 0 -a "$exit_time" -lt 5000

# A sink that the end of the stream never reaches: while it is still stopping, it cannot be started.
cat >endless.pipeline <<'END'
[pipeline]
description=videotestsrc is-live=true ! video/x-raw,width=160,height=120,framerate=25/1 ! tee name=t \
  t. ! queue ! fakesink  t. ! queue ! valve drop=true ! fakesink async=false
[control]
listen=127.0.0.1:0
END
launch endless.pipeline
launched_url
expect "it runs" wait_for 20 state_is running
answers 200 '.state == "stopping"' "$url/stop"
answers 409 "$refused" "$url/pull"
expect "it is stopped after stop-timeout" wait_for 20 state_is stopped
answers 200 .ok "$url/pull"
stop_launcher TERM
