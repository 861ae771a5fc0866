"""Background counts of bigrams: how common two characters side by side are in a corpus.

Kept as one count a bucket of a hash. With 65,536 buckets, the noise other bigrams add to a bucket is 1/65,536
of all occurrences, an expectation of 0.003 in a region of 200 characters: far below what is told apart.
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
    """Buckets of the bigrams of a text that is written as numbers into an alphabet.

    A few thousand codes are multiplied instead of every character.
    """

    def __init__(self, folded: NDArray[np.uint32]) -> None:
        """`folded` [a] are the slot-folded codes that numbers stand for."""
        self._of_first, self._of_second = folded * _OF_FIRST, folded * _OF_SECOND

    def buckets(self, letters: NDArray[np.intp]) -> NDArray[np.uint16]:
        """The bucket of each of the n − 1 bigrams of n letters."""
        first = self._of_first.take(letters[:-1], mode="clip")
        second = self._of_second.take(letters[1:], mode="clip")
        return _buckets(first, second).astype(np.uint16)


def _buckets(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.uint32]:
    mixed: NDArray[np.uint32] = ((first ^ second) * _MIXED) >> np.uint32(16)
    return mixed
