"""Buckets → candidate pairs of texts. Arithmetic on sorted words, no files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import expand
from dedup.sketch.arrays import Ints, portions, run_begins

LARGEST_BUCKET = 64
"""Distinct texts in a bucket up to which each is paired with each.

The texts of a larger one are paired with its earliest only: they are one wording that very many documents
hold in as many variants, and pairing them all would be quadratic in their number.
"""
_PAIRS_AT_ONCE = 1 << 21
_LOW_HALF = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Buckets:
    """The buckets of one band that hold at least two texts."""

    words: NDArray[np.uint64]
    """key << 32 | text, ascending."""
    begins: Ints
    sizes: Ints

    @property
    def texts(self) -> Ints:
        """The text of each word."""
        return (self.words & _LOW_HALF).astype(np.int64)

    @property
    def keys(self) -> NDArray[np.uint64]:
        """Key of each bucket."""
        return self.words[self.begins] >> _HALF


def buckets_of(words: NDArray[np.uint64]) -> Buckets:
    """The buckets in the words of a band."""
    begins = np.flatnonzero(run_begins(words >> _HALF))
    sizes = np.diff(begins, append=len(words))
    shared = sizes > 1
    return Buckets(words, begins[shared], sizes[shared])


def select(buckets: Buckets, chosen: NDArray[np.bool_] | slice) -> Buckets:
    """Some of the buckets."""
    return Buckets(buckets.words, buckets.begins[chosen], buckets.sizes[chosen])


def texts_of(buckets: Buckets) -> Ints:
    """The texts of the buckets, one bucket after the other."""
    places, _ = expand(buckets.begins, buckets.begins + buckets.sizes)
    return (buckets.words[places] & _LOW_HALF).astype(np.int64)


def pairs_within(
    buckets: Buckets, ranks: Ints, fresh: NDArray[np.bool_] | None
) -> Iterator[NDArray[np.uint64]]:
    """Candidate pairs smaller text << 32 | larger text, in portions; a pair may come from several buckets.

    With `fresh` [T] only those of which a text is fresh. `ranks` [T] tell the earliest of a bucket.
    """
    large = buckets.sizes > LARGEST_BUCKET
    small, large_ones = select(buckets, ~large), select(buckets, large)
    texts = buckets.texts
    for part in portions(small.sizes * (small.sizes - 1) // 2, _PAIRS_AT_ONCE, len(small.sizes)):
        yield _joined(*_all_pairs(texts, small.begins[part], small.sizes[part]), fresh)
    for part in portions(large_ones.sizes, _PAIRS_AT_ONCE, len(large_ones.sizes)):
        some = select(large_ones, part)
        members, leaders = texts_of(some), np.repeat(leaders_of(some, ranks), some.sizes)
        others = members != leaders
        yield _joined(leaders[others], members[others], fresh)


def leaders_of(buckets: Buckets, ranks: Ints) -> Ints:
    """The text of lowest rank in each bucket; `ranks` [T] of texts of a bucket are distinct."""
    if not len(buckets.sizes):
        return np.empty(0, dtype=np.int64)
    texts = texts_of(buckets)
    found = ranks[texts]
    lowest = np.minimum.reduceat(found, np.cumsum(buckets.sizes) - buckets.sizes)
    leaders: Ints = texts[found == np.repeat(lowest, buckets.sizes)]
    return leaders


def _all_pairs(texts: Ints, begins: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    places, bucket = expand(begins, begins + sizes)
    after = (begins + sizes)[bucket]
    others, left = expand(places + 1, after)
    return texts[places[left]], texts[others]


def _joined(one: Ints, other: Ints, fresh: NDArray[np.bool_] | None) -> NDArray[np.uint64]:
    if fresh is not None:
        touched = fresh[one] | fresh[other]
        one, other = one[touched], other[touched]
    pairs = np.minimum(one, other).astype(np.uint64) << _HALF
    return pairs | np.maximum(one, other).astype(np.uint64)
