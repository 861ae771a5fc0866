"""The evidence of a match: text that many independent documents hold is none, text that one holds is much.

There are three measures. `rarity` weighs a gram by the number of independent documents that hold it.
`bigram_surprise` weighs a two-character match by the chance that it occurs in a region of a source. `Rivals`
measures how well *other* documents explain a passage: many of them share the template sentences of the genre
approximately, gram by gram.
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
"""Characters of a source region for which the surprise of a short match is computed."""
_SURPRISE_SCALE = 4
"""Negative logarithm of the chance (2 %) that is scaled to a surprise of 1."""
_UNSEEN = 0.5
"""Occurrences added to those counted for a bigram, so that an unseen one has a chance too."""
_COMMON_AT_LEAST, _COMMON_AT_ONE, _COMMON_GROWTH = 6.0, 0.7, 2.5
"""Documents that make a gram common in collections of up to a hundred, and the line through what was best
with 334 and with 3,503 documents: its value at one document, and its growth for ten times as many."""


def common_from(documents: int) -> float:
    """Number of independent documents from which a gram held by them is no evidence of its origin.

    Six in collections of up to a hundred, two or three more for every ten times as many: among many documents
    a few hold any gram by chance.
    """
    return max(_COMMON_AT_LEAST, _COMMON_AT_ONE + _COMMON_GROWTH * log10(max(documents, 1)))


def rarity(families: Ints, common: float) -> Floats:
    """Weight of a gram by the number of independent documents that hold it: one 1, `common` or more 0.

    Logarithmic in between, as inverse document frequency is (Spärck Jones 1972). The weight is 0 for 0
    documents too: there is no match to weigh.
    """
    weight = 1 - np.log(np.maximum(families, 1)) / log(common)
    return np.where(families > 0, np.maximum(weight, 0.0), 0.0)


def bigram_surprise(codes: Codes, background: Ints) -> Floats:
    """Surprise of each bigram of slot-folded codes, 0 (certain in a region) to 1 (chance under 2 %)."""
    if len(codes) < 2:
        return np.zeros(0)
    buckets = bigram_buckets(codes)
    return np.clip(surprises(background[buckets], int(background.sum())) / _SURPRISE_SCALE, 0.0, 1.0)


def surprises(counts: Ints, total: int, characters: int = REGION_CHARACTERS) -> Floats:
    """Negative logarithm of the chance that a bigram occurs in a text of so many characters.

    `counts` are the occurrences of each bigram among `total` in the collection (`dedup.sketch.background`).
    The chance is that of at least one occurrence in `characters` independent draws (Poisson).
    """
    per_character = (counts + _UNSEEN) / max(total, 1)
    surprise: Floats = -np.log(-np.expm1(-per_character * characters))
    return surprise


_STRETCH, _LEAST_OF_STRETCH, _OF_STRETCH = 64, 6, 4
"""Characters of a stretch of the submission, the grams of it that a document must hold to be strong there,
and how many of the strongest are named."""
_TOLD_BY_FEW = 24
"""Documents up to which a gram is counted; grams that more documents hold are not."""
HELD_ALIKE = 0.75
"""Share of the grams of a stretch found in its source that another document must hold to count as alike."""


class Rivals(NamedTuple):
    """Grams of the submission found in regions of the collection, an entry for each (position, region)."""

    position: Ints
    """Position of the gram in the submission, ascending."""
    region: Ints
    """Number of the region, 0, 1, 2 …"""
    weight: Floats
    families: Ints
    """[regions] family of each region's document."""

    @classmethod
    def gather(cls, position: Ints, family: Ints, region: Ints, weight: Floats) -> Rivals:
        """Collect hits, in any order and with repeats; no two families share a `region` number."""
        order = np.lexsort((region, position))
        position, family, region, weight = position[order], family[order], region[order], weight[order]
        first = np.ones(len(position), bool)
        first[1:] = (position[1:] != position[:-1]) | (region[1:] != region[:-1])
        _, place, numbers = np.unique(region[first], return_index=True, return_inverse=True)
        return cls(position[first], numbers, weight[first], family[first][place])

    def strengths(self, start: int, end: int, besides: int) -> Floats:
        """Strengths of all families except `besides` over positions [start, end), strongest first.

        A family is as strong as its best region, since grams scattered over a document explain no passage.
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
    """The documents that hold grams of a submission: one entry for each (position, document), in order."""

    position: NDArray[np.int32]
    """Position of the gram in the submission, ascending."""
    document: Ints
    """Place in `parts` of the document that holds it."""
    parts: NDArray[np.int32]
    """Numbers of the documents, ascending."""
    gram: int
    """Number of characters of a gram."""

    @classmethod
    def gather(cls, query: NDArray[np.int32], part: NDArray[np.int32], gram: int) -> Holders:
        """Collect hits: their positions `query` [h] and documents `part` [h], the latter ascending."""
        begins = run_begins(part)
        # NumPy sorts 16-bit numbers by radix, in a tenth of the time.
        narrow = not len(query) or int(query.max()) < 1 << 16
        order = np.argsort(query.astype(np.uint16) if narrow else query, kind="stable")
        position, document = query[order], (np.cumsum(begins) - 1)[order]
        first = run_begins(position) | run_begins(document)
        return cls(position[first], document[first], part[begins], gram)

    def strongest(self, most: int) -> list[int]:
        """Part numbers of the documents that hold most distinct grams; among equals the lowest numbers."""
        order = np.argsort(-np.bincount(self.document), kind="stable")
        return [int(number) for number in self.parts[order[:most]]]

    def strongest_somewhere(self) -> list[int]:
        """Part numbers of the documents that hold most of some stretch of the submission, ascending.

        The source of a single passage need not be strong overall; it and its clones are strong there.
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
        """Number of independent documents that hold the gram at each position, int64[characters].

        `families` (part number → family) groups documents that are not independent of one another.
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
        """Documents that hold grams of [start, end), as places in `parts`, one entry for each gram held."""
        last_gram = max(end - self.gram + 1, start + 1)
        first, last = np.searchsorted(self.position, np.array((start, last_gram), np.int32))
        return self.document[first:last]

    def of(self, start: int, end: int, source: int) -> list[int]:
        """Part numbers of the documents besides `source` that hold [start, end) about as well as it does."""
        held = np.bincount(self.within(start, end))
        place = int(np.searchsorted(self.parts, np.int32(source)))
        there = place < len(held) and int(self.parts[place]) == source
        alike = held >= max(1.0, HELD_ALIKE * float(held[place] if there else 0))
        if there:
            alike[place] = False
        holding: list[int] = self.parts[: len(held)][alike].tolist()
        return holding
