"""Runs that a submission repeats: looked for once, found at every place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import Ints, expand
from dedup.index.view import Found
from dedup.sketch.arrays import distinct
from dedup.sketch.hashing import window_hashes

_STREAM = 13
"""Of the constants that runs are hashed with."""
_BITS = 32


class Repeats:
    """Which runs of codes stood before, and where."""

    def __init__(self, folded: NDArray[np.uint32], run: int, gram: int) -> None:
        """Of slot-folded codes [n]: runs of `run` codes, grams of `gram`."""
        hashes = window_hashes(folded, run, 1, _STREAM)
        order = np.argsort(hashes, kind="stable")
        ordered = hashes[order]
        # Sorting was stable: the first of equals is the first in the text.
        earliest = np.empty(len(hashes), dtype=np.int64)
        earliest[order] = order[np.searchsorted(ordered, ordered)]
        self.is_first: NDArray[np.bool_] = earliest == np.arange(len(hashes))
        """[n - run + 1] whether the run at a place stands nowhere before."""
        again = np.flatnonzero(~self.is_first)
        within = np.arange(run - gram + 1)
        pairs = distinct(((earliest[again, None] + within << _BITS) | (again[:, None] + within)).ravel())
        self._copies = pairs & ((1 << _BITS) - 1)
        places = np.arange(len(folded) + 1)
        self._bounds: Ints = np.searchsorted(pairs >> _BITS, places)

    def repeated(self, found: Found) -> Found:
        """The same hits at the later places that hold the same grams in the same run."""
        place, row = expand(self._bounds[found.query], self._bounds[found.query + 1])
        return Found(found.view, self._copies[place], found.position[row])
