"""Sounds without a pitch, or with a rough one: drums, weather, water, machines, steps, cracks."""

import numpy as np

from .signals import (
    RATE,
    add,
    curve,
    decay,
    harmonics,
    high_pass,
    level,
    log_uniform,
    low_pass,
    noise,
    phase,
    resonator,
    rhythm,
    swell,
)


def coloured(rng, n):
    """Steady or slowly swelling noise; two bands of it at times."""
    low = log_uniform(rng, 20, 3_000)
    wave = noise(rng, n, rng.uniform(-3, 9), low, min(low * log_uniform(rng, 1.3, 300), 8_000))
    for _ in range(rng.integers(0, 3)):
        wave = wave + rng.uniform(0.1, 2) * level(
            resonator(noise(rng, n), log_uniform(rng, 100, 6_000), log_uniform(rng, 20, 800))
        )
    if rng.random() < 0.5:
        wave = wave * curve(rng, n, 0.05, 1.0, rng.integers(2, 9))
    if rng.random() < 0.3:
        wave = wave * (1 + rng.uniform(0.3, 1) * np.sin(phase(np.full(n, log_uniform(rng, 1, 60)))))
    return wave


def wind(rng, n):
    wave = noise(rng, n, rng.uniform(3, 9)) * 0.3
    pieces = 8
    for _ in range(rng.integers(1, 3)):
        centres = curve(rng, pieces, 150, 1_800, 4)
        source, width = noise(rng, n), log_uniform(rng, 30, 300)
        parts = np.stack([level(resonator(source, hz, width)) for hz in centres])
        place = np.linspace(0, pieces - 1.001, n)
        k, share = place.astype(int), place % 1.0
        wave += (1 - share) * parts[k, np.arange(n)] + share * parts[np.minimum(k + 1, pieces - 1), np.arange(n)]
    return wave * curve(rng, n, 0.1, 1, 6)


def grains(rng, n):
    """Rain, fire, gravel, frying, applause: many small events, with or without a bed of noise."""
    wave = np.zeros(n)
    count = int(log_uniform(rng, 6, 2_500))
    low, high = np.sort([log_uniform(rng, 150, 7_000), log_uniform(rng, 150, 7_000)])
    kinds = []
    for _ in range(12):
        m = int(RATE * log_uniform(rng, 0.0006, 0.03)) + 4
        grain = rng.standard_normal(m) * np.exp(-np.arange(m) * 5 / m)
        kinds.append(level(resonator(np.pad(grain, (0, 60)), rng.uniform(low, high), log_uniform(rng, 100, 4_000))))
    spread = rng.uniform(0.2, 1.6)
    for at in rng.integers(0, n, count):
        add(wave, at, kinds[rng.integers(12)], np.exp(rng.normal(0, spread)))
    bed = rng.choice([0.0, 0.05, 0.3, 1.0])
    return level(wave) + bed * noise(rng, n, rng.uniform(-2, 8))


def bubbles(rng, n):
    """Drops and streams: short sines whose pitch rises (Minnaert's bubbles)."""
    wave = np.zeros(n)
    for at in rhythm(rng, n, 1, 120, 0.8):
        m = int(RATE * log_uniform(rng, 0.01, 0.12))
        hz = log_uniform(rng, 300, 4_500) * (1 + rng.uniform(0, 0.8) * np.linspace(0, 1, m) ** 2)
        add(wave, at, np.sin(phase(hz)) * decay(m, m / RATE), np.exp(rng.normal(0, 0.7)))
    return level(wave) + rng.choice([0, 0.03, 0.3]) * noise(rng, n, rng.uniform(0, 6))


def surf(rng, n):
    """Waves, traffic passing, breath: noise that swells and brightens."""
    rise = np.clip(np.sin(phase(np.full(n, log_uniform(rng, 0.1, 1.5))) + rng.uniform(0, 6.3)), 0, 1) ** rng.uniform(
        0.5, 3
    )
    bright = high_pass(noise(rng, n, rng.uniform(0, 3)), log_uniform(rng, 300, 2_500))
    return rise**2 * bright + (0.1 + rise) * low_pass(noise(rng, n, 3), log_uniform(rng, 150, 1_500))


def clicks(rng, n):
    """Clocks, keys, switches, steps, knocks: one or two small noises, repeated."""
    wave, kinds = np.zeros(n), []
    for _ in range(rng.integers(1, 3)):
        m = int(RATE * log_uniform(rng, 0.002, 0.15)) + 8
        hit = rng.standard_normal(m) * decay(m, m / RATE, 0.0005)
        for _ in range(rng.integers(1, 4)):
            hit = (
                hit
                + rng.uniform(0.5, 4)
                * level(resonator(np.pad(hit, (0, 800)), log_uniform(rng, 80, 6_500), log_uniform(rng, 15, 900)))[
                    : len(hit)
                ]
            )
        kinds.append(level(low_pass(hit, log_uniform(rng, 400, 8_000))))
    for k, at in enumerate(rhythm(rng, n, 0.6, 16)):
        add(wave, at, kinds[k % len(kinds)], rng.uniform(0.4, 1))
    return wave + rng.choice([0, 0.001, 0.02]) * noise(rng, n, 3)


def engine(rng, n):
    """Motors, saws, rotors, hums: a pulse train with resonances and hiss."""
    hz = log_uniform(rng, 8, 220) * curve(rng, n, 0.6, 1.6, rng.integers(2, 6))
    hz *= 1 + rng.choice([0.002, 0.02, 0.08]) * low_pass(rng.standard_normal(n), 60) * 8
    turns = phase(np.maximum(hz, 4)) / (2 * np.pi)
    pulse = np.exp(-(turns % 1.0) * log_uniform(rng, 3, 60))
    uneven = 1 + rng.uniform(0, 0.6) * np.sin(2 * np.pi * turns / rng.choice([2, 3, 4]))
    rough = pulse * uneven * (1 + rng.choice([0, 0.5, 3]) * rng.standard_normal(n))
    wave = 0.2 * high_pass(rough, 30)
    for _ in range(rng.integers(1, 5)):
        wave = wave + rng.uniform(0.2, 1) * level(
            resonator(rough, log_uniform(rng, 60, 5_000), log_uniform(rng, 30, 900))
        )
    return level(wave) + rng.choice([0, 0.05, 0.3]) * noise(rng, n, rng.uniform(0, 6)) * (0.3 + pulse)


def drum(rng):
    """One stroke of kick, tom, snare, clap, hi-hat or cymbal."""
    kind = rng.integers(5)
    seconds = log_uniform(rng, 0.05, 0.9)
    n = int(RATE * seconds)
    skin = np.sin(phase(log_uniform(rng, 40, 250) * (1 + rng.uniform(0, 4) * np.exp(-np.arange(n) / (RATE * 0.02)))))
    if kind == 0:
        return skin * decay(n, seconds)
    if kind == 1:
        return skin * decay(n, seconds * 0.6) * 0.7 + noise(rng, n, -2, 300) * decay(n, seconds)
    if kind == 2:
        return noise(rng, n, -3, log_uniform(rng, 2_000, 6_000)) * decay(n, seconds, 0.001)
    if kind == 3:
        clap = np.zeros(n)
        for at in np.sort(rng.integers(0, max(int(0.03 * RATE), 1), 4)):
            add(clap, at, noise(rng, n, 0, 700, 3_500) * decay(n, seconds * 0.5, 0.0005), 0.5)
        return clap
    metal = sum(
        np.sign(np.sin(phase(np.full(n, f))))
        for f in log_uniform(rng, 200, 700) * np.array([1, 1.34, 1.52, 1.8, 2.5, 2.9])
    )
    return high_pass(metal, 3_000) * decay(n, seconds)


def drums(rng, n):
    wave, kit = np.zeros(n), [level(drum(rng)) for _ in range(rng.integers(1, 5))]
    single = rng.random() < 0.3
    for at in [int(rng.uniform(0, n * 0.6))] if single else rhythm(rng, n, 1.5, 9, 0.0):
        add(wave, at, kit[rng.integers(len(kit))], rng.uniform(0.3, 1))
    return wave


def burst(rng, n):
    """Shots, slams, thunder, hisses let go: a sudden noise that falls in loudness and brightness."""
    wave = np.zeros(n)
    for _ in range(rng.integers(1, 4)):
        at, seconds = int(rng.uniform(0, n * 0.7)), log_uniform(rng, 0.03, 3)
        m = n - at
        body = noise(rng, m, rng.uniform(-2, 9)) * decay(m, seconds, log_uniform(rng, 0.0005, 0.1))
        add(
            wave,
            at,
            body + low_pass(noise(rng, m), 200) * decay(m, seconds * 2) * rng.uniform(0, 3),
            rng.uniform(0.3, 1),
        )
    return wave


def friction(rng, n):
    """Squeaks, creaks, scrapes, zips: slips that come at a wandering rate, through resonances."""
    hz = curve(rng, n, log_uniform(rng, 5, 300), log_uniform(rng, 300, 2_500), rng.integers(3, 9))
    hz = hz * np.exp(0.2 * low_pass(rng.standard_normal(n), 30) * 10)
    slips = np.diff(np.floor(phase(hz) / (2 * np.pi)), prepend=0) * rng.uniform(0.3, 1, n)
    wave = sum(
        rng.uniform(0.2, 1) * level(resonator(slips, log_uniform(rng, 300, 6_000), log_uniform(rng, 20, 400)))
        for _ in range(4)
    )
    return (wave + rng.choice([0, 0.2]) * noise(rng, n)) * swell(rng, n)


def insects(rng, n):
    """Crickets, cicadas, rattles: a high tone or band in fast pulses."""
    hz = log_uniform(rng, 1_800, 7_000)
    tone = (
        harmonics(np.full(n, hz), [1.0, 0.2])
        if rng.random() < 0.6
        else resonator(noise(rng, n), hz, log_uniform(rng, 50, 900))
    )
    pulses = np.clip(np.sin(phase(np.full(n, log_uniform(rng, 12, 90)))), 0, 1)
    phrase = np.sin(phase(np.full(n, log_uniform(rng, 0.8, 6))) + rng.uniform(0, 6)) > rng.uniform(-1, 0.6)
    return level(tone) * pulses * low_pass(phrase.astype(float), 60)


def glitch(rng, n):
    """Machines that talk: steps of pitch, held samples, data tones."""
    step = int(RATE / log_uniform(rng, 4, 150))
    values = np.repeat(np.exp(rng.uniform(np.log(80), np.log(5_000), n // step + 1)), step)[:n]
    wave = np.sin(phase(values)) + rng.choice([0, 1]) * np.repeat(rng.uniform(-1, 1, n // step + 1), step)[:n]
    hold = rng.integers(1, 12)
    return np.repeat(wave[::hold], hold)[:n]


MAKERS = [coloured, wind, grains, bubbles, surf, clicks, engine, drums, burst, friction, insects, glitch]
