"""What the student is asked for: YAMNet's embeddings, above all their neighbourhoods as our maps see them."""

import torch
from torch.nn import functional as F

# Keeps the cube root's slope finite at 0; small beside the values that are not 0 (about 0.1 to 5).
ROOT_OFFSET = 0.01
# Preparation of embeddings, as crates/scatter-map does it.
COMPONENTS, WHITENING = 100, 0.375
# Binary cross-entropy is a mean over 521 classes that are almost all absent.
SCORE_WEIGHT, NAME_WEIGHT = 20.0, 0.2
AREA_WEIGHT = 0.5


def cube_root(x):
    return (x + ROOT_OFFSET).pow(1 / 3) - ROOT_OFFSET ** (1 / 3)


class Preparation:
    """Cube root, principal components of the teacher's embeddings of the training's sounds, partial whitening."""

    def __init__(self, embeddings):
        roots = cube_root(embeddings)
        self.mean = roots.mean(0)
        variances, axes = torch.linalg.eigh(torch.cov(roots.T))
        variances, axes = variances.flip(0)[:COMPONENTS], axes.flip(1)[:, :COMPONENTS]
        self.projection = axes * variances.clamp(min=1e-9) ** -WHITENING

    def __call__(self, roots):
        return F.normalize((roots - self.mean) @ self.projection, dim=1)


def loss(preparation, embeddings, scores, wanted_embeddings, wanted_scores):
    """Distances by angle (raw, of roots, prepared), by value, between pairs of the batch, and of the scores."""
    roots, wanted_roots = cube_root(embeddings), cube_root(wanted_embeddings)
    raw = 1.0 - F.cosine_similarity(embeddings, wanted_embeddings, dim=1, eps=1e-4).mean()
    rooted = 1.0 - F.cosine_similarity(roots, wanted_roots, dim=1, eps=1e-4).mean()
    value = F.smooth_l1_loss(roots, wanted_roots, beta=0.1)
    prepared, wanted_prepared = preparation(roots), preparation(wanted_roots)
    angle = 1.0 - (prepared * wanted_prepared).sum(dim=1).mean()
    pairs = (prepared @ prepared.T - wanted_prepared @ wanted_prepared.T).square().mean()
    scored = F.binary_cross_entropy_with_logits(scores, wanted_scores)
    named = names(scores, wanted_scores)
    return raw + rooted + value + angle + 2.0 * pairs + SCORE_WEIGHT * scored + NAME_WEIGHT * named


def names(scores, wanted):
    """How far the classes' shares of all scores lie from YAMNet's (Kullback and Leibler); least where it hears little."""
    total = wanted.sum(dim=1, keepdim=True)
    shares = F.logsigmoid(scores)
    shares = shares - shares.logsumexp(dim=1, keepdim=True)
    apart = F.kl_div(shares, wanted / total.clamp(min=1e-6), reduction="none").sum(dim=1)
    return (apart * total.squeeze(1).clamp(max=1.0)).mean()


def area_loss(areas, wanted):
    """Of `[n, 1024, 3, 2]`: where in the patch YAMNet heard it."""
    return AREA_WEIGHT * F.smooth_l1_loss(cube_root(areas), cube_root(wanted), beta=0.1)
