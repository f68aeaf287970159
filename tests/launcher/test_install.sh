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
  "$datadir"/man/man1/steg-{audit,launch,trace}.1 include/gst-steg/gststegmeta.h "$libdir"/pkgconfig/gst-steg.pc; do
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
