"""scikit-learn's PCA of the points in a file, by the full singular value decomposition in 64 bits.

    python principal_axes.py POINTS.npy COORDINATES.npy DIMS
"""

import sys

import numpy as np
from sklearn.decomposition import PCA

points, out, dims = sys.argv[1:]
np.save(out, PCA(int(dims), svd_solver="full").fit_transform(np.load(points).astype(np.float64)))
