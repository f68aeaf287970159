"""The two networks, written so that TorchScript (Torch 1.13) takes them as they are."""
import torch
from torch import Tensor, nn
from torch.nn import functional as F

GRID_SHORT_SIDE = 216
GRID_MULTIPLE = 8


def box3(x: Tensor) -> Tensor:
    """3x3 mean with the border repeated."""
    return F.avg_pool2d(F.pad(x, [1, 1, 1, 1], mode="replicate"), 3, 1)


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
        levels = luma * 255.0
        mean = F.avg_pool2d(levels, 2)
        square = F.avg_pool2d(levels * levels, 2)
        mean = box3(mean)
        variance = (box3(square) - mean * mean).clamp(min=0.0)
        h, w = variance.shape[2], variance.shape[3]
        padded = F.pad(variance, [2, 2, 2, 2], mode="replicate")
        smallest = torch.minimum(padded[:, :, 0:h, 2:2 + w], padded[:, :, 4:4 + h, 2:2 + w])
        smallest = torch.minimum(smallest, torch.minimum(padded[:, :, 2:2 + h, 0:w], padded[:, :, 2:2 + h, 4:4 + w]))
        activity = torch.sqrt(torch.minimum(smallest, variance) + 1e-4)
        bound = (self.floor + self.slope * activity).clamp(max=self.ceiling)
        bound = bound * (0.5 + 0.5 * (mean / 70.0).clamp(max=1.0))
        rms = torch.sqrt((bound * bound).mean(dim=[1, 2, 3], keepdim=True))
        return bound * (self.budget / rms).clamp(max=1.0)


class Encoder(nn.Module):
    """prepare(): chips -> patterns, by a bank of learned kernels; forward(): patterns mixed per cell by gains.

    One more gain, learned from the mean and the spread of the features over the frame, makes frames that lose the mark
    easily carry more of it than frames that keep it. |residual| <= 2.5 x 2 x mask x scale, whatever the weights are, and
    its rms over a frame is at most `limit` 8-bit levels on the grid.
    """

    def __init__(self, patterns: int = 6, channels: int = 24, kernel: int = 9, limit: float = 2.65):
        super().__init__()
        self.kernel = kernel
        self.patterns = patterns
        self.limit = limit
        self.mask = Mask()
        bank = 0.03 * torch.randn(patterns, kernel * kernel)
        # Starting from blurs of growing width breaks the symmetry between the kernels.
        grid = torch.arange(kernel, dtype=torch.float32) - kernel // 2
        distance = grid[:, None] ** 2 + grid[None, :] ** 2
        for k in range(patterns):
            bank[k] += torch.exp(-distance / (2.0 * (0.5 + 0.35 * k) ** 2)).flatten()
        self.bank = nn.Parameter(bank)
        self.conv1 = nn.Conv2d(16 + 4, channels, 3, padding=1, padding_mode="replicate")
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, padding_mode="replicate")
        self.conv3 = nn.Conv2d(channels, patterns * 4, 3, padding=1, padding_mode="replicate")
        self.frame1 = nn.Linear(2 * channels, 16)
        self.frame2 = nn.Linear(16, 1)
        with torch.no_grad():
            self.conv3.weight.mul_(0.1)
            self.conv3.bias.fill_(1.0 / patterns)
            self.frame2.weight.zero_()
            self.frame2.bias.zero_()
        self.scale = nn.Parameter(torch.ones(1), requires_grad=False)

    @torch.jit.export
    def prepare(self, chips: Tensor) -> Tensor:
        # One matrix product: Torch 1.13 takes a path 20 times slower for a 9x9 convolution of a single channel.
        bank = self.bank / torch.sqrt((self.bank * self.bank).sum(1, keepdim=True) + 1e-8)
        n, _, h, w = chips.shape
        columns = F.unfold(chips, self.kernel, padding=self.kernel // 2)
        return torch.matmul(bank, columns).reshape(n, self.patterns, h, w)

    def forward(self, luma: Tensor, pattern: Tensor) -> Tensor:
        mask = self.mask(luma)
        x = torch.cat([F.pixel_unshuffle(luma * 4.0 - 2.0, 4), F.pixel_unshuffle(mask * 0.5 - 1.0, 2)], 1)
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        mean = x.mean(dim=[2, 3])
        spread = torch.sqrt((x * x).mean(dim=[2, 3]) - mean * mean + 1e-4)
        frame = torch.exp(0.7 * torch.tanh(self.frame2(F.relu(self.frame1(torch.cat([mean, spread], 1))))))
        gains = F.pixel_shuffle(self.conv3(x), 2)
        maps = F.interpolate(torch.cat([gains, mask], 1), scale_factor=2.0, mode="bilinear", align_corners=False)
        mixed = (maps[:, :self.patterns] * pattern).sum(1, keepdim=True)
        strength = self.scale * frame.unsqueeze(2).unsqueeze(3)
        residual = maps[:, self.patterns:] * strength * (2.5 * torch.tanh(mixed * 0.4))
        rms = torch.sqrt((residual * residual).mean(dim=[1, 2, 3], keepdim=True) + 1e-8)
        return residual * (self.limit / rms).clamp(max=1.0)


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
