"""umap-learn's map of the points in a file, with its defaults but for the number of dimensions.

    python umap_learn.py POINTS.npy MAP.npy DIMS SEED

Prints the seconds it took, compiling left out: a small map is made first.
"""

import sys
import time
import warnings

import numpy as np
import umap

warnings.filterwarnings("ignore")
points, out, dims, seed = sys.argv[1:]


def layout(points):
    # A fixed seed allows no more than one thread.
    return umap.UMAP(n_components=int(dims), random_state=int(seed), n_jobs=1).fit_transform(points)


points = np.load(points)
layout(points[: min(len(points), 200)])
start = time.perf_counter()
np.save(out, layout(points).astype(np.float32))
print(time.perf_counter() - start)
