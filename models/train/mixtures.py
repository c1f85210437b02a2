"""Fresh patches made of finished ones on the device, as `corpus.mixture` makes them, many at once."""

import numpy as np
import torch

from frontend import BANDS, FRAMES, LOG_OFFSET

# Share of fresh patches that are one finished patch, varied; the others are two, one over the other.
ALONE = 0.5
SHIFT, KNOTS = 6, 6


class Mixer:
    def __init__(self, device, seed):
        self.device, self.random = device, torch.Generator(device).manual_seed(seed)
        self.frames, self.bands = torch.arange(FRAMES, device=device), torch.arange(BANDS, device=device)
        places = np.linspace(0, BANDS, KNOTS)
        # Of linear interpolation between the knots of a filter: `[knots, bands]`.
        hats = np.stack([np.interp(np.arange(BANDS), places, row) for row in np.eye(KNOTS)])
        self.hats = torch.tensor(hats, dtype=torch.float32, device=device)

    def integers(self, low, high, n):
        return torch.randint(low, high, (n,), generator=self.random, device=self.device)

    def normal(self, *shape):
        return torch.randn(shape, generator=self.random, device=self.device)

    def uniform(self, n):
        return torch.rand(n, generator=self.random, device=self.device)

    def varied(self, patches):
        """Energies of `[n, 96, 64]` log-mel: rolled in time, shifted by bands, filtered, louder or softer."""
        n = len(patches)
        frames = (self.frames - self.integers(0, FRAMES, n)[:, None]) % FRAMES
        bands = (self.bands + self.integers(-SHIFT, SHIFT + 1, n)[:, None]).clamp(0, BANDS - 1)
        rows = torch.arange(n, device=self.device)
        energy = (patches[rows[:, None, None], frames[:, :, None], bands[:, None, :]].exp() - LOG_OFFSET).clamp(min=0.0)
        gain = 0.6 * self.normal(n, KNOTS) @ self.hats + self.normal(n, 1) - 0.5
        return energy * gain.exp()[:, None, :]

    def __call__(self, first, second):
        """Log-mel `[n, 96, 64]` of two such each, or of `first` alone; some reversed."""
        n = len(first)
        both = (self.uniform(n) >= ALONE).float()[:, None, None]
        total = self.varied(first) + both * self.varied(second)
        backwards = (self.uniform(n) < 0.3)[:, None, None]
        return (torch.where(backwards, total.flip(1), total) + LOG_OFFSET).log()
