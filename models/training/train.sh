#!/usr/bin/env bash
# Trains both networks from nothing, distils the encoder and exports them: train.sh PHOTOS [OUT]. Run again after a
# break, it goes on. Needs python3-torch python3-av python3-pil python3-matplotlib libopenblas0-openmp (without OpenBLAS
# it takes twice as long).
set -euo pipefail
photos=$(realpath "${1:?folder of training photos}")
out=$(realpath "${2:-$(dirname "$0")/..}")
cd "$(dirname "$0")"
python=/usr/bin/python3 # Debian's, which has Debian's Torch
"$python" train.py --data "$photos" --work work --minutes 600 --seed 1
mkdir -p work/teacher
"$python" export.py --checkpoint work/checkpoint.pt --out work/teacher --name teacher
"$python" distil.py --data "$photos" --work work --teacher work/teacher
"$python" export.py --checkpoint work/distilled.pt --out "$out" --name steg-4 --scale 0.91
"$python" plot.py --log work/log.jsonl --out "$out/training-curve.svg"
