"""How near the student comes to YAMNet, beside plain statistics of the log-mel energies: Markdown tables."""

import argparse
import time
from collections import Counter
from pathlib import Path

import numpy as np
import onnxruntime

from testsets import test_sets

NEIGHBOURS = 15
# In a smaller set 15 neighbours say nothing.
FEWEST_POINTS = 100
# A class below this score names nothing (crates/scatter-prep, `--labels audioset`).
LOWEST_SCORE = 0.15
SPEED_BATCH, SPEED_ROUNDS = 16, 40


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run(model, patches):
    parts = [model.run(["embeddings", "scores"], {"patches": patches[k : k + 16]}) for k in range(0, len(patches), 16)]
    return tuple(np.concatenate(part) for part in zip(*parts))


def statistics(patches):
    """The baseline: mean and standard deviation over time of each band, each brought to unit variance."""
    found = np.concatenate([patches.mean(axis=1), patches.std(axis=1)], axis=1).astype(np.float64)
    return (found - found.mean(0)) / (found.std(0) + 1e-9)


def unit(vectors):
    return vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-12)


def prepared(vectors):
    """As crates/scatter-map prepares embeddings: cube root (if none is negative), PCA to 100, whitening in part."""
    vectors = np.cbrt(vectors) if vectors.min() >= 0 else vectors
    centred = vectors.astype(np.float64) - vectors.mean(axis=0)
    _, spread, axes = np.linalg.svd(centred, full_matrices=False)
    spread, axes = spread[:100], axes[:100]
    variance = np.maximum(spread**2 / (len(vectors) - 1), 1e-9)
    return unit(centred @ axes.T * variance**-0.375)


def neighbours(vectors):
    """The nearest 15 of each by cosine, itself left out, nearest first."""
    similarity = unit(vectors) @ unit(vectors).T
    np.fill_diagonal(similarity, -np.inf)
    return np.argsort(-similarity, axis=1, kind="stable")[:, :NEIGHBOURS]


def vote(nearest, labels):
    """Share of points whose label most of their neighbours have; of several such labels the nearest's counts."""
    hits = [Counter(labels[k] for k in row).most_common(1)[0][0] == labels[point] for point, row in enumerate(nearest)]
    return float(np.mean(hits))


def shared(one, other):
    """Mean share of neighbours that two lists have in common."""
    return float(np.mean([len(np.intersect1d(a, b)) / NEIGHBOURS for a, b in zip(one, other)]))


def agreement(wanted, found):
    """Of the patches that YAMNet names: share with the same best class, and with YAMNet's best among the best five."""
    named = wanted.max(axis=1) >= LOWEST_SCORE
    best, five = wanted[named].argmax(axis=1), np.argsort(-found[named], axis=1)[:, :5]
    return named.sum(), float(np.mean(five[:, 0] == best)), float(np.mean((five == best[:, None]).any(axis=1)))


def judge(teacher, student, test):
    """One set's rows of the three tables."""
    (wanted, wanted_scores), (found, found_scores) = run(teacher, test.patches), run(student, test.patches)
    cosine = np.sum(unit(wanted) * unit(found), axis=1)
    vectors = {"YAMNet": wanted, "mini": found, "baseline": statistics(test.patches)}
    raw = {name: neighbours(value) for name, value in vectors.items()}
    fine = {name: neighbours(prepared(value)) for name, value in vectors.items()}
    kept = [f"{shared(fine['YAMNet'], fine[name]):.3f}" for name in ("mini", "baseline")]
    kept = kept if len(wanted) >= FEWEST_POINTS else ["–", "–"]
    near = " | ".join([test.name, str(len(wanted)), f"{cosine.mean():.3f}", f"{np.percentile(cosine, 10):.3f}", *kept])
    near = f"| {near} |"
    votes = ""
    if test.labels:
        rows = [[vote(kind[name], test.labels) for name in vectors] for kind in (raw, fine)]
        share = [row[1] / row[0] for row in rows]
        figures = " | ".join(f"{a:.3f} | {b:.3f} | {c:.3f} | {s:.0%}" for (a, b, c), s in zip(rows, share))
        votes = f"| {test.name} | {figures} |"
    count, first, five = agreement(wanted_scores, found_scores)
    return near, votes, f"| {test.name} | {count} | {first:.3f} | {five:.3f} |"


def speed(teacher, student):
    """Patches a second of both, one thread, 16 at once, in turns; medians."""
    patches = np.random.default_rng(1).uniform(-7, 2, (SPEED_BATCH, 96, 64)).astype(np.float32)
    times = {teacher: [], student: []}
    for _ in range(SPEED_ROUNDS):
        for model, found in times.items():
            started = time.perf_counter()
            model.run(None, {"patches": patches})
            found.append(time.perf_counter() - started)
    one, other = (SPEED_BATCH / np.median(found) for found in times.values())
    return f"YAMNet {one:.0f} patches/s, mini {other:.0f}: {other / one:.1f} times as many (one thread, batch 16)"


def table(head, rows):
    print(f"\n| {head} |", "|---" * (head.count(" | ") + 1) + "|", *rows, sep="\n")


def report(yamnet, mini, audio, synth):
    teacher, student = session(yamnet), session(mini)
    near, votes, names = zip(*(judge(teacher, student, test) for test in test_sets(audio, synth)))
    table("sounds | patches | cosine to YAMNet, mean | 10th percentile | its neighbours kept | by the baseline", near)
    kinds = " | ".join(f"{kind}: YAMNet | mini | baseline | mini/YAMNet" for kind in ("raw", "prepared"))
    table(f"15-NN label vote | {kinds}", filter(None, votes))
    table("AudioSet classes | patches that YAMNet names | same best class | YAMNet's best among the five best", names)
    print(f"\n{speed(teacher, student)}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--yamnet", type=Path, required=True)
    parser.add_argument("--mini", type=Path, default=Path("models/scatter-mini.onnx"))
    parser.add_argument("--audio", type=Path, required=True)
    parser.add_argument("--synth", type=Path, help="sounds of `cargo xtask synth`")
    options = parser.parse_args()
    report(options.yamnet, options.mini, options.audio, options.synth)
