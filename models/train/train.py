"""Makes models/scatter-mini.onnx: corpus, training, export, evaluation. One command; see README.md."""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch

import corpus
import evaluate
import export
from losses import Preparation, loss
from student import Student

SEED = 1
BATCH = 256
PEAK_RATE, LAST_RATE, WEIGHT_DECAY = 4e-3, 1e-5, 0.01
WARM_UP = 0.06
# Rows of the corpus from which the principal components are computed.
PREPARATION_ROWS = 40_000


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--yamnet", type=Path, required=True, help="yamnet.onnx, the teacher")
    parser.add_argument("--audio", type=Path, required=True, help="folder of recordings: esc10, ambience, bass, …")
    parser.add_argument("--synth", type=Path, help="sounds of `cargo xtask synth`, for the evaluation")
    parser.add_argument("--cache", type=Path, default=Path("target/mini"), help="where the corpus is kept (2.3 GB)")
    parser.add_argument("--out", type=Path, default=Path("models/scatter-mini.onnx"))
    parser.add_argument("--chunks", type=int, default=70, help="size of the corpus, in 2,048 patches")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=40, help="most minutes of training, whatever the epochs")
    parser.add_argument(
        "--threads",
        type=int,
        default=2,
        help="processes for the corpus, threads of training; on a machine with other work, 1 is faster",
    )
    return parser.parse_args()


def rate(progress):
    """The learning rate at `progress` 0 to 1: a short rise, then half a cosine."""
    if progress < WARM_UP:
        return PEAK_RATE * (0.02 + 0.98 * progress / WARM_UP)
    falling = 0.5 + 0.5 * math.cos(math.pi * (progress - WARM_UP) / (1.0 - WARM_UP))
    return LAST_RATE + (PEAK_RATE - LAST_RATE) * falling


def batches(random, n, epochs):
    """Rows of each batch, every epoch in another order."""
    for _ in range(epochs):
        order = random.permutation(n)
        yield from np.split(order[: n // BATCH * BATCH], n // BATCH)


def fit(data, epochs, minutes, device):
    """A student trained on `(patches, embeddings, scores)`, for `epochs`, or on a slow machine for `minutes`."""
    patches, embeddings, scores = (torch.from_numpy(part) for part in data)
    random = np.random.default_rng(SEED)
    preparation = Preparation(embeddings[random.permutation(len(patches))[:PREPARATION_ROWS]].float())
    preparation.mean, preparation.projection = preparation.mean.to(device), preparation.projection.to(device)
    student = Student().to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(student.parameters(), PEAK_RATE, weight_decay=WEIGHT_DECAY)
    steps, started, recent = epochs * (len(patches) // BATCH), time.time(), []
    for step, rows in enumerate(batches(random, len(patches), epochs)):
        progress = max(step / steps, (time.time() - started) / (60 * minutes))
        if progress >= 1.0:
            break
        optimizer.param_groups[0]["lr"] = rate(progress)
        batch, wanted, wanted_scores = (part[rows].float().to(device) for part in (patches, embeddings, scores))
        # bfloat16 saves time on processors that know it; weights and losses stay float32.
        with torch.autocast(device.type, torch.bfloat16):
            found, found_scores = student(batch)
        error = loss(preparation, found.float(), found_scores.float(), wanted, wanted_scores)
        optimizer.zero_grad(set_to_none=True)
        error.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 5.0)
        optimizer.step()
        recent.append(error.item())
        if len(recent) == 100:
            print(
                f"step {step + 1} of {steps}, {progress:.0%}: loss {np.mean(recent):.4f}, "
                f"{time.time() - started:.0f} s",
                flush=True,
            )
            recent.clear()
    return student.cpu().eval()


def main():
    options = arguments()
    torch.manual_seed(SEED)
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    started = time.time()
    paths = corpus.make(options.yamnet, options.audio, options.cache, options.chunks, SEED, options.threads)
    made = time.time()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    student = fit(corpus.load(paths), options.epochs, options.minutes, device)
    torch.save(student.state_dict(), options.cache / "student.pt")
    trained = time.time()
    export.write(student, options.out)
    print(f"corpus {made - started:.0f} s, training {trained - made:.0f} s on {device.type}")
    evaluate.report(options.yamnet, options.out, options.audio, options.synth)


if __name__ == "__main__":
    main()
