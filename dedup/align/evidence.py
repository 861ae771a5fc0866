"""The evidence of a match: what many independent documents hold says nothing, what one alone holds says much.

Three views of the same question. `rarity` weighs a gram by how few independent documents hold it.
`bigram_surprise` weighs a two-character match by how unlikely it is to stand by chance in a region of a
source. `Rivals` tells how well *other* documents explain a passage: the template sentences of the genre
are shared approximately, gram by gram, by many of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log, log10
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.sketch.arrays import Codes, Floats, Ints, distinct, places_of, run_begins
from dedup.sketch.background import bigram_buckets

REGION_CHARACTERS = 200
"""The size of a source region a short match is looked for in, when its surprise is computed."""
_SURPRISE_SCALE = 4
"""Negative logarithm of the chance (2 %) that is called 1."""
_UNSEEN = 0.5
"""Occurrences counted for a bigram beside those seen: one never seen may stand somewhere."""
_COMMON_AT_LEAST, _COMMON_AT_ONE, _COMMON_GROWTH = 6.0, 0.7, 2.5
"""Documents that make a gram common in collections of up to a hundred, and the line through what was best
with 334 and with 3,503 documents: its value at one document, and its growth for ten times as many."""


def common_from(documents: int) -> float:
    """The number of independent documents from which a gram that they hold is no evidence of its origin.

    Six in collections of up to a hundred, two or three more for every ten times as many: among many documents
    a few hold any gram by chance.
    """
    return max(_COMMON_AT_LEAST, _COMMON_AT_ONE + _COMMON_GROWTH * log10(max(documents, 1)))


def rarity(families: Ints, common: float) -> Floats:
    """Weight of a gram by the number of independent documents that hold it: one 1, `common` or more 0.

    Logarithmic between, as inverse document frequency is (Spärck Jones 1972). None (0) weighs nothing too:
    there is no match to weigh.
    """
    weight = 1 - np.log(np.maximum(families, 1)) / log(common)
    return np.where(families > 0, np.maximum(weight, 0.0), 0.0)


def bigram_surprise(codes: Codes, background: Ints) -> Floats:
    """For each bigram of slot-folded codes, 0 (sure to stand in any region) to 1 (a chance below 2 %)."""
    if len(codes) < 2:
        return np.zeros(0)
    buckets = bigram_buckets(codes)
    return np.clip(surprises(background[buckets], int(background.sum())) / _SURPRISE_SCALE, 0.0, 1.0)


def surprises(counts: Ints, total: int, characters: int = REGION_CHARACTERS) -> Floats:
    """Negative logarithm of the chance that a bigram stands in a text of so many characters.

    `counts` are its occurrences among `total` of all; see `dedup.sketch.background`. The chance is that of at
    least one among as many independent ones (Poisson).
    """
    per_character = (counts + _UNSEEN) / max(total, 1)
    surprise: Floats = -np.log(-np.expm1(-per_character * characters))
    return surprise


_STRETCH, _LEAST_OF_STRETCH, _OF_STRETCH = 64, 6, 4
"""Characters of a stretch of the submission, the grams of it that a document must hold to be strong there,
and how many of the strongest are named."""
_TOLD_BY_FEW = 24
"""A gram that more documents hold is not counted."""
HELD_ALIKE = 0.75
"""Share of the grams of a stretch found in its source that another document must hold to count as alike."""


class Rivals(NamedTuple):
    """All grams of the submission found in regions of the collection, one entry a (position, region)."""

    position: Ints
    """Ascending."""
    region: Ints
    """Number of the region, 0, 1, 2 …"""
    weight: Floats
    families: Ints
    """[regions] the family that each is of."""

    @classmethod
    def gather(cls, position: Ints, family: Ints, region: Ints, weight: Floats) -> Rivals:
        """Take hits in any order, with repeats; `region` are any numbers, those of a family its own."""
        order = np.lexsort((region, position))
        position, family, region, weight = position[order], family[order], region[order], weight[order]
        first = np.ones(len(position), bool)
        first[1:] = (position[1:] != position[:-1]) | (region[1:] != region[:-1])
        _, place, numbers = np.unique(region[first], return_index=True, return_inverse=True)
        return cls(position[first], numbers, weight[first], family[first][place])

    def strengths(self, start: int, end: int, besides: int) -> Floats:
        """Strengths of all families except `besides` over positions [start, end), strongest first.

        A family is as strong as its best region: what it holds here and there explains no passage.
        """
        first, last = self.position.searchsorted((start, end))
        of_region = np.bincount(self.region[first:last], weights=self.weight[first:last])
        strong = np.flatnonzero(of_region)
        best: dict[int, float] = {}
        for family, strength in zip(self.families[strong].tolist(), of_region[strong].tolist(), strict=True):
            best[family] = max(best.get(family, 0.0), strength)
        best.pop(besides, None)
        return np.array(sorted(best.values(), reverse=True), np.float64)


class Holders(NamedTuple):
    """The documents that hold the grams of a submission: one entry a (position, document), by position."""

    position: NDArray[np.int32]
    """Where the gram begins in the submission, ascending."""
    document: Ints
    """Which of `parts` holds it."""
    parts: NDArray[np.int32]
    """Numbers of the documents, ascending."""
    gram: int
    """Characters of a gram."""

    @classmethod
    def gather(cls, query: NDArray[np.int32], part: NDArray[np.int32], gram: int) -> Holders:
        """Take the places `query` [h] of hits and the documents `part` [h], ascending, that they are in."""
        begins = run_begins(part)
        # Numbers of sixteen bits are sorted digit by digit, in a tenth of the time.
        narrow = not len(query) or int(query.max()) < 1 << 16
        order = np.argsort(query.astype(np.uint16) if narrow else query, kind="stable")
        position, document = query[order], (np.cumsum(begins) - 1)[order]
        first = run_begins(position) | run_begins(document)
        return cls(position[first], document[first], part[begins], gram)

    def strongest(self, most: int) -> list[int]:
        """The documents that hold most distinct grams; of those that hold as many the lowest numbers."""
        order = np.argsort(-np.bincount(self.document), kind="stable")
        return [int(number) for number in self.parts[order[:most]]]

    def strongest_somewhere(self) -> list[int]:
        """The documents that hold most of some stretch of the submission, ascending.

        A document that one passage was taken from need not be strong in all; its clones are as strong there.
        """
        few = np.flatnonzero(np.bincount(self.position)[self.position] <= _TOLD_BY_FEW)
        stretch = self.position[few].astype(np.int64) // _STRETCH << 32 | self.document[few]
        stretch.sort()
        first = np.flatnonzero(run_begins(stretch))
        held = np.diff(np.append(first, len(stretch)))
        stretch, held = stretch[first][held >= _LEAST_OF_STRETCH], held[held >= _LEAST_OF_STRETCH]
        order = np.lexsort((-held, stretch >> 32))
        stretch = stretch[order]
        opens = np.flatnonzero(run_begins(stretch >> 32))
        rank = np.arange(len(stretch)) - np.repeat(opens, np.diff(np.append(opens, len(stretch))))
        strongest = distinct(stretch[rank < _OF_STRETCH] & 0xFFFFFFFF)
        return [int(number) for number in self.parts[strongest]]

    def families_at(self, families: Mapping[int, int], characters: int) -> Ints:
        """[characters] how many independent documents hold the gram at each position.

        `families` (part number → family) names those that are no independent ones.
        """
        family = np.full(len(self.parts), -1, np.int64)
        if families:
            members = np.array(sorted(families.items()), np.int64)
            places = places_of(members[:, 0], self.parts.astype(np.int64))
            family[places[places >= 0]] = members[places >= 0, 1]
        related = (family >= 0)[self.document]
        kin = np.flatnonzero(related)
        together = distinct(family[self.document[kin]] << 32 | self.position[kin]) & 0xFFFFFFFF
        alone = np.bincount(self.position[~related], minlength=characters)
        return alone + np.bincount(together, minlength=characters)

    def within(self, start: int, end: int) -> Ints:
        """Who holds the grams of a stretch of the submission, as places in `parts`: one entry a gram held."""
        last_gram = max(end - self.gram + 1, start + 1)
        first, last = np.searchsorted(self.position, np.array((start, last_gram), np.int32))
        return self.document[first:last]

    def of(self, start: int, end: int, source: int) -> list[int]:
        """The documents besides `source` that hold [start, end) about as well as that one does."""
        held = np.bincount(self.within(start, end))
        place = int(np.searchsorted(self.parts, np.int32(source)))
        there = place < len(held) and int(self.parts[place]) == source
        alike = held >= max(1.0, HELD_ALIKE * float(held[place] if there else 0))
        if there:
            alike[place] = False
        holding: list[int] = self.parts[: len(held)][alike].tolist()
        return holding
