"""What librosa says of the sounds that descriptors.rs and pitch.rs describe.

    pip install librosa==0.11.0 soundfile==0.14.0 soxr==1.1.0

    python librosa_descriptors.py write AUDIO      writes fixtures/librosa_descriptors.json: numbers of the made
                                                   signals, and of clips below AUDIO (the folder of real recordings)
    python librosa_descriptors.py compare FILE...  prints ours and librosa's side by side

The made signals are those of descriptors.rs, sample for sample: keep both in step. Clips are decoded by libsndfile and
cut by the region rule written anew, so decoder and rule are held against ours too. All in float64: librosa's float32
spectrum of a tone is mostly rounding.
"""

import json
import math
import pathlib
import subprocess
import sys
import warnings

import librosa
import numpy as np
import soundfile
import soxr

HERE = pathlib.Path(__file__).parent
CLIPS_A_CLASS = 7


def noise(count):
    state, samples = 1, np.zeros(count)
    for index in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        samples[index] = (state >> 8) / 2**23 - 1.0
    return samples


def tone(rate, count, hertz):
    return np.sin(2 * np.pi * hertz * np.arange(count) / rate)


def glide(rate, count):
    seconds = np.arange(count) / rate
    return 0.3 * np.sin(2 * np.pi * (100 + 2000 * seconds) * seconds)


def half_silent(count):
    samples = noise(count)
    samples[count // 2 :] = 0.0
    return samples


MADE = {
    "noise": (noise(21168), 22050),
    "tone": (tone(44100, 42336, 440.0), 44100),
    "glide": (glide(48000, 46080), 48000),
    "half silent": (half_silent(15360), 16000),
    "short": (noise(700), 8000),
    "one sample": (np.ones(1), 44100),
    "silence": (np.zeros(7680), 8000),
}


def as_float32(samples):
    return samples.astype(np.float32).astype(np.float64)


def descriptors(samples, rate):
    mean = lambda frames: float(frames.mean())
    rms = float(librosa.feature.rms(y=samples, frame_length=len(samples), hop_length=len(samples), center=False)[0, 0])
    peak = float(np.abs(samples).max())
    decibels = lambda ratio: 20 * math.log10(ratio) if ratio > 0 else None
    return {
        "centroid_hz": mean(librosa.feature.spectral_centroid(y=samples, sr=rate)),
        "rolloff_hz": mean(librosa.feature.spectral_rolloff(y=samples, sr=rate)),
        "bandwidth_hz": mean(librosa.feature.spectral_bandwidth(y=samples, sr=rate)),
        "flatness": mean(librosa.feature.spectral_flatness(y=samples)),
        "zero_crossing_rate": mean(librosa.feature.zero_crossing_rate(y=samples)),
        # AES17: a full-scale sine, of RMS 1/sqrt(2), has 0 dBFS.
        "rms_dbfs": decibels(rms * math.sqrt(2)),
        "peak_dbfs": decibels(peak),
    }


def region(path):
    """The loudest 0.96 s at the file's rate, and the same at 16 kHz; what a short file lacks is left out."""
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = as_float32(samples.astype(np.float64).mean(axis=1))
    window = (15360 * rate + 8000) // 16000
    start = max(0, min(int(np.abs(mono).argmax()) - window // 2, len(mono) - window))
    low = mono if rate == 16000 else soxr.resample(mono, rate, 16000, quality="VHQ")
    begin = round(start * 16000 / rate)
    return mono[start : start + window], rate, low[begin : begin + 15360]


def pitch(samples):
    f0, voiced, _ = librosa.pyin(samples, fmin=40, fmax=4000, sr=16000, frame_length=1024, hop_length=256)
    return {
        "f0_hz": float(np.median(f0[voiced])) if voiced.any() else None,
        "voiced": float(voiced.mean()),
    }


def of_file(path):
    samples, rate, low = region(path)
    return descriptors(samples, rate) | pitch(low)


def rounded(row):
    return {key: value if value is None else float(f"{value:.8g}") for key, value in row.items()}


def chosen(audio):
    for folder in sorted((audio / "esc10").iterdir()):
        files = sorted(folder.glob("*.ogg"))
        yield from files[:: max(1, len(files) // CLIPS_A_CLASS)][:CLIPS_A_CLASS]
    for folder in ["spoken-numbers", "bass"]:
        yield from sorted((audio / folder).glob("*.wav"))


def write(audio):
    clips = {path.relative_to(audio).as_posix(): rounded(of_file(path)) for path in chosen(audio)}
    # Samples are float32 in the test: their rounding is part of the signal.
    made = {name: rounded(descriptors(as_float32(samples), rate)) for name, (samples, rate) in MADE.items()}
    target = HERE / "fixtures" / "librosa_descriptors.json"
    rows = lambda table: ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in table.items())
    target.write_text(f'{{"made": {{\n{rows(made)}\n}}, "clips": {{\n{rows(clips)}\n}}}}\n')
    print(f"{target}: {len(made)} made signals, {len(clips)} clips")


def compare(files):
    command = ["cargo", "run", "--quiet", "-p", "scatter-audio", "--example", "descriptors", "--", *files]
    for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines():
        ours = json.loads(line)
        print(f"\n{ours['file']}\n{'':20}{'ours':>14}{'librosa':>14}{'differs':>12}")
        for key, theirs in of_file(ours["file"]).items():
            shown = [f"{value:14.6g}" if value is not None else f"{'none':>14}" for value in (ours[key], theirs)]
            both = ours[key] is not None and theirs not in (None, 0)
            if both and key.endswith("dbfs"):
                shown.append(f"{ours[key] - theirs:+9.4f} dB")
            elif both:
                shown.append(f"{100 * (ours[key] / theirs - 1):+10.4f} %")
            print(f"{key:20}" + "".join(shown))


if __name__ == "__main__":
    warnings.filterwarnings("ignore", category=UserWarning)
    match sys.argv[1:]:
        case ["write", audio]:
            write(pathlib.Path(audio))
        case ["compare", *files] if files:
            compare(files)
        case _:
            sys.exit(__doc__)
