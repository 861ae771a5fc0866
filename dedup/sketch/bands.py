"""Locality-sensitive hashing of signatures in bands (Leskovec, Rajaraman, Ullman, ch. 3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.errors import UsageError
from dedup.messages import Words
from dedup.sketch.hashing import constants, spread

_FIRST_BAND = 1000
"""Band i is hashed with the constants of stream _FIRST_BAND + i, so that equal rows of two bands differ."""
_BLOCK = 1 << 9
"""Signatures hashed at once, so that they stay in the processor's caches."""

_KNOWN = {(0.5, 128): (25, 5)}
"""Results of datasketch for the default settings; saves a first `check` half a second."""


def choose_bands(threshold: float, permutations: int) -> tuple[int, int]:
    """Numbers of bands and rows with the least expected error at a Jaccard threshold, as datasketch chooses.

    For settings other than the default ones it imports datasketch (350 ms and some arithmetic); the index
    records the result. Raises UsageError where the permutations are too few for the threshold.
    """
    if (threshold, permutations) in _KNOWN:
        return _KNOWN[threshold, permutations]
    from datasketch import MinHashLSH

    try:
        optimal = MinHashLSH(threshold=threshold, num_perm=permutations)
    except ValueError as error:  # one band only
        raise UsageError(
            "lsh_threshold", Words("settings.few_permutations", permutations=permutations)
        ) from error
    return int(optimal.b), int(optimal.r)


def band_keys(signatures: NDArray[np.uint32], bands: int, rows: int) -> NDArray[np.uint64]:
    """The bucket of each signature in each band, shape [m, bands]; signatures are [m, ≥ bands·rows]."""
    keys = np.empty((len(signatures), bands), dtype=np.uint64)
    multipliers = np.array([constants(rows, _FIRST_BAND + band) for band in range(bands)])
    for first in range(0, len(signatures), _BLOCK):
        block = slice(first, first + _BLOCK)
        values = signatures[block, : bands * rows].reshape(-1, bands, rows)
        total = values[:, :, 0] * multipliers[:, 0]
        for row in range(1, rows):
            total += values[:, :, row] * multipliers[:, row]
        keys[block] = spread(total)
    return keys
