#!/usr/bin/env bash
# Runs every gst-launch-1.0 line of README.md and docs/ as it stands there. They may read in.mp4 (a clip), steg.key and marked.mp4
# (the clip, marked) and write other files in the current folder.
# Arguments: source folder, clip.
set -euo pipefail
source=$1 clip=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$clip" in.mp4
openssl rand -hex 32 >steg.key
gst-launch-1.0 -q filesrc location=in.mp4 ! decodebin ! videoconvert ! stegencode id=ALICE ! \
  x264enc tune=zerolatency ! mp4mux ! filesink location=marked.mp4

# One command a line: continuation lines joined, only what stands in a code block (four blanks) or a fence.
commands() {
  sed -e ':a' -e '/\\$/{N;s/\\\n */ /;ba' -e '}' "$1" | sed -nE 's/^( {4})?(gst-launch-1\.0 .*)$/\2/p'
}
count=0
for page in "$source"/README.md "$source"/docs/*.md; do
  while IFS= read -r command; do
    echo "$(basename "$page"): $command"
    cp marked.mp4 before.mp4
    timeout 120 bash -c "$command" >out 2>&1 </dev/null || { cat out; echo "this line does not work"; exit 1; }
    if grep -E 'WARNING|CRITICAL' out | grep -v 'public default key'; then echo "this line warns"; exit 1; fi
    mv before.mp4 marked.mp4
    count=$((count + 1))
  done < <(commands "$page")
done
[ "$count" -ge 4 ] || { echo "only $count lines were found"; exit 1; }
echo "$count lines work"
