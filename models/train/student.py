"""The student: a small residual network from a log-mel patch to an embedding in YAMNet's space, and to scores."""

import torch
from torch import nn
from torch.nn import functional as F

EMBEDDING, CLASSES = 1_024, 521
# Log-mel energies run from −6.9 (silence) to about 3; this brings them to about ±1.
CENTRE, HALF_WIDTH = -3.0, 3.0
# The head's matrix, 1,024 × 521, is kept as the product of two thin ones.
HEAD_RANK = 128


class Layer(nn.Module):
    """Convolution without bias, then batch normalisation, which is folded into it when the network is exported."""

    def __init__(self, inputs, outputs, kernel, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x):
        return self.norm(self.conv(x))


class Bottleneck(nn.Module):
    """x + (1×1, 3×3, 1×1 through fewer channels): He and others, 2015."""

    def __init__(self, channels, narrow):
        super().__init__()
        self.reduce, self.mix = Layer(channels, narrow, 1), Layer(narrow, narrow, 3)
        self.expand = Layer(narrow, channels, 1)

    def forward(self, x):
        return F.relu(x + self.expand(F.relu(self.mix(F.relu(self.reduce(x))))))


class Step(nn.Module):
    """Half as large, more channels."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.layer = Layer(inputs, outputs, 3, 2)

    def forward(self, x):
        return F.relu(self.layer(x))


class Student(nn.Module):
    """`[n, 96, 64]` → embeddings `[n, 1024]`, never negative, and scores before their sigmoid `[n, 521]`."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            Step(1, 16),
            Step(16, 32),
            Step(32, 64),
            Bottleneck(64, 32),
            Bottleneck(64, 32),
            Step(64, 128),
            Bottleneck(128, 64),
            Bottleneck(128, 64),
            Step(128, 256),
            Bottleneck(256, 96),
            Bottleneck(256, 96),
        )
        self.top = Layer(256, EMBEDDING, 1)
        self.head_in = nn.Linear(EMBEDDING, HEAD_RANK, bias=False)
        self.head_out = nn.Linear(HEAD_RANK, CLASSES)
        # Almost all classes are absent.
        nn.init.constant_(self.head_out.bias, -5.0)

    def forward(self, patches):
        embeddings, scores, _ = self.answers(patches)
        return embeddings, scores

    def answers(self, patches):
        """Embeddings, scores before their sigmoid, and the areas `[n, 1024, 3, 2]` whose mean the embeddings are."""
        x = (patches[:, None] - CENTRE) / HALF_WIDTH
        # Like YAMNet's: a mean over the patch of what rectifiers let through.
        areas = F.relu(self.top(self.body(x)))
        embeddings = areas.mean(dim=(2, 3), dtype=torch.float32)
        return embeddings, self.head_out(self.head_in(embeddings)), areas
