"""The training's patches and what YAMNet says of them, kept in a cache folder in chunks.

A chunk has its own seed, so that the corpus does not depend on the number of processes. `make` gives chunks with
YAMNet's answers, by ONNX Runtime. `Growing` gives patches alone, while the training already runs on a GPU that makes
mixtures and answers itself.
"""

import multiprocessing
import os
from pathlib import Path

import numpy as np
import onnxruntime

from frontend import BANDS, FRAMES, HOP, LOG_OFFSET, PATCH_SAMPLES, loudest_patch, patch
from recordings import Recordings
from sounds import scene

CHUNK = 2_048
# Shares of a chunk: excerpts of recordings, and mixtures made of finished patches; the rest are made scenes.
RECORDED, MIXED = 0.3, 0.2
SCENE_SAMPLES = 40_000
PATCHES_A_SCENE = 3


class Teacher:
    """YAMNet through ONNX Runtime, one thread."""

    def __init__(self, path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def __call__(self, patches):
        """Embeddings `[n, 1024]` and scores `[n, 521]` of `[n, 96, 64]`."""
        results = [
            self.session.run(["embeddings", "scores"], {"patches": patches[k : k + 16]})
            for k in range(0, len(patches), 16)
        ]
        return tuple(np.concatenate(parts) for parts in zip(*results))


def patches_of(rng, wave):
    """One patch around the loudest sample, the others from anywhere, the last of them cut off by silence at times."""
    yield loudest_patch(wave)
    for _ in range(PATCHES_A_SCENE - 1):
        start = rng.integers(0, len(wave) - PATCH_SAMPLES)
        length = rng.integers(HOP * 10, PATCH_SAMPLES) if rng.random() < 0.15 else PATCH_SAMPLES
        yield patch(wave[start : start + length])


def mixture(rng, patches):
    """Two finished patches one over the other: rolled in time, shifted by bands, filtered, louder or softer."""
    total = np.zeros((FRAMES, BANDS))
    for one in patches[rng.integers(0, len(patches), 2)]:
        shift = int(rng.integers(-6, 7))
        energy = np.exp(np.float64(one)) - LOG_OFFSET
        energy = np.roll(energy, int(rng.integers(0, FRAMES)), axis=0)
        energy = np.pad(energy, ((0, 0), (6, 6)), mode="edge")[:, 6 + shift : 6 + shift + BANDS]
        filtered = np.interp(np.arange(BANDS), np.linspace(0, BANDS, 6), rng.normal(0, 0.6, 6))
        total += np.maximum(energy, 0.0) * np.exp(filtered + rng.normal(-0.5, 1.0))
    if rng.random() < 0.3:
        total = total[::-1]
    return np.log(total + LOG_OFFSET).astype(np.float32)


def scenes(rng, count, recorded):
    """`count` patches, the first `recorded` of them of recordings."""
    patches = []
    while len(patches) < count:
        maker = state["recordings"].scene if len(patches) < recorded else scene
        wave = maker(rng, SCENE_SAMPLES)
        # One in very many overflows; a single one would spoil a whole training.
        if np.isfinite(wave).all():
            patches.extend(patches_of(rng, wave))
    return np.stack(patches[:count])


def make_chunk(job):
    """Writes chunk `number` unless it is there."""
    number, seed, cache = job
    path = Path(cache) / f"chunk-{number:04}.npz"
    if path.exists():
        return path
    rng = np.random.default_rng([seed, number])
    mixed, recorded = int(CHUNK * MIXED), int(CHUNK * RECORDED)
    patches = scenes(rng, CHUNK - mixed, recorded)
    patches = np.concatenate([patches, [mixture(rng, patches) for _ in range(mixed)]]).astype(np.float32)
    embeddings, scores = state["teacher"](patches)
    half = np.float16
    partial = path.with_suffix(".part.npz")
    np.savez(partial, patches=patches.astype(half), embeddings=embeddings.astype(half), scores=scores.astype(half))
    partial.rename(path)
    return path


def make_patches(job):
    """Writes the patches of chunk `number`, no mixtures among them, unless they are there."""
    number, seed, cache = job
    path = Path(cache) / f"patches-{number:04}.npy"
    if not path.exists():
        rng = np.random.default_rng([seed, number])
        patches = scenes(rng, CHUNK, int(CHUNK * RECORDED / (1.0 - MIXED)))
        partial = path.with_suffix(".part.npy")
        np.save(partial, patches.astype(np.float16))
        partial.rename(path)
    return number, path


state = {}


def start_worker(yamnet, audio):
    state.update(teacher=yamnet and Teacher(yamnet), recordings=Recordings(audio))


def start_background_worker(audio):
    # The process that feeds the GPU comes first.
    os.nice(10)
    start_worker(None, audio)


def pool(workers, *start):
    """Processes of one thread each; spawned, since a library's threads do not survive a fork."""
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ[variable] = "1"
    return multiprocessing.get_context("spawn").Pool(workers, *start)


def make(yamnet, audio, cache, chunks, seed, workers):
    """Makes what is missing of `chunks` chunks; the paths of all."""
    Path(cache).mkdir(parents=True, exist_ok=True)
    jobs = [(number, seed, str(cache)) for number in range(chunks)]
    with pool(workers, start_worker, (yamnet, audio)) as processes:
        paths = []
        for path in processes.imap(make_chunk, jobs):
            paths.append(path)
            if len(paths) % 10 == 0 or len(paths) == chunks:
                print(f"corpus: {len(paths)} of {chunks} chunks", flush=True)
    return paths


def load(path):
    """A chunk: patches `[2048, 96, 64]`, embeddings `[2048, 1024]`, scores `[2048, 521]`, all float16."""
    with np.load(path) as chunk:
        return chunk["patches"], chunk["embeddings"], chunk["scores"]


class Growing:
    """Chunks of patches that other processes make meanwhile."""

    def __init__(self, audio, cache, chunks, seed, workers):
        Path(cache).mkdir(parents=True, exist_ok=True)
        self.left = chunks
        self.processes = pool(workers, start_background_worker, (audio,))
        jobs = ((number, seed, str(cache)) for number in range(chunks))
        self.made = self.processes.imap_unordered(make_patches, jobs)

    def ready(self):
        """Number and patches `[2048, 96, 64]`, float16, of each chunk finished since the last call."""
        while self.left > 0:
            try:
                number, path = self.made.next(timeout=0)
            except multiprocessing.TimeoutError:
                return
            except Exception as error:  # A worker's, of whatever kind, costs a chunk and not the training.
                print(f"corpus: a chunk less, {error!r}", flush=True)
                self.left -= 1
                continue
            self.left -= 1
            yield number, np.load(path)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.processes.terminate()
