#!/usr/bin/env bash
# What steg-launch does at a stop while the audit database is away and the spool takes no more: what the disk has room for is kept and
# written by the next start; what it has none for is named, and the exit status says so.
# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck source=lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
: "${STEG_AUDIT:?set STEG_AUDIT to the steg-audit to test}"
"$STEG_AUDIT" keygen steg.key >/dev/null

cat >unsaved.pipeline <<'PIPELINE'
[pipeline]
description= \
  videotestsrc is-live=true num-buffers=${frames} ! video/x-raw,format=I420,width=320,height=180,framerate=10/1 ! \
  stegencode name=mark id=${id} key-file=steg.key ! \
  auditlog name=audit database=${database} start-without-database=true spool=unsaved.spool spool-limit=1 stream=live key-file=steg.key ! \
  fakesink

[variables]
frames=-1
id=FIRST
database=postgresql://app@127.0.0.1:1/away

[control]
listen=127.0.0.1:0
id=mark.id

[restart]
on-eos=exit
PIPELINE

held() { [ "$(status '.audit.records')" -ge "$1" ] && [ "$(status '.audit.spooled')" -eq 0 ]; }
change_id() { curl -sS --max-time 20 -d "{\"id\": \"$1\"}" "$url/custom" | jq -e .ok >/dev/null || fail "the ID $1 is refused"; }

launch unsaved.pipeline
launched_url
wait_for 60 held 1 || fail "the first record is not held"
change_id SECOND
wait_for 60 held 2 || fail "the second record is not held"
stop_launcher TERM
expect "a full spool is no loss" test "$exit_status" -eq 0
expect "it says where the records wait" logged "events of the audit log wait in unsaved.spool"
"$STEG_LAUNCH" unsaved.pipeline --set frames=3 --set id=THIRD --set database=sqlite:audit.db >/dev/null 2>>launcher.log
recorded=$("$STEG_AUDIT" list --database sqlite:audit.db --format csv | grep -v '^id,' | cut -d, -f1 | sort -u | tr '\n' ' ')
expect "the next start writes them" test "$recorded" = "FIRST SECOND THIRD "
expect "the chain verifies" "$STEG_AUDIT" verify --database sqlite:audit.db --key-file steg.key

# A disk that takes nothing at all, as far as this process can tell.
mkfifo errors
cat errors >launcher.log &
: >launcher.out
(
  trap '' XFSZ
  ulimit -f 0
  exec "$STEG_LAUNCH" unsaved.pipeline --listen 127.0.0.1:0 --set id=LOST1
) > >(cat >launcher.out) 2>errors &
launcher_pid=$!
launched_url
wait_for 60 held 1 || fail "the record is not held"
stop_launcher TERM
wait_for 10 logged "has lost 1 record:" || fail "nobody says that a record is lost"
expect "the log names it" grep -q '^LOST1 for no address, 20..-..-..T' launcher.log
expect "a loss means status 1" test "$exit_status" -eq 1
