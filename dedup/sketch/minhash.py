"""MinHash signatures (Broder 1997), value for value those of `datasketch.MinHash(scheme="affine32")`.

datasketch 2.0 mixes each 32-bit hash with the finalizer of MurmurHash3 and permutes it with
`a·h + b mod 2**32`, a odd; it draws a and b from NumPy's legacy generator, a Mersenne Twister. Neither it
(350 ms: it imports scipy) nor `numpy.random` (15 ms) is imported here; the tests compare.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

EMPTY = np.uint32(0xFFFFFFFF)
"""What a paragraph without shingles has in every place of its signature."""

_CHUNK = 1 << 15
"""Shingles handled at once: their hashes and products stay in the processor's second-level cache."""


@dataclass(frozen=True, slots=True)
class Permutations:
    """The functions `multipliers[k]·h + increments[k] mod 2**32`; shapes [k]."""

    multipliers: NDArray[np.uint32]
    increments: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.multipliers)


@cache
def permutations(count: int = 128, seed: int = 1) -> Permutations:
    """The permutations that datasketch draws for `num_perm=count` and `seed`."""
    words = np.array(_mersenne_twister(seed, 2 * count), dtype=np.uint32)
    multipliers = (words[:count] & np.uint32(0x7FFFFFFF)) * np.uint32(2) + np.uint32(1)
    return Permutations(multipliers, words[count:])


def sign(
    hashes: NDArray[np.uint32], starts: NDArray[np.int64], functions: Permutations | None = None
) -> NDArray[np.uint32]:
    """The signatures [m, k] of the m sets `hashes[starts[i]:starts[i + 1]]`; an empty set's row is EMPTY."""
    functions = functions or permutations()
    counts = np.diff(starts)
    signatures = np.full((len(counts), len(functions)), EMPTY, dtype=np.uint32)
    filled = np.flatnonzero(counts)
    first = 0
    while first < len(filled):
        # As many sets as fit the chunk, at least one. Empty sets between them hold no hashes.
        begin = starts[filled[first]]
        last = max(first + 1, int(np.searchsorted(starts[filled], begin + _CHUNK)) - 1)
        sets = filled[first:last]
        mixed = _finalize(hashes[begin : starts[sets[-1] + 1]])
        signatures[sets] = _minima(mixed, starts[sets] - begin, functions)
        first = last
    return signatures


def resemblance(left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Estimated Jaccard similarity of the sets behind two arrays of signatures [m, k], row by row."""
    shares: NDArray[np.float32] = (left == right).mean(axis=1, dtype=np.float32)
    return shares


def _minima(
    hashes: NDArray[np.uint32], starts: NDArray[np.int64], functions: Permutations
) -> NDArray[np.uint32]:
    minima = np.empty((len(functions), len(starts)), dtype=np.uint32)
    permuted = np.empty_like(hashes)
    for row, multiplier, increment in zip(minima, functions.multipliers, functions.increments, strict=True):
        np.multiply(hashes, multiplier, out=permuted)
        np.add(permuted, increment, out=permuted)
        np.minimum.reduceat(permuted, starts, out=row)
    return minima.T


def _finalize(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """`fmix32` of MurmurHash3 (Appleby), a bijection."""
    mixed = hashes ^ (hashes >> np.uint32(16))
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return mixed


def _mersenne_twister(seed: int, count: int) -> list[int]:
    """The first `count` 32-bit outputs of MT19937 (Matsumoto and Nishimura 1998)."""
    size, middle = 624, 397
    state = [seed]
    for place in range(1, size):
        previous = state[-1]
        state.append((1812433253 * (previous ^ (previous >> 30)) + place) & 0xFFFFFFFF)
    outputs: list[int] = []
    while len(outputs) < count:
        for place in range(size):
            joined = (state[place] & 0x80000000) | (state[(place + 1) % size] & 0x7FFFFFFF)
            twisted = (joined >> 1) ^ (0x9908B0DF if joined & 1 else 0)
            state[place] = state[(place + middle) % size] ^ twisted
        outputs.extend(_temper(word) for word in state)
    return outputs[:count]


def _temper(word: int) -> int:
    word ^= word >> 11
    word ^= (word << 7) & 0x9D2C5680
    word ^= (word << 15) & 0xEFC60000
    return word ^ (word >> 18)
