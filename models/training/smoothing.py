"""The shape of a chip in a picture of few pixels: as plugins/steg/watermark/chip_smoothing.hpp has it."""
import torch
from torch import Tensor
from torch.nn import functional as F

SIGMA_PIXELS = 1.8
MOST_SIGMA = 1.1  # cells


def smooth_chips(chips: Tensor, pixels: float) -> Tensor:
    """[n,1,h,w] of +-1 -> the same, low-passed, of about the power that leaves the encoder's residual as it was.
    `pixels`: along the side of a cell."""
    sigma = min(MOST_SIGMA, SIGMA_PIXELS / pixels)
    if sigma < 0.2:
        return chips
    at = torch.arange(-4.0, 5.0)
    taps = torch.exp(-at ** 2 / (2 * sigma * sigma))
    taps = taps / taps.sum()
    taps = taps * torch.sqrt((1 + 1.45 * max(0.0, sigma - 0.65)) / (taps * taps).sum())
    return F.conv2d(chips, torch.outer(taps, taps)[None, None].to(chips), padding=4)
