"""The evidence of a match: what many independent documents hold says nothing, what one alone holds says much.

Three views of the same question. `rarity` weighs a gram by how few independent documents hold it.
`bigram_surprise` weighs a two-character match by how unlikely it is to stand by chance in a region of a
source. `Rivals` tells how well *other* documents explain a passage: the template sentences of the genre
are shared approximately, gram by gram, by many of them.
"""

from __future__ import annotations

from math import log, log10
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.sketch.background import bigram_buckets

Codes = NDArray[np.uint32]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

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
    """For each bigram of slot-folded codes, 0 (sure to stand in any region) to 1 (a chance below 2 %).

    `background` counts the corpus's bigrams by bucket. The chance is that of at least one occurrence
    among REGION_CHARACTERS independent ones (Poisson); its negative logarithm is scaled.
    """
    if len(codes) < 2:
        return np.zeros(0)
    per_character = (background[bigram_buckets(codes)] + _UNSEEN) / max(int(background.sum()), 1)
    return np.clip(-np.log(-np.expm1(-per_character * REGION_CHARACTERS)) / _SURPRISE_SCALE, 0.0, 1.0)


class Rivals(NamedTuple):
    """All grams of the submission found anywhere, one entry a (position, family), ordered by position."""

    position: Ints
    family: Ints
    """The place of the family in `families`."""
    weight: Floats
    families: Ints
    """The families found, ascending."""

    @classmethod
    def gather(cls, position: Ints, family: Ints, weight: Floats) -> Rivals:
        """From hits in any order, with repeats."""
        order = np.lexsort((family, position))
        position, family, weight = position[order], family[order], weight[order]
        first = np.ones(len(position), bool)
        first[1:] = (position[1:] != position[:-1]) | (family[1:] != family[:-1])
        families, numbers = np.unique(family[first], return_inverse=True)
        return cls(position[first], numbers, weight[first], families)

    def strengths(self, start: int, end: int, besides: int) -> Floats:
        """Strengths of all families except `besides` over positions [start, end), strongest first."""
        first, last = self.position.searchsorted((start, end))
        strength = np.bincount(self.family[first:last], weights=self.weight[first:last]).astype(np.float64)
        number = int(self.families.searchsorted(besides))
        if number < len(strength) and self.families[number] == besides:
            strength[number] = 0.0
        return -np.sort(-strength[strength > 0])
