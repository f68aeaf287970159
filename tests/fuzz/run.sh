#!/usr/bin/env bash
# Fuzzes everything that reads what others wrote, with address and undefined-behaviour sanitizers.
#   tests/fuzz/run.sh [--minutes N] [--seed N]    N minutes in all (default: 60), shared among the targets
# What is found stays in fuzz-findings: the input, and what was said. The exit status is 0 only if nothing was found.
# Two builds: BUILD_FUZZ (default: build-fuzz) counts the steps of the code, so that inputs lead somewhere new;
# BUILD_PROGRAMS (default: build-fuzz-programs) has steg-launch and steg-trace.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
minutes=60
seed=1
while [ $# -gt 0 ]; do
  case $1 in
    --minutes) minutes=$2 ;;
    --seed) seed=$2 ;;
    *) sed -n '2,4s/^# //p' tests/fuzz/run.sh >&2; exit 2 ;;
  esac
  shift 2
done
guided=${BUILD_FUZZ:-build-fuzz}
programs=${BUILD_PROGRAMS:-build-fuzz-programs}
sanitize=('-Db_sanitize=address,undefined' -Db_lundef=false -Dweb=disabled -Dbenchmarks=false -Doptimization=1)
[ -f "$guided/build.ninja" ] || meson setup "$guided" "${sanitize[@]}" -Dtorch=disabled -Dfuzz_guided=true
[ -f "$programs/build.ninja" ] || meson setup "$programs" "${sanitize[@]}"
ninja -C "$guided" tests/fuzz/fuzz
ninja -C "$programs" tests/fuzz/fuzz tests/unit/auditlog/test-auditlog-adversary launcher/steg-launch launcher/trace/steg-trace \
  plugins/auditlog/libgstauditlog.so

keep=$PWD/fuzz-findings
mkdir -p "$keep"
export FUZZ=$PWD/$guided/tests/fuzz/fuzz
export STEG_LAUNCH=$PWD/$programs/launcher/steg-launch STEG_TRACE=$PWD/$programs/launcher/trace/steg-trace
export AUDIT_PLUGIN=$PWD/$programs/plugins/auditlog GST_STEG_MODEL_PATH=$PWD/models
# Inputs go through files: in memory, where there is room.
[ -w /dev/shm ] && export TMPDIR=/dev/shm
export ASAN_OPTIONS=max_allocation_size_mb=1024 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
export LSAN_OPTIONS=print_suppressions=0:suppressions=$PWD/tests/lsan.supp
found=0

# stage NAME COMMAND...: what it says is kept if it fails.
stage() {
  local name=$1 log=$keep/$1.log
  shift
  if "$@" >"$log" 2>&1; then
    grep "^$name: " "$log" || tail -n 1 "$log"
    rm -f "$log"
  else
    echo "$name: FOUND SOMETHING, see $log"
    found=1
  fi
}

# Of 60 parts of the time, how many each target has. The SQL adversary takes what it takes.
for share in archive:1 contract:3 csv:2 flv:3 h264:3 http:3 json:3 key_file:1 websocket:2 pipeline_file:4 spool:4 database:8 \
  media:11 server:8 steg_trace:4; do
  target=${share%:*}
  arguments=(--seconds "$((${share#*:} * minutes))" --seed "$seed" --keep "$keep")
  case $target in
    server) FUZZ=$PWD/$programs/tests/fuzz/fuzz stage server tests/fuzz/server.sh "${arguments[@]}" ;;
    media | steg_trace) TARGET=$target stage "$target" tests/fuzz/media.sh "${arguments[@]}" ;;
    *) stage "$target" "$FUZZ" "$target" "${arguments[@]}" ;;
  esac
done
stage adversary "$programs/tests/unit/auditlog/test-auditlog-adversary" '*SQLite*'
rmdir "$keep" 2>/dev/null || true
[ "$found" -eq 0 ] && echo "Nothing was found."
