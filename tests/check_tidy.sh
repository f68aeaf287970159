#!/usr/bin/env bash
# clang-tidy over plugins and launcher: tests/check_tidy.sh. It wants a command for each source, so it has a build folder of its own, build-tidy,
# in which nothing is compiled; many sources are read as one there, because most of the work is reading headers.
# What includes LibTorch, and all checks of .clang-tidy, take minutes more: clang-tidy -p build FILE
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ -f build-tidy/build.ninja ] || meson setup build-tidy -Dtests=disabled -Dweb=disabled >/dev/null
meson configure build-tidy -Dunity=on -Dunity_size=12
# What is made before anything is compiled.
ninja -C build-tidy --quiet plugins/steg/model/shipped_fingerprints.hpp launcher/http/launch-resources.cpp
cd build-tidy
checks='-*,performance-*,-performance-no-int-to-ptr,-performance-inefficient-*,-performance-enum-size,cppcoreguidelines-owning-memory,misc-unused-*,bugprone-use-after-move'
checks+=',bugprone-dangling-handle,bugprone-infinite-loop,bugprone-unused-raii,modernize-use-override,modernize-use-nullptr'
checks+=',modernize-make-unique'
files=$(jq -r '.[] | select(.command | test("torch") | not) | .file' compile_commands.json | sort -u)
[ -n "$files" ]
# The sources count as headers of the files that include them. Meson passes an option of GCC's. clang-tidy counts on standard
# error what it found and left out in the system's headers.
xargs -P "$(nproc)" -n 1 clang-tidy -p . --quiet "--checks=$checks" '--header-filter=/build-tidy/[.][.]/(plugins|launcher)/' --extra-arg=-Wno-unknown-warning-option \
  <<<"$files" 2> >(grep -v 'warnings\? generated' >&2)
