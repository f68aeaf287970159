"""Draws the training curve of WORK/log.jsonl as SVG: what is read (left), and what is seen (right); or, with --evaluation, the 3-norms
that evaluate.py --x264 --json wrote: how visible the mark is in each clip, beside x264."""
import argparse
import json
import pathlib

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402  (the backend must be chosen first)

# Kinds of train.py's log, each for the CRFs from the one in its name on.
READ = {"h26420": "x264, CRF 20 to 25", "h26425": "CRF 25 to 30", "h26430": "CRF 30 to 35", "h26435": "CRF 35 to 40",
        "alone30": "no chroma, CRF 30 to 35"}
SEEN = {"once": "3-norm at 100%", "twice": "at twice the size"}


def smooth(values, window=10):
    return [sum(values[max(0, i - window + 1):i + 1]) / len(values[max(0, i - window + 1):i + 1]) for i in range(len(values))]


def draw(axes, rows, kinds, **style):
    lines = []
    for number, (key, name) in enumerate(kinds.items()):
        points = [(r["step"], r[key]) for r in rows if key in r]
        steps, values = [s for s, _ in points], smooth([v for _, v in points])
        lines += axes.plot(steps, values, label=name, color=style["colours"][number], linestyle=style["line"])
    return lines


def training_curve(log):
    # A run that was broken off repeats some steps: the last one counts.
    rows = sorted({row["step"]: row for row in map(json.loads, open(log))}.values(), key=lambda row: row["step"])
    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    lines = draw(axes, rows, READ, colours=["tab:blue", "tab:green", "tab:orange", "tab:red", "tab:purple"], line="-")
    axes.set(xlabel="step", ylabel="correlation of field and chips", ylim=(0, None),
             title="Training: what is read (lines), what is seen (dashes); mean over 500 steps")
    axes.grid(alpha=0.3)
    right = axes.twinx()
    lines += draw(right, rows, SEEN, colours=["black", "grey"], line="--")
    right.set(ylabel="visibility of the mark, as Butteraugli", ylim=(0, None))
    axes.legend(lines, [line.get_label() for line in lines], fontsize="small", ncol=3, loc="upper center", bbox_to_anchor=(0.5, -0.13))
    figure.tight_layout()
    return figure


def visibility(evaluation):
    rows = sorted(json.load(open(evaluation)), key=lambda row: row["once"][1])
    figure, axes = pyplot.subplots(figsize=(8, 4.8))
    places = range(len(rows))
    axes.barh([y + 0.2 for y in places], [row["once"][1] for row in rows], 0.4, label="mark")
    axes.barh([y - 0.2 for y in places], [row["x264"][1] for row in rows], 0.4, label="x264 at CRF 18", color="lightgrey")
    axes.set_yticks(list(places), [pathlib.Path(row["clip"]).stem for row in rows], fontsize="small")
    axes.axvline(0.5, color="black", linestyle=":", linewidth=1)
    axes.set(xlabel="Butteraugli, 3-norm (dotted: the aim for the mean of the clips)")
    axes.legend(fontsize="small", loc="lower right")
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", default="work/log.jsonl")
    parser.add_argument("--evaluation")
    parser.add_argument("--out", required=True)
    args = parser.parse_args()
    figure = visibility(args.evaluation) if args.evaluation else training_curve(args.log)
    figure.tight_layout()
    matplotlib.rcParams["svg.hashsalt"] = "gst-steg"
    figure.savefig(args.out, metadata={"Date": None})


if __name__ == "__main__":
    main()
