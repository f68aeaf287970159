"""Training pictures: luma of every photo in a folder, kept in memory, cut and scaled at random."""
import pathlib

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

CROP = 360  # pixels; a whole number of cells at each of SCALES
SCALES = (5 / 3, 2.25, 10 / 3, 5.0)  # pixels per cell: 360p, 486p, 720p, 1080p


class Photos:
    def __init__(self, folder: str, cache: str):
        packed = pathlib.Path(cache)
        if not packed.exists():
            packed.parent.mkdir(parents=True, exist_ok=True)
            images = [np.asarray(Image.open(p).convert("L")) for p in sorted(pathlib.Path(folder).glob("*.jpg"))]
            if not images:
                raise SystemExit(f"No *.jpg in {folder}: give the training photos with --data")
            np.savez(packed, shapes=np.array([i.shape for i in images]), pixels=np.concatenate([i.ravel() for i in images]))
        stored = np.load(packed)
        pixels, self.images, at = stored["pixels"], [], 0
        for h, w in stored["shapes"]:
            self.images.append(pixels[at:at + h * w].reshape(h, w))
            at += h * w

    def crops(self, rng: np.random.Generator, count: int, scale: float, frames: int, still: float = 0.5):
        """[frames, count, 1, CROP, CROP] in 0..255: the same place moving by up to 4 pixels a frame (a share of them
        still), darkened, brightened or flattened at random."""
        out = torch.empty(frames, count, 1, CROP, CROP)
        for i in range(count):
            image = self.images[rng.integers(len(self.images))]
            # A 1080p camera picture is softer, per pixel, than a photo reduced to 384 lines.
            zoom = float(rng.uniform(1.0, 2.2 if scale > 4 else 1.6))
            margin = 18
            side = min(int(round((CROP + margin * 2) / zoom)), *image.shape)
            y, x = rng.integers(image.shape[0] - side + 1), rng.integers(image.shape[1] - side + 1)
            patch = torch.from_numpy(image[y:y + side, x:x + side].astype(np.float32))[None, None]
            patch = F.interpolate(patch, size=(CROP + 2 * margin,) * 2, mode="bicubic", align_corners=False)
            if rng.random() < 0.5:
                patch = patch.flip(3)
            kind = rng.random()
            if kind < 0.15:
                patch = patch * float(rng.uniform(0.15, 0.6))
            elif kind < 0.3:
                patch = 128 + (patch - 128) * float(rng.uniform(0.3, 0.8)) + float(rng.uniform(-60, 60))
            if rng.random() < 0.3:
                patch = patch + float(rng.uniform(0.5, 3.0)) * torch.from_numpy(
                    rng.standard_normal(patch.shape, dtype=np.float32))
            step = np.zeros(2) if rng.random() < still else rng.integers(-4, 5, 2)
            for f in range(frames):
                dy, dx = (margin + step * (f - (frames - 1) // 2)).clip(0, 2 * margin).astype(int)
                out[f, i, 0] = patch[0, 0, dy:dy + CROP, dx:dx + CROP]
        return out.clamp(0, 255).round()


def area_matrix(inputs: int, outputs: int) -> torch.Tensor:
    """[outputs, inputs]: exact area average, partial inputs weighted."""
    edges = np.arange(outputs + 1) * inputs / outputs
    low = np.maximum(edges[:-1, None], np.arange(inputs)[None])
    high = np.minimum(edges[1:, None], np.arange(inputs)[None] + 1)
    return torch.from_numpy((np.maximum(high - low, 0) * outputs / inputs).astype(np.float32))


def bilinear_matrix(inputs: int, outputs: int) -> torch.Tensor:
    """[outputs, inputs]: torch's interpolate(mode="bilinear", align_corners=False)."""
    eye = torch.eye(inputs)[None]
    return F.interpolate(eye, size=outputs, mode="linear", align_corners=False)[0].T.contiguous()


def separable(x: torch.Tensor, rows: torch.Tensor, columns: torch.Tensor) -> torch.Tensor:
    return rows @ x @ columns.T
