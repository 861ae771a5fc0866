"""An immutable multi-map from 64-bit keys to 32-bit values, as three sorted arrays.

The top bits of a key choose its bucket (`directory[b]:directory[b + 1]`), the next 16 are its tag; within a
bucket, postings are ordered by tag, then by value. What lies below is forgotten, so two keys are taken for
one with probability 2**-(bucket bits + 16). A look-up touches two or three pages of a mapped file, however
large it is. A segment has three of them: *grams* and *runs*, longer grams, lead to sampled positions, the
LSH *bands* to signatures.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.index.container import Stored
from dedup.records import dataclass
from dedup.sketch.arrays import Ints

Words = NDArray[np.uint64]

TAG_BITS = 16
_ORDINARY = 256
"""Postings of a bucket that is read whole: two or three blocks of a file."""


@dataclass(frozen=True, slots=True)
class Postings:
    """n postings in 2**b buckets."""

    directory: Stored
    """uint32[2**b + 1]: where each bucket begins."""
    tags: Stored
    """uint16[n], ascending within a bucket."""
    values: Stored
    """uint32[n], ascending within a bucket and tag."""

    def __len__(self) -> int:
        return len(self.values)

    @property
    def bucket_bits(self) -> int:
        """How many top bits of a key choose the bucket."""
        return len(self.directory).bit_length() - 1

    @property
    def fingerprint_bits(self) -> int:
        """How many top bits of a key are kept."""
        return self.bucket_bits + TAG_BITS

    def fingerprints(self, keys: Words) -> Words:
        """Cut keys to what is kept of them: bucket and tag in one number."""
        return keys >> np.uint64(64 - self.fingerprint_bits)

    def find(self, keys: Words) -> tuple[Ints, Ints]:
        """For each key the range [first, last) of its postings; first == last where it has none."""
        fingerprints = self.fingerprints(keys)
        buckets = (fingerprints >> np.uint64(TAG_BITS)).astype(np.int64)
        wanted = (fingerprints & np.uint64((1 << TAG_BITS) - 1)).astype(np.uint16)
        self.directory.verify(buckets, buckets + 2)
        directory = self.directory.unverified
        begin, end = directory[buckets].astype(np.int64), directory[buckets + 1].astype(np.int64)
        sizes = end - begin
        ordinary = np.flatnonzero((sizes > 0) & (sizes <= _ORDINARY))
        self.tags.verify(begin[ordinary], end[ordinary])
        first, last = begin.copy(), begin.copy()
        first[ordinary], last[ordinary] = _equal_range(
            self.tags.unverified, begin[ordinary], end[ordinary], wanted[ordinary]
        )
        large = np.flatnonzero(sizes > _ORDINARY)
        first[large], last[large] = _range_in_much(self.tags, begin[large], end[large], wanted[large])
        return first, last


def expand(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """All places of the ranges [first, last), range after range, and the number of the range each is of."""
    counts = last - first
    rows = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return first[rows] + within, rows


def _equal_range(
    tags: NDArray[np.uint16], begin: Ints, end: Ints, wanted: NDArray[np.uint16]
) -> tuple[Ints, Ints]:
    """Where in each range [begin, end) of ascending tags those begin and end that equal what is wanted."""
    wanted = wanted.astype(np.uint32)
    both = np.concatenate([wanted, wanted + np.uint32(1)])  # those end where the next tag would begin
    places = lower_bound(tags, np.tile(begin, 2), np.tile(end, 2), both)
    return places[: len(begin)], places[len(begin) :]


def _range_in_much(tags: Stored, begin: Ints, end: Ints, wanted: NDArray[np.uint16]) -> tuple[Ints, Ints]:
    """`_equal_range` in ranges that may be megabytes long, of which only what decides is verified.

    A binary search ends between two tags that it has met. If these are what was written, the place is right,
    whatever else it met: tags ascend.
    """
    places = np.concatenate(_equal_range(tags.unverified, begin, end, wanted))
    tags.verify(np.maximum(places - 1, np.tile(begin, 2)), np.minimum(places + 1, np.tile(end, 2)))
    return places[: len(begin)], places[len(begin) :]


def lower_bound(
    values: NDArray[np.integer[Any]], begin: Ints, end: Ints, wanted: NDArray[np.integer[Any]]
) -> Ints:
    """Binary search, one a row: the first place in [begin, end) whose value is ≥ what is wanted."""
    low, size = begin.copy(), end - begin
    # Every row goes through as many steps as the longest one: leaving rows out costs more than a step does.
    for _ in range(int(size.max(initial=0)).bit_length()):
        half = size >> 1
        right = values.take(low + half, mode="clip") < wanted
        right &= size > 0
        low += np.where(right, half + 1, 0)
        size = np.where(right, size - half - 1, half)
    return low
