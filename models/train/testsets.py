"""The sounds by which a model is judged, as patches, with labels where there are any."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from frontend import HOP, PATCH_SAMPLES, loudest_patch, patch
from recordings import esc10, read

WINDOW_HOP = 48 * HOP


@dataclass
class TestSet:
    name: str
    patches: np.ndarray
    # Empty where nothing is known of the sounds, or each has a label of its own.
    labels: list


def clips(name, paths, labels):
    return TestSet(name, np.stack([loudest_patch(read(path)) for path in paths]), labels)


def recording(name, path):
    """Every 0.48 s a patch."""
    wave = read(path)
    starts = range(0, len(wave) - PATCH_SAMPLES, WINDOW_HOP)
    return TestSet(name, np.stack([patch(wave[k : k + PATCH_SAMPLES]) for k in starts]), [])


def test_sets(audio, synth):
    """Those that the training never saw, and last all of ESC-10, of which it saw half."""
    audio, rows = Path(audio), esc10(audio)
    held_out = [row for row in rows if row["held_out"]]
    yield clips("ESC-10, 5 held-out classes", [row["path"] for row in held_out], [row["class"] for row in held_out])
    if synth:
        paths = sorted(Path(synth).glob("*/*.wav"))
        yield clips("`cargo xtask synth`, 20 classes", paths, [path.parent.name for path in paths])
    yield clips("spoken numbers", sorted((audio / "spoken-numbers").glob("*.wav")), [])
    yield recording("city_sound.flac", audio / "long" / "city_sound.flac")
    yield recording("outdoor_16min.flac", audio / "long" / "outdoor_16min.flac")
    yield clips("all of ESC-10 (half of it seen)", [row["path"] for row in rows], [row["class"] for row in rows])
