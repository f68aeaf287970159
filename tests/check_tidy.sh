#!/usr/bin/env bash
# clang-tidy over the plain code of plugins and launcher: tests/check_tidy.sh [BUILD_FOLDER]
# Files that include GStreamer, GLib or LibTorch take several times as long, and so would all checks of .clang-tidy; for those:
# clang-tidy -p build FILE
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../${1:-build}"
checks='-*,performance-*,-performance-no-int-to-ptr,-performance-inefficient-*,cppcoreguidelines-owning-memory,misc-unused-*,bugprone-use-after-move'
checks+=',bugprone-dangling-handle,bugprone-infinite-loop,bugprone-unused-raii,modernize-use-override,modernize-use-nullptr'
checks+=',modernize-make-unique'
files=$(jq -r '.[] | select(.command | test("gstreamer-1.0|glib-2.0|torch") | not) | .file' compile_commands.json |
  grep -E '^\.\./(launcher|plugins)/' | sort -u)
[ -n "$files" ]
# It counts on standard error what it found and left out in the system's headers.
xargs -P "$(nproc)" -n 4 clang-tidy -p . --quiet "--checks=$checks" <<<"$files" 2> >(grep -v 'warnings\? generated' >&2)
