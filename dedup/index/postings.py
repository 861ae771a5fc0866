"""An immutable multi-map from 64-bit keys to 32-bit values, as three sorted arrays.

The top bits of a key choose its bucket (`directory[b]:directory[b + 1]`), the next 16 are its tag; within a
bucket, postings are ordered by tag, then by value. What lies below is forgotten, so two keys are taken for
one with probability 2**-(bucket bits + 16). A look-up touches two or three pages of a mapped file,
however large it is. Grams (values: sampled positions) and LSH bands (values: paragraphs) both live in one.
`dedup.index.inversion` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array64 = NDArray[np.uint64]
Ints = NDArray[np.int64]

TAG_BITS = 16


@dataclass(frozen=True, slots=True)
class Postings:
    """n postings in 2**b buckets."""

    directory: NDArray[np.uint32]
    """uint32[2**b + 1]: where each bucket begins."""
    tags: NDArray[np.uint16]
    """uint16[n], ascending within a bucket."""
    values: NDArray[np.uint32]
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

    def fingerprints(self, keys: Array64) -> Array64:
        """What is kept of keys: bucket and tag in one number."""
        return keys >> np.uint64(64 - self.fingerprint_bits)

    def find(self, keys: Array64) -> tuple[Ints, Ints]:
        """For each key the range [first, last) of its postings; first == last where it has none."""
        fingerprints = self.fingerprints(keys)
        buckets = (fingerprints >> np.uint64(TAG_BITS)).astype(np.int64)
        tags = (fingerprints & np.uint64((1 << TAG_BITS) - 1)).astype(np.uint16)
        begin, end = self.directory[buckets].astype(np.int64), self.directory[buckets + 1].astype(np.int64)
        first = lower_bound(self.tags, begin, end, tags)
        last = first.copy()
        # Only keys that are there have an upper bound worth searching.
        there = np.flatnonzero(first < end)
        there = there[self.tags[first[there]] == tags[there]]
        last[there] = lower_bound(self.tags, first[there] + 1, end[there], tags[there], after_equals=True)
        return first, last


def expand(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """All places of the ranges [first, last), range after range, and the number of the range each is of."""
    counts = last - first
    rows = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return first[rows] + within, rows


def lower_bound(
    values: NDArray[np.integer[Any]],
    begin: Ints,
    end: Ints,
    wanted: NDArray[np.integer[Any]],
    *,
    after_equals: bool = False,
) -> Ints:
    """Binary search, one a row: the first place in [begin, end) whose value is ≥ (or >) what is wanted."""
    low, high = begin.copy(), end.copy()
    open_rows = np.flatnonzero(low < high)
    while len(open_rows):
        middle = (low[open_rows] + high[open_rows]) >> 1
        found, target = values[middle], wanted[open_rows]
        right = found <= target if after_equals else found < target
        low[open_rows[right]] = middle[right] + 1
        high[open_rows[~right]] = middle[~right]
        open_rows = open_rows[low[open_rows] < high[open_rows]]
    return low
