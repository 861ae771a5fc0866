"""Hashes of character windows and of columns: multiply-shift over vectors, vectorised with NumPy.

The multilinear family of Dietzfelbinger et al. (1997): each element is multiplied by its own odd random
64-bit constant, the products are added modulo 2**64, and the *high* bits are the hash. A last
xor-shift-multiply spreads what several windows have in common.
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


@cache
def constants(count: int, stream: int) -> NDArray[np.uint64]:
    """`count` odd 64-bit constants, the same on every machine; another `stream`, other constants.

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
    """Hashes of the windows of `size` codes that begin at 0, step, 2·step …; their high bits are the best.

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
        begin, stop = first * step, (first + len(block) - 1) * step + 1
        for offset, multiplier in enumerate(multipliers):
            np.multiply(codes[begin + offset : stop + offset : step], multiplier, out=product[: len(block)])
            block += product[: len(block)]
        spread(block)
    return hashes


def column_hashes(columns: NDArray[np.uint32], stream: int) -> NDArray[np.uint64]:
    """Hash of each column of an array [width, m]; shape [m]."""
    total = np.zeros(columns.shape[1], dtype=np.uint64)
    for column, multiplier in zip(columns, constants(len(columns), stream), strict=True):
        total += column * multiplier
    return spread(total)


def spread(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix the values in place, a bijection, and return them."""
    values ^= values >> _HALF
    values *= SPREAD
    return values
