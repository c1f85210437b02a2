"""scikit-learn's trustworthiness of a map.

    python trustworthiness.py POINTS.npy MAP.npy K
"""

import sys

import numpy as np
from sklearn.manifold import trustworthiness

points, layout, k = sys.argv[1:]
print(trustworthiness(np.load(points), np.load(layout), n_neighbors=int(k)))
