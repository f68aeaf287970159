#!/usr/bin/env bash
# Gives mutated copies of each kind to a target: media.sh ARGUMENTS_OF_FUZZ...
# FUZZ names the program; TARGET is media by default, or steg_trace.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
: "${FUZZ:?}"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
seeds=$(mktemp -d "${TMPDIR:-/tmp}/steg-fuzz-seeds-XXXXXX")
trap 'rm -rf "$seeds"' EXIT
# Nothing is freed by decoders that a damaged copy stops, and the program ends soon. GStreamer's ASF demuxer asks for what a
# size field of 32 bits says, up to 4 GiB, without using it; what is used is held to 2 GiB by the program itself.
export ASAN_OPTIONS=detect_leaks=0:max_allocation_size_mb=4200
# Meson's tests fill all memory that is asked for, also what a decoder of a damaged copy never uses.
unset MALLOC_PERTURB_
"$here/make_media.sh" "$seeds"
"$FUZZ" "${TARGET:-media}" --seeds "$seeds" "$@"
