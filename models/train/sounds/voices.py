"""Voices of people and animals: a buzzing or hissing source through moving resonances."""

import numpy as np
from scipy.signal import lfilter

from .signals import RATE, add, curve, high_pass, level, log_uniform, low_pass, noise, phase, swell

# First three formants of vowels in Hz (Peterson and Barney, 1952, men).
VOWELS = np.array(
    [
        [730, 1090, 2440],
        [270, 2290, 3010],
        [300, 870, 2240],
        [530, 1840, 2480],
        [570, 840, 2410],
        [660, 1720, 2410],
        [490, 1350, 1690],
        [390, 1990, 2550],
        [440, 1020, 2240],
        [640, 1190, 2390],
    ]
)
BLOCK = 160


def glottis(rng, hz, effort):
    """Pulses at the rate `hz`, uneven as in a living throat; `effort` 0 is soft, 1 is shouted."""
    n = len(hz)
    hz = hz * (1 + rng.uniform(0.002, 0.05) * low_pass(rng.standard_normal(n), 80) * 6)
    turn = phase(hz) / (2 * np.pi) % 1.0
    opened = 0.8 - 0.45 * effort
    flow = np.where(turn < opened, np.sin(np.pi * turn / opened) ** 2, 0.0)
    return np.diff(flow, prepend=0.0) * 8 + rng.uniform(0, 0.15) * rng.standard_normal(n) * flow


def tract(source, formants, widths):
    """The source through formants `[blocks, 3 or more]` in Hz, each block of 10 ms filtered by its own."""
    wave = source
    for column, width in zip(formants.T, widths):
        state, out = np.zeros(2), np.empty(len(wave))
        for k in range(0, len(wave), BLOCK):
            hz = min(column[min(k // BLOCK, len(column) - 1)], 7_500.0)
            radius = np.exp(-np.pi * width / RATE)
            a = [1.0, -2.0 * radius * np.cos(2 * np.pi * hz / RATE), radius**2]
            out[k : k + BLOCK], state = lfilter([sum(a)], a, wave[k : k + BLOCK], zi=state)
        wave = out
    return wave


def utterance(rng, n, pitch, size, pace, effort, hiss):
    """`n` samples of syllables: vowels that glide into one another, stops and hisses between them."""
    blocks = n // BLOCK + 1
    syllables = max(int(n / RATE * pace), 1) + 1
    path = VOWELS[rng.integers(0, len(VOWELS), syllables)] * size
    where = np.linspace(0, syllables - 1, blocks)
    formants = np.stack([np.interp(where, np.arange(syllables), path[:, f]) for f in range(3)], axis=1)
    formants = np.concatenate([formants, np.full((blocks, 1), 3_500 * size)], axis=1)
    hz = pitch * curve(rng, n, 0.75, 1.35, syllables + 1)
    loud = np.interp(
        np.linspace(0, syllables, n),
        np.arange(0, syllables + 0.5, 0.5),
        np.ravel(
            np.stack([np.zeros(syllables) + rng.choice([0, 0.2, 0.6]), rng.uniform(0.4, 1, syllables)], 1)
        ).tolist()
        + [0.0],
    )
    source = glottis(rng, hz, effort) * (1 - hiss) + hiss * rng.standard_normal(n) * 0.6
    wave = level(tract(source * loud, formants, rng.uniform(60, 200) * np.array([0.7, 1, 1.6, 2])))
    for k in range(syllables):
        if rng.random() < 0.6:
            m = int(RATE * rng.uniform(0.02, 0.14))
            low = log_uniform(rng, 1_200, 5_000)
            add(wave, int(n * k / syllables), noise(rng, m, 0, low, low * 2) * np.hanning(m), rng.uniform(0.05, 0.7))
    return wave


def speech(rng, n):
    """A talker; sometimes several at once."""
    wave = np.zeros(n)
    for _ in range(rng.choice([1, 1, 1, 2, 5])):
        size = rng.uniform(0.95, 1.5)
        wave += rng.uniform(0.3, 1) * utterance(
            rng,
            n,
            log_uniform(rng, 75, 330) * size**0.5,
            size,
            rng.uniform(2, 6),
            rng.uniform(0, 1),
            rng.choice([0, 0, 0, 0.2, 1.0]),
        )
    if rng.random() < 0.5:
        wave *= curve(rng, n, 0.02, 1, rng.integers(3, 8))
    return wave


def song(rng, n):
    """Singing, humming, howling, crying: one long vowel or a few, with a pitch that glides."""
    size = rng.uniform(0.9, 1.9)
    wave = utterance(
        rng, n, log_uniform(rng, 90, 900), size, rng.uniform(0.5, 2.5), rng.uniform(0.2, 1), rng.choice([0, 0.1])
    )
    return wave * swell(rng, n)


def calls(rng, n):
    """Barks, grunts, squawks, coughs, laughter: short shouts, alone or in a row."""
    wave, at = np.zeros(n), int(rng.uniform(0, n * 0.4))
    size, pitch = log_uniform(rng, 0.6, 2.5), log_uniform(rng, 60, 1_100)
    hiss, seconds = rng.choice([0, 0.1, 0.5, 0.95]), log_uniform(rng, 0.05, 0.7)
    single = rng.random() < 0.35
    while at < n:
        m = int(RATE * seconds * rng.uniform(0.7, 1.3))
        hz = pitch * np.interp(np.linspace(0, 1, m), [0, 0.3, 1], rng.uniform(0.5, 1.3, 3))
        formants = VOWELS[rng.integers(0, len(VOWELS), 2)] * size
        path = np.linspace(formants[0], formants[1], m // BLOCK + 1)
        source = glottis(rng, hz, rng.uniform(0.4, 1)) * (1 - hiss) + hiss * rng.standard_normal(m)
        rough = rng.choice([0, 0, 0.6])
        source = source * (1 + rough * np.sin(phase(np.full(m, rng.uniform(25, 90)))))
        shape = np.minimum(1, np.arange(m) / (rng.uniform(0.01, 0.2) * m)) * np.linspace(1, 0, m) ** rng.uniform(0.3, 2)
        add(
            wave,
            at,
            level(tract(source, path, rng.uniform(80, 300) * np.array([1, 1.3, 2]))) * shape,
            rng.uniform(0.5, 1),
        )
        if single:
            break
        at += int(m + RATE * log_uniform(rng, 0.03, 0.8))
    return high_pass(np.tanh(wave * log_uniform(rng, 0.5, 4)), 60)


MAKERS = [speech, speech, song, calls, calls]
