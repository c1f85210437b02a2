"""The training's patches and what YAMNet says of them, kept in a cache folder in chunks.

A chunk has its own seed, so that the corpus does not depend on the number of processes.
"""

import multiprocessing
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


def make_chunk(job):
    """Writes chunk `number` unless it is there."""
    number, seed, cache = job
    path = Path(cache) / f"chunk-{number:04}.npz"
    if path.exists():
        return path
    rng = np.random.default_rng([seed, number])
    patches = []
    mixed, recorded = int(CHUNK * MIXED), int(CHUNK * RECORDED)
    while len(patches) < CHUNK - mixed:
        maker = state["recordings"].scene if len(patches) < recorded else scene
        patches.extend(patches_of(rng, maker(rng, SCENE_SAMPLES)))
    patches = np.stack(patches[: CHUNK - mixed])
    patches = np.concatenate([patches, [mixture(rng, patches) for _ in range(mixed)]]).astype(np.float32)
    embeddings, scores = state["teacher"](patches)
    half = np.float16
    partial = path.with_suffix(".part.npz")
    np.savez(partial, patches=patches.astype(half), embeddings=embeddings.astype(half), scores=scores.astype(half))
    partial.rename(path)
    return path


state = {}


def start_worker(yamnet, audio):
    state.update(teacher=Teacher(yamnet), recordings=Recordings(audio))


def make(yamnet, audio, cache, chunks, seed, workers):
    """Makes what is missing of `chunks` chunks; the paths of all."""
    Path(cache).mkdir(parents=True, exist_ok=True)
    jobs = [(number, seed, str(cache)) for number in range(chunks)]
    # Spawned, since a library's threads do not survive a fork.
    with multiprocessing.get_context("spawn").Pool(workers, start_worker, (yamnet, audio)) as pool:
        paths = []
        for path in pool.imap(make_chunk, jobs):
            paths.append(path)
            print(f"\rcorpus: {len(paths)} of {chunks} chunks", end="", flush=True)
    print()
    return paths


def load(paths):
    """Everything: patches `[n, 96, 64]`, embeddings `[n, 1024]`, scores `[n, 521]`, all float16."""
    n = len(paths) * CHUNK
    patches = np.empty((n, FRAMES, BANDS), np.float16)
    embeddings, scores = np.empty((n, 1024), np.float16), np.empty((n, 521), np.float16)
    for k, path in enumerate(paths):
        rows = slice(k * CHUNK, (k + 1) * CHUNK)
        with np.load(path) as chunk:
            patches[rows], embeddings[rows], scores[rows] = chunk["patches"], chunk["embeddings"], chunk["scores"]
    return patches, embeddings, scores
