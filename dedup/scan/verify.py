"""Candidates → verified pairs: Jaccard similarity of shingle sets, exactly, thousands of pairs at once.

A shingle is told from others by 50 bits of its hash: two different ones of a pair of texts with a thousand
shingles are taken for one with probability 5e-10.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import expand
from dedup.sketch.arrays import Ints, run_begins
from dedup.sketch.hashing import window_hashes

PAIRS_AT_ONCE = 1 << 13
"""The two texts of so many pairs can be numbered in the 14 bits that the hashes leave."""
_HASH_BITS = np.uint64(50)
_STREAM = 6


def shingle_sets(codes: NDArray[np.uint32], starts: Ints, size: int) -> tuple[NDArray[np.uint64], Ints]:
    """Hashes of the distinct shingles of m texts, ascending within each, and their borders [m + 1].

    Text i is `codes[starts[i]:starts[i + 1]]`; m is at most 2**14.
    """
    counts = np.maximum(np.diff(starts) - size + 1, 0)
    places, text = expand(starts[:-1], starts[:-1] + counts)
    words = window_hashes(codes, size, 1, _STREAM)[places] >> (np.uint64(64) - _HASH_BITS)
    words |= text.astype(np.uint64) << _HASH_BITS
    words.sort()
    words = words[run_begins(words)]
    sizes = np.bincount((words >> _HASH_BITS).astype(np.int64), minlength=len(counts))
    words &= np.uint64((1 << int(_HASH_BITS)) - 1)
    return words, np.concatenate(([0], np.cumsum(sizes)))


def overlaps(hashes: NDArray[np.uint64], borders: Ints, one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """For p pairs of the sets `hashes[borders[i]:borders[i + 1]]` the sizes [p] of intersection and union."""
    sizes = np.diff(borders)
    left, pair = expand(borders[one], borders[one + 1])
    right, again = expand(borders[other], borders[other + 1])
    words = np.concatenate((hashes[left], hashes[right]))
    words |= np.concatenate((pair, again)).astype(np.uint64) << _HASH_BITS
    words.sort()
    twice = words[1:][words[1:] == words[:-1]] >> _HASH_BITS
    common = np.bincount(twice.astype(np.int64), minlength=len(one))
    return common, sizes[one] + sizes[other] - common
