"""The two networks, written so that TorchScript (Torch 1.13) takes them as they are."""
import math
from typing import List, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

GRID_SHORT_SIDE = 216
GRID_MULTIPLE = 8
SCALES = (1.25, 1.67, 2.25, 3.33, 5.0)  # luma pixels along a cell for which there are kernels; others lie between


# Sums and extremes of neighbours are written as slices: several times as fast as Torch's pooling, which is not vectorised.
def halved(x: Tensor) -> Tensor:
    """Means of 2x2."""
    rows = x[:, :, 0::2] + x[:, :, 1::2]
    return (rows[:, :, :, 0::2] + rows[:, :, :, 1::2]) * 0.25


def least_of_four(x: Tensor) -> Tensor:
    """Minima of 2x2."""
    rows = torch.minimum(x[:, :, 0::2], x[:, :, 1::2])
    return torch.minimum(rows[:, :, :, 0::2], rows[:, :, :, 1::2])


def most_of_four(x: Tensor) -> Tensor:
    """Maxima of 2x2."""
    rows = torch.maximum(x[:, :, 0::2], x[:, :, 1::2])
    return torch.maximum(rows[:, :, :, 0::2], rows[:, :, :, 1::2])


def padded(x: Tensor) -> Tensor:
    """The edge repeated by one on each side."""
    x = torch.cat([x[:, :, :1], x, x[:, :, -1:]], 2)
    return torch.cat([x[:, :, :, :1], x, x[:, :, :, -1:]], 3)


def blurred(x: Tensor) -> Tensor:
    """Means of 3x3 around."""
    x = padded(x)
    rows = x[:, :, :-2] + x[:, :, 1:-1] + x[:, :, 2:]
    return (rows[:, :, :, :-2] + rows[:, :, :, 1:-1] + rows[:, :, :, 2:]) * (1.0 / 9.0)


def mean_around(x: Tensor) -> Tensor:
    """Means of 9x9 around, the edge repeated. Columns first: their slices lie in one piece."""
    x = F.pad(x, [4, 4, 4, 4], mode="replicate")
    height, width = x.shape[2] - 8, x.shape[3] - 8
    rows = x[:, :, :height] + x[:, :, 1:height + 1]
    for i in range(2, 9):
        rows = rows + x[:, :, i:height + i]
    sums = rows[:, :, :, :width] + rows[:, :, :, 1:width + 1]
    for i in range(2, 9):
        sums = sums + rows[:, :, :, i:width + i]
    return sums * (1.0 / 81.0)


def most_around(x: Tensor) -> Tensor:
    """Maxima of 3x3 around."""
    x = padded(x)
    rows = torch.maximum(torch.maximum(x[:, :, :-2], x[:, :, 1:-1]), x[:, :, 2:])
    return torch.maximum(torch.maximum(rows[:, :, :, :-2], rows[:, :, :, 1:-1]), rows[:, :, :, 2:])


def mean_of_squares(x: Tensor) -> Tensor:
    """Of 2x2."""
    upper, lower = x[:, :, 0::2], x[:, :, 1::2]
    rows = torch.addcmul(upper * upper, lower, lower)
    return (rows[:, :, :, 0::2] + rows[:, :, :, 1::2]) * 0.25


def enlarged(x: Tensor) -> Tensor:
    """Four times as large, as F.interpolate(mode="bilinear", align_corners=False), and twice as fast."""
    n, c, h, w = x.shape
    x = F.interpolate(x, size=[h, 4 * w], mode="bilinear", align_corners=False)
    before = torch.cat([x[:, :, :1], x[:, :, :-1]], 2)
    after = torch.cat([x[:, :, 1:], x[:, :, -1:]], 2)
    rows = [torch.lerp(x, before, 0.375), torch.lerp(x, before, 0.125), torch.lerp(x, after, 0.125), torch.lerp(x, after, 0.375)]
    return torch.stack(rows, 3).reshape(n, c, 4 * h, 4 * w)


class Encoder(nn.Module):
    """prepare(): chips -> one pattern a plane, by learned kernels; look(): gains that see the picture; forward(): one times the
    other, all that remains to be done for each further recipient of a picture.

    A plane's residual is gain x pattern, the gain between 0 and `most` levels, smooth from place to place: what the eye
    and the codec ask for differs from place to place and not from cell to cell. No cell gets more than `peak` levels:
    further ones are seen as coloured specks, which Butteraugli hardly minds.
    """

    def __init__(self, channels: int = 16, kernel: int = 17):
        super().__init__()
        self.kernel = kernel
        self.places: List[float] = list(SCALES)
        at = torch.arange(kernel, dtype=torch.float32) - kernel // 2
        distance = at[:, None] ** 2 + at[None, :] ** 2
        bank = torch.zeros(len(SCALES), 3, kernel, kernel)
        for s, pixels in enumerate(self.places):
            for p in range(3):
                # Slow enough for coarse quantisers: blobs of four luma pixels in luma and of nine in chroma, without their mean.
                sigma = (1.8 if p == 0 else 4.5) / pixels
                narrow, wide = torch.exp(-distance / (2 * sigma ** 2)), torch.exp(-distance / (2 * (2.2 * sigma) ** 2))
                bank[s, p] = narrow / narrow.sum() - wide / wide.sum()
                bank[s, p] /= torch.sqrt((bank[s, p] ** 2).sum())
        self.bank = nn.Parameter(bank + 0.02 * torch.randn_like(bank))
        self.level = nn.Parameter(torch.zeros(len(SCALES), 3))
        self.conv1 = nn.Conv2d(4 + 4 + 2 + 2, channels, 3)
        self.conv2 = nn.Conv2d(channels, channels, 3)
        self.conv3 = nn.Conv2d(channels, 3, 3)
        self.most = nn.Parameter(torch.tensor([1.04, 1.49, 1.49]).reshape(1, 3, 1, 1), requires_grad=False)
        # Deviation in levels at which a place hides half of `most`. Not learned: a model of the eye that is cheated in flat
        # places shows there first.
        self.quiet = nn.Parameter(torch.tensor([4.0, 1.6, 1.6]).reshape(1, 3, 1, 1), requires_grad=False)
        # What even a flat place gets, so that no picture goes out without a mark.
        self.floor = nn.Parameter(torch.tensor([0.1, 0.71, 0.46]).reshape(1, 3, 1, 1), requires_grad=False)
        self.print_like = nn.Parameter(torch.tensor([35.0]), requires_grad=False)
        with torch.no_grad():
            self.conv3.weight.mul_(0.2)
            self.conv3.bias.copy_(torch.tensor([-0.5, -0.5, -0.5]))
        self.scale = nn.Parameter(torch.ones(1), requires_grad=False)
        self.peak = 2.0

    def kernels(self, pixels: float) -> Tensor:
        """[3,kernel,kernel] for cells of so many luma pixels."""
        bank = self.bank / torch.sqrt((self.bank * self.bank).sum(dim=[2, 3], keepdim=True) + 1e-8)
        places = self.places
        low = 0
        for i in range(len(places) - 1):
            if pixels >= places[i]:
                low = i
        part = (math.log(pixels) - math.log(places[low])) / (math.log(places[low + 1]) - math.log(places[low]))
        part = min(max(part, 0.0), 1.0)
        mixed = bank[low] * (1.0 - part) + bank[low + 1] * part
        level = torch.exp((self.level[low] * (1.0 - part) + self.level[low + 1] * part).clamp(max=0.7))
        return mixed * (level / torch.sqrt((mixed * mixed).sum(dim=[1, 2]) + 1e-8)).reshape(3, 1, 1)

    @torch.jit.export
    def prepare(self, chips: Tensor, pixels: Tensor) -> Tensor:
        """chips [n,1,h,w], pixels [1] -> [n,3,h,w]."""
        kernel = self.kernels(float(pixels.item()))
        # By spectra: so large a kernel takes a convolution more than three times as long.
        edge = self.kernel // 2
        height, width = chips.shape[2], chips.shape[3]
        size = [(height + 2 * edge + 15) // 16 * 16, (width + 2 * edge + 15) // 16 * 16]
        spectrum = torch.fft.rfft2(chips, size) * torch.fft.rfft2(kernel.flip([1, 2]), size)
        return torch.fft.irfft2(spectrum, size)[:, :, edge:edge + height, edge:edge + width].contiguous()

    @torch.jit.export
    def look(self, luma: Tensor, chroma: Tensor) -> Tensor:
        """[n,3,h,w]"""
        return enlarged(self.gains(luma, chroma))

    def forward(self, context: Tensor, pattern: Tensor) -> Tuple[Tensor, Tensor]:
        residual = (context * pattern).clamp(-self.peak, self.peak)
        return residual[:, :1], residual[:, 1:]

    def least(self, variance: Tensor) -> Tensor:
        """Logarithm of the least of a block, and no more than its neighbours have in the mean: nothing spills into a wall beside a tree."""
        least = torch.log(least_of_four(variance) + 0.01)
        return torch.minimum(least, blurred(least))

    def gains(self, luma: Tensor, chroma: Tensor) -> Tensor:
        """[n,3,h/4,w/4]"""
        # Deviations within 2x2 cells: a flat place beside an edge counts as flat. Around mid-grey squares are small, and so is
        # what rounding leaves of the variance of a flat place.
        levels = (luma * 255.0).sub_(128.0)
        mean = halved(levels)
        variance = (mean_of_squares(levels) - mean * mean).clamp(min=0.0)
        colours = (chroma * 255.0).sub_(128.0)
        colour = halved(halved(colours))
        spread = (halved(mean_of_squares(colours)) - colour * colour).clamp(min=0.0)
        # What hides a change is detail, and around it, too. A slope, such as of a blurred background, has a deviation and hides
        # nothing, so second differences count beside deviations, whichever is less.
        variance_of_detail = mean_of_squares(levels - blurred(levels))
        strong = torch.exp(self.least(variance))
        texture = torch.minimum(torch.exp(self.least(variance_of_detail)) * 2.0, strong)
        # Print and thin lines have more contrast than anything that hides: flat ground lies between them.
        contrast = most_around(most_of_four(variance))
        # In the dark the same levels are seen sooner.
        light = ((halved(mean) + 112.0) / 70.0).clamp(min=0.8, max=1.0)
        # A page is flat to the last bit: there a mark is seen by no one and costs more bits than the page itself. Grain, however
        # faint, is what cameras leave.
        grain = halved(variance_of_detail)
        present = 0.25 + 0.75 * grain / (grain + 0.02)
        calm = 1.0 / (1.0 + contrast / (self.print_like * self.print_like))
        hidden = calm * texture / (texture + self.quiet * self.quiet)
        x = torch.cat([F.pixel_unshuffle(mean, 2) * 0.01, F.pixel_unshuffle(torch.log(variance + 0.05), 2) * 0.4,
                       colour * 0.03, torch.log(spread + 0.05) * 0.4], 1)
        x = F.relu(self.conv1(padded(x)))
        x = F.relu(self.conv2(padded(x)))
        x = self.conv3(padded(x))
        # Luma always has a share: copies without colour have nothing else, and a reader that never sees it forgets it.
        least_share = torch.tensor([0.4, 0.0, 0.0], device=x.device, dtype=x.dtype).reshape(1, 3, 1, 1)
        return (least_share + (1.0 - least_share) * torch.sigmoid(x)) * (self.most * hidden + self.floor * calm * present) * light * self.scale


class Extractor(nn.Module):
    """luma [n,1,h,w] and chroma [n,2,h,w] in 0..1 -> field [n,1,h,w]; fully convolutional."""

    def __init__(self, channels: int = 40, dilations: tuple = (1, 2, 4, 2, 1, 8, 1)):
        super().__init__()
        self.first = nn.Conv2d(24, channels, 3, padding=1)
        self.body = nn.ModuleList([nn.Conv2d(channels, channels, 3, padding=d, dilation=d) for d in dilations])
        self.last = nn.Conv2d(channels, 4, 3, padding=1)

    def forward(self, luma: Tensor, chroma: Tensor) -> Tensor:
        levels = torch.cat([luma, chroma], 1) * 255.0
        detail = levels - mean_around(levels)
        normal = detail * torch.rsqrt(mean_around(detail * detail) + 0.3)
        detail = detail * torch.tensor([0.25, 0.6, 0.6], device=levels.device, dtype=levels.dtype).reshape(1, 3, 1, 1)
        x = torch.cat([F.pixel_unshuffle(detail.clamp(-8.0, 8.0), 2), F.pixel_unshuffle(normal, 2)], 1)
        x = torch.relu_(self.first(x))
        for layer in self.body:
            x = x + torch.relu_(layer(x))
        return F.pixel_shuffle(self.last(x), 2)
