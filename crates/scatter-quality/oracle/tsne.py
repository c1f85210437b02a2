"""scikit-learn's t-SNE of the points in a file, with its defaults but for the number of dimensions.

    python tsne.py POINTS.npy MAP.npy DIMS SEED
"""

import sys

import numpy as np
from sklearn.manifold import TSNE

points, out, dims, seed = sys.argv[1:]
np.save(out, TSNE(int(dims), random_state=int(seed)).fit_transform(np.load(points)).astype(np.float32))
