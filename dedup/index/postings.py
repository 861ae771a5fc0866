"""An immutable multi-map from 64-bit keys to 32-bit values, as three sorted arrays.

The top bits of a key choose its bucket (`directory[b]:directory[b + 1]`), the next 16 are its tag; within a
bucket, postings are ordered by tag, then by value. What lies below is forgotten, so two keys are taken for
one with probability 2**-(bucket bits + 16). A look-up touches two or three pages of a mapped file,
however large it is. Grams (values: sampled positions) and LSH bands (values: paragraphs) both live in one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array64 = NDArray[np.uint64]
Ints = NDArray[np.int64]

_TAG_BITS = 16
_POSTINGS_A_BUCKET = 8
_MOST_BUCKET_BITS = 24
_PIECE = 1 << 16
"""Postings unpacked at once, within the processor's second-level cache."""


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

    def fingerprints(self, keys: Array64) -> Array64:
        """What is kept of keys: bucket and tag in one number."""
        return keys >> np.uint64(64 - self.bucket_bits - _TAG_BITS)

    def find(self, keys: Array64) -> tuple[Ints, Ints]:
        """For each key the range [first, last) of its postings; first == last where it has none."""
        fingerprints = self.fingerprints(keys)
        buckets = (fingerprints >> np.uint64(_TAG_BITS)).astype(np.int64)
        tags = (fingerprints & np.uint64((1 << _TAG_BITS) - 1)).astype(np.uint16)
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


def build_postings(pairs: Iterable[tuple[Array64, NDArray[np.uint32]]], count: int, most: int) -> Postings:
    """Postings of `count` pairs (key, value) that come in pieces; no value is above `most`.

    Key and value share one 64-bit word and the words are sorted: NumPy sorts these ten times faster than
    it finds an order. Needs 8 bytes a posting while it works, and as much again for the result.
    """
    value_bits = max(most.bit_length(), 1)
    bucket_bits = min(
        max((count // _POSTINGS_A_BUCKET).bit_length(), 4), _MOST_BUCKET_BITS, 64 - _TAG_BITS - value_bits
    )
    words = np.empty(count, dtype=np.uint64)
    filled = 0
    for keys, numbers in pairs:
        piece = words[filled : filled + len(keys)]
        np.bitwise_and(keys, np.uint64(((1 << 64) - 1) >> value_bits << value_bits), out=piece)
        piece |= numbers
        filled += len(keys)
    # The bits between tag and value take part in no comparison later, so they must not order values now.
    loose = 64 - bucket_bits - _TAG_BITS
    if loose > value_bits:
        words &= np.uint64(((1 << 64) - 1) >> loose << loose | (1 << value_bits) - 1)
    words.sort()
    directory = np.zeros((1 << bucket_bits) + 1, dtype=np.uint32)
    tags = np.empty(count, dtype=np.uint16)
    values = np.empty(count, dtype=np.uint32)
    sizes = np.zeros(1 << bucket_bits, dtype=np.int64)
    scratch = np.empty(min(count, _PIECE), dtype=np.uint64)
    for rows in _pieces(count):
        part = words[rows]
        shifted = scratch[: len(part)]
        # Assigning to fewer bits drops the ones above.
        np.right_shift(part, np.uint64(loose), out=shifted)
        np.copyto(tags[rows], shifted, casting="unsafe")
        np.bitwise_and(part, np.uint64((1 << value_bits) - 1), out=shifted)
        np.copyto(values[rows], shifted, casting="unsafe")
        buckets = np.right_shift(part, np.uint64(64 - bucket_bits), out=shifted).view(np.int64)
        lowest = int(buckets[0])
        buckets -= lowest
        found = np.bincount(buckets)
        sizes[lowest : lowest + len(found)] += found
    directory[1:] = np.cumsum(sizes)
    return Postings(directory, tags, values)


def _pieces(count: int, size: int = _PIECE) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
