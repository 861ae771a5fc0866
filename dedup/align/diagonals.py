"""Hits on a diagonal: as far apart in the submission as in a document, so that they may be one run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dedup.index.lookup import GramHits
from dedup.sketch.arrays import Bools, Ints, run_begins

_BITS = 33
"""Room for a difference of two places in texts of up to four thousand million characters."""


class Diagonals(NamedTuple):
    """Hits by diagonal, those of one in order of both texts."""

    hit: Ints
    """Which of the chosen hits each is."""
    query: Ints
    part: Ints
    position: Ints
    opens: Bools
    """Those with which another diagonal begins."""

    @classmethod
    def of(cls, hits: GramHits, chosen: Bools | Ints) -> Diagonals:
        """Take the hits that are chosen, which come in order of part and position."""
        query, part = hits.query[chosen].astype(np.int64), hits.part[chosen].astype(np.int64)
        position = hits.position[chosen]
        diagonal = part << _BITS | (position - query + (1 << _BITS - 1))
        order = np.argsort(diagonal, kind="stable")
        return cls(order, query[order], part[order], position[order], run_begins(diagonal[order]))
