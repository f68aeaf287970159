"""Writes encoder.pt and extractor.pt (TorchScript, with contract.json) from a checkpoint's state dicts.

Run it with the Torch whose LibTorch will load the files, or an older one: TorchScript is not forward compatible."""
import argparse
import json
import pathlib

import torch

from networks import GRID_MULTIPLE, GRID_SHORT_SIDE, Encoder, Extractor


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", default="work/checkpoint.pt")
    parser.add_argument("--out", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--scale", type=float, default=1.0, help="multiplies the strength of the encoder")
    args = parser.parse_args()
    saved = torch.load(args.checkpoint, map_location="cpu")
    encoder, extractor = Encoder(), Extractor()
    encoder.load_state_dict(saved["encoder"])
    extractor.load_state_dict(saved["extractor"])
    encoder.scale.data *= args.scale
    extractor.to(memory_format=torch.channels_last)  # oneDNN then takes a fifth less time
    for kind, network in (("encoder", encoder), ("extractor", extractor)):
        network.eval().requires_grad_(False)
        contract = {"format": f"gst-steg-{kind}", "version": 2, "planes": 3, "name": args.name,
                    "grid": {"short_side": GRID_SHORT_SIDE, "multiple": GRID_MULTIPLE},
                    "training": {"steps": saved["step"], "seed": saved["seed"], "scale": args.scale,
                                 "torch": torch.__version__}}
        path = pathlib.Path(args.out) / f"{kind}.pt"
        torch.jit.script(network).save(str(path), _extra_files={"contract.json": json.dumps(contract)})
        print(path, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
