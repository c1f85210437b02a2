"""Makes models/scatter-mini.onnx: corpus, training, export, evaluation. One command; see README.md."""

import argparse
import copy
import math
import os
import time
from pathlib import Path

import torch

import corpus
import evaluate
import export
from recordings import training_paths
from store import UNSEEN, Store
from teacher import DeviceTeacher
from training import Plan, fit

SEED = 1
# Of a training on the processor, and of one on a GPU.
CHUNKS, GPU_CHUNKS = 70, 1_500
BATCH, GPU_BATCH = 256, 2_048
PEAK_RATE, GPU_PEAK_RATE = 4e-3, 6e-3
# Share of a batch that is made and answered on the GPU.
FRESH = 0.5
# Seconds after which the processes that make a growing corpus must have made something.
LONGEST_WAIT = 300


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--yamnet", type=Path, required=True, help="yamnet.onnx, the teacher")
    parser.add_argument("--audio", type=Path, required=True, help="folder of recordings: esc10, ambience, bass, …")
    parser.add_argument("--synth", type=Path, help="sounds of `cargo xtask synth`, for the evaluation")
    parser.add_argument("--cache", type=Path, default=Path("target/mini"), help="where the corpus is kept")
    parser.add_argument("--out", type=Path, default=Path("models/scatter-mini.onnx"))
    parser.add_argument("--weights", type=Path, help="float32 weights, also halfway; without it, in the cache")
    parser.add_argument("--chunks", type=int, help=f"most of 2,048 patches ({CHUNKS}; growing, {GPU_CHUNKS})")
    parser.add_argument("--epochs", type=int, default=10, help="of a corpus that does not grow")
    parser.add_argument("--steps", type=int, default=math.inf, help="most steps")
    parser.add_argument("--batch", type=int, help=f"patches of a step ({BATCH}; on a GPU, {GPU_BATCH})")
    parser.add_argument("--minutes", type=float, default=40, help="most minutes of training, whatever the epochs")
    parser.add_argument("--head-start", type=float, default=1, help="minutes that a growing corpus is ahead")
    parser.add_argument("--threads", type=int, help="processes for the corpus, threads of training (2; on a GPU, all)")
    parser.add_argument("--grow", action="store_true", help="work as on a GPU, without one: slow, for tests")
    parser.add_argument("--no-evaluation", action="store_true", help="where only the training's recordings are")
    options = parser.parse_args()
    if options.chunks is not None and options.chunks <= len(UNSEEN):
        parser.error(f"--chunks must be more than {len(UNSEEN)}: so many are held out")
    return options


def save(student, options):
    """Float32 weights, and the ONNX file."""
    student = copy.deepcopy(student).cpu().eval()
    weights = options.weights or options.cache / "student.pt"
    # Whole or not at all.
    partial = weights.with_name(weights.name + ".part")
    torch.save(student.state_dict(), partial)
    partial.replace(weights)
    export.write(student, options.out)


def train_once_made(options, device):
    """The corpus first, then the training; for processors."""
    threads = options.threads or 2
    torch.set_num_threads(threads)
    chunks, batch = options.chunks or CHUNKS, options.batch or BATCH
    paths = corpus.make(options.yamnet, options.audio, options.cache, chunks, SEED, threads)
    store = Store(device, chunks - len(UNSEEN), SEED)
    for number, path in enumerate(paths):
        store.add(number, *corpus.load(path))
    steps = min(options.epochs * store.count // batch, options.steps)
    plan = Plan(batch, 0, PEAK_RATE, steps, 60 * options.minutes)
    keep = lambda student: save(student, options)
    keep(fit(store, plan, lambda: None, keep))


def train_while_growing(options, device):
    """Other processes add patches all the time, the device makes mixtures of them and asks YAMNet itself."""
    started = time.time()
    torch.set_num_threads(1)
    threads = options.threads or max((os.cpu_count() or 2) - 1, 1)
    chunks, batch = options.chunks or GPU_CHUNKS, options.batch or GPU_BATCH
    with corpus.Growing(options.audio, options.cache, chunks, SEED, threads) as growing:
        teacher = DeviceTeacher(options.yamnet, device)
        teacher.check(corpus.Teacher(options.yamnet))
        store = Store(device, chunks - len(UNSEEN), SEED, teacher)

        def grow():
            for number, patches in growing.ready():
                store.add(number, patches)

        waited, enough = 0.0, False
        while growing.left and not (enough and waited > 60 * options.head_start):
            time.sleep(0.1)
            grow()
            waited, enough = time.time() - started, len(store.unseen) == len(UNSEEN) and store.count > 0
            if not enough and waited > LONGEST_WAIT:
                break
        if not enough:
            raise SystemExit(f"no corpus after {waited:.0f} s: look for a worker's error above")
        print(f"corpus: {store.count} patches in {waited:.0f} s by {threads} processes", flush=True)
        plan = Plan(batch, int(FRESH * batch), GPU_PEAK_RATE, options.steps, max(60 * options.minutes - waited, 1.0))
        keep = lambda student: save(student, options)
        keep(fit(store, plan, grow, keep))
        print(f"corpus: {store.count} patches in the end", flush=True)


def main():
    options = arguments()
    torch.manual_seed(SEED)
    torch.set_flush_denormal(True)
    torch.backends.cudnn.benchmark = True
    if not training_paths(options.audio):
        raise SystemExit(f"{options.audio}: no recordings")
    started = time.time()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    growing = options.grow or device.type == "cuda"
    (train_while_growing if growing else train_once_made)(options, device)
    print(f"corpus and training {time.time() - started:.0f} s on {device.type}", flush=True)
    if not options.no_evaluation:
        evaluate.report(options.yamnet, options.out, options.audio, options.synth)


if __name__ == "__main__":
    main()
