"""A segment as one snapshot sees it: its living parts and their numbers.

Look-ups in thousands of places go through it in batches, in the order of the file, and the pages mapped for a
batch are released before the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import Postings, expand
from dedup.index.segment import Segment
from dedup.sketch.arrays import Ints, run_begins

_MAPPED = 1 << 21
"""Bytes around a touched one that the system may map at once (a huge page; mostly it is 64 KB)."""
_MAPPED_AT_ONCE = 32
_KEYS_AT_ONCE = 2048
"""Keys looked up together."""


class View(NamedTuple):
    """A segment as one snapshot sees it."""

    segment: Segment
    first_part: int
    """Number of its first part among those of all segments, laid end to end."""
    live_parts: NDArray[np.bool_] | None
    """Mask of its living parts, bool[parts]; None when all are alive."""
    dead_grams: NDArray[np.uint64] | None
    """Fingerprints of the sampled grams of its dead parts, ascending, one for each posting."""
    numbers: NDArray[np.uint32] | None = None
    """[parts] number of each part in the snapshot, ascending; None: they count on from `first_part`."""

    def parts_at(self, positions: Ints) -> Ints:
        """The part each position of the segment lies in."""
        # Both arrays must have one type, or NumPy would convert the whole list.
        return np.searchsorted(self.segment.part_positions, positions.astype(np.uint32), side="right") - 1

    def numbers_of(self, parts: Ints) -> Ints:
        """The numbers in the snapshot of parts of the segment."""
        return parts + self.first_part if self.numbers is None else self.numbers[parts].astype(np.int64)

    def parts_in_order(self, positions: Ints) -> Ints:
        """`parts_at` for ascending positions; faster where they are many."""
        bounds = self.segment.part_positions
        if len(bounds) > len(positions):
            return self.parts_at(positions)
        last = np.searchsorted(positions, bounds.astype(np.int64)[1:])
        return np.repeat(np.arange(len(last)), np.diff(last, prepend=0))

    def alive(self, positions: Ints) -> NDArray[np.bool_]:
        """Mask of the positions that lie in living parts."""
        if self.live_parts is None:
            return np.ones(len(positions), dtype=np.bool_)
        return self.live_parts[self.parts_at(positions)]

    def ranges(self, postings: Postings, keys: NDArray[np.uint64]) -> tuple[Ints, Ints]:
        """The range [first, last) of each key's postings in the segment, as `Postings.find` returns it."""
        first, last = np.empty(len(keys), dtype=np.int64), np.empty(len(keys), dtype=np.int64)
        order = np.argsort(keys)  # neighbouring keys are looked up together, equal ones once
        ordered = keys[order]
        begins = np.flatnonzero(run_begins(ordered))
        times = np.diff(begins, append=len(keys))
        for begin in range(0, len(begins), _KEYS_AT_ONCE):
            some = slice(begin, begin + _KEYS_AT_ONCE)
            end = int(begins[some][-1] + times[some][-1])
            few = order[begins[begin] : end]
            found = postings.find(ordered[begins[some]])
            first[few], last[few] = (np.repeat(one, times[some]) for one in found)
            self.relieve()
        return first, last

    def values(self, postings: Postings, first: Ints, last: Ints) -> tuple[Ints, Ints]:
        """The values of postings in ranges [first, last), none empty, and the number of the range of each."""
        postings.values.verify(first, last)
        places, row = expand(first, last)
        values, stored = np.empty(len(places), dtype=np.int64), postings.values.unverified
        for few in self.nearby(places, stored.itemsize):  # in the order in which they lie in the file
            values[few] = stored[places[few]]
        return values, row

    def nearby(self, rows: Ints, size: int) -> Iterator[Ints]:
        """Split rows of an array with elements of `size` bytes into batches that lie together in the file.

        Gives places in `rows`. Pages that a batch mapped may be released before the next.
        """
        block = (rows * size // _MAPPED).astype(np.uint16)
        order = np.argsort(block, kind="stable")  # sixteen bits are sorted digit by digit, in no time
        blocks = np.cumsum(run_begins(block[order]))
        first = np.searchsorted(blocks, np.arange(1, len(rows) and blocks[-1] + 1, _MAPPED_AT_ONCE))
        for begin, end in pairwise([*first.tolist(), len(rows)]):
            yield order[begin:end]
            self.relieve()

    def relieve(self) -> None:
        """Release the pages that were read if they are too many."""
        self.segment.container.relieve()


def view_without(view: View, path: str) -> View:
    """The view without the parts of the file at a path."""
    segment = view.segment
    files = segment.files_named(path)
    if not files:
        return view
    live = live_parts(segment, files)
    if view.live_parts is not None:
        live &= view.live_parts
    return view._replace(live_parts=live)


def live_parts(segment: Segment, dead_files: Sequence[int]) -> NDArray[np.bool_]:
    """Mask of the parts of a segment that belong to none of the dead files, bool[parts]."""
    live = np.ones(segment.parts, dtype=np.bool_)
    for file in dead_files:
        live[segment.file_parts[file] : segment.file_parts[file + 1]] = False
    return live
