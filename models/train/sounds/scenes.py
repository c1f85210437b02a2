"""Scenes: makers' sounds placed, mixed, put into rooms and sent through imperfect equipment."""

import numpy as np
from scipy.signal import fftconvolve

from . import noises, tonal, voices
from .signals import RATE, level, log_uniform, noise

MAKERS = tonal.MAKERS + noises.MAKERS + voices.MAKERS


def room(rng, wave):
    """Reverberation by a made impulse response: decaying noise behind the direct sound."""
    seconds = log_uniform(rng, 0.08, 2.5)
    n = int(RATE * min(seconds, 1.2))
    tail = noise(rng, n, rng.uniform(0, 5)) * np.exp(-6.9 * np.arange(n) / (RATE * seconds))
    tail *= rng.random(n) < np.linspace(rng.uniform(0.01, 0.3), 1, n)
    wet = fftconvolve(wave, tail)[: len(wave)]
    return wave / (np.abs(wave).max() + 1e-9) + log_uniform(rng, 0.05, 1.5) * level(wet)


def equalize(rng, wave):
    """A smooth random frequency response; often without the lows or the highs."""
    hz = np.maximum(np.fft.rfftfreq(len(wave), 1 / RATE), 20.0)
    knots = np.linspace(np.log(20), np.log(8_000), 7)
    gain = 10 ** (np.interp(np.log(hz), knots, rng.normal(0, rng.uniform(0, 7), 7)) / 20)
    if rng.random() < 0.3:
        gain /= 1 + (hz / log_uniform(rng, 800, 7_500)) ** rng.choice([2, 8])
    if rng.random() < 0.3:
        gain /= 1 + (log_uniform(rng, 60, 1_500) / hz) ** rng.choice([2, 8])
    return np.fft.irfft(np.fft.rfft(wave) * gain, len(wave))


def place(rng, wave):
    """Cuts the sound off before, after or around a random place, with short fades."""
    n = len(wave)
    gate = np.ones(n)
    for _ in range(2):
        if rng.random() < 0.3:
            at, fade = int(rng.uniform(0, n)), int(RATE * log_uniform(rng, 0.001, 0.2))
            step = np.clip((np.arange(n) - at) / fade, 0, 1)
            gate *= step if rng.random() < 0.5 else 1 - step
    return wave * (gate if gate.max() > 0.1 else 1.0)


def equipment(rng, wave):
    """Equalizer, clipping, background hiss and the level a recording happens to have (peak −46 to 0 dBFS)."""
    if rng.random() < 0.6:
        wave = equalize(rng, wave)
    wave = level(wave)
    if rng.random() < 0.12:
        wave = np.clip(wave * log_uniform(rng, 1.5, 20), -1, 1)
    if rng.random() < 0.5:
        wave = wave + log_uniform(rng, 1e-4, 0.1) * noise(rng, len(wave), rng.uniform(-2, 8))
    return level(wave) * log_uniform(rng, 0.005 if rng.random() < 0.3 else 0.08, 1.0)


def one(rng, n):
    """One maker's sound, placed, in a room or not."""
    wave = level(place(rng, MAKERS[rng.integers(len(MAKERS))](rng, n)))
    return level(room(rng, wave)) if rng.random() < 0.35 else wave


def scene(rng, n):
    """One to three sounds, the later ones softer."""
    wave = one(rng, n)
    for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
        wave = wave + log_uniform(rng, 0.03, 1.0) * one(rng, n)
    return equipment(rng, wave)
