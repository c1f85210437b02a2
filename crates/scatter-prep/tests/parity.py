"""The embeddings of parity.rs: original files through other libraries than ours, all the way.

    pip install numpy==2.4.6 soundfile==0.14.0 soxr==1.1.0 onnxruntime==1.24.1

    python parity.py AUDIO STRESS yamnet.onnx     writes fixtures/parity.json and fixtures/parity.npy

AUDIO and STRESS are the folders of real recordings and of difficult files that the tests use. libsndfile decodes, soxr at
its best quality resamples the whole file, numpy computes the log-mel energies by YAMNet's definition in float64, and the
model runs in Python's ONNX Runtime. The region is cut after resampling: silence before the file puts its begin on a
sample that both rates share, so that nothing differs by a part of a sample.
"""

import hashlib
import json
import pathlib
import sys

import numpy as np
import onnxruntime
import soundfile
import soxr

FIXTURES = pathlib.Path(__file__).parent / "fixtures"
RATE = 16_000
WINDOW = 15_360
PATCH = 15_600
TWO_OF_EACH_CLASS = 2
OTHERS = [
    ("audio", "spoken-numbers/00.wav"),
    ("audio", "spoken-numbers/07.wav"),
    ("audio", "spoken-numbers/20.wav"),
    ("audio", "bass/83246__zgump__bass-0202.wav"),
    ("audio", "bass/83250__zgump__bass-0206.wav"),
    ("audio", "bass/85056__zgump__reverse-bass-01.wav"),
    ("audio", "ambience/boat.ogg"),
    ("audio", "ambience/wind.ogg"),
    ("audio", "long/outdoor_16min.flac"),
    ("stress", "flac/subset/19 - samplerate 35467Hz.flac"),
    ("stress", "flac/subset/21 - samplerate 22050Hz.flac"),
    ("stress", "flac/subset/47 - only STREAMINFO.flac"),
]


def chosen(audio):
    for folder in sorted(path for path in (audio / "esc10").iterdir() if path.is_dir()):
        files = sorted(folder.glob("*.ogg"))
        for path in files[:: len(files) // TWO_OF_EACH_CLASS][:TWO_OF_EACH_CLASS]:
            yield "audio", path.relative_to(audio).as_posix()
    yield from OTHERS


def clip(path):
    """The loudest 0.96 s at 16 kHz, and where it begins in the file, in seconds."""
    samples, rate = soundfile.read(path, dtype="float64", always_2d=True)
    mono = samples.mean(axis=1)
    window = (WINDOW * rate + RATE // 2) // RATE
    start = max(0, min(int(np.abs(mono).argmax()) - window // 2, len(mono) - window))
    shared = rate // np.gcd(rate, RATE)
    lead = -start % shared
    whole = soxr.resample(np.concatenate([np.zeros(lead), mono]), rate, RATE, quality="VHQ")
    begin = (lead + start) * RATE // rate
    cut = whole[begin : begin + WINDOW]
    if len(mono) < window:
        cut = cut[: round(len(mono) * RATE / rate)]
    return np.pad(cut, (0, WINDOW - len(cut))), start / rate, rate


def mel_matrix():
    mel = lambda hertz: 1127.0 * np.log1p(np.asarray(hertz) / 700.0)
    bins = mel(np.arange(257) * RATE / 512)[:, None]
    edges = np.linspace(mel(125.0), mel(7500.0), 66)
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    weights = np.maximum(0.0, np.minimum(rising, falling))
    weights[0] = 0.0
    return weights


def log_mel(window):
    padded = np.pad(window, (0, PATCH - len(window)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, 400)[::160]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
    return np.log(np.abs(np.fft.rfft(frames * hann, 512)) @ mel_matrix() + 0.001)


def main(audio, stress, model):
    roots = {"audio": pathlib.Path(audio), "stress": pathlib.Path(stress)}
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    clips, embeddings = [], []
    for root, name in chosen(roots["audio"]):
        window, start, rate = clip(roots[root] / name)
        patch = log_mel(window).astype(np.float32)[None]
        embeddings.append(session.run(["embeddings"], {"patches": patch})[0][0])
        clips.append({"root": root, "file": name, "rate": rate, "start": round(start, 6)})
    FIXTURES.mkdir(exist_ok=True)
    np.save(FIXTURES / "parity.npy", np.array(embeddings, dtype=np.float32))
    rows = ",\n".join("  " + json.dumps(row) for row in clips)
    digest = hashlib.sha256(pathlib.Path(model).read_bytes()).hexdigest()
    (FIXTURES / "parity.json").write_text(f'{{"modelSha256": "{digest}",\n "clips": [\n{rows}\n]}}\n')
    print(f"{len(clips)} clips")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
