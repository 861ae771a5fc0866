"""Short texts: paragraphs of which one altered character makes a great difference in shingles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from dedup.sketch.arrays import Ints, distinct
from dedup.text.folding import as_text

LEAST_CHARACTERS = 20
"""Normalised characters of a paragraph that may be in a pair: less is a heading, a label, a name."""
SHORT = 40
"""Characters below which a paragraph is short: one that is altered makes a great difference in shingles."""
TWO_PLACES_FROM = 25
"""Characters from which a short text may differ in two places."""
_FIGURE = re.compile(r"\d")
_UNITS = re.compile(r"\d+|\D")


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
    whole, borders = as_text(codes), starts.tolist()
    texts = [whole[begin:end] for begin, end in pairwise(borders)]
    near = _distances(texts, one, other) <= most
    figures = np.array([_FIGURE.search(text) is not None for text in texts], dtype=np.bool_)
    left = np.flatnonzero(~near & figures[one] & figures[other])
    for spelled in (partial(_FIGURE.sub, ""), _UNITS.findall):
        numbers = distinct(np.concatenate((one[left], other[left])))
        respelled = [spelled(texts[number]) for number in numbers.tolist()]
        places = (np.searchsorted(numbers, side[left]) for side in (one, other))
        left = left[_distances(respelled, *places) <= most[left]]
    near[left] = True
    result[chosen] = near
    return result


def _distances(texts: Sequence[Sequence[str]], one: Ints, other: Ints) -> NDArray[np.uint8]:
    """[p] how many units differ between the texts of each pair (Levenshtein); 3 stands for more than 2."""
    lefts, rights = [texts[text] for text in one.tolist()], [texts[text] for text in other.tolist()]
    return cpdist(lefts, rights, scorer=Levenshtein.distance, score_cutoff=2, dtype=np.uint8)
