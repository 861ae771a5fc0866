"""MinHash signatures (Broder 1997), value for value those of `datasketch.MinHash(scheme="affine32")`.

datasketch 2.0 mixes each 32-bit hash with the finalizer of MurmurHash3 and permutes it with
`a·h + b mod 2**32`, a odd; it draws a and b from NumPy's legacy generator, a Mersenne Twister. Neither it
(350 ms: it imports scipy) nor `numpy.random` (15 ms) is imported here; the tests compare.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dedup.records import dataclass

EMPTY = np.uint32(0xFFFFFFFF)
"""The value that fills the signature of a paragraph without shingles."""

MIX = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)
"""Multipliers of MurmurHash3's finalizer."""

_BLOCK = 1 << 17
"""Values permuted at once: with their results they stay in the processor's second-level cache."""
_FEW_SETS = 64
"""Fewer sets of one width are laid out set by set, more of them value by value: long rows are fast."""


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
    mixed = _finalize(hashes)
    widths = _padded(counts)
    by_width = np.argsort(widths, kind="stable")
    borders = np.flatnonzero(np.diff(widths[by_width], prepend=0, append=-1))
    scratch = np.empty(_BLOCK, dtype=np.uint32)
    for first, last in pairwise(borders.tolist()):
        width = int(widths[by_width[first]])
        step = max(_BLOCK // width, 1)
        for begin in range(first, last, step):
            sets = by_width[begin : min(begin + step, last)]
            # A smaller set is padded with its last value, which changes no minimum.
            within = np.minimum(np.arange(width), counts[sets, None] - 1)
            values = mixed.take(starts[sets, None] + within)
            signatures[sets] = _minima(values, functions, scratch)
    return signatures


def resemblance(left: NDArray[np.uint32], right: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Estimated Jaccard similarity of the sets behind two arrays of signatures [m, k], row by row."""
    shares: NDArray[np.float32] = (left == right).mean(axis=1, dtype=np.float32)
    return shares


def _padded(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sizes of sets rounded up, to one of four widths between a power of two and the next."""
    quanta = np.left_shift(1, np.maximum(np.frexp(counts)[1] - 3, 0))
    widths: NDArray[np.int64] = -(-counts // quanta) * quanta
    return widths


def _minima(
    values: NDArray[np.uint32], functions: Permutations, scratch: NDArray[np.uint32]
) -> NDArray[np.uint32]:
    """The signatures [m, k] of m sets of equal size, `values` [m, width].

    Sets of one size allow a plain `reduce`: `reduceat` would cost 20 to 40 ns for each set and function. If
    the values are few, several functions are applied at once.
    """
    set_by_set = len(values) < _FEW_SETS
    laid_out = values if set_by_set else np.ascontiguousarray(values.T)
    axis = -1 if set_by_set else -2
    at_once = min(max(len(scratch) // values.size, 1), len(functions))
    if values.size > len(scratch):
        scratch = np.empty(values.size, dtype=np.uint32)
    minima = np.empty((len(functions), len(values)), dtype=np.uint32)
    permuted = scratch[: at_once * values.size].reshape(at_once, *laid_out.shape)
    for first in range(0, len(functions), at_once):
        rows = minima[first : first + at_once]
        block = permuted[: len(rows)]
        multipliers = functions.multipliers[first : first + at_once]
        increments = functions.increments[first : first + at_once]
        np.multiply(laid_out, multipliers[:, None, None], out=block)
        np.add(block, increments[:, None, None], out=block)
        np.minimum.reduce(block, axis=axis, out=rows)
    return minima.T


def _finalize(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """`fmix32` of MurmurHash3 (Appleby), a bijection."""
    mixed = hashes ^ (hashes >> np.uint32(16))
    mixed *= MIX[0]
    mixed ^= mixed >> np.uint32(13)
    mixed *= MIX[1]
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
