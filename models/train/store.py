"""The corpus in the memory of the device that trains, and batches of it."""

from dataclasses import dataclass

import torch

from corpus import CHUNK
from frontend import BANDS, FRAMES
from mixtures import Mixer
from student import CLASSES, EMBEDDING

# Chunks with these numbers are never trained on: they show whether the student learns or remembers.
UNSEEN = (0, 1)
# Share of a GPU's free memory that the corpus may fill.
MOST_MEMORY = 0.6


@dataclass
class Batch:
    patches: torch.Tensor
    embeddings: torch.Tensor
    scores: torch.Tensor
    # YAMNet's areas `[fresh, 1024, 3, 2]` of the last `fresh` patches.
    areas: torch.Tensor | None = None

    def floats(self):
        return Batch(self.patches.float(), self.embeddings.float(), self.scores.float())


class Store:
    """Patches, embeddings and scores, float16. With a `teacher` on the device, part of each batch is new."""

    def __init__(self, device, chunks, seed, teacher=None):
        if device.type == "cuda":
            free, _ = torch.cuda.mem_get_info()
            chunks = min(chunks, int(MOST_MEMORY * free) // (CHUNK * 2 * (FRAMES * BANDS + EMBEDDING + CLASSES)))
        self.teacher, self.mixer = teacher, Mixer(device, seed)
        empty = lambda *shape: torch.empty((chunks * CHUNK, *shape), dtype=torch.float16, device=device)
        self.parts = empty(FRAMES, BANDS), empty(EMBEDDING), empty(CLASSES)
        self.count, self.unseen = 0, []

    def add(self, number, patches, *answers):
        """A chunk, with YAMNet's embeddings and scores unless the store's teacher is to give them."""
        chunk = [torch.from_numpy(part).to(self.mixer.device) for part in (patches, *answers)]
        if not answers:
            chunk += [part.half() for part in self.teacher(chunk[0].float())[:2]]
        if number in UNSEEN:
            self.unseen.append(chunk)
        elif self.count < len(self.parts[0]):
            for part, rows in zip(self.parts, chunk):
                part[self.count : self.count + CHUNK] = rows
            self.count += CHUNK

    def held_out(self):
        return Batch(*(torch.cat(parts) for parts in zip(*self.unseen))).floats()

    def first(self, n):
        return Batch(*(part[: min(n, self.count)] for part in self.parts)).floats()

    def some(self, n):
        """Rows of `n` random patches."""
        return self.mixer.integers(0, self.count, n)

    def batch(self, n, fresh):
        """`n` patches, the last `fresh` of them made and answered now."""
        rows = self.some(n - fresh)
        known = Batch(*(part[rows] for part in self.parts)).floats()
        if not fresh:
            return known
        first, second = (self.parts[0][self.some(fresh)].float() for _ in range(2))
        patches = self.mixer(first, second)
        embeddings, scores, areas = self.teacher(patches)
        return Batch(
            torch.cat([known.patches, patches]),
            torch.cat([known.embeddings, embeddings]),
            torch.cat([known.scores, scores]),
            areas,
        )
