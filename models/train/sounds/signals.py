"""What sounds are made of: curves, envelopes, noises, filters. 16 kHz, mono, float64; `rng` is numpy's Generator."""

import numpy as np
from scipy.signal import lfilter

RATE = 16_000


def log_uniform(rng, low, high):
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def curve(rng, n, low, high, points=4, log=True):
    """A smooth wandering curve of `n` values between `low` and `high`."""
    values = rng.uniform(np.log(low), np.log(high), points) if log else rng.uniform(low, high, points)
    path = np.interp(np.linspace(0, points - 1, n), np.arange(points), values)
    return np.exp(path) if log else path


def phase(hz):
    """Phase in radians of an oscillator whose frequency in Hz is `hz[k]` at sample k."""
    return 2.0 * np.pi * np.cumsum(hz) / RATE


def decay(n, seconds, attack=0.002):
    """Rises within `attack` seconds, then falls by 60 dB in `seconds`."""
    t = np.arange(n) / RATE
    return np.minimum(t / max(attack, 1e-4), 1.0) * np.exp(-6.9 * t / seconds)


def swell(rng, n):
    """Attack, hold, release of random lengths that fill `n` samples."""
    attack, release = rng.uniform(0.005, 0.4, 2) * n
    k = np.arange(n)
    return np.minimum(1.0, np.minimum(k / attack, (n - k) / release))


def harmonics(hz, amplitudes):
    """Sum of the multiples 1, 2, … of the curve `hz`, those above 7.8 kHz left out."""
    turn = np.exp(1j * phase(hz))
    total, wave = turn.copy(), np.zeros(len(hz))
    top = hz.max()
    for number, amplitude in enumerate(amplitudes, 1):
        if number * top > 7_800:
            break
        wave += amplitude * total.imag
        total = total * turn
    return wave


def noise(rng, n, slope=0.0, low=20.0, high=8_000.0):
    """Gaussian noise that falls by `slope` dB an octave, between `low` and `high` Hz."""
    spectrum = np.fft.rfft(rng.standard_normal(n))
    hz = np.maximum(np.fft.rfftfreq(n, 1.0 / RATE), 1.0)
    gain = (hz / 1_000.0) ** (-slope / 6.02) / (1.0 + (low / hz) ** 6) / (1.0 + (hz / high) ** 6)
    wave = np.fft.irfft(spectrum * gain, n)
    return wave / (np.abs(wave).max() + 1e-9)


def resonator(wave, hz, bandwidth):
    """Two poles at `hz`, as wide as `bandwidth` Hz, of gain 1 at the peak (about)."""
    radius = np.exp(-np.pi * bandwidth / RATE)
    angle = 2.0 * np.pi * min(hz, 7_900.0) / RATE
    gain = (1.0 - radius) * np.sqrt(1.0 - 2.0 * radius * np.cos(2.0 * angle) + radius**2)
    return lfilter([gain], [1.0, -2.0 * radius * np.cos(angle), radius**2], wave)


def low_pass(wave, hz):
    pole = np.exp(-2.0 * np.pi * hz / RATE)
    return lfilter([1.0 - pole], [1.0, -pole], wave)


def high_pass(wave, hz):
    return wave - low_pass(wave, hz)


def add(wave, at, piece, gain=1.0):
    """Adds `piece` into `wave` from sample `at` on, as far as it fits."""
    piece = piece[: max(len(wave) - at, 0)]
    wave[at : at + len(piece)] += gain * piece


def rhythm(rng, n, slowest, fastest, jitter=None):
    """Onsets in samples: even, or with gaps that vary by the share `jitter`."""
    jitter = rng.choice([0.0, 0.05, 0.3, 0.8]) if jitter is None else jitter
    gap = RATE / log_uniform(rng, slowest, fastest)
    at, onsets = rng.uniform(0, min(gap, n / 2)), []
    while at < n and len(onsets) < 400:
        onsets.append(int(at))
        at += gap * max(1.0 + jitter * rng.standard_normal(), 0.1)
    return onsets


def level(wave):
    """Scaled to a peak of 1."""
    return wave / (np.abs(wave).max() + 1e-9)
