"""What the original project did with a folder of clips, stage by stage, with the libraries that it used.

    python baseline.py CLIPS MODEL.onnx OUT

Prints one JSON object, the seconds of each stage by name. ONNX Runtime takes TensorFlow's place, with the same weights.
Where the original was slow for no reason of its libraries, this is not: clips are joined as arrays (it used lists of
numbers), each clip is embedded once, in batches, and UMAP may use all cores. What numba compiles anew in each run is a
stage of its own: every compiled function runs on a little sound first.
"""

import time

STARTED = time.perf_counter()

import json
import sys
import warnings
from pathlib import Path

import librosa
import numpy as np
import onnxruntime
import resampy
import soundfile
import umap
from PIL import Image

warnings.filterwarnings("ignore")

SECONDS = 0.96
RATE = 16_000
WINDOW = int(SECONDS * RATE)
# YAMNet's front end: samples of a frame, between frames, of the transform; frames of a patch; mel bands and their range.
FRAME, HOP, FFT, FRAMES, BANDS, LOWEST, HIGHEST, OFFSET = 400, 160, 512, 96, 64, 125.0, 7_500.0, 0.001
BATCH = 64
TILE = 150

stages = {}
_last = STARTED


def done(stage):
    """Counts the time since the last stage to this one."""
    global _last
    now = time.perf_counter()
    stages[stage] = stages.get(stage, 0.0) + now - _last
    _last = now


def loudest(sound, rate):
    """The 0.96 s around the loudest sample, moved inside; what a shorter sound lacks is silence."""
    window = int(SECONDS * rate)
    sound = np.pad(sound, (0, max(0, window - len(sound))))
    start = int(np.argmax(np.abs(sound))) - window // 2
    start = min(max(start, 0), len(sound) - window)
    return sound[start : start + window]


def describe(sound, rate):
    features = librosa.feature
    return [
        round(float(np.mean(measure(y=sound, sr=rate))), 2)
        for measure in (features.spectral_centroid, features.spectral_rolloff, features.spectral_bandwidth)
    ]


def mel_matrix():
    """Triangles between points evenly spaced on the HTK mel scale, [257, 64]."""
    mel = lambda hertz: 1_127.0 * np.log1p(hertz / 700.0)
    bins = mel(np.linspace(0.0, RATE / 2, FFT // 2 + 1))[:, None]
    edges = np.linspace(mel(LOWEST), mel(HIGHEST), BANDS + 2)
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    matrix = np.maximum(0.0, np.minimum(rising, falling))
    matrix[0] = 0.0
    return matrix.astype(np.float32)


def log_mel(sound):
    """[patches, 96, 64], a patch for each 0.96 s."""
    count = len(sound) // WINDOW
    sound = np.pad(sound[: count * WINDOW], (0, FRAME - HOP))
    frames = np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP]
    hann = np.float32(0.5) - np.float32(0.5) * np.cos(2 * np.pi * np.arange(FRAME) / FRAME).astype(np.float32)
    matrix = mel_matrix()
    patches = np.empty((count, FRAMES, BANDS), np.float32)
    for k in range(count):
        spectrum = np.abs(np.fft.rfft(frames[k * FRAMES : (k + 1) * FRAMES] * hann, FFT))
        patches[k] = np.log(spectrum @ matrix + OFFSET)
    return patches


def layout(embeddings):
    return umap.UMAP(n_components=3).fit_transform(embeddings)


def sprite(patches, path):
    """One picture of 150 × 150 a clip, low frequencies at the bottom, in a square sheet."""
    side = int(np.ceil(np.sqrt(len(patches))))
    sheet = Image.new("RGB", (side * TILE, side * TILE))
    low, high = patches.min(), patches.max()
    for k, patch in enumerate(patches):
        level = (255 * (patch.T[::-1] - low) / (high - low)).astype(np.uint8)
        colours = np.stack([level, level // 2, 255 - level], axis=-1)
        tile = Image.fromarray(colours).resize((TILE, TILE))
        sheet.paste(tile, (k % side * TILE, k // side * TILE))
    sheet.save(path, quality=85)


clips, model, out = (Path(argument) for argument in sys.argv[1:])
out.mkdir(parents=True, exist_ok=True)
files = sorted(path for path in clips.rglob("*") if path.is_file())
session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
done("imports, model")

rate = soundfile.info(files[0]).samplerate
noise = np.random.default_rng(1).standard_normal(rate).astype(np.float32)
describe(noise, rate)
resampy.resample(noise, rate, RATE)
layout(np.random.default_rng(2).random((200, 1_024), np.float32))
done("compiling")

regions, descriptors = [], []
for file in files:
    sound, rate = soundfile.read(file, dtype="float32")
    if sound.ndim == 2:
        sound = sound.mean(axis=1)
    done("read")
    regions.append(loudest(sound, rate))
    done("region")
    descriptors.append(describe(regions[-1], rate))
    done("descriptors")
joined = resampy.resample(np.concatenate(regions), rate, RATE)
done("resample")
patches = log_mel(joined)
done("log-mel")
embeddings = np.concatenate(
    [session.run(["embeddings"], {"patches": patches[k : k + BATCH]})[0] for k in range(0, len(patches), BATCH)]
)
done("embed")
points = layout(embeddings)
done("umap")
soundfile.write(out / "audio.flac", joined, RATE, subtype="PCM_16")
done("audio sprite")
sprite(patches, out / "sprite.jpg")
done("sprite")
centred = points - points.mean(axis=0)
spherical = centred / np.linalg.norm(centred, axis=1, keepdims=True)
columns = zip(("s_centroid", "s_rolloff", "s_bandwidth"), zip(*descriptors))
table = {
    "idx": list(range(len(points))),
    "metadata": {"filenames": [file.name for file in files], **{name: list(column) for name, column in columns}},
    "projections": points.tolist(),
    "spherical": spherical.tolist(),
}
(out / "projections.json").write_text(json.dumps(table))
(out / "config.json").write_text(
    json.dumps({"audioFile": "audio.flac", "spriteFile": "sprite.jpg", "projectionsFile": "projections.json", "imgDim": TILE})
)
done("json")
print(json.dumps({"points": len(points), "stages": stages}))
