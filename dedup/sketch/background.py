"""Background counts of bigrams: how common two characters side by side are in a corpus.

Kept as one count a bucket of a hash. With 65,536 buckets, the noise other bigrams add to a bucket is 1/65,536
of all occurrences, an expectation of 0.003 in a region of 200 characters: far below what is told apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 16


def bigram_buckets(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The bucket of each of the n − 1 bigrams of slot-folded codes."""
    mixed = codes[:-1] * np.uint32(0x9E3779B1) ^ codes[1:] * np.uint32(0x85EBCA77)
    return ((mixed * np.uint32(0xC2B2AE3D)) >> np.uint32(16)).astype(np.int64)
