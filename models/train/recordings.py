"""The openly licensed recordings: which of them train, which are held out, and how they are varied."""

import csv
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import resample_poly

from sounds import equipment, level, log_uniform, room, scene

RATE = 16_000
# Every second class of ESC-10, by their numbers, is never trained on.
HELD_OUT_CLASSES = ("001", "003", "005", "007", "009")
OPEN_LICENCES = ("CC0", "CC-BY")


def read(path):
    """The recording at 16 kHz, mixed down to mono."""
    wave, rate = soundfile.read(path, dtype="float64", always_2d=True)
    wave = wave.mean(axis=1)
    divisor = np.gcd(rate, RATE)
    return wave if rate == RATE else resample_poly(wave, RATE // divisor, rate // divisor)


def esc10(audio):
    """Rows of ESC-10's table of licences, each with `path` and `source`, the number of the recording it was cut from."""
    with open(Path(audio) / "esc10" / "LICENCES_PARSED.tsv", encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    for row in rows:
        row["path"] = Path(audio) / "esc10" / row["class"] / row["file"]
        row["source"] = row["file"].split("-")[1]
        row["held_out"] = row["class"][:3] in HELD_OUT_CLASSES
    return rows


def training_paths(audio):
    """Of the recordings that are trained on; whoever shares a source with a held-out clip is left out."""
    rows = esc10(audio)
    held_out = {row["source"] for row in rows if row["held_out"]}
    esc = [
        row["path"]
        for row in rows
        if not row["held_out"] and row["source"] not in held_out and row["licence"] in OPEN_LICENCES
    ]
    others = [
        path
        for folder in ("ambience", "bass")
        for path in (Path(audio) / folder).iterdir()
        if path.suffix in (".ogg", ".wav")
    ]
    return sorted(esc) + sorted(others)


class Recordings:
    """The training's recordings in memory, and excerpts of them."""

    def __init__(self, audio):
        self.waves = [read(path) for path in training_paths(audio)]
        # A long recording counts more than a short one, but not by its length.
        weights = np.sqrt([len(wave) for wave in self.waves])
        self.weights = weights / weights.sum()

    def excerpt(self, rng, n):
        """`n` samples from anywhere in a recording, at another speed."""
        wave = self.waves[rng.choice(len(self.waves), p=self.weights)]
        speed = log_uniform(rng, 0.6, 1.6) if rng.random() < 0.7 else 1.0
        needed = int(n * speed) + 2
        start = rng.integers(-n // 3, max(len(wave) - needed // 2, 1))
        if rng.random() < 0.4:
            start = int(np.argmax(np.abs(wave))) - needed // 2
        piece = np.zeros(needed)
        first, last = max(start, 0), min(start + needed, len(wave))
        if last > first:
            piece[first - start : last - start] = wave[first:last]
        return np.interp(np.arange(n) * speed, np.arange(needed), piece)

    def scene(self, rng, n):
        """An excerpt, alone or mixed with another or with a made sound, in a room or not, through equipment or not."""
        wave = self.excerpt(rng, n)
        kind = rng.random()
        if kind < 0.2:
            return wave
        if kind < 0.4:
            wave = level(wave) + log_uniform(rng, 0.03, 1.0) * level(self.excerpt(rng, n))
        elif kind < 0.55:
            wave = level(wave) + log_uniform(rng, 0.03, 1.0) * scene(rng, n)
        if rng.random() < 0.2:
            wave = room(rng, wave)
        return equipment(rng, wave)
