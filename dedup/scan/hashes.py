"""A 64-bit hash of a paragraph's normalised text: paragraphs of equal hash are taken for one text.

A polynomial over mixed codes modulo 2**64, so that all paragraphs of an array are hashed in one pass: a sum
of terms times a power of an odd base, divided by the power the paragraph begins at. Among ten million
texts the chance that any two collide is 3e-6.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from dedup.sketch.hashing import constants, spread
from dedup.text.normalize import normalize

_STREAM = 4
_BLOCK = 1 << 17
"""Codes hashed at once, as far as paragraphs are no longer than that."""


def text_hashes(
    codes: NDArray[np.uint32], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Hashes [m] of the ranges `codes[begins[i]:ends[i]]`, which ascend, do not overlap and are not empty."""
    hashes = np.empty(len(begins), dtype=np.uint64)
    first = 0
    while first < len(begins):
        last = max(first + 1, int(np.searchsorted(ends, begins[first] + _BLOCK, side="right")))
        origin = begins[first]
        block = codes[origin : ends[last - 1]]
        hashes[first:last] = _block_hashes(block, begins[first:last] - origin, ends[first:last] - origin)
        first = last
    return hashes


def folded_hash(text: str) -> int:
    """A hash of a whole text after folding, the same whatever its spacing, width and marks; 0 for no text."""
    codes = normalize(text).codes
    return int.from_bytes(blake2b(codes.tobytes(), digest_size=8).digest()) if len(codes) else 0


def combine(*columns: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One hash for each row of columns of numbers or hashes."""
    total = np.zeros(len(columns[0]), dtype=np.uint64)
    for column, multiplier in zip(columns, constants(len(columns), _STREAM + 1), strict=True):
        total += spread(column * multiplier) * multiplier
    return spread(total)


def sums_between(hashes: NDArray[np.uint64], borders: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Sums [m] of the ranges `hashes[borders[i]:borders[i + 1]]`: a hash of each range in whatever order."""
    sums = np.zeros(len(hashes) + 1, dtype=np.uint64)
    np.cumsum(hashes, out=sums[1:])
    return sums[borders[1:]] - sums[borders[:-1]]


def _block_hashes(
    codes: NDArray[np.uint32], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint64]:
    multiplier, last_mix = constants(3, _STREAM)[1:]
    powers, inverses = _powers(1 << max(len(codes) - 1, 1).bit_length())
    terms = spread((codes + np.uint64(1)) * multiplier)
    terms *= powers[: len(codes)]
    borders = np.column_stack((begins, ends)).ravel()
    # reduceat wants borders inside the array; the last range then runs to its end, as it should.
    if borders[-1] == len(codes):
        borders = borders[:-1]
    sums = np.add.reduceat(terms, borders)[::2]
    lengths = (ends - begins).astype(np.uint64)
    return spread((sums * inverses[begins] + lengths) * last_mix)


@cache
def _powers(count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Powers 0 … count − 1 of the base, and of its inverse modulo 2**64."""
    base = int(constants(3, _STREAM)[0])
    return _geometric(base, count), _geometric(pow(base, -1, 1 << 64), count)


def _geometric(base: int, count: int) -> NDArray[np.uint64]:
    powers = np.ones(count, dtype=np.uint64)
    filled = 1
    while filled < count:
        step = np.uint64(pow(base, filled, 1 << 64))
        more = min(filled, count - filled)
        np.multiply(powers[:more], step, out=powers[filled : filled + more])
        filled += more
    return powers
