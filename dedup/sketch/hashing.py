"""Hashes of character windows, of columns and of texts: multiply-shift over vectors, vectorised with NumPy.

The multilinear family of Dietzfelbinger et al. (1997): each element is multiplied by its own odd random
64-bit constant, the products are added modulo 2**64, and the *high* bits are the hash. A last
xor-shift-multiply spreads the bits that similar windows have in common.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

_MASK = (1 << 64) - 1
SPREAD = np.uint64(0xD6E8FEB86659FD93)
"""Multiplier of the last xor-shift-multiply."""
_HALF = np.uint64(32)
_BLOCK = 1 << 14
"""Hashes made at once, so that sums and products stay in the processor's first caches."""
_TEXTS = 4
"""The stream of constants for texts; the next is for rows of columns."""
_TEXTS_AT_ONCE = 1 << 17
"""Codes hashed at once, as far as texts are no longer than that."""


@cache
def constants(count: int, stream: int) -> NDArray[np.uint64]:
    """`count` odd 64-bit constants, the same on every machine and different for each `stream`.

    They are the outputs of SplitMix64 (Steele, Lea, Flood 2014). The index on disk depends on them.
    """
    values = []
    state = (stream * 0x632BE59BD9B4E019 + 0x2545F4914F6CDD1D) & _MASK
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) & _MASK
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        values.append((mixed ^ (mixed >> 31)) | 1)
    result = np.array(values, dtype=np.uint64)
    result.flags.writeable = False  # shared by all callers
    return result


def window_hashes(codes: NDArray[np.uint32], size: int, step: int, stream: int) -> NDArray[np.uint64]:
    """Hashes of the windows of `size` codes that begin at 0, step, 2·step …; use their high bits.

    Shape: one value for every whole window, none for an array shorter than `size`.
    """
    last_start = len(codes) - size
    if last_start < 0:
        return np.empty(0, dtype=np.uint64)
    hashes = np.zeros(last_start // step + 1, dtype=np.uint64)
    multipliers = constants(size, stream)
    product = np.empty(min(_BLOCK, len(hashes)), dtype=np.uint64)
    for first in range(0, len(hashes), _BLOCK):
        block = hashes[first : first + _BLOCK]
        here = codes[first * step : (first + len(block) - 1) * step + size]
        # Widened and made contiguous once, not for each multiplier.
        rows = [here[offset::step].astype(np.uint64) for offset in range(min(step, size))]
        for offset, multiplier in enumerate(multipliers):
            begin = offset // step
            np.multiply(
                rows[offset % step][begin : begin + len(block)], multiplier, out=product[: len(block)]
            )
            block += product[: len(block)]
        spread(block)
    return hashes


def text_hashes(
    codes: NDArray[np.uint32], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Hashes, uint64[m], of the ranges `codes[begins[i]:ends[i]]`: ascending, not overlapping, not empty.

    A polynomial over mixed codes modulo 2**64, so that all texts of an array are hashed in one pass: a sum of
    terms times a power of an odd base, divided by the power the text begins at. Among ten million texts the
    chance that any two collide is 3e-6.
    """
    hashes = np.empty(len(begins), dtype=np.uint64)
    first = 0
    while first < len(begins):
        last = max(first + 1, int(np.searchsorted(ends, begins[first] + _TEXTS_AT_ONCE, side="right")))
        origin = begins[first]
        block = codes[origin : ends[last - 1]]
        hashes[first:last] = _block_hashes(block, begins[first:last] - origin, ends[first:last] - origin)
        first = last
    return hashes


def combine(*columns: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """One hash for each row of columns of numbers or hashes."""
    total = np.zeros(len(columns[0]), dtype=np.uint64)
    for column, multiplier in zip(columns, constants(len(columns), _TEXTS + 1), strict=True):
        total += spread(column * multiplier) * multiplier
    return spread(total)


def sums_between(hashes: NDArray[np.uint64], borders: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Sums [m] of the ranges `hashes[borders[i]:borders[i + 1]]`, which hash them regardless of order."""
    sums = np.zeros(len(hashes) + 1, dtype=np.uint64)
    np.cumsum(hashes, out=sums[1:])
    return sums[borders[1:]] - sums[borders[:-1]]


def _block_hashes(
    codes: NDArray[np.uint32], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint64]:
    multiplier, last_mix = constants(3, _TEXTS)[1:]
    powers, inverses = _powers(1 << max(len(codes) - 1, 1).bit_length())
    terms = spread((codes + np.uint64(1)) * multiplier)
    terms *= powers[: len(codes)]
    borders = np.column_stack((begins, ends)).ravel()
    # reduceat needs borders inside the array; the last range extends to the array's end by itself.
    if borders[-1] == len(codes):
        borders = borders[:-1]
    sums = np.add.reduceat(terms, borders)[::2]
    lengths = (ends - begins).astype(np.uint64)
    return spread((sums * inverses[begins] + lengths) * last_mix)


@cache
def _powers(count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Powers 0 … count − 1 of the base, and of its inverse modulo 2**64."""
    base = int(constants(3, _TEXTS)[0])
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


def spread(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix the values in place, a bijection, and return them."""
    values ^= values >> _HALF
    values *= SPREAD
    return values
