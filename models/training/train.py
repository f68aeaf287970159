"""Trains encoder and extractor together. Resumes from WORK/checkpoint.pt; logs to WORK/log.jsonl.

The objective is the correlation rho between the extractor's field and the chips after the attack: for a Gaussian
channel the capacity of N cells is -N/2 log2(1 - rho^2) bits. No message and no code takes part.
"""
import argparse
import json
import os
import pathlib
import time

import numpy as np
import torch
from torch.nn import functional as F

from codec import x264_round_trip
from data import CROP, SCALES, Photos, area_matrix, bilinear_matrix, separable
from networks import Encoder, Extractor

SHARES = (0.15, 0.25, 0.3, 0.3)  # of the steps, for each of SCALES
LONG_SEQUENCES = 5000  # step from which sequences are longer and mostly move
EQUALISE = 7400  # step from which power goes where it is missing
LIKENESS = 16800  # step from which unlikeness has a price
CELLS_PER_BIT = 384 * 216 / 2 / 256  # of a 16:9 frame
READABLE_Z = 1.0  # with some room: the list decoder finds half of the blocks at 0.6 and nearly all at 0.75
FEWER = (4, 2, 1, 1)  # a crop at 360p has nine times the cells of one at 1080p: fewer of them a step


def straight_through(x, attacked):
    """The value of `attacked`, the gradient of `x`."""
    return x + (attacked - x).detach()


def tile(x):
    """[n,1,s,s] -> [s*n/columns, s*columns], with four columns or fewer"""
    n, _, s, _ = x.shape
    columns = min(4, n)
    return x.reshape(n // columns, columns, s, s).permute(0, 2, 1, 3).reshape(n // columns * s, columns * s)


def untile(x, side):
    rows, columns = x.shape[0] // side, x.shape[1] // side
    return x.reshape(rows, side, columns, side).permute(0, 2, 1, 3).reshape(rows * columns, 1, side, side)


def mild_attack(x, rng):
    """Cheap changes that keep the geometry: brightness, contrast, gamma, noise, blur. x in 0..255."""
    x = 128 + (x - 128) * float(rng.uniform(0.75, 1.2)) + float(rng.uniform(-15, 15))
    if rng.random() < 0.5:
        x = x + float(rng.uniform(0.5, 6.0)) * torch.randn_like(x)
    if rng.random() < 0.3:
        sigma = float(rng.uniform(0.4, 1.5))
        at = torch.arange(x.shape[-1], device=x.device, dtype=x.dtype)
        blur = torch.exp(-(at[:, None] - at[None]) ** 2 / (2 * sigma * sigma))
        blur = blur / blur.sum(1, keepdim=True)
        x = separable(x, blur, blur)  # as a product: single-channel convolutions are slow on a CPU
    return x.clamp(0, 255)


def h264_attack(history, marked, crf, reduce):
    """history [t-1,n,1,s,s] and marked [n,1,s,s], 8-bit levels: the last frame as decoded, at the reduced size."""
    side = int(round(CROP * reduce / 8)) * 8
    shrink = area_matrix(CROP, side) if side != CROP else None
    frames = []
    for picture in [*history, marked]:
        picture = separable(picture, shrink, shrink) if shrink is not None else picture
        frames.append(tile(picture).round().clamp(0, 255).byte().numpy())
    decoded = x264_round_trip(np.stack(frames), crf)[-1]
    return untile(torch.from_numpy(decoded).float(), side), side


def dissimilarity(original, marked):
    """1 - SSIM (Wang et al. 2004) in windows of 8x8 pixels, for a change that is independent of the picture and keeps its
    mean: [n,1,s,s] in 8-bit levels -> its mean. Such a change is seen, and costs bits, where the picture has no texture."""
    mean = F.avg_pool2d(original, 8)
    variance = (F.avg_pool2d(original ** 2, 8) - mean ** 2).clamp(min=0)
    change = F.avg_pool2d((marked - original) ** 2, 8)
    return (change / (2 * variance + change + (0.03 * 255) ** 2)).mean()


def correlation(field, chips, dims):
    return (field * chips).sum(dims) / torch.sqrt((field * field).sum(dims) * (chips * chips).sum(dims) + 1e-6)


def has_bfloat16():
    """Whether the processor multiplies bfloat16 by itself: the extractor then takes half the time. Not with channels last,
    where oneDNN 2.6 returns NaN as the gradient of a dilated convolution."""
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    return cpuinfo.exists() and "avx512_bf16" in cpuinfo.read_text()


def start_from(folder, encoder, extractor):
    """Takes the weights of exported networks, and the steps they had; layers that these lack start small."""
    extra = {"contract.json": ""}
    for name, network in (("encoder", encoder), ("extractor", extractor)):
        exported = torch.jit.load(str(pathlib.Path(folder) / f"{name}.pt"), _extra_files=extra)
        missing = network.load_state_dict(exported.state_dict(), strict=False).missing_keys
        with torch.no_grad():
            for key in missing:
                network.get_parameter(key).mul_(0.1)
    return json.loads(extra["contract.json"])["training"]["steps"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder of training photos (*.jpg)")
    parser.add_argument("--work", default="work", help="folder for checkpoint, log and packed photos")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--batch", type=int, default=8, help="crops a step, a multiple of 8")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--patterns", type=int, default=6, help="of the encoder")
    parser.add_argument("--channels", type=int, default=24, help="of the encoder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--steps", type=int, default=20300, help="the learning rate falls to nothing at LONG_SEQUENCES, EQUALISE, LIKENESS and here")
    parser.add_argument("--decibels", type=float, default=4.7, help="mean level of the residual on the grid, in dB of one 8-bit level, from EQUALISE on")
    parser.add_argument("--dissimilarity", type=float, default=0.0075, help="mean of 1 - SSIM of the training crops, from LIKENESS on")
    parser.add_argument("--power", type=float, default=1.0, help="mean square of residual over mask that is free")
    parser.add_argument("--networks", help="folder of exported networks to start from, where there is no checkpoint; distilled ones have 2 patterns and 16 channels")
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    work = pathlib.Path(args.work)
    photos = Photos(args.data, str(work / "photos.npz"))
    encoder, extractor = Encoder(args.patterns, args.channels), Extractor()
    trained = [p for m in (encoder, extractor) for p in m.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=args.rate, weight_decay=1e-4, betas=(0.9, 0.98))
    step, price, ssim_price = 0, 0.03, 5.0
    checkpoint = work / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        encoder.load_state_dict(saved["encoder"])
        extractor.load_state_dict(saved["extractor"])
        optimizer.load_state_dict(saved["optimizer"])
        step, price, ssim_price = saved["step"], saved["price"], saved["ssim_price"]
    elif args.networks:
        step = start_from(args.networks, encoder, extractor)
    torch.manual_seed(args.seed + step)
    rng = np.random.default_rng([args.seed, step])
    halved = has_bfloat16()
    print(f"{sum(p.numel() for p in encoder.parameters())} and {sum(p.numel() for p in extractor.parameters())} "
          f"parameters, {len(photos.images)} photos, from step {step}", flush=True)

    def save():
        state = {"encoder": encoder.state_dict(), "extractor": extractor.state_dict(),
                 "optimizer": optimizer.state_dict(), "step": step, "seed": args.seed, "price": price,
                 "ssim_price": ssim_price}
        torch.save(state, str(checkpoint) + ".new")
        pathlib.Path(str(checkpoint) + ".new").rename(checkpoint)

    began, sums, log = time.time(), {}, open(work / "log.jsonl", "a", buffering=1)
    while time.time() - began < args.minutes * 60 and step < args.steps:
        long, equalise, likeness = step >= LONG_SEQUENCES, step >= EQUALISE, step >= LIKENESS
        ends = [0, LONG_SEQUENCES, EQUALISE, LIKENESS, args.steps]
        phase = long + equalise + likeness
        done = min(1.0, (step - ends[phase]) / (ends[phase + 1] - ends[phase]))
        warm = min(1.0, (step - ends[phase] + 1) / 100)
        rate = args.rate * warm * (1.0, 0.3, 0.5, 0.2)[phase] * 0.5 * (1 + np.cos(np.pi * done)) + 2e-5
        for group in optimizer.param_groups:
            group["lr"] = rate
        choice = rng.choice(len(SCALES), p=SHARES)
        scale = SCALES[choice]
        cells = int(round(CROP / scale))
        batch = args.batch // FEWER[choice]
        kind = rng.random() if step > 150 else 1.0  # the first steps without H.264: it learns at once
        frames = int(rng.integers(2, 10 if equalise else 7) if long else rng.integers(1, 4)) if kind < 0.75 else 1
        down, up = area_matrix(CROP, cells), bilinear_matrix(cells, CROP)
        video = photos.crops(rng, batch, scale, frames, 0.25 if long else 0.5)
        chips = torch.randint(0, 2, (batch, 1, cells, cells)).float() * 2 - 1
        pattern = encoder.prepare(chips)

        def mark(picture):
            luma = separable(picture, down, down) / 255
            residual = encoder(luma, pattern)
            exact = (picture + separable(residual, up, up)).clamp(0, 255)
            return straight_through(exact, exact.round()), residual, luma

        marked, residual, luma = mark(video[-1])
        unlike = dissimilarity(video[-1], marked)
        with torch.no_grad():
            bound = F.interpolate(encoder.mask(luma), scale_factor=2.0, mode="bilinear", align_corners=False)
        name, crf = "mild", 0.0
        if kind < 0.75:
            crf = float(rng.uniform(20, 38))
            # Smaller copies less often: their cells have fewer pixels to live on.
            reduce = float(rng.choice([1.0, 1.0, 0.75, 0.5] if scale > 3 else [1.0, 1.0, 1.0, 0.75]))
            with torch.no_grad():
                history = [mark(f)[0] for f in video[:-1]]
                coded, side = h264_attack(history, marked.detach(), crf, reduce)
            if side != CROP:
                shrink = area_matrix(CROP, side)
                marked = separable(marked, shrink, shrink)
            received = straight_through(marked, coded)
            name = "h264" if reduce == 1.0 else "h264small"
            read = area_matrix(side, cells)
        else:
            received, read = mild_attack(marked, rng), down
            received = straight_through(received, received.round())
        cells_read = separable(received, read, read) / 255
        with torch.cpu.amp.autocast(enabled=halved, dtype=torch.bfloat16):
            field = extractor(cells_read).float()

        # The reader pools all cells of a frame, so confident and empty places must be to scale: pooled correlation.
        # The mean over crops keeps the weak ones from being given up.
        pooled = correlation(field, chips, (0, 1, 2, 3))
        single = correlation(field, chips, (1, 2, 3))
        level = torch.sqrt((residual ** 2).mean((1, 2, 3)) + 1e-4)
        weber = (residual / bound) ** 2
        local = F.avg_pool2d(weber, 8)
        power = weber.mean((1, 2, 3))
        if equalise:
            # What a frame needs is a readable z, not the largest one: z = rho x sqrt(cells of a code bit) of a whole frame.
            # What lies above is worth nothing; below, all factors are worth the same. Power has the price that keeps its
            # mean, in dB, where it is asked to be.
            z = (single * CELLS_PER_BIT ** 0.5).clamp(min=0.15)
            missing = F.softplus((np.log(READABLE_Z) - torch.log(z)) / 0.2).mean() * 0.2
            decibels = (20 * torch.log10(level)).mean()
            # The eye's bound holds window by window: strictly where the picture is smooth, with some freedom in texture.
            free = (0.5 + 0.7 * F.avg_pool2d(bound, 8)).clamp(max=2.0)
            cost = price * decibels + 2 * F.relu(local - free).mean()
            if likeness:
                cost = cost + ssim_price * unlike
                ssim_price *= float(np.exp(0.02 * np.clip(float(unlike) / args.dissimilarity - 1, -1, 1)))
            loss = missing - 0.3 * pooled - 0.1 * single.mean() + cost
            price *= float(np.exp(0.02 * np.clip(float(decibels) - args.decibels, -1, 1)))
        else:
            cost = 4 * F.relu(power.mean() - args.power) + 1 * F.relu(power - 1.3 * args.power).mean() \
                + 0.5 * F.relu(local - 2 * args.power).mean()
            loss = -pooled - single.mean() - 0.5 * torch.log(single.clamp(min=0.01)).mean() * 0.1 + cost
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        step += 1

        for key, value in ((name, float(pooled)), (name + "_single", float(single.mean())), ("power", float(power.mean())),
                           ("rms", float((residual ** 2).mean().sqrt())), ("decibels", float((20 * torch.log10(level)).mean())),
                           ("price", price), ("unlike", float(unlike)), ("ssim_price", ssim_price)):
            total, count = sums.get(key, (0.0, 0))
            sums[key] = (total + value, count + 1)
        if step % 50 == 0:
            means = {k: round(t / n, 4) for k, (t, n) in sorted(sums.items())}
            log.write(json.dumps({"step": step, "minutes": round((time.time() - began) / 60, 2), "rate": rate, **means}) + "\n")
            print(step, round(time.time() - began), means, flush=True)
            sums = {}
        if step % 200 == 0:
            save()
    save()


if __name__ == "__main__":
    main()
