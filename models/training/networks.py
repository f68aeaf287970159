"""The two networks, written so that TorchScript (Torch 1.13) takes them as they are."""
from typing import List

import torch
from torch import Tensor, nn
from torch.nn import functional as F

GRID_SHORT_SIDE = 216
GRID_MULTIPLE = 8


def repeat_border(x: Tensor, rows: int, columns: int) -> Tensor:
    """[n,h,w,c] with its first and last `rows` rows and `columns` columns once more, in a fifth of the time of F.pad."""
    x = torch.cat([x[:, :rows], x, x[:, -rows:]], 1)
    return torch.cat([x[:, :, :columns], x, x[:, :, -columns:]], 2)


def halve(x: Tensor) -> Tensor:
    """Sums of 2x2 cells: [n,c,h,w] -> [n,c,h/2,w/2]."""
    x = x[:, :, 0::2] + x[:, :, 1::2]
    return x[:, :, :, 0::2] + x[:, :, :, 1::2]


def box3(x: Tensor) -> Tensor:
    """Sums of 3x3 cells with the border repeated: [n,c,h,w] -> [n,c,h,w]."""
    h, w = x.shape[2], x.shape[3]
    x = torch.cat([x[:, :, :1], x, x[:, :, -1:]], 2)
    x = x[:, :, :h] + x[:, :, 1:h + 1] + x[:, :, 2:]
    x = torch.cat([x[:, :, :, :1], x, x[:, :, :, -1:]], 3)
    return x[:, :, :, :w] + x[:, :, :, 1:w + 1] + x[:, :, :, 2:]


class Mask(nn.Module):
    """How much a cell may change, in 8-bit levels: luma [n,1,h,w] in 0..1 -> [n,1,h/2,w/2].

    The activity of a cell is the smallest of the standard deviations of five displaced windows (6x6 cells), so that
    a flat area beside an edge counts as flat: there the eye sees most. Bright and mid-grey areas bear more than dark
    ones, because a display's and the eye's noise hide less in the dark than the classical curve promises. A frame
    that is textured all over would hide more than fidelity allows: `budget` limits the rms over the frame.
    """

    def __init__(self, floor: float = 0.65, slope: float = 0.3, ceiling: float = 7.0, budget: float = 3.0):
        super().__init__()
        self.floor = floor
        self.slope = slope
        self.ceiling = ceiling
        self.budget = budget

    def forward(self, luma: Tensor) -> Tensor:
        # Around mid-grey squares are small, and so is what rounding leaves of the variance of a flat area.
        levels = luma * 255.0 - 128.0
        mean = box3(halve(levels)) * (1.0 / 36)
        variance = (box3(halve(levels * levels)) * (1.0 / 36) - mean * mean).clamp(min=0.0)
        h, w = variance.shape[2], variance.shape[3]
        first, last = variance[:, :, :1], variance[:, :, -1:]
        rows = torch.cat([first, first, variance, last, last], 2)
        first, last = variance[:, :, :, :1], variance[:, :, :, -1:]
        columns = torch.cat([first, first, variance, last, last], 3)
        smallest = torch.minimum(torch.minimum(rows[:, :, :h], rows[:, :, 4:]),
                                 torch.minimum(columns[:, :, :, :w], columns[:, :, :, 4:]))
        activity = torch.sqrt(torch.minimum(smallest, variance) + 1e-4)
        bound = (self.floor + self.slope * activity).clamp(max=self.ceiling)
        bound = bound * (0.5 + (mean + 128.0).clamp(max=70.0) * (0.5 / 70.0))
        rms = torch.sqrt((bound * bound).mean(dim=[1, 2, 3], keepdim=True))
        return bound * (self.budget / rms).clamp(max=1.0)


def conv3x3(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Convolution with the border repeated: [n,c,h,w] -> [n,o,h,w], both channels last in memory."""
    x = repeat_border(x.permute(0, 2, 3, 1), 1, 1).permute(0, 3, 1, 2)
    return F.conv2d(x, weight.contiguous(memory_format=torch.channels_last), bias)


def double(first: Tensor, second: Tensor, dim: int) -> List[Tensor]:
    """Bilinear interpolation to twice as many cells along `dim`, in phases: cells 2i of the input are in `first`, cells
    2i + 1 in `second`; cells 4i + p of the output x 4/3 are in element p of the result."""
    size = first.size(dim)
    before = torch.cat([first.narrow(dim, 0, 1), second.narrow(dim, 0, size - 1)], dim)
    after = torch.cat([first.narrow(dim, 1, size - 1), second.narrow(dim, size - 1, 1)], dim)
    third = 1.0 / 3
    return [torch.add(first, before, alpha=third), torch.add(first, second, alpha=third),
            torch.add(second, first, alpha=third), torch.add(second, after, alpha=third)]


class Encoder(nn.Module):
    """prepare(): chips -> patterns, by a bank of learned kernels; forward(): patterns mixed per cell by gains.

    |residual| <= 2.5 x mask x scale, whatever the weights are, and its rms over a frame is at most `limit` 8-bit levels on
    the grid.

    Each map is kept as the 16 planes of the cells (4y + a, 4x + b) and never put together: of all
    reordering, that of the residual at the end is left.
    """

    def __init__(self, patterns: int = 2, channels: int = 16, limit: float = 2.65):
        super().__init__()
        self.kernel = 9  # blocks of 4 cells take kernels of 2 x 4 + 1
        self.patterns = patterns
        self.limit = limit
        self.mask = Mask()
        bank = 0.03 * torch.randn(patterns, self.kernel * self.kernel)
        # Starting from blurs of growing width breaks the symmetry between the kernels.
        grid = torch.arange(self.kernel, dtype=torch.float32) - self.kernel // 2
        distance = grid[:, None] ** 2 + grid[None, :] ** 2
        for k in range(patterns):
            bank[k] += torch.exp(-distance / (2.0 * (0.5 + 0.35 * k) ** 2)).flatten()
        self.bank = nn.Parameter(bank)
        self.conv1 = nn.Conv2d(16 + 4, channels, 3)
        self.conv2 = nn.Conv2d(channels, channels, 3)
        self.conv3 = nn.Conv2d(channels, patterns * 4, 3)
        with torch.no_grad():
            self.conv3.weight.mul_(0.1)
            self.conv3.bias.fill_(1.0 / patterns)
        self.scale = nn.Parameter(torch.ones(1), requires_grad=False)

    @torch.jit.export
    def prepare(self, chips: Tensor) -> Tensor:
        """[n,1,h,w] -> [n,patterns,h,w] by shape only: the values are in the order in which forward() uses them,
        [n,4,4,patterns,h/4,w/4] of rows 4y + a and columns 4x + b."""
        bank = self.bank / torch.sqrt((self.bank * self.bank).sum(1, keepdim=True) + 1e-8)
        kernel = bank.reshape(self.patterns, self.kernel, self.kernel)
        # On blocks of 4x4 cells, 9x9 kernels are kernels of 3x3 blocks with 16 channels in, and of 16 channels out.
        weights: List[Tensor] = []
        for a in range(4):
            for b in range(4):
                blocks = F.pad(kernel, [b, 3 - b, a, 3 - a]).reshape(self.patterns, 3, 4, 3, 4)
                weights.append(blocks.permute(0, 2, 4, 1, 3).reshape(self.patterns, 16, 3, 3))
        pattern = F.conv2d(F.pixel_unshuffle(chips, 4), torch.cat(weights), padding=1)
        return pattern.reshape(chips.shape[0], self.patterns, chips.shape[2], chips.shape[3])

    def blocks(self, luma: Tensor, mask: Tensor) -> Tensor:
        """conv1: luma [n,1,h,w] and mask [n,1,h/2,w/2] in blocks of 4x4 cells -> [n,channels,h/4,w/4].

        Nothing is reordered: four rows of luma and two of the mask lie in memory like five rows of w/4 pixels of four
        channels, and a convolution with kernels of 15x3 in steps of 5x1 takes them so.
        """
        n, _, h, w = luma.shape
        pairs = mask.reshape(n, h // 4, 2, w // 4, 2)
        row = torch.cat([pairs[:, :, 0], pairs[:, :, 1]], 3).reshape(n, h // 4, 1, w)
        rows = torch.cat([luma.reshape(n, h // 4, 4, w), row], 2).reshape(n, h // 4 * 5, w // 4, 4)
        rows = repeat_border(rows, 5, 1)
        # [o,4a+b,y,x] -> [o,b,5y+a,x]; luma x 4 - 2 and mask x 0.5 - 1 are part of the weights.
        weight = self.conv1.weight
        offset = 2.0 * weight[:, :16].sum(dim=[1, 2, 3]) + weight[:, 16:].sum(dim=[1, 2, 3])
        bias = torch.jit._unwrap_optional(self.conv1.bias) - offset
        weight = torch.cat([weight[:, :16] * 4.0, weight[:, 16:] * 0.5], 1)
        weight = weight.reshape(-1, 5, 4, 3, 3).permute(0, 2, 3, 1, 4).reshape(-1, 4, 15, 3)
        return F.conv2d(rows.permute(0, 3, 1, 2), weight.contiguous(memory_format=torch.channels_last), bias, [5, 1])

    def forward(self, luma: Tensor, pattern: Tensor) -> Tensor:
        n, _, h, w = luma.shape
        mask = self.mask(luma)
        x = F.relu(self.blocks(luma, mask))
        x = F.relu(conv3x3(x, self.conv2.weight, torch.jit._unwrap_optional(self.conv2.bias)))
        # 9/16: see double().
        bias = torch.jit._unwrap_optional(self.conv3.bias) * 0.5625
        gains = conv3x3(x, self.conv3.weight * 0.5625, bias).contiguous()
        masks = (mask * 0.5625).reshape(n, h // 4, 2, w // 4, 2).permute(0, 2, 4, 1, 3)
        # Cells (2y + a, 2x + b) of the maps are in [a][b]: [n,patterns+1,h/4,w/4].
        maps = torch.cat([gains.reshape(n, self.patterns, 2, 2, h // 4, w // 4), masks.unsqueeze(1)], 1)
        pattern = pattern.reshape(n, 16, self.patterns, h // 4, w // 4)
        mixed: List[Tensor] = []
        bounds: List[Tensor] = []
        for rows in double(maps[:, :, 0], maps[:, :, 1], 3):
            for phase in double(rows[:, :, 0], rows[:, :, 1], 3):
                mixed.append((phase[:, :self.patterns] * pattern[:, len(mixed)]).sum(1))
                bounds.append(phase[:, self.patterns])
        # 5 x sigmoid(0.8 x) - 2.5 is 2.5 x tanh(0.4 x), in a third of the time.
        half = torch.sigmoid(torch.stack(mixed, 1) * 0.8) - 0.5
        residual = torch.stack(bounds, 1) * half
        residual = residual * (5.0 * self.scale)
        rms = torch.sqrt((residual * residual).mean(dim=[1, 2, 3], keepdim=True) + 1e-8)
        residual = residual * (self.limit / rms).clamp(max=1.0)
        return residual.reshape(n, 4, 4, h // 4, w // 4).permute(0, 3, 1, 4, 2).reshape(n, 1, h, w)


def encoder_of(state) -> Encoder:
    """The encoder of the size that a state dict has, with its weights."""
    encoder = Encoder(patterns=len(state["bank"]), channels=len(state["conv1.bias"]))
    encoder.load_state_dict(state)
    return encoder


class Extractor(nn.Module):
    """luma [n,1,h,w] in 0..1 -> field [n,1,h,w]; fully convolutional."""

    def __init__(self, channels: int = 40, dilations: tuple = (1, 2, 4, 2, 1, 8, 1)):
        super().__init__()
        self.first = nn.Conv2d(8, channels, 3, padding=1)
        self.body = nn.ModuleList([nn.Conv2d(channels, channels, 3, padding=d, dilation=d) for d in dilations])
        self.last = nn.Conv2d(channels, 4, 3, padding=1)

    def forward(self, luma: Tensor) -> Tensor:
        levels = luma * 255.0
        mean = F.avg_pool2d(F.pad(levels, [4, 4, 4, 4], mode="replicate"), 9, 1)
        detail = levels - mean
        energy = F.avg_pool2d(F.pad(detail * detail, [4, 4, 4, 4], mode="replicate"), 9, 1)
        normal = detail / torch.sqrt(energy + 1.0)
        x = torch.cat([F.pixel_unshuffle((detail * 0.25).clamp(-8.0, 8.0), 2), F.pixel_unshuffle(normal, 2)], 1)
        x = F.relu(self.first(x))
        for layer in self.body:
            x = x + F.relu(layer(x))
        return F.pixel_shuffle(self.last(x), 2)
