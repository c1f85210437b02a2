"""Writes wave files again as mp3 (192 kbit/s), ogg (Vorbis) or flac, by libsndfile.

    python encode.py < PAIRS

Each line of PAIRS is SOURCE, a tab and TARGET, whose ending names the format. Files pass through in pieces, whatever
their length.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import soundfile

BLOCK = 1 << 20
# libsndfile reads the level as a place on the scale from 320 kbit/s (0) to 32 kbit/s (1).
FORMATS = {
    ".mp3": {
        "format": "MP3",
        "subtype": "MPEG_LAYER_III",
        "bitrate_mode": "CONSTANT",
        "compression_level": (320 - 192) / (320 - 32),
    },
    ".ogg": {"format": "OGG", "subtype": "VORBIS"},
    ".flac": {"format": "FLAC", "subtype": "PCM_16"},
}



def encode(pair):
    source, target = pair.rstrip("\n").split("\t")
    with soundfile.SoundFile(source) as wave:
        options = FORMATS[Path(target).suffix]
        with soundfile.SoundFile(target, "w", wave.samplerate, wave.channels, **options) as out:
            for block in wave.blocks(BLOCK, dtype="int16"):
                out.write(block)


# Threads suffice: libsndfile works without Python's lock.
with ThreadPoolExecutor(os.cpu_count()) as threads:
    for _ in threads.map(encode, sys.stdin):
        pass
