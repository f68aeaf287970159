"""Trains encoder and extractor together. Goes on from WORK/checkpoint.pt; logs to WORK/log.jsonl.

The objective is the least visible mark that is readable after a real codec: the correlation rho of the extractor's field with
the chips, in logarithm, against a price on how visible the change is (visibility.py). No message and no code takes part.
"""
import argparse
import json
import pathlib
import time

import numpy as np
import torch
from torch.nn import functional as F

from codec import round_trip
from data import CROP, SCALES, Photos, area_matrix, bilinear_matrix, separable
from networks import Encoder, Extractor
from visibility import Scene, norm

SHARES = (0.08, 0.1, 0.2, 0.32, 0.3)  # of the steps, for each of SCALES
FEWER = (8, 4, 2, 1, 1)  # a crop at 360p has nine times the cells of one at 1080p: fewer of them a step
HALF = CROP // 2
LUMA_ALONE = 4.0  # what stegencode multiplies luma's residual by in formats without chroma


def straight_through(x, attacked):
    """The value of `attacked`, the gradient of `x`."""
    return x + (attacked - x).detach()


def tile(x):
    """[n,c,s,s] -> [c,s*n/columns,s*columns], with four columns or fewer"""
    n, c, s, _ = x.shape
    columns = min(4, n)
    return x.reshape(n // columns, columns, c, s, s).permute(2, 0, 3, 1, 4).reshape(c, n // columns * s, s * columns)


def untile(x, side):
    c, rows, columns = x.shape[0], x.shape[1] // side, x.shape[2] // side
    return x.reshape(c, rows, side, columns, side).permute(1, 3, 0, 2, 4).reshape(rows * columns, c, side, side)


def dct_matrix():
    k, i = np.mgrid[0:8, 0:8]
    m = np.sqrt(2 / 8) * np.cos(np.pi * k * (2 * i + 1) / 16)
    m[0] /= np.sqrt(2)
    return torch.from_numpy(m.astype(np.float32))


DCT = dct_matrix()


def blocks(x):
    n, c, h, w = x.shape
    x = x[:, :, :h // 8 * 8, :w // 8 * 8].reshape(n, c, h // 8, 8, w // 8, 8).permute(0, 1, 2, 4, 3, 5)
    return DCT @ x @ DCT.T


class Passing:
    """What share of each DCT coefficient of a small change a codec passes, as averages over the steps so far: the gradient
    goes through the codec as through this filter. Straight through it would say that all frequencies are alike."""

    def __init__(self):
        self.sums = {}

    def update(self, key, change, coded_change):
        a, b = blocks(change), blocks(coded_change)
        top, bottom = (a * b).mean((0, 1, 2, 3)), (a * a).mean((0, 1, 2, 3))
        if key in self.sums:
            old = self.sums[key]
            top, bottom = old[0] * 0.98 + top * 0.02, old[1] * 0.98 + bottom * 0.02
        self.sums[key] = (top, bottom)

    def filter(self, key, x):
        top, bottom = self.sums[key]
        least = 0.02 * bottom.mean() + 1e-4  # where nothing was changed, nothing is known: all passes
        gain = ((top + least) / (bottom + least)).clamp(0.03, 1.1)
        n, c, h, w = x.shape
        hh, ww = h // 8 * 8, w // 8 * 8
        inner = (DCT.T @ (blocks(x) * gain) @ DCT).permute(0, 1, 2, 4, 3, 5).reshape(n, c, hh, ww)
        return F.pad(inner, [0, w - ww, 0, h - hh])


def bits_added(picture, change, quantiser=6.0):
    """Bits a DCT coefficient that a change adds, about: once to the picture itself, once to a prediction that is exact."""
    cells = blocks(picture - 128)
    both = torch.log2(1 + ((cells + blocks(change)) / quantiser) ** 2) - torch.log2(1 + (cells / quantiser) ** 2)
    return 0.25 * (both + torch.log2(1 + (blocks(change) / quantiser) ** 2)).mean()


def correlation(field, chips, dims):
    return (field * chips).sum(dims) / torch.sqrt((field * field).sum(dims) * (chips * chips).sum(dims) + 1e-6)


def has_bfloat16():
    """Whether the processor multiplies bfloat16 by itself: the extractor then takes half the time. Not with channels last,
    where oneDNN 2.6 returns NaN as the gradient of a dilated convolution."""
    cpuinfo = pathlib.Path("/proc/cpuinfo")
    return cpuinfo.exists() and "avx512_bf16" in cpuinfo.read_text()


class Marker:
    def __init__(self, encoder, scale, cells):
        self.encoder = encoder
        self.down, self.up = area_matrix(CROP, cells), bilinear_matrix(cells, CROP)
        self.down_half, self.up_half = area_matrix(HALF, cells), bilinear_matrix(cells, HALF)

    def __call__(self, luma, chroma, pattern, alone=False):
        small = separable(luma, self.down, self.down) / 255
        colour = separable(chroma, self.down_half, self.down_half) / 255
        r_luma, r_chroma = self.encoder(self.encoder.look(small, colour), pattern)
        if alone:
            r_luma, r_chroma = r_luma * LUMA_ALONE, r_chroma * 0.0
        out_luma = (luma + separable(r_luma, self.up, self.up)).clamp(0, 255)
        out_chroma = (chroma + separable(r_chroma, self.up_half, self.up_half)).clamp(0, 255)
        return straight_through(out_luma, out_luma.round()), straight_through(out_chroma, out_chroma.round())


def colour_attack(chroma, rng):
    """Colours pushed: saturation and hue, around neutral."""
    angle, gain = float(rng.normal(0, 0.2)), float(rng.uniform(0.5, 1.6))
    c, s = np.cos(angle) * gain, np.sin(angle) * gain
    turn = torch.tensor([[c, -s], [s, c]], dtype=torch.float32)
    return (128 + torch.einsum("ij,njhw->nihw", turn, chroma - 128)).clamp(0, 255)


def mild_attack(luma, chroma, rng):
    luma = 128 + (luma - 128) * float(rng.uniform(0.75, 1.2)) + float(rng.uniform(-15, 15))
    if rng.random() < 0.6:
        luma = luma + float(rng.uniform(0.5, 5.0)) * torch.randn_like(luma)
        chroma = chroma + float(rng.uniform(0.5, 3.0)) * torch.randn_like(chroma)
    if rng.random() < 0.4:
        sigma = float(rng.uniform(0.4, 1.5))
        for_luma, for_chroma = blur_of(CROP, sigma), blur_of(HALF, max(0.3, sigma / 2))
        luma, chroma = separable(luma, for_luma, for_luma), separable(chroma, for_chroma, for_chroma)
    return luma.clamp(0, 255), chroma.clamp(0, 255)


def blur_of(size, sigma):
    at = torch.arange(size, dtype=torch.float32)
    m = torch.exp(-(at[:, None] - at[None]) ** 2 / (2 * sigma * sigma))
    return m / m.sum(1, keepdim=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder of training photos (*.jpg)")
    parser.add_argument("--work", default="work", help="folder for checkpoint and log")
    parser.add_argument("--minutes", type=float, default=600, help="it stops after so many; run again it goes on")
    parser.add_argument("--batch", type=int, default=8, help="crops a step, a multiple of 8")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--steps", type=int, default=9000, help="the learning rate falls to nothing here")
    parser.add_argument("--visibility", type=float, default=0.18, help="mean of the crops' 3-norm above which the price rises, at the end")
    parser.add_argument("--strong", type=float, default=1.4, help="the same at the start")
    parser.add_argument("--bit-price", type=float, default=8.0, help="of a bit that a DCT coefficient takes more, at the end")
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    work = pathlib.Path(args.work)
    work.mkdir(parents=True, exist_ok=True)
    photos = Photos(args.data)
    encoder, extractor = Encoder(), Extractor()
    trained = [p for m in (encoder, extractor) for p in m.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=args.rate, weight_decay=1e-4, betas=(0.9, 0.98))
    step, price, passing, sizes = 0, 0.5, Passing(), [0.0, 1.0]
    checkpoint = work / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        encoder.load_state_dict(saved["encoder"])
        extractor.load_state_dict(saved["extractor"])
        if "optimizer" in saved:  # not in the one that is kept beside this file
            optimizer.load_state_dict(saved["optimizer"])
        step, price, passing.sums = saved["step"], saved["price"], saved["passing"]
    torch.manual_seed(args.seed + step)
    rng = np.random.default_rng([args.seed, step])
    halved = has_bfloat16()
    print(f"{sum(p.numel() for p in encoder.parameters())} and {sum(p.numel() for p in extractor.parameters())} "
          f"parameters, {len(photos.images)} photos, from step {step}", flush=True)

    def save():
        state = {"encoder": encoder.state_dict(), "extractor": extractor.state_dict(), "optimizer": optimizer.state_dict(),
                 "step": step, "seed": args.seed, "price": price, "passing": passing.sums}
        torch.save(state, str(checkpoint) + ".new")
        pathlib.Path(str(checkpoint) + ".new").rename(checkpoint)

    began, sums, log = time.time(), {}, open(work / "log.jsonl", "a", buffering=1)
    while time.time() - began < args.minutes * 60 and step < args.steps:
        done = step / args.steps
        rate = args.rate * min(1.0, (step + 1) / 100) * 0.5 * (1 + np.cos(np.pi * done)) + 2e-5
        for group in optimizer.param_groups:
            group["lr"] = rate
        # Strong first, then fading: a reader that has learnt nothing teaches the encoder nothing.
        target = args.visibility + (args.strong - args.visibility) * max(0.0, 1 - done / 0.25)
        choice = rng.choice(len(SCALES), p=SHARES)
        scale = SCALES[choice]
        cells = int(round(CROP / scale))
        batch = args.batch // FEWER[choice]
        kind = rng.random() if step > 150 else 1.0
        coded = kind < 0.82
        frames = int(rng.integers(1, 4 if step < args.steps // 4 else 9)) if coded else 1
        luma, chroma = photos.crops(rng, batch, frames, 0.35)
        alone = rng.random() < 0.2
        if alone:
            chroma = torch.full_like(chroma, 128.0)
        chips = torch.randint(0, 2, (batch, 1, cells, cells)).float() * 2 - 1
        pattern = encoder.prepare(chips, torch.tensor([scale]))
        mark = Marker(encoder, scale, cells)
        m_luma, m_chroma = mark(luma[-1], chroma[-1], pattern, alone)
        change_luma, change_chroma = m_luma - luma[-1], m_chroma - chroma[-1]

        # The eye. Half of the pixels are enough where cells are large.
        if scale > 3:
            ycc = torch.cat([F.avg_pool2d(luma[-1], 2), chroma[-1]], 1)
            change = torch.cat([F.avg_pool2d(change_luma, 2), change_chroma], 1)
            once, twice = Scene(ycc, 2).distance(change)
        else:
            grow = torch.nn.Upsample(scale_factor=2.0, mode="bilinear", align_corners=False)
            once, twice = Scene(torch.cat([luma[-1], grow(chroma[-1])], 1)[:2]).distance(
                torch.cat([change_luma, grow(change_chroma)], 1)[:2])
        once3, twice3 = norm(once, 3), norm(twice, 3)
        seen = 0.6 * once3 + 0.4 * 0.7 * twice3
        worst = norm(once, 12)

        side, side_half, name, crf = CROP, HALF, "mild", 0.0
        if coded:
            crf = float(rng.uniform(19, 40))
            reduce = float(rng.choice([1.0, 1.0, 1.0, 0.75, 0.5] if scale > 3 else [1.0, 1.0, 1.0, 0.75]))
            side = int(round(CROP * reduce / 16)) * 16 if reduce < 1 else CROP
            side_half = side // 2
            to, to_half = area_matrix(CROP, side), area_matrix(HALF, side_half)
            resize = (lambda x: separable(x, to, to)) if reduce < 1 else (lambda x: x)
            resize_half = (lambda x: separable(x, to_half, to_half)) if reduce < 1 else (lambda x: x)
            with torch.no_grad():
                history = [mark(a, b, pattern, alone) for a, b in zip(luma[:-1], chroma[:-1])] + [(m_luma.detach(), m_chroma.detach())]
                sequence = [(tile(resize(a)).round().clamp(0, 255).byte().numpy()[0], tile(resize_half(b)).round().clamp(0, 255).byte().numpy())
                            for a, b in history]
                codec = "libx265" if rng.random() < 0.06 else "libx264"
                out_luma, out_chroma, size = round_trip(np.stack([a for a, _ in sequence]), np.stack([b for _, b in sequence]), crf, codec)
                if step % 4 == 0 and 21 <= crf <= 30 and reduce == 1.0 and codec == "libx264":
                    plain = round_trip(np.stack([tile(a).byte().numpy()[0] for a in luma]), np.stack([tile(b).byte().numpy() for b in chroma]), crf)[2]
                    sizes = [0.97 * sizes[0] + size, 0.97 * sizes[1] + plain]
                got_luma = untile(torch.from_numpy(out_luma[-1:]).float(), side)
                got_chroma = untile(torch.from_numpy(out_chroma[-1]).float(), side_half)
                bucket = (int((crf - 19) / 4.2), frames > 1)
                small = (resize(change_luma.detach()), resize_half(change_chroma.detach()))
                passing.update(("luma", *bucket), small[0], got_luma - resize(luma[-1]))
                passing.update(("chroma", *bucket), small[1], got_chroma - resize_half(chroma[-1]))
            flow_luma = passing.filter(("luma", *bucket), resize(change_luma))
            flow_chroma = passing.filter(("chroma", *bucket), resize_half(change_chroma))
            received, received_chroma = straight_through(flow_luma, got_luma), straight_through(flow_chroma, got_chroma)
            name = "h264" if reduce == 1.0 else "h264small"
        else:
            received, received_chroma = mild_attack(m_luma, m_chroma, rng)
            received = straight_through(received, received.round())
            received_chroma = straight_through(received_chroma, received_chroma.round())
        turn = rng.random()
        if alone or turn < 0.12:
            received_chroma, name = torch.full_like(received_chroma, 128.0), "alone" if alone else "grey"
        elif turn < 0.5:
            received_chroma = colour_attack(received_chroma, rng)
        read, read_half = area_matrix(side, cells), area_matrix(side_half, cells)
        with torch.cpu.amp.autocast(enabled=halved, dtype=torch.bfloat16):
            field = extractor(separable(received, read, read) / 255, separable(received_chroma, read_half, read_half) / 255).float()

        # The reader pools all cells of a frame, so confident and empty places must be to scale: pooled correlation.
        # The mean over crops keeps the weak ones from being given up.
        pooled = correlation(field, chips, (0, 1, 2, 3))
        single = correlation(field, chips, (1, 2, 3))
        # What a frame needs is to be readable, not more: from a rho of `enough` on, more is worth less and less, below it every
        # factor is worth the same, down to what the copies of x264 at CRF 40 leave.
        enough = 0.06
        def worth(rho, noise):
            rho = torch.sqrt(F.relu(rho) ** 2 + noise ** 2)
            return torch.log(rho / (1 + rho / enough))
        readable = 0.3 * worth(pooled, 0.003) + 0.7 * worth(single, 0.01).mean()
        bits = bits_added(luma[-1], change_luma) + bits_added(chroma[-1], change_chroma)
        if alone:
            seen, worst, bits = seen * 0.35, worst * 0.35, bits * 0.3
        # Squared, so that no kind of picture pays for another; the worst place of each counts by itself.
        cost = price * (seen ** 2).mean() / target + 0.5 * F.relu(worst - 2.0 * target).mean()
        loss = -readable + cost + args.bit_price * min(1.0, done / 0.25) ** 2 * bits
        if not alone:
            price = max(0.2, price * float(np.exp(0.02 * np.clip(float(seen.mean()) / target - 1, -1, 1))))
        optimizer.zero_grad()
        loss.backward()
        if not torch.isfinite(torch.nn.utils.clip_grad_norm_(trained, 1.0)):
            raise SystemExit(f"The gradient of step {step} is not finite; the last checkpoint is good.")
        optimizer.step()
        step += 1

        group = name if crf == 0 or name == "grey" else f"{name}{int(crf // 5) * 5}"
        for key, value in ((group, float(pooled)), (group + "_single", float(single.mean())), ("seen_alone" if alone else "seen", float(seen.mean())),
                           ("once", float(once3.mean())), ("twice", float(twice3.mean())), ("worst", float(worst.mean())),
                           ("price", price), ("rate", sizes[0] / sizes[1] - 1), ("bits", float(bits)), ("rms_luma", float(change_luma.pow(2).mean().sqrt())),
                           ("rms_cb", float(change_chroma[:, 0].pow(2).mean().sqrt())), ("rms_cr", float(change_chroma[:, 1].pow(2).mean().sqrt()))):
            total, count = sums.get(key, (0.0, 0))
            sums[key] = (total + value, count + 1)
        if step % 50 == 0:
            means = {k: round(t / n, 4) for k, (t, n) in sorted(sums.items())}
            log.write(json.dumps({"step": step, "minutes": round((time.time() - began) / 60, 2), "learning_rate": rate, **means}) + "\n")
            print(step, round(time.time() - began), means, flush=True)
            sums = {}
        if step % 200 == 0:
            save()
    save()


if __name__ == "__main__":
    main()
