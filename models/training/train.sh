#!/usr/bin/env bash
# Trains both networks from nothing, exports them and draws the training curve: train.sh PHOTOS [OUT [CLIPS]]. Run again after a break, it
# goes on. CLIPS: a folder of clips that were not trained on, with which the result is measured. To train the shipped
# networks further, copy checkpoint.pt to work/ before, and give train.py more --steps.
# Needs python3-torch python3-av python3-pil python3-matplotlib libopenblas0-openmp, and libjxl-devtools with CLIPS.
set -euo pipefail
photos=$(realpath "${1:?folder of training photos}")
mkdir -p "${2:-$(dirname "$0")/..}"
out=$(realpath "${2:-$(dirname "$0")/..}")
clips=${3:+$(realpath "$3")}
cd "$(dirname "$0")"
python=/usr/bin/python3 # Debian's, which has Debian's Torch
"$python" train.py --data "$photos" --work work
"$python" export.py --checkpoint work/checkpoint.pt --out "$out" --name steg-5
"$python" plot.py --log work/log.jsonl --out "$out/training-curve.svg"
[ -n "$clips" ] || exit 0
"$python" evaluate.py --checkpoint work/checkpoint.pt --clips "$clips" --x264 --json work/evaluation.json
"$python" plot.py --evaluation work/evaluation.json --out work/visibility.svg
