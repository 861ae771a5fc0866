"""Documents that are versions or clones of one another, by the signatures of whole documents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.sketch.minhash import EMPTY

KINSHIP = 0.35
"""Estimated containment from which two documents are kin. Independent reports of one year by different
provinces share 3 % of their text, 10 % at the most."""
_FEWEST_EQUAL = 8
"""Equal values two signatures must have: fewer are within what chance does to an estimate."""


def kin(
    numbers: Sequence[int], signatures: NDArray[np.uint32], lengths: NDArray[np.float64]
) -> dict[int, int]:
    """Group n documents by signatures [n, permutations] and lengths: number → smallest number of its family.

    Documents without kin are left out. The containment of one in the other follows from the resemblance J
    and the sizes of both sets: |A ∩ B| = J (|A| + |B|) / (1 + J).
    """
    count = len(numbers)
    if count < 2:
        return {}
    representative = list(range(count))
    filled = signatures != EMPTY  # without shingles, nothing
    for one in range(count - 1):
        others = slice(one + 1, count)
        equal = np.count_nonzero((signatures[others] == signatures[one]) & filled[one], axis=1)
        near = np.flatnonzero(equal >= _FEWEST_EQUAL)
        if not len(near):
            continue
        similarity, sizes = equal[near] / signatures.shape[1], lengths[others][near]
        common = similarity * (lengths[one] + sizes) / (1 + similarity)
        alike = common / np.maximum(np.minimum(lengths[one], sizes), 1) >= KINSHIP
        for other in near[alike].tolist():
            _join(representative, one, one + 1 + other)
    families: dict[int, list[int]] = {}
    for place, number in enumerate(numbers):
        families.setdefault(_root(representative, place), []).append(number)
    return {number: min(family) for family in families.values() if len(family) > 1 for number in family}


def _root(representative: list[int], place: int) -> int:
    while representative[place] != place:
        place = representative[place]
    return place


def _join(representative: list[int], one: int, other: int) -> None:
    first, second = sorted((_root(representative, one), _root(representative, other)))
    representative[second] = first
