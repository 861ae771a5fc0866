"""Comparing a submission with a segment, code by code, around the places where both hold the same gram."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import Ints
from dedup.index.view import Found, View
from dedup.text.normalize import fold_slots


class Comparison:
    """Slot-folded codes of a submission [n] beside those of a segment."""

    def __init__(self, view: View, folded: NDArray[np.uint32], step: int) -> None:
        """A segment has sampled every `step`-th code."""
        self._view = view
        self._step = step
        self._folded = folded
        self._alphabet = fold_slots(view.segment.alphabet)

    def code_at(self, place: int, samples: NDArray[np.uint32], distance: int) -> NDArray[np.bool_]:
        """[h] whether the code at a place of the submission stands at a distance from ascending samples.

        Borders of documents are not looked at.
        """
        letters = self._view.segment.letters
        positions = np.minimum(np.maximum(samples * np.int64(self._step) + distance, 0), len(letters) - 1)
        equal = np.zeros(len(samples), dtype=np.bool_)
        for few in self._nearby(positions):
            equal[few] = np.take(self._alphabet, letters[positions[few]]) == self._folded[place]
        return equal

    def around(self, found: Found, known: int, most: int) -> tuple[Ints, Ints]:
        """[h] how many codes, up to `most`, are the same before a hit and behind the `known` ones at it."""
        begin, end = self._borders(found)
        # How far either text reaches; comparing stops there.
        before = np.minimum(np.minimum(found.query, found.position - begin), most)
        behind = np.minimum(np.minimum(len(self._folded) - found.query, end - found.position) - known, most)
        for few in self._nearby(found.position):
            query, position = found.query[few], found.position[few]
            before[few] = self._reach(query - 1, position - 1, -1, before[few])
            behind[few] = self._reach(query + known, position + known, 1, behind[few])
        return before, behind

    def _borders(self, found: Found) -> tuple[Ints, Ints]:
        """[h] where the document that holds a hit begins and ends."""
        part = found.view.parts_at(found.position)
        begin = found.view.segment.part_positions[part].astype(np.int64)
        return begin, begin + found.view.segment.part_lengths[part]

    def _nearby(self, positions: Ints) -> Iterator[Ints]:
        return self._view.nearby(positions, self._view.segment.letters.itemsize)

    def _equal(self, query: Ints, position: Ints) -> NDArray[np.bool_]:
        letters = self._view.segment.letters[position]
        equal: NDArray[np.bool_] = np.take(self._alphabet, letters) == self._folded[query]
        return equal

    def _reach(self, query: Ints, position: Ints, direction: int, limit: Ints) -> Ints:
        """[h] how many codes, `limit` at the most, are the same from here in a direction."""
        counts = np.zeros(len(query), dtype=np.int64)
        going = np.flatnonzero(limit > 0)
        step = 0
        while len(going):
            distance = direction * step
            going = going[self._equal(query[going] + distance, position[going] + distance)]
            counts[going] += 1
            step += 1
            going = going[limit[going] > step]
        return counts
