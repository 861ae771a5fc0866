"""Comparing a submission with a segment, code by code, around the places where both hold the same gram."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from dedup.index.postings import Ints
from dedup.index.view import Found, View
from dedup.text.normalize import fold_slots

Codes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around h hits, in the submission and in the segment."""

    found: Found
    _folded: Codes
    _alphabet: Codes
    """The segment's alphabet, slot-folded."""
    _letters: NDArray[np.unsignedinteger[Any]]
    """[h, width] of the segment: read once, for all later questions."""
    _origin: Ints
    """[h] the position each row of letters begins with."""

    def take(self, chosen: NDArray[np.bool_] | Ints) -> Surroundings:
        """The surroundings of the chosen hits."""
        found, letters, origin = self.found.where(chosen), self._letters[chosen], self._origin[chosen]
        return Surroundings(found, self._folded, self._alphabet, letters, origin)

    def around(self, known: int, most: int) -> tuple[Ints, Ints]:
        """[h] how many codes, up to `most`, are the same before a hit and behind the `known` ones at it."""
        found, segment = self.found, self.found.view.segment
        part = found.view.parts_at(found.position)
        begin = segment.part_positions[part].astype(np.int64)
        end = begin + segment.part_lengths[part]
        # How far either text reaches; comparing stops there.
        before = np.minimum(np.minimum(found.query, found.position - begin), most)
        behind = np.minimum(np.minimum(len(self._folded) - found.query, end - found.position) - known, most)
        return self._reach(-1, -1, before), self._reach(known, 1, behind)

    def _reach(self, distance: int, direction: int, limit: Ints) -> Ints:
        """[h] how many codes, `limit` at the most, are the same from a distance on in a direction."""
        counts = np.zeros(len(limit), dtype=np.int64)
        going = np.flatnonzero(limit > 0)
        while len(going):
            letters = self._letters[going, self.found.position[going] + distance - self._origin[going]]
            codes = self._folded[self.found.query[going] + distance]
            going = going[np.take(self._alphabet, letters) == codes]
            counts[going] += 1
            distance += direction
            going = going[limit[going] > counts[going]]
        return counts


class Comparison:
    """Slot-folded codes of a submission [n] beside those of a segment."""

    def __init__(self, view: View, folded: Codes) -> None:
        self._folded = folded
        self._alphabet = fold_slots(view.segment.alphabet)

    def surroundings(self, found: Found, before: int, behind: int) -> Surroundings:
        """So many codes before hits and from them on, read in one sweep."""
        every = found.view.segment.letters
        width = min(before + behind, len(every))
        origin = np.clip(found.position - before, 0, len(every) - width)
        windows = sliding_window_view(every, width)
        letters = np.empty((len(origin), width), dtype=every.dtype)
        for few in found.view.nearby(origin, every.itemsize):
            letters[few] = windows[origin[few]]
        return Surroundings(found, self._folded, self._alphabet, letters, origin)
