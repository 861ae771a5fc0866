"""Hits by diagonal: those of one document with the same distance between both positions may be one run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dedup.index.lookup import GramHits
from dedup.sketch.arrays import Bools, Ints, run_begins

_BITS = 33
"""Bits of a signed difference of two positions in texts of up to four thousand million characters."""


class Diagonals(NamedTuple):
    """Hits sorted by diagonal; those of one diagonal in order of both texts."""

    hit: Ints
    """Number of each hit among the chosen ones."""
    query: Ints
    part: Ints
    position: Ints
    opens: Bools
    """Mask of the hits with which a new diagonal begins."""

    @classmethod
    def of(cls, hits: GramHits, chosen: Bools | Ints) -> Diagonals:
        """Sort the chosen hits, which come in order of part and position."""
        query, part = hits.query[chosen].astype(np.int64), hits.part[chosen].astype(np.int64)
        position = hits.position[chosen]
        diagonal = part << _BITS | (position - query + (1 << _BITS - 1))
        order = np.argsort(diagonal, kind="stable")
        return cls(order, query[order], part[order], position[order], run_begins(diagonal[order]))
