"""Writes the smallest networks of contract version 2 that can be read at all: nothing in them is learned."""
import json
import pathlib
from typing import Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional


class Encoder(nn.Module):
    """The same chips in all planes, stronger where a cell has few pixels, fainter in luma and where it is black."""

    @torch.jit.export
    def prepare(self, chips: Tensor, pixels: Tensor) -> Tensor:
        return chips * (5.0 / pixels.clamp(1.0, 5.0)).sqrt()

    @torch.jit.export
    def look(self, luma: Tensor, chroma: Tensor) -> Tensor:
        return (luma * 8.0).clamp(0.5, 1.0)

    def forward(self, context: Tensor, pattern: Tensor) -> Tuple[Tensor, Tensor]:
        mark = context * pattern
        return mark * 1.5, torch.cat([mark, mark], 1) * 3.0


class Extractor(nn.Module):
    """What stands out from its neighbours, in all planes; edges count no more than the mark itself does."""

    def forward(self, luma: Tensor, chroma: Tensor) -> Tensor:
        planes = torch.cat([luma, chroma], 1)
        around = functional.avg_pool2d(planes, 3, 1, 1, count_include_pad=False)
        return torch.tanh((planes - around) * 85.0).sum(1, keepdim=True)


for kind, network in (("encoder", Encoder()), ("extractor", Extractor())):
    contract = {"format": f"gst-steg-{kind}", "version": 2, "planes": 3, "name": "test",
                "grid": {"short_side": 216, "multiple": 8}}
    path = pathlib.Path(__file__).parent / f"{kind}.pt"
    torch.jit.script(network.eval()).save(str(path), _extra_files={"contract.json": json.dumps(contract)})
    print(path, path.stat().st_size, "bytes")
