#!/usr/bin/env bash
# Measures the delay that steg-launch adds, with two real nginx and the shipped presets; see main.cpp.
#   meson devenv -C build tests/benchmarks/delay/measure.sh [SECONDS]
# SPDX-License-Identifier: LGPL-2.1-or-later
: "${STEG_LAUNCH:=$(command -v steg-launch)}"
export STEG_LAUNCH
# shellcheck source=../../launcher/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../launcher/lib.sh"
: "${BENCH_DELAY:=$(dirname "$STEG_LAUNCH")/../tests/benchmarks/delay/bench-delay}"
seconds=${1:-20}
start_servers
for preset in 480p30:854x480 720p30:1280x720 1080p30:1920x1080; do
  : >launcher.out
  launch "$top/pipelines/${preset%:*}.pipeline" --listen 127.0.0.1:0 --set id=DELAY --set "input=$input" --set "output=$output" \
    --set database=sqlite:delay.db
  launched_url
  echo "== ${preset%:*}: milliseconds from the making of a frame to its decoding"
  "$BENCH_DELAY" --size "${preset#*:}" --seconds "$seconds" --publish "$input" "before=$input" "after=$output"
  status '"CPU of steg-launch \(.process.cpu_percent)% of a core, \(.process.rss_bytes / 1048576 | floor) MiB; \(.fps.out) frames a second out"'
  stop_launcher TERM
done
