#!/usr/bin/env bash
# `meson install` puts every part in its place, and what is installed works without the build folder's environment.
# Arguments: build folder, meson's prefix, libdir and datadir.
set -euo pipefail
build=$1 prefix=$2 libdir=$3 datadir=$4
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
DESTDIR="$stage" meson install -C "$build" --no-rebuild --quiet
root="$stage$prefix"
failed=0
for file in bin/steg-launch bin/steg-trace bin/steg-audit \
  "$datadir"/gst-steg/models/{encoder,extractor,extractor-steg-4}.pt "$datadir"/gst-steg/pipelines/{rtmp,file}.pipeline \
  lib/systemd/system/steg-launch@.service "$datadir"/bash-completion/completions/steg-launch \
  "$datadir"/man/man1/steg-{audit,launch,trace}.1 include/gst-steg/{gststegmeta.h,steg-trace.h,steg-trace.hpp} "$libdir"/libsteg-trace.so{,.0} "$libdir"/pkgconfig/{gst-steg,steg-trace}.pc; do
  [ -s "$root/$file" ] || { echo "not installed: $file"; failed=1; }
done
[ $failed -eq 0 ] || exit 1

export PKG_CONFIG_PATH="$root/$libdir/pkgconfig"
version=$(pkg-config --modversion gst-steg)
plugins="$stage$(pkg-config --variable=pluginsdir gst-steg)"
[ -s "$plugins/libgststeg.so" ] || { echo "no plugins in $plugins"; exit 1; }
echo '#include <gststegmeta.h>
int main() { gst_steg_metas_register(); return 0; }' >"$stage/use.cpp"
# shellcheck disable=SC2046  # these are words
g++ -Werror -fsyntax-only "$stage/use.cpp" -I"$stage$(pkg-config --variable=includedir gst-steg)/gst-steg" \
  $(pkg-config --cflags gstreamer-1.0)

# Programs in C++ and C are built with what pkg-config says, moved to where the files lie now.
trace_flags=$(PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 PKG_CONFIG_ALLOW_SYSTEM_LIBS=1 pkg-config --cflags --libs steg-trace | sed "s|$prefix|$root|g")
printf '#include <steg-trace.hpp>\nint main() { steg_trace::check({}); return 0; }\n' >"$stage/find.cpp"
# shellcheck disable=SC2086  # these are words
g++ -std=c++17 -Wall -Wextra -Werror "$stage/find.cpp" -o "$stage/find" $trace_flags
# shellcheck disable=SC2086
gcc -std=c99 -Wall -Wextra -Werror "$(dirname "${BASH_SOURCE[0]}")/../../docs/examples/trace.c" -o "$stage/trace" $trace_flags
[ "$(pkg-config --modversion steg-trace)" = "$version" ]
LD_LIBRARY_PATH="$root/$libdir" "$stage/find"
if GST_STEG_MODEL_PATH="$root/$datadir/gst-steg/models" LD_LIBRARY_PATH="$root/$libdir" "$stage/trace" missing.mp4 2>"$stage/err"; then exit 1; fi
grep -q missing.mp4 "$stage/err" || { echo "a missing file is not named: $(cat "$stage/err")"; exit 1; }

export GST_REGISTRY="$stage/registry" GST_PLUGIN_PATH="$plugins"
unset GST_STEG_MODEL_PATH
for element in framediff stegencode stegdecode auditlog; do
  gst-inspect-1.0 "$element" >"$stage/inspect" || { echo "gst-inspect-1.0 $element fails"; exit 1; }
  grep -qE "^ *Version +$version\$" "$stage/inspect" || { echo "$element is not of version $version"; exit 1; }
done
for tool in steg-launch steg-trace steg-audit; do
  [ "$("$root/bin/$tool" --version)" = "$tool $version" ] || { echo "$tool is not of version $version"; exit 1; }
done
echo "all parts are installed"
