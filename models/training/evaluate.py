"""Real codec, real clips: how visible the mark is (Butteraugli), what it costs in bits, and how well frames and seconds read.
Chooses checkpoints; the benchmark under tests/benchmarks measures the same through the elements."""
import argparse
import json
import pathlib
import subprocess
import tempfile

import av
import numpy as np
import torch
from PIL import Image

from codec import round_trip
from data import area_matrix, bilinear_matrix, separable
from networks import GRID_MULTIPLE, GRID_SHORT_SIDE, Encoder, Extractor

CODE_BITS = 256


def grid(width: int, height: int):
    long = max(width, height) / min(width, height) * GRID_SHORT_SIDE
    long = int(np.floor(long / GRID_MULTIPLE + 0.5)) * GRID_MULTIPLE
    return (long, GRID_SHORT_SIDE) if width >= height else (GRID_SHORT_SIDE, long)


def read_clip(path: str, frames: int, start: int = 0):
    """luma [t,h,w] and chroma [t,2,h/2,w/2], uint8, cut to sides that are multiples of 2."""
    luma, chroma = [], []
    with av.open(path) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index >= start:
                h, w = frame.height // 2 * 2, frame.width // 2 * 2
                flat = frame.reformat(width=w, height=h, format="yuv420p").to_ndarray().reshape(-1)
                luma.append(flat[:h * w].reshape(h, w))
                chroma.append(flat[h * w:].reshape(2, h // 2, w // 2))
            if len(luma) == frames:
                break
    return np.stack(luma), np.stack(chroma)


def rgb(luma, chroma):
    h, w = luma.shape
    frame = av.VideoFrame.from_ndarray(np.concatenate([luma.ravel(), chroma.ravel()]).reshape(h * 3 // 2, w), format="yuv420p")
    return Image.fromarray(frame.reformat(format="rgb24").to_ndarray())


def butteraugli(first, second, twice=False):
    """maximum and 3-norm"""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for name, picture in (("a", first), ("b", second)):
            if twice:
                picture = picture.resize((picture.width * 2, picture.height * 2), Image.LANCZOS)
            paths.append(f"{folder}/{name}.png")
            picture.save(paths[-1], compress_level=0)
        words = subprocess.run(["butteraugli_main", *paths], capture_output=True, text=True).stdout.split()
        return float(words[0]), float(words[-1])


class Marking:
    def __init__(self, encoder, width, height, seed=7):
        self.encoder = encoder
        gw, gh = self.size = grid(width, height)
        m = lambda a, b: (area_matrix(a, b), bilinear_matrix(b, a))
        (self.dy, self.uy), (self.dx, self.ux) = m(height, gh), m(width, gw)
        (self.cdy, self.cuy), (self.cdx, self.cux) = m(height // 2, gh), m(width // 2, gw)
        rng = np.random.default_rng(seed)
        self.chips = torch.from_numpy(rng.integers(0, 2, (1, 1, gh, gw)).astype(np.float32) * 2 - 1)
        self.roles = torch.from_numpy(rng.integers(0, 4, (gh, gw)))
        self.pattern = encoder.prepare(self.chips, torch.tensor([min(width, height) / GRID_SHORT_SIDE]))

    def cells(self, luma, chroma):
        return (separable(torch.from_numpy(luma.astype(np.float32)), self.dy, self.dx)[None, None] / 255,
                separable(torch.from_numpy(chroma.astype(np.float32)), self.cdy, self.cdx)[None] / 255)

    def mark(self, luma, chroma, strength=1.0):
        r, rc = self.encoder(self.encoder.look(*self.cells(luma, chroma)), self.pattern)
        out = luma + strength * separable(r[0, 0], self.uy, self.ux).numpy()
        out_c = chroma + strength * separable(rc[0], self.cuy, self.cux).numpy()
        return np.floor(out + 0.5).clip(0, 255).astype(np.uint8), np.floor(out_c + 0.5).clip(0, 255).astype(np.uint8)

    def z(self, field):
        code = (self.roles < 2).float() * self.chips[0, 0]
        return float((field * code).sum() / torch.sqrt(((field * code) ** 2).sum() * CODE_BITS))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", default="work/checkpoint.pt")
    parser.add_argument("--clips", required=True)
    parser.add_argument("--crf", default="23,28,33,38,43")
    parser.add_argument("--frames", type=int, default=30)
    parser.add_argument("--start", type=int, default=20)
    parser.add_argument("--strength", type=float, default=1.0)
    parser.add_argument("--reads", type=int, default=5)
    parser.add_argument("--match", default="")
    parser.add_argument("--pictures", help="folder for PNGs: original and marked")
    parser.add_argument("--json")
    parser.add_argument("--x264", action="store_true", help="Butteraugli of x264 at CRF 18, too")
    args = parser.parse_args()
    torch.set_num_threads(1)
    saved = torch.load(args.checkpoint)
    encoder, extractor = Encoder(), Extractor()
    encoder.load_state_dict(saved["encoder"])
    extractor.load_state_dict(saved["extractor"])
    encoder.eval(), extractor.eval()
    crfs, rows = args.crf.split(","), []
    with torch.inference_mode():
        for path in sorted(pathlib.Path(args.clips).iterdir()):
            if not any(m in path.name for m in args.match.split(",")):
                continue
            luma, chroma = read_clip(str(path), args.frames, args.start)
            t, h, w = luma.shape
            m = Marking(encoder, w, h)
            both = [m.mark(a, b, args.strength) for a, b in zip(luma, chroma)]
            m_luma, m_chroma = np.stack([a for a, _ in both]), np.stack([b for _, b in both])
            original, marked = rgb(luma[0], chroma[0]), rgb(m_luma[0], m_chroma[0])
            row = {"clip": path.name, "once": butteraugli(original, marked), "twice": butteraugli(original, marked, True),
                   "psnr": float(10 * np.log10(255 ** 2 / max(1e-9, np.mean((luma.astype(np.float32) - m_luma) ** 2)))),
                   "rms": [float(np.sqrt(np.mean((chroma[:, i].astype(np.float32) - m_chroma[:, i]) ** 2))) for i in (0, 1)]}
            if args.x264:
                l18, c18, _ = round_trip(luma[:1], chroma[:1], 18)
                row["x264"] = butteraugli(original, rgb(l18[0], c18[0]))
            for crf in crfs:
                out_luma, out_chroma, size = round_trip(m_luma, m_chroma, float(crf))
                plain = round_trip(luma, chroma, float(crf))[2] if int(crf) < 30 else 0
                zs, total, grey = [], 0, 0
                for i in np.linspace(0, t - 1, args.reads).astype(int):
                    a, b = m.cells(out_luma[i], out_chroma[i])
                    field = extractor(a, b)[0, 0]
                    total = total + field * max(0.3, m.z(field)) / field.std()
                    zs.append(m.z(field))
                    if crf == "28":
                        grey = grey + extractor(a, torch.full_like(b, 128 / 255))[0, 0]
                row[crf] = {"z": float(np.mean(zs)), "least": min(zs), "window": m.z(total), "bits": size / plain - 1 if plain else None}
                if crf == "28":
                    row["grey"] = m.z(grey)
            rows.append(row)
            print(f"{path.name[:20]:20s} {row['once'][0]:.2f}/{row['once'][1]:.2f} x2 {row['twice'][0]:.2f}/{row['twice'][1]:.2f} "
                  + (f"x264 {row['x264'][1]:.2f} " if args.x264 else "") + f"{row['psnr']:.1f}dB cb {row['rms'][0]:.2f} cr {row['rms'][1]:.2f} | " + "  ".join(
                f"{c}: {row[c]['least']:.2f} {row[c]['z']:.2f} {row[c]['window']:.2f}" + (f" {row[c]['bits']:+.1%}" if row[c]["bits"] is not None else "")
                for c in crfs) + (f" grey {row['grey']:.2f}" if "grey" in row else ""), flush=True)
            if args.pictures:
                folder = pathlib.Path(args.pictures)
                folder.mkdir(parents=True, exist_ok=True)
                original.save(folder / f"{path.stem}-original.png")
                marked.save(folder / f"{path.stem}-marked.png")
    mean = lambda f: float(np.mean([f(r) for r in rows]))
    print("step", saved["step"], f"3-norm {mean(lambda r: r['once'][1]):.3f} worst {max(r['once'][1] for r in rows):.2f} max {mean(lambda r: r['once'][0]):.2f} x2 {mean(lambda r: r['twice'][1]):.3f}",
          {c: (round(mean(lambda r: r[c]["z"]), 2), round(mean(lambda r: r[c]["window"]), 2), round(mean(lambda r: r[c]["bits"] or 0), 3)) for c in crfs})
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
