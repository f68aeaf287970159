#!/usr/bin/env bash
# clang-tidy over plugins, with the shells of the elements, and of launcher the plain code and the rooms base, config and tokens, on which the
# others rest: tests/check_tidy.sh. It wants a command for each source, so it has a build folder of its own, build-tidy, in which nothing is compiled.
# The rest of launcher takes 2 to 4 s of CPU a file, four minutes in all; what includes LibTorch, and all checks of .clang-tidy, take longer still:
# clang-tidy -p build FILE
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ -f build-tidy/build.ninja ] || meson setup build-tidy -Dtests=disabled -Dweb=disabled >/dev/null
# A header that is made.
ninja -C build-tidy --quiet plugins/steg/model/shipped_fingerprints.hpp
cd build-tidy
checks='-*,performance-*,-performance-no-int-to-ptr,-performance-inefficient-*,cppcoreguidelines-owning-memory,misc-unused-*,bugprone-use-after-move'
checks+=',bugprone-dangling-handle,bugprone-infinite-loop,bugprone-unused-raii,modernize-use-override,modernize-use-nullptr'
checks+=',modernize-make-unique'
files=$(jq -r '.[] | select(.file | startswith("../plugins/") or startswith("../launcher/"))
  | select(.command | test("torch") | not)
  | select((.file | test("^../(plugins|launcher/(base|config|tokens))/")) or (.command | test("gstreamer-1.0|glib-2.0") | not)) | .file' compile_commands.json | sort -u)
[ -n "$files" ]
# It counts on standard error what it found and left out in the system's headers.
xargs -P "$(nproc)" -n 4 clang-tidy -p . --quiet "--checks=$checks" <<<"$files" 2> >(grep -v 'warnings\? generated' >&2)
