#!/usr/bin/env bash
# Each line of README.md and docs/ that begins with steg-launch and names a pipeline file is understood: steg-launch --check reads its file and
# builds its pipelines.
# Arguments: source folder, steg-launch, clip.
# SPDX-License-Identifier: LGPL-2.1-or-later
set -euo pipefail
source=$1 steg_launch=$2 clip=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$clip" in.mp4
openssl rand -hex 32 >steg.key
export GST_STEG_PIPELINE_PATH="$source/pipelines"
count=0
for page in "$source"/README.md "$source"/docs/*.md; do
  while read -r command; do
    [[ $command =~ ([a-z0-9-]+\.pipeline) && -f $source/pipelines/${BASH_REMATCH[1]} ]] || continue
    echo "$(basename "$page"): $command"
    # As a shell takes it, with its quotes.
    timeout 120 bash -c "${command/#steg-launch/$steg_launch --check}" >out 2>&1 </dev/null || { cat out; echo "this line does not work"; exit 1; }
    count=$((count + 1))
  done < <(sed -nE 's/^    (steg-launch [a-z-].*)/\1/p' "$page" | grep -v ' --check\| --print')
done
[ "$count" -ge 15 ] || { echo "only $count lines were found"; exit 1; }
echo "$count lines are understood"
