"""Draws the training curve of WORK/log.jsonl as SVG."""
import argparse
import json

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402  (the backend must be chosen first)

NAMES = {"mild": "no codec: brightness, noise, blur", "h264": "x264, CRF 20 to 38", "h264small": "scaled down, then x264"}


def smooth(values, window=10):
    return [sum(values[max(0, i - window + 1):i + 1]) / len(values[max(0, i - window + 1):i + 1]) for i in range(len(values))]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", default="work/log.jsonl")
    parser.add_argument("--out", default="../training-curve.svg")
    args = parser.parse_args()
    # A run that was broken off repeats some steps: the last one counts.
    rows = list({row["step"]: row for row in map(json.loads, open(args.log))}.values())
    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    for key, name in NAMES.items():
        points = [(r["step"], r[key]) for r in rows if key in r]
        axes.plot([s for s, _ in points], smooth([v for _, v in points]), label=name)
    axes.set(xlabel="step", ylabel="correlation of field and chips", ylim=(0, None),
             title="Training: mean over 500 steps")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    matplotlib.rcParams["svg.hashsalt"] = "gst-steg"
    figure.savefig(args.out, metadata={"Date": None})


if __name__ == "__main__":
    main()
