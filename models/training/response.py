"""What a codec leaves of a small residual, frequency by frequency, as the gradient that goes back through it."""
import math

import torch
from torch import Tensor
from torch.nn import functional as F

BLOCK = 8  # pixels: the larger of H.264's two transforms
CRF_EDGES = (24.0, 28.0, 32.0, 36.0)
ACTIVITY_EDGES = (1.0, 3.0, 8.0)  # standard deviation of a block of the original, in 8-bit levels
MEMORY = 0.98  # of the running means, for each step of a class
NOTHING = 0.02  # mean square of a coefficient in which there is next to no residual, whose share would be noise
LEAST = 0.05  # so that a frequency that is never used can still be found


def dct_matrix(size: int) -> Tensor:
    """Rows: the orthonormal DCT-II basis."""
    at = torch.arange(size, dtype=torch.float32)
    rows = torch.cos(math.pi / size * (at[None] + 0.5) * at[:, None]) * math.sqrt(2.0 / size)
    rows[0] /= math.sqrt(2.0)
    return rows


DCT = dct_matrix(BLOCK)


def to_blocks(x: Tensor) -> Tensor:
    """[n,1,h,w] -> [n,h/8,w/8,8,8]"""
    n, _, h, w = x.shape
    return x.reshape(n, h // BLOCK, BLOCK, w // BLOCK, BLOCK).transpose(2, 3)


def from_blocks(x: Tensor) -> Tensor:
    n, rows, columns = x.shape[:3]
    return x.transpose(2, 3).reshape(n, 1, rows * BLOCK, columns * BLOCK)


class _Through(torch.autograd.Function):
    @staticmethod
    def forward(ctx, marked, coded, response):
        ctx.save_for_backward(response)
        return coded.clone()

    @staticmethod
    def backward(ctx, gradient):
        response, = ctx.saved_tensors
        coefficients = DCT @ to_blocks(gradient) @ DCT.T
        return from_blocks(DCT.T @ (coefficients * response) @ DCT), None, None


class CodecResponse:
    """A straight-through gradient (Bengio et al. 2013) takes a codec for the identity, and so does not see that what
    lies below a quantiser's dead zone is dropped. Here the codec is taken for a linear filter of 8x8 blocks: the share of
    the residual that comes out again, E[(coded - original) x residual] / E[residual^2] of each DCT coefficient, in
    classes of CRF and of the original's activity, as running means over the training steps."""

    def __init__(self):
        shape = (len(CRF_EDGES) + 1, len(ACTIVITY_EDGES) + 1, BLOCK, BLOCK)
        self.passed = torch.zeros(shape)
        self.power = torch.zeros(shape)

    def state_dict(self):
        return {"passed": self.passed, "power": self.power}

    def load_state_dict(self, state):
        self.passed, self.power = state["passed"], state["power"]

    def table(self) -> Tensor:
        """[CRF class, activity class, 8, 8] in 0.05..1"""
        return (self.passed / (self.power + NOTHING)).clamp(LEAST, 1.0)

    def through(self, original: Tensor, marked: Tensor, coded: Tensor, crf: float) -> Tensor:
        """[n,1,s,s] each, in 8-bit levels, s a multiple of 8: the value of `coded`, and to `marked` the gradient that the
        codec would pass."""
        kind = sum(crf >= edge for edge in CRF_EDGES)
        with torch.no_grad():
            host = to_blocks(original)
            activity = torch.bucketize(host.std((3, 4)), torch.tensor(ACTIVITY_EDGES))
            residual = DCT @ to_blocks(marked - original) @ DCT.T
            error = DCT @ to_blocks(coded - original) @ DCT.T
            for level in range(len(ACTIVITY_EDGES) + 1):
                here = activity == level
                if here.sum() < 16:
                    continue
                for mean, now in ((self.passed, residual[here] * error[here]), (self.power, residual[here] ** 2)):
                    mean[kind, level] += (1 - MEMORY) * (now.mean(0) - mean[kind, level])
            response = self.table()[kind][activity]
        return _Through.apply(marked, coded, response)
