"""Prints the expected values of descriptors.rs, as librosa computes them.

    pip install librosa==0.11.0 && python librosa_descriptors.py

The signals are those of the test, sample for sample: keep both in step.
"""

import librosa
import numpy as np


def noise(count):
    state, samples = 1, np.zeros(count, dtype=np.float32)
    for index in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        samples[index] = (state >> 8) / 2**23 - 1.0
    return samples


def tone(rate, count, hertz):
    return np.sin(2 * np.pi * hertz * np.arange(count) / rate).astype(np.float32)


def glide(rate, count):
    seconds = np.arange(count) / rate
    return (0.3 * np.sin(2 * np.pi * (100 + 2000 * seconds) * seconds)).astype(np.float32)


def half_silent(count):
    samples = noise(count)
    samples[count // 2 :] = 0.0
    return samples


CASES = [
    ("noise", noise(21168), 22050),
    ("tone", tone(44100, 42336, 440.0), 44100),
    ("glide", glide(48000, 46080), 48000),
    ("half silent", half_silent(15360), 16000),
    ("short", noise(700), 8000),
    ("one sample", np.ones(1, dtype=np.float32), 44100),
    ("silence", np.zeros(7680, dtype=np.float32), 8000),
]

for name, samples, rate in CASES:
    values = [
        librosa.feature.spectral_centroid(y=samples, sr=rate).mean(),
        librosa.feature.spectral_rolloff(y=samples, sr=rate).mean(),
        librosa.feature.spectral_bandwidth(y=samples, sr=rate).mean(),
    ]
    print(f"    ({name!r}, {rate}, {len(samples)}):", ", ".join(f"{value:.6f}" for value in values))
