"""Real codec, real clips: fidelity and how well single frames and windows read. Chooses checkpoints; the benchmark
under tests/benchmarks measures the same through the elements."""
import argparse
import json
import pathlib

import av
import numpy as np
import torch
from PIL import Image

from codec import x264_round_trip
from data import area_matrix, bilinear_matrix, separable
from networks import GRID_MULTIPLE, GRID_SHORT_SIDE, Extractor, encoder_of
from smoothing import smooth_chips

CODE_BITS = 256
READABLE_Z = 0.95  # mean z from which the list decoder finds the ID about every time


def grid(width: int, height: int):
    long = max(width, height) / min(width, height) * GRID_SHORT_SIDE
    long = int(np.floor(long / GRID_MULTIPLE + 0.5)) * GRID_MULTIPLE
    return (long, GRID_SHORT_SIDE) if width >= height else (GRID_SHORT_SIDE, long)


def read_clip(path: str, frames: int, start: int = 0):
    """[t, h, w] uint8 luma, cut to even sides."""
    out = []
    with av.open(path) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index >= start:
                plane = frame.reformat(format="yuv420p").to_ndarray()[:frame.height]
                out.append(plane[:frame.height // 2 * 2, :frame.width // 2 * 2])
            if len(out) == frames:
                break
    return np.stack(out)


def psnr(a, b):
    return 10 * np.log10(255 ** 2 / max(1e-9, np.mean((a.astype(np.float32) - b) ** 2)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", default="work/checkpoint.pt")
    parser.add_argument("--clips", required=True)
    parser.add_argument("--crf", default="28")
    parser.add_argument("--frames", type=int, default=12)
    parser.add_argument("--start", type=int, default=20)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--match", default="")
    parser.add_argument("--pictures", help="folder for PNGs: original, marked, residual x16")
    parser.add_argument("--json")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    saved = torch.load(args.checkpoint)
    encoder, extractor = encoder_of(saved["encoder"]), Extractor()
    extractor.load_state_dict(saved["extractor"])
    encoder.scale.data *= args.scale
    rows = []
    with torch.inference_mode():
        for path in sorted(pathlib.Path(args.clips).iterdir()):
            if args.match and args.match not in path.name:
                continue
            video = read_clip(str(path), args.frames, args.start)
            t, h, w = video.shape
            gw, gh = grid(w, h)
            down_y, down_x = area_matrix(h, gh), area_matrix(w, gw)
            up_y, up_x = bilinear_matrix(gh, h), bilinear_matrix(gw, w)
            rng = np.random.default_rng(7)
            chips = torch.from_numpy(rng.integers(0, 2, (1, 1, gh, gw)).astype(np.float32) * 2 - 1)
            roles = torch.from_numpy(rng.integers(0, 4, (gh, gw)))
            pattern = encoder.prepare(smooth_chips(chips, min(w, h) / GRID_SHORT_SIDE))
            marked, levels = [], []
            for picture in video:
                full = torch.from_numpy(picture.astype(np.float32))
                residual = encoder(separable(full, down_y, down_x)[None, None] / 255, pattern)[0, 0]
                levels.append(float(residual.std()))
                marked.append((full + separable(residual, up_y, up_x)).clamp(0, 255).round().byte().numpy())
            marked = np.stack(marked)
            row = {"clip": path.name, "psnr": float(np.mean([psnr(a, b) for a, b in zip(video, marked)])),
                   "worst": float(min(psnr(a, b) for a, b in zip(video, marked))), "rms": float(np.mean(levels))}
            for crf in args.crf.split(","):
                coded = x264_round_trip(marked, float(crf)) if crf != "0" else marked
                zs, total = [], 0
                code = (roles < 2).float() * chips[0, 0]
                for picture in coded:
                    cells = separable(torch.from_numpy(picture.astype(np.float32)), down_y, down_x)[None, None] / 255
                    field = extractor(cells)[0, 0]
                    total = total + field
                    # mean z of a code bit: sum(f x chip) / sqrt(sum f^2) over its share of the code cells
                    zs.append(float((field * code).sum() / torch.sqrt(((field * code) ** 2).sum() * CODE_BITS)))
                row[crf] = {"z": float(np.mean(zs)), "worst_z": float(min(zs)), "share": float(np.mean(np.array(zs) > READABLE_Z)),
                            "window_z": float((total * code).sum() / torch.sqrt(((total * code) ** 2).sum() * CODE_BITS))}
            rows.append(row)
            print(f"{path.name:32s} {row['psnr']:.1f} dB " + "  ".join(
                f"{c}: z {row[c]['z']:.2f} ({row[c]['worst_z']:.2f}..{row[c]['window_z']:.2f}) {row[c]['share']:.0%}"
                for c in args.crf.split(",")), flush=True)
            if args.pictures:
                folder = pathlib.Path(args.pictures)
                folder.mkdir(parents=True, exist_ok=True)
                Image.fromarray(video[0]).save(folder / f"{path.stem}-original.png")
                Image.fromarray(marked[0]).save(folder / f"{path.stem}-marked.png")
                difference = (marked[0].astype(np.int16) - video[0]) * 16 + 128
                Image.fromarray(difference.clip(0, 255).astype(np.uint8)).save(folder / f"{path.stem}-difference-x16.png")
    print("step", saved["step"], "mean psnr", round(float(np.mean([r["psnr"] for r in rows])), 2),
          {c: round(float(np.mean([r[c]["share"] for r in rows])), 3) for c in args.crf.split(",")})
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
