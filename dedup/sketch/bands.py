"""Locality-sensitive hashing of signatures in bands (Leskovec, Rajaraman, Ullman, ch. 3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.sketch.hashing import row_hashes

_FIRST_BAND = 1000
"""Band i is hashed with the constants of stream _FIRST_BAND + i, so that equal rows of two bands differ."""


def choose_bands(threshold: float, permutations: int) -> tuple[int, int]:
    """Bands and rows with the least expected error at a Jaccard threshold, as datasketch chooses them.

    Imports datasketch (350 ms): for the making of an index, which records the result.
    """
    from datasketch import MinHashLSH

    optimal = MinHashLSH(threshold=threshold, num_perm=permutations)
    return int(optimal.b), int(optimal.r)


def band_keys(signatures: NDArray[np.uint32], bands: int, rows: int) -> NDArray[np.uint64]:
    """The bucket of each signature in each band, shape [m, bands]; signatures are [m, ≥ bands·rows]."""
    keys = np.empty((len(signatures), bands), dtype=np.uint64)
    for band in range(bands):
        keys[:, band] = row_hashes(signatures[:, band * rows : (band + 1) * rows], _FIRST_BAND + band)
    return keys
