"""Grams of the positional index: short runs of slot-folded codes, sampled on the corpus side only.

With grams of k characters at every s-th corpus position and look-ups at every position of the submission,
every common run of k + s − 1 characters holds at least one gram that is looked up and found.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.sketch.hashing import window_hashes

_GRAMS = 3


def gram_keys(folded: NDArray[np.uint32], size: int, step: int = 1) -> NDArray[np.uint64]:
    """Keys of the grams that begin at 0, step, 2·step … of slot-folded codes."""
    return window_hashes(folded, size, step, _GRAMS)
