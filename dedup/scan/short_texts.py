"""Short texts: paragraphs of which one altered character makes a great difference in shingles."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from dedup.sketch.arrays import Ints, distinct
from dedup.sketch.hashing import text_hashes
from dedup.text.folding import as_text

LEAST_CHARACTERS = 20
"""Normalised characters of a paragraph that may be in a pair: less is a heading, a label, a name."""
SHORT = 40
"""Characters below which a paragraph is short: one that is altered makes a great difference in shingles."""
TWO_PLACES_FROM = 25
"""Characters from which a short text may differ in two places."""
_FIGURE = re.compile(r"\d")
_UNITS = re.compile(r"\d+|\D")
_LOWEST = np.uint64(63)


def differ_little(codes: NDArray[np.uint32], starts: Ints, one: Ints, other: Ints) -> NDArray[np.bool_]:
    """[p] which pairs of short texts differ in one place, or from TWO_PLACES_FROM characters on in two.

    A place is a character, or a figure of any length where that is all that differs. Text i is
    `codes[starts[i]:starts[i + 1]]`; a pair of which one is not short does not count.
    """
    lengths = np.diff(starts)
    result = np.zeros(len(one), dtype=np.bool_)
    chosen = np.flatnonzero((lengths[one] < SHORT) & (lengths[other] < SHORT))
    one, other = one[chosen], other[chosen]
    most = np.where(np.minimum(lengths[one], lengths[other]) >= TWO_PLACES_FROM, 2, 1)
    whole = as_text(codes)

    def within(pairs: Ints, spelled: Callable[[str], Sequence[str]]) -> Ints:
        """Those of some pairs that differ in so few units, as their texts are spelled."""
        numbers = distinct(np.concatenate((one[pairs], other[pairs])))
        begins, ends = starts[numbers].tolist(), starts[numbers + 1].tolist()
        texts = [spelled(whole[begin:end]) for begin, end in zip(begins, ends, strict=True)]
        places = (np.searchsorted(numbers, side[pairs]) for side in (one, other))
        return pairs[_distances(texts, *places) <= most[pairs]]

    figures = codes - np.uint32(ord("0")) < 10  # unsigned: codes below "0" wrap around to large values
    near = np.zeros(len(one), dtype=np.bool_)
    near[within(np.flatnonzero(_may_differ_little(_bits(codes), starts, one, other, most)), str)] = True
    left = ~near & _may_differ_little(_bits_of_units(codes, figures, starts), starts, one, other, most)
    counted = np.concatenate(([0], np.cumsum(figures)))
    figured = counted[starts[1:]] > counted[starts[:-1]]
    left &= figured[one] & figured[other]
    near[within(within(np.flatnonzero(left), partial(_FIGURE.sub, "")), _UNITS.findall)] = True
    result[chosen] = near
    return result


def _bits(values: NDArray[Any]) -> NDArray[np.uint64]:
    """[n] one of 64 bits for each value, by its lowest bits."""
    bits: NDArray[np.uint64] = np.left_shift(np.uint64(1), values.astype(np.uint64) & _LOWEST)
    return bits


def _bits_of_units(codes: NDArray[np.uint32], figures: NDArray[np.bool_], starts: Ints) -> NDArray[np.uint64]:
    """[n] the bit of each character; of the digits of a figure the first has one, which tells its value."""
    borders = np.zeros(len(codes) + 1, dtype=np.bool_)
    borders[starts] = True
    borders[1:-1] |= figures[1:] != figures[:-1]
    begins, ends = np.flatnonzero(figures & borders[:-1]), np.flatnonzero(figures & borders[1:]) + 1
    bits = np.where(figures, np.uint64(0), _bits(codes))
    bits[begins] = _bits(text_hashes(codes, begins, ends) >> np.uint64(32))
    return bits


def _may_differ_little(
    bits: NDArray[np.uint64], starts: Ints, one: Ints, other: Ints, most: Ints
) -> NDArray[np.bool_]:
    """[p] which pairs of texts may differ in no more than `most` [p] units, one or two, by the bits of units.

    Of a text the bits count that an odd number of units has: a unit that is altered alters two at the most.
    """
    before = np.zeros(len(bits) + 1, dtype=np.uint64)
    np.bitwise_xor.accumulate(bits, out=before[1:])
    odd = before[starts[1:]] ^ before[starts[:-1]]
    differing = odd[one] ^ odd[other]
    for left in (1, 1, 2, 2):
        differing &= differing - (most >= left).astype(np.uint64)  # has one bit fewer
    return np.asarray(differing == 0)


def _distances(texts: Sequence[Sequence[str]], one: Ints, other: Ints) -> NDArray[np.uint8]:
    """[p] how many units differ between the texts of each pair (Levenshtein); 3 stands for more than 2."""
    lefts, rights = [texts[text] for text in one.tolist()], [texts[text] for text in other.tolist()]
    return cpdist(lefts, rights, scorer=Levenshtein.distance, score_cutoff=2, dtype=np.uint8)
