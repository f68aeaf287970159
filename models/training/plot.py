"""Draws the training curve of WORK/log.jsonl as SVG."""
import argparse
import json

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402  (the backend must be chosen first)

NAMES = {"mild": "no codec: brightness, noise, blur", "h26420": "x264, CRF 20 to 25", "h26425": "CRF 25 to 30",
         "h26430": "CRF 30 to 35", "h26435": "CRF 35 to 40", "alone30": "CRF 30 to 35, luma alone"}


def smooth(values, window=10):
    return [sum(values[max(0, i - window + 1):i + 1]) / len(values[max(0, i - window + 1):i + 1]) for i in range(len(values))]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", default="work/log.jsonl")
    parser.add_argument("--out", default="training-curve.svg")
    args = parser.parse_args()
    # A run that was broken off repeats some steps: the last one counts.
    rows = list({row["step"]: row for row in map(json.loads, open(args.log))}.values())
    figure, (axes, eye) = pyplot.subplots(2, 1, figsize=(8, 6.5), sharex=True, height_ratios=(2, 1))
    for key, name in NAMES.items():
        points = [(r["step"], r[key]) for r in rows if key in r]
        axes.plot([s for s, _ in points], smooth([v for _, v in points]), label=name)
    axes.set(ylabel="correlation of field and chips", yscale="log", ylim=(0.01, 1), title="Training: mean over 500 steps")
    seen = [(r["step"], r["seen"]) for r in rows if "seen" in r]
    eye.plot([s for s, _ in seen], smooth([v for _, v in seen]), color="black")
    eye.set(xlabel="step", ylabel="3-norm, as modelled", ylim=(0, None))
    for each in (axes, eye):
        each.grid(alpha=0.3)
    axes.legend(fontsize="small")
    figure.tight_layout()
    matplotlib.rcParams["svg.hashsalt"] = "gst-steg"
    figure.savefig(args.out, metadata={"Date": None})


if __name__ == "__main__":
    main()
