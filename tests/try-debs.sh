#!/usr/bin/env bash
# Installs the Debian packages in FOLDER, uses each as its users do, and removes them again: tests/try-debs.sh FOLDER
# For a Debian that may be thrown away, as root: tests/debs-in-debian.sh makes one.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
debs=$(cd "$1" && pwd)
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export DEBIAN_FRONTEND=noninteractive
expect() {
  local what=$1
  shift
  "$@" >"$work/output" 2>&1 || { echo "FAILED: $what"; cat "$work/output"; exit 1; }
  echo "ok: $what"
}
install() { apt-get install -y -qq --no-install-recommends "$@" </dev/null >"$work/apt.log" 2>&1 || { cat "$work/apt.log"; return 1; }; }
shows() { grep -qE -- "$1" <<<"$("${@:2}")"; }
# A/B pipelines have no ID, and an edge wants to know where the film is.
checks() { steg-launch --check "$1" --set id=ALICE || steg-launch --check "$1" || steg-launch --check "$1" --set media=film --set key-file=steg.key; }
removed() { [ -z "$(dpkg -L "$1" 2>/dev/null)" ]; }

apt-get update -qq
[ ! -e /usr/bin/steg-launch ] || { echo "gst-steg is installed here already" >&2; exit 1; }
version=$(dpkg-deb --field "$(echo "$debs"/steg-tools_*.deb)" Version)

# The elements alone, without launcher and tools.
expect "gstreamer1.0-steg and its networks" install "$debs"/gstreamer1.0-steg_*.deb "$debs"/gst-steg-models_*.deb
expect "gst-inspect-1.0" install gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-ugly gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-libav
for element in framediff stegencode stegdecode auditlog; do
  gst-inspect-1.0 "$element" >"$element.txt" || { echo "FAILED: gst-inspect-1.0 $element"; exit 1; }
  expect "gst-inspect-1.0 $element says ${version%%~*}" grep -qE "^ *Version +${version%%~*}\$" "$element.txt"
done
expect "a pipeline marks a film" gst-launch-1.0 -q filesrc location="$top/tests/media/dog_720p.mp4" ! decodebin ! videoconvert ! \
  framediff ! stegencode id=ALICE ! auditlog database=sqlite:audit.db ! x264enc ! mp4mux ! filesink location=marked.mp4
gst-launch-1.0 -m filesrc location=marked.mp4 ! decodebin ! videoconvert ! stegdecode ! fakesink >messages.txt
expect "and another one reads its ID" grep -q 'id=(string)ALICE' messages.txt

# The launcher and the tools.
expect "libsteg-trace0, which steg-trace needs" install "$debs"/libsteg-trace0_*.deb
expect "steg-tools" install "$debs"/steg-tools_*.deb
for tool in steg-launch steg-trace steg-audit; do
  expect "$tool --version says ${version%%~*}" shows "^$tool ${version%%~*}\$" "$tool" --version
done
for pipeline in /usr/share/gst-steg/pipelines/*.pipeline; do
  expect "steg-launch --check $(basename "$pipeline")" checks "$(basename "$pipeline")"
done
expect "steg-launch marks a file" steg-launch file.pipeline --set input="$top/tests/media/dog_720p.mp4" --set output=dog.mp4 --set id=BOB2
expect "steg-trace finds its ID, and the audit log's row" shows 'BOB2' steg-trace --database sqlite:steg-audit.db dog.mp4
expect "steg-audit verifies the log" steg-audit verify --database sqlite:steg-audit.db
expect "curl" install curl
steg-launch file.pipeline --no-autostart --listen 127.0.0.1:0 --set input=dog.mp4 --set output=again.mp4 --set id=BOB2 >launcher.out 2>launcher.log &
launcher=$!
url=''
for _ in $(seq 300); do
  url=$(grep -ohE 'http://127.0.0.1:[0-9]+' launcher.out launcher.log | head -n 1) || true
  [ -z "$url" ] || break
  sleep 0.1
done
expect "steg-launch has the page: $url" shows 'id="app"' curl -sSf "$url/"
kill -TERM "$launcher"
wait "$launcher" || true
for page in steg-launch steg-trace steg-audit; do
  expect "a manual page of $page" dpkg-query --search "/usr/share/man/man1/$page.1.gz"
done
expect "bash completes an installed pipeline file" bash -c '
  . /usr/share/bash-completion/completions/steg-launch
  COMP_WORDS=(steg-launch rtmp-f) COMP_CWORD=1; _steg_launch; [ "${COMPREPLY[*]}" = rtmp-fanout.pipeline ]'

# The service: what its unit would start, and systemd's opinion.
expect "systemd, whose systemd-analyze reads the unit" install systemd
unit=$(dpkg -L steg-tools | grep 'steg-launch@.service$')
printf '[pipeline]\nbase=rtmp.pipeline\n[variables]\nid=CAROL\n' >/etc/gst-steg/live.pipeline
cp "$unit" steg-launch@live.service
complaints=$(systemd-analyze verify --man=no "$work/steg-launch@live.service" 2>&1 | grep -F steg-launch || true)
expect "systemd understands the unit: $complaints" test -z "$complaints"
program=$(sed -n 's/^ExecStart=\([^ ]*\) .*/\1/p' "$unit")
expect "its program takes /etc/gst-steg/live.pipeline" "$program" --check /etc/gst-steg/live.pipeline

# For programs that use the elements.
expect "libgst-steg-dev" install "$debs"/libgst-steg-dev_*.deb g++ pkg-config
printf '#include <gststegmeta.h>\nint main() { gst_steg_metas_register(); return 0; }\n' >use.cpp
# shellcheck disable=SC2046  # these are words
expect "a program is built with it" g++ -Werror use.cpp -o use $(pkg-config --cflags --libs gst-steg)
expect "pkg-config says ${version%%~*}" test "$(pkg-config --modversion gst-steg)" = "${version%%~*}"
# shellcheck disable=SC2046  # these are words
expect "a C program is built with libsteg-trace" gcc -Werror "$top/docs/examples/trace.c" -o trace $(pkg-config --cflags --libs steg-trace)
expect "and finds the ID" shows 'BOB2' ./trace dog.mp4
expect "and where the networks are" test -s "$(pkg-config --variable=modelsdir gst-steg)/encoder.pt"

expect "removal" apt-get purge -y -qq steg-tools gstreamer1.0-steg libsteg-trace0 libgst-steg-dev gst-steg-models
for package in steg-tools gstreamer1.0-steg libsteg-trace0 libgst-steg-dev gst-steg-models; do
  expect "$package is gone" removed "$package"
done
expect "what the operator wrote stays" test -s /etc/gst-steg/live.pipeline
rm -r /etc/gst-steg
left=$(find /usr /etc /var/lib \( -name '*gst-steg*' -o -name 'steg-*' -o -name 'libgststeg*' -o -name 'libsteg-trace*' \) -not -path '/usr/src/*' 2>/dev/null || true)
expect "and nothing else: $left" test -z "$left"
expect "no element is left" bash -c '! gst-inspect-1.0 stegencode'
