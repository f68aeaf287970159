"""Trains a smaller encoder to make the residuals of a trained one (distillation, Hinton et al. 2015), and saves it with
the extractor for export.py.

The gains of an encoder with six patterns span hardly more than two dimensions (models/README.md), so the student has two."""
import argparse
import json
import os
import pathlib
import time

import numpy as np
import torch

from data import CROP, SCALES, Photos, area_matrix, separable
from networks import Encoder, Extractor


def load(path):
    extra = {"contract.json": ""}
    return torch.jit.load(str(path), _extra_files=extra).eval(), json.loads(extra["contract.json"])["training"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder of training photos (*.jpg)")
    parser.add_argument("--work", default="work", help="folder for distilled.pt, log and packed photos")
    parser.add_argument("--teacher", required=True, help="folder of exported networks")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--batch", type=int, default=4, help="crops a step")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=4e-3)
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    work = pathlib.Path(args.work)
    photos = Photos(args.data, str(work / "photos.npz"))
    teacher, training = load(pathlib.Path(args.teacher) / "encoder.pt")
    extractor = Extractor()
    extractor.load_state_dict(load(pathlib.Path(args.teacher) / "extractor.pt")[0].state_dict())
    student = Encoder()
    with torch.no_grad():
        kernels = teacher.bank / teacher.bank.norm(dim=1, keepdim=True)
        student.bank.copy_(torch.linalg.svd(kernels)[2][:student.patterns])
        student.scale.copy_(teacher.scale)
    trained = [p for p in student.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=args.rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, args.rate, total_steps=args.steps, pct_start=0.05)

    began, errors = time.time(), []
    log = open(work / "distil.jsonl", "a", buffering=1)
    for step in range(1, args.steps + 1):
        scale = SCALES[rng.integers(len(SCALES))]
        cells = int(round(CROP / scale))
        down = area_matrix(CROP, cells)
        luma = separable(photos.crops(rng, args.batch, scale, 1)[0], down, down) / 255
        chips = torch.randint(0, 2, luma.shape).float() * 2 - 1
        with torch.no_grad():
            wanted = teacher(luma, teacher.prepare(chips))
        made = student(luma, student.prepare(chips))
        # Of each crop alike, as a share of its power: weak marks need as much care.
        error = ((made - wanted) ** 2).mean((1, 2, 3)) / (wanted ** 2).mean((1, 2, 3))
        loss = error.mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        schedule.step()
        errors.append(float(loss))
        if step % 100 == 0:
            mean = round(sum(errors) / len(errors), 5)
            log.write(json.dumps({"step": step, "minutes": round((time.time() - began) / 60, 2), "error": mean}) + "\n")
            print(step, round(time.time() - began), mean, flush=True)
            errors = []
    torch.save({"encoder": student.state_dict(), "extractor": extractor.state_dict(), "step": training["steps"],
                "seed": args.seed}, str(work / "distilled.pt"))


if __name__ == "__main__":
    main()
