"""The log-mel front end, as crates/scatter-embed computes it.

16 kHz samples in, natural-log mel energies out: frame 400, hop 160, FFT 512, periodic Hann window, magnitudes, 64 HTK
mel bands from 125 to 7,500 Hz, ln(mel + 0.001).
"""

import numpy as np

RATE = 16_000
FRAME, HOP, FFT = 400, 160, 512
FRAMES, BANDS = 96, 64
PATCH_SAMPLES = (FRAMES - 1) * HOP + FRAME
LOG_OFFSET = 0.001


def mel_matrix():
    """Weights `[257 bins, 64 bands]`: triangles on the mel scale, not normalised, the DC bin left out."""
    mel = lambda hz: 1127.0 * np.log(1.0 + hz / 700.0)
    edges = np.linspace(mel(125.0), mel(7500.0), BANDS + 2)
    bins = mel(np.arange(FFT // 2 + 1) * RATE / FFT)[:, None]
    lower, centre, upper = edges[:-2], edges[1:-1], edges[2:]
    weights = np.maximum(0.0, np.minimum((bins - lower) / (centre - lower), (upper - bins) / (upper - centre)))
    weights[0] = 0.0
    return weights


WINDOW = 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(FRAME) / FRAME)
MEL = mel_matrix()


def log_mel(wave):
    """Of `[samples]`, `[frames, 64]` float32; whole frames only."""
    frames = np.lib.stride_tricks.sliding_window_view(np.asarray(wave, np.float64), FRAME)[::HOP]
    magnitudes = np.abs(np.fft.rfft(frames * WINDOW, FFT))
    return np.log(magnitudes @ MEL + LOG_OFFSET).astype(np.float32)


def patch(wave):
    """The one patch `[96, 64]` of up to 15,600 samples, padded with zeros."""
    padded = np.zeros(PATCH_SAMPLES)
    taken = wave[:PATCH_SAMPLES]
    padded[: len(taken)] = taken
    return log_mel(padded)


def loudest_patch(wave):
    """The patch of a clip: 0.96 s around the sample of greatest amplitude, moved inside the clip."""
    window = 96 * HOP
    start = min(max(int(np.argmax(np.abs(wave))) - window // 2, 0), max(len(wave) - window, 0))
    return patch(wave[start : start + PATCH_SAMPLES])
