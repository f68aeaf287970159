"""Training pictures: every photo of a folder in memory, and drawn screens, cut, scaled, moved and coloured at random."""
import pathlib

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch.nn import functional as F

CROP = 360  # pixels; a whole number of cells at each of SCALES
SCALES = (1.25, 5 / 3, 2.25, 10 / 3, 5.0)  # luma pixels per cell: 270p, 360p, 486p, 720p, 1080p
MARGIN = 18
# BT.709, limited range, from R'G'B' in 0..255.
YCC_OF_RGB = np.array([[0.1826, 0.6142, 0.0620], [-0.1006, -0.3386, 0.4392], [0.4392, -0.3989, -0.0403]], np.float32)


class Photos:
    def __init__(self, folder: str):
        files = sorted(pathlib.Path(folder).glob("*.jpg"))
        if not files:
            raise SystemExit(f"No *.jpg in {folder}: give the training photos with --data")
        self.images = [np.asarray(Image.open(p).convert("RGB")) for p in files]
        fonts = sorted(pathlib.Path("/usr/share/fonts").rglob("*.ttf"))
        self.fonts = [str(f) for f in fonts][:40]

    def patch(self, rng, side):
        """[side,side,3] in 0..255"""
        kind = rng.random()
        if kind < 0.10:
            return self.screen(rng, side)
        if kind < 0.16:
            return self.plain(rng, side)
        image = self.images[rng.integers(len(self.images))]
        zoom = float(rng.uniform(1.0, 2.0))
        size = min(int(round(side / zoom)), *image.shape[:2])
        y, x = rng.integers(image.shape[0] - size + 1), rng.integers(image.shape[1] - size + 1)
        cut = Image.fromarray(image[y:y + size, x:x + size]).resize((side, side), Image.BICUBIC)
        if rng.random() < 0.5:
            cut = cut.transpose(Image.FLIP_LEFT_RIGHT)
        return np.asarray(cut, np.float32)

    def plain(self, rng, side):
        """A wall, a sky: one colour or a slope between two."""
        one = rng.uniform(0, 255, 3) if rng.random() < 0.6 else np.full(3, rng.choice([0, 12, 128, 240, 255]))
        other = (one + rng.normal(0, 20, 3)).clip(0, 255)
        slope = np.linspace(0, 1, side)[:, None, None] * np.ones((1, side, 1))
        if rng.random() < 0.5:
            slope = slope.transpose(1, 0, 2)
        return (one + (other - one) * slope).astype(np.float32)

    def screen(self, rng, side):
        """A terminal, a page, a slide, a drawing: flat colours, text, shapes with clear edges."""
        dark = rng.random() < 0.4
        paper = tuple(int(v) for v in (rng.integers(0, 45, 3) if dark else rng.integers(215, 256, 3)))
        if rng.random() < 0.5:
            paper = (0, 0, 0) if dark else (255, 255, 255)
        picture = Image.new("RGB", (side, side), paper)
        draw = ImageDraw.Draw(picture)
        for _ in range(rng.integers(0, 6)):
            box = sorted(rng.integers(0, side, 2)), sorted(rng.integers(0, side, 2))
            shape = [int(box[0][0]), int(box[1][0]), int(box[0][1]) + 1, int(box[1][1]) + 1]
            colour = tuple(int(v) for v in rng.integers(0, 256, 3))
            (draw.ellipse if rng.random() < 0.4 else draw.rectangle)(shape, fill=colour)
        size = int(rng.integers(10, 34))
        font = ImageFont.truetype(self.fonts[rng.integers(len(self.fonts))], size) if self.fonts else ImageFont.load_default()
        y = int(rng.integers(0, 60))
        while y < side and rng.random() < 0.97:
            ink = tuple(int(v) for v in (rng.integers(150, 256, 3) if dark else rng.integers(0, 100, 3)))
            text = "".join(chr(c) if c > 96 else " " for c in rng.integers(92, 123, 60))
            draw.text((int(rng.integers(4, 40)), y), text[:rng.integers(5, 60)], fill=ink, font=font)
            y += int(size * rng.uniform(1.2, 2.4))
        return np.asarray(picture, np.float32)

    def crops(self, rng: np.random.Generator, count: int, frames: int, still: float):
        """luma [frames,count,1,CROP,CROP], chroma [frames,count,2,CROP/2,CROP/2], whole 8-bit levels: the same place moving by
        up to 4 pixels a frame (a share of them still), darkened, flattened, recoloured, noisy or grey at random."""
        luma = torch.empty(frames, count, 1, CROP, CROP)
        chroma = torch.empty(frames, count, 2, CROP // 2, CROP // 2)
        side = CROP + 2 * MARGIN
        for i in range(count):
            ycc = self.patch(rng, side) @ YCC_OF_RGB.T
            kind = rng.random()
            if kind < 0.12:
                ycc = ycc * float(rng.uniform(0.15, 0.6))
            elif kind < 0.2:
                ycc[..., 0] = 110 + (ycc[..., 0] - 110) * float(rng.uniform(0.4, 0.8)) + float(rng.uniform(-50, 50))
            if rng.random() < 0.25:
                ycc[..., 1:] *= float(rng.uniform(0.3, 1.3))
            elif rng.random() < 0.08:
                ycc[..., 1:] = 0
            if rng.random() < 0.3:
                noise = rng.standard_normal(ycc.shape, dtype=np.float32) * float(rng.uniform(0.3, 2.5))
                ycc = ycc + noise
            full = torch.from_numpy(np.ascontiguousarray(ycc.transpose(2, 0, 1)))
            full = full + torch.tensor([16.0, 128.0, 128.0])[:, None, None]
            step = np.zeros(2) if rng.random() < still else rng.integers(-4, 5, 2)
            for f in range(frames):
                dy, dx = (MARGIN + step * (f - (frames - 1) // 2)).clip(0, 2 * MARGIN).astype(int)
                cut = full[:, dy:dy + CROP, dx:dx + CROP]
                luma[f, i] = cut[:1]
                chroma[f, i] = F.avg_pool2d(cut[None, 1:], 2)[0]
        return luma.clamp(0, 255).round(), chroma.clamp(0, 255).round()


def area_matrix(inputs: int, outputs: int) -> torch.Tensor:
    """[outputs, inputs]: exact area average, partial inputs weighted."""
    edges = np.arange(outputs + 1) * inputs / outputs
    low = np.maximum(edges[:-1, None], np.arange(inputs)[None])
    high = np.minimum(edges[1:, None], np.arange(inputs)[None] + 1)
    return torch.from_numpy((np.maximum(high - low, 0) * outputs / inputs).astype(np.float32))


def bilinear_matrix(inputs: int, outputs: int) -> torch.Tensor:
    """[outputs, inputs]: torch's interpolate(mode="bilinear", align_corners=False); an area average where there are fewer
    outputs, as the plain code brings a residual to a plane with fewer pixels than cells."""
    if outputs < inputs:
        return area_matrix(inputs, outputs)
    eye = torch.eye(inputs)[None]
    return F.interpolate(eye, size=outputs, mode="linear", align_corners=False)[0].T.contiguous()


def separable(x: torch.Tensor, rows: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    return rows @ x @ columns.T
