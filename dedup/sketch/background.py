"""Background counts of bigrams: the frequency of two adjacent characters in a corpus.

One count is kept for each bucket of a hash. With 65,536 buckets, other bigrams add 1/65,536 of all
occurrences to a bucket, an expectation of 0.003 in a region of 200 characters, which is negligible.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 16
_OF_FIRST, _OF_SECOND, _MIXED = np.uint32(0x9E3779B1), np.uint32(0x85EBCA77), np.uint32(0xC2B2AE3D)


def bigram_buckets(codes: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The bucket of each of the n − 1 bigrams of slot-folded codes."""
    return _buckets(codes[:-1] * _OF_FIRST, codes[1:] * _OF_SECOND).astype(np.int64)


class BigramTables:
    """Buckets of the bigrams of a text that is given as numbers into an alphabet.

    Only the few thousand codes of the alphabet are multiplied, not every character.
    """

    def __init__(self, folded: NDArray[np.uint32]) -> None:
        """`folded` [a] is the alphabet: the slot-folded code of each number."""
        self._of_first, self._of_second = folded * _OF_FIRST, folded * _OF_SECOND

    def buckets(self, letters: NDArray[np.intp]) -> NDArray[np.uint16]:
        """The bucket of each of the n − 1 bigrams of n letters."""
        first = self._of_first.take(letters[:-1], mode="clip")
        second = self._of_second.take(letters[1:], mode="clip")
        return _buckets(first, second).astype(np.uint16)


def _buckets(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint32]:
    mixed: NDArray[np.uint32] = ((first ^ second) * _MIXED) >> np.uint32(16)
    return mixed
