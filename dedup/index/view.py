"""A segment as one snapshot sees it: what of it is alive, and where in it something was found."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import Ints, Postings
from dedup.index.segment import Segment
from dedup.sketch.arrays import run_begins

_MAPPED = 1 << 21
"""Bytes around a touched one that the system may map at once (a huge page; mostly it is 64 KB)."""
_MAPPED_AT_ONCE = 32
_KEYS_AT_ONCE = 2048
"""Keys looked up together."""


class View(NamedTuple):
    """A segment as one snapshot sees it."""

    segment: Segment
    first_part: int
    """Number of its first part in the snapshot."""
    live_parts: NDArray[np.bool_] | None
    """Which of its parts are there; None when all are."""
    dead_grams: NDArray[np.uint64] | None
    """Fingerprints of the sampled grams of its dead parts, ascending, one a posting."""

    def parts_at(self, positions: Ints) -> Ints:
        """The part each position of the segment lies in."""
        # Wanted and searched of one type: the whole list would be converted otherwise.
        return np.searchsorted(self.segment.part_positions, positions.astype(np.uint32), side="right") - 1

    def ranges(self, postings: Postings, keys: NDArray[np.uint64]) -> tuple[Ints, Ints]:
        """For each key [first, last) of its postings in the segment, as `Postings.find` gives it."""
        first, last = np.empty(len(keys), dtype=np.int64), np.empty(len(keys), dtype=np.int64)
        order = np.argsort(keys)  # what lies together is looked up together
        for begin in range(0, len(keys), _KEYS_AT_ONCE):
            few = order[begin : begin + _KEYS_AT_ONCE]
            first[few], last[few] = postings.find(keys[few])
            self.relieve()
        return first, last

    def nearby(self, rows: Ints, size: int) -> Iterator[Ints]:
        """Which of some rows of an array of the segment, elements of so many bytes, to touch together.

        Between some and the next, what was mapped may be let go (see `dedup.index.paging`).
        """
        block = (rows * size // _MAPPED).astype(np.uint16)
        order = np.argsort(block, kind="stable")  # sixteen bits are sorted digit by digit, in no time
        blocks = np.cumsum(run_begins(block[order]))
        first = np.searchsorted(blocks, np.arange(1, len(rows) and blocks[-1] + 1, _MAPPED_AT_ONCE))
        for begin, end in pairwise([*first.tolist(), len(rows)]):
            yield order[begin:end]
            self.relieve()

    def relieve(self) -> None:
        """Let go of the pages that were read if they are too many."""
        self.segment.container.relieve()


class Found(NamedTuple):
    """Hits in one segment: [h] places of grams in the submission, and positions in the segment."""

    view: View
    query: Ints
    position: Ints

    def where(self, chosen: NDArray[np.bool_] | Ints) -> Found:
        """The chosen hits."""
        return Found(self.view, self.query[chosen], self.position[chosen])

    def living(self) -> Found:
        """Those in parts that are there."""
        live = self.view.live_parts
        return self if live is None else self.where(live[self.view.parts_at(self.position)])
