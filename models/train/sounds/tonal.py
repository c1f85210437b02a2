"""Sounds with a pitch: tones, strings, bells, chirps, alarms, chords."""

import numpy as np
from scipy.signal import lfilter

from .signals import RATE, add, curve, decay, harmonics, level, log_uniform, low_pass, noise, phase, rhythm, swell


def vibrato(rng, n):
    depth = rng.choice([0.0, 0.003, 0.01, 0.03, 0.1])
    return 1.0 + depth * np.sin(phase(np.full(n, rng.uniform(3, 9))) + rng.uniform(0, 6))


def spectrum(rng, count=40):
    """Amplitudes of partials: a slope, odd ones only or all, here and there one stressed."""
    numbers = np.arange(1, count + 1)
    amplitudes = numbers ** -rng.uniform(0.2, 2.5) * np.exp(rng.normal(0, rng.uniform(0, 0.8), count))
    if rng.random() < 0.25:
        amplitudes[1::2] *= rng.uniform(0, 0.1)
    return amplitudes


def tone(rng, n):
    hz = log_uniform(rng, 40, 7_000) * (vibrato(rng, n) if rng.random() < 0.5 else np.ones(n))
    angle = phase(hz)
    shape = rng.integers(4)
    wave = np.sin(angle)
    if shape == 1:
        wave = np.tanh(rng.uniform(2, 20) * wave)
    elif shape == 2:
        wave = 2.0 * (angle / (2 * np.pi) % 1.0) - 1.0
    elif shape == 3:
        wave = wave + rng.uniform(0.2, 1) * np.sin(angle * rng.choice([1.01, 1.26, 1.335, 1.5, 2.0]))
    if rng.random() < 0.4:
        wave = wave * (1 + np.sign(np.sin(phase(np.full(n, log_uniform(rng, 0.8, 40)))))) / 2
    return wave * (swell(rng, n) if rng.random() < 0.6 else 1.0)


def sustained(rng, n):
    """Winds, bows, organs: notes with vibrato, breath and an onset of noise."""
    wave, at = np.zeros(n), 0
    amplitudes, base = spectrum(rng), log_uniform(rng, 60, 1_500)
    breath = rng.choice([0.0, 0.02, 0.1])
    while at < n:
        m = int(RATE * log_uniform(rng, 0.12, 2.5))
        hz = base * 2 ** (rng.choice([0, 2, 4, 5, 7, 9, 12]) / 12) * vibrato(rng, m)
        note = harmonics(hz, amplitudes) + breath * np.abs(amplitudes).sum() * noise(rng, m, 3)
        add(wave, at, note * swell(rng, m))
        at += int(m * rng.uniform(0.8, 1.2))
    return wave


def fm(rng, n):
    carrier = (
        curve(rng, n, 80, 3_000, rng.integers(1, 5)) if rng.random() < 0.5 else np.full(n, log_uniform(rng, 60, 3_000))
    )
    ratio = rng.choice([0.5, 1, 1.41, 2, 2.76, 3, 3.5, 7.1])
    index = log_uniform(rng, 0.3, 12) * decay(n, log_uniform(rng, 0.1, 4))
    return np.sin(phase(carrier) + index * np.sin(ratio * phase(carrier))) * decay(n, log_uniform(rng, 0.15, 5))


def string(rng, hz, seconds):
    """A plucked string (Karplus and Strong, 1983)."""
    n, period = int(RATE * seconds), max(int(RATE / hz), 3)
    burst = np.zeros(n)
    burst[:period] = low_pass(rng.uniform(-1, 1, period), log_uniform(rng, 800, 8_000))
    loss = rng.uniform(0.96, 0.9995)
    feedback = np.zeros(period + 2)
    feedback[0], feedback[period], feedback[period + 1] = 1.0, -loss * rng.uniform(0.5, 0.9), 0.0
    feedback[period + 1] = -(loss + feedback[period])
    return lfilter([1.0], feedback, burst)


def plucked(rng, n):
    wave, base = np.zeros(n), log_uniform(rng, 60, 900)
    for at in rhythm(rng, n, 0.5, 8):
        for _ in range(rng.choice([1, 1, 2, 4])):
            add(wave, at, string(rng, base * 2 ** (rng.integers(0, 13) / 12), 1.2), rng.uniform(0.3, 1))
    return wave


def struck(rng, n):
    """Bells, bars, glass, wood: modes that die away, struck once or more often."""
    count = rng.integers(2, 14)
    family = rng.integers(4)
    ratios = [
        np.array([1, 2.76, 5.4, 8.93, 13.3]),
        np.array([0.5, 1, 1.19, 1.56, 2, 2.51, 2.66, 3.01, 4.1]),
        np.sort(rng.uniform(1, 12, count)),
        np.arange(1, count + 1) * rng.uniform(0.98, 1.03, count),
    ][family]
    hz = log_uniform(rng, 80, 3_500) * ratios
    hz = hz[hz < 7_800]
    longest, damping = log_uniform(rng, 0.03, 4), rng.uniform(0, 1.5)
    t = np.arange(min(n, int(RATE * longest * 1.2) + 200)) / RATE
    gains = np.exp(rng.normal(0, 0.8, len(hz)))
    times = longest * (hz / hz[0]) ** -damping if len(hz) else []
    ring = sum(g * np.exp(-6.9 * t / s) * np.sin(2 * np.pi * f * t) for g, f, s in zip(gains, hz, times))
    ring = ring + rng.choice([0, 0.3, 2]) * noise(rng, len(t)) * np.exp(-t / 0.004)
    wave = np.zeros(n)
    onsets = [int(rng.uniform(0, n * 0.6))] if rng.random() < 0.4 else rhythm(rng, n, 0.8, 14)
    for at in onsets:
        add(wave, at, ring, rng.uniform(0.3, 1))
    return wave


def chirps(rng, n):
    """Birds and other small whistlers: phrases of short glides."""
    wave, base = np.zeros(n), log_uniform(rng, 700, 6_000)
    shapes = [
        (rng.uniform(0.6, 1.6), rng.uniform(0.6, 1.6), log_uniform(rng, 0.02, 0.4)) for _ in range(rng.integers(1, 4))
    ]
    amplitudes = [1.0, *(rng.uniform(0, 0.4, 3) if rng.random() < 0.5 else [])]
    trill = rng.choice([0, 0, 0.05, 0.2])
    for k, at in enumerate(rhythm(rng, n, 0.8, 14)):
        first, last, seconds = shapes[k % len(shapes)]
        m = int(RATE * seconds)
        hz = base * np.linspace(first, last, m) * (1 + trill * np.sin(phase(np.full(m, rng.uniform(15, 60)))))
        add(wave, at, harmonics(np.clip(hz, 200, 7_500), amplitudes) * np.hanning(m), rng.uniform(0.3, 1))
    return wave


def alarm(rng, n):
    """Sirens, beepers, telephones, horns."""
    low, high = np.sort([log_uniform(rng, 250, 3_500), log_uniform(rng, 250, 3_500)])
    pace = phase(np.full(n, log_uniform(rng, 0.3, 14)))
    sweep = [np.sin(pace), np.sign(np.sin(pace)), 2 * (pace / 6.283 % 1) - 1, np.zeros(n)][rng.integers(4)]
    hz = low + (high - low) * (sweep + 1) / 2
    wave = harmonics(hz, spectrum(rng, 12) if rng.random() < 0.6 else [1.0])
    if rng.random() < 0.4:
        wave = level(wave) + harmonics(hz * rng.uniform(1.1, 1.6), [1.0, 0.3])
    if rng.random() < 0.5:
        wave = wave * (np.sin(phase(np.full(n, log_uniform(rng, 0.7, 25)))) > rng.uniform(-0.7, 0.7))
    return wave


def chords(rng, n):
    """Music of a kind: chords of one timbre, arpeggios, a bass."""
    wave, root = np.zeros(n), log_uniform(rng, 60, 350)
    play = [
        lambda hz, s: string(rng, hz, s),
        lambda hz, s: harmonics(np.full(int(RATE * s), hz), amplitudes) * decay(int(RATE * s), s * 2),
        lambda hz, s: harmonics(np.full(int(RATE * s), hz), amplitudes) * swell(rng, int(RATE * s)),
    ][rng.integers(3)]
    amplitudes = spectrum(rng, 20)
    for at in rhythm(rng, n, 0.8, 6, 0.0):
        triad = rng.permutation([0, rng.choice([3, 4]), 7, 12, 10])[: rng.integers(1, 5)] + rng.choice([0, 5, 7, -12])
        for semitones in triad:
            add(wave, at, play(root * 2 ** (semitones / 12), rng.uniform(0.3, 1.2)), rng.uniform(0.3, 1))
    return wave


MAKERS = [tone, sustained, fm, plucked, struck, chirps, alarm, chords]
