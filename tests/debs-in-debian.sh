#!/usr/bin/env bash
# Builds the Debian packages in one clean Debian and tries them in another one, where nothing of gst-steg was ever built.
#   tests/debs-in-debian.sh 12|13
# Needs what tests/in-debian.sh needs. With KEEP=DIR the two stay, in DIR/build and DIR/clean, and are used again.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ $# -eq 1 ] || { sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
folder=${KEEP:-$(mktemp -d -p "${TMPDIR:-/var/tmp}" gst-steg-debs.XXXXXXXXXX)}
leave() { [ -n "${KEEP:-}" ] || rm -rf --one-file-system "$folder"; }
trap leave EXIT
mkdir -p "$folder"

KEEP="$folder/build" tests/in-debian.sh "$1" "rm -rf /debs && debian/build.sh /debs"
KEEP="$folder/clean" tests/in-debian.sh "$1" true
rm -rf "$folder/clean/debs"
cp -r "$folder/build/debs" "$folder/clean/debs"
KEEP="$folder/clean" tests/in-debian.sh "$1" tests/try-debs.sh /debs
