"""How much a match says: what many independent documents hold says nothing, what one alone holds says much.

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


def common_from(documents: int) -> float:
    """How many independent documents that hold a gram make it say nothing about where a text came from.

    Six in collections of up to a hundred, two or three more for every ten times as many: among many documents
    a few hold any gram by chance. Measured with 334 and with 3,503 documents.
    """
    return max(6.0, 0.7 + 2.5 * log10(max(documents, 1)))


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
    among REGION_CHARACTERS independent ones (Poisson); its negative logarithm is scaled by 4.
    """
    if len(codes) < 2:
        return np.zeros(0)
    expected = (background[bigram_buckets(codes)] + 0.5) * REGION_CHARACTERS / max(int(background.sum()), 1)
    return np.clip(-np.log(-np.expm1(-expected)) / 4, 0.0, 1.0)


class Rivals(NamedTuple):
    """All grams of the submission found anywhere, one entry a (position, family), ordered by position."""

    position: Ints
    family: Ints
    """Which of `families` it is."""
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
        """What each family except `besides` shares with positions [start, end), strongest first."""
        first, last = self.position.searchsorted((start, end))
        strength = np.bincount(self.family[first:last], weights=self.weight[first:last]).astype(np.float64)
        number = int(self.families.searchsorted(besides))
        if number < len(strength) and self.families[number] == besides:
            strength[number] = 0.0
        return -np.sort(-strength[strength > 0])
