"""Sign character shingles by compiled code, with the same values as `dedup.sketch.minhash`.

NumPy takes a pass over the processor's second-level cache for every product, every sum and every minimum;
code compiled by numba (Lam, Pitrou, Seibert 2015) stores only the minima, and takes half the time. numba is
large, takes 0.8 s to start (and a second to compile for the first time) and a hundred megabytes of memory, so
it is an extra (`fast`) and used for tens of millions of characters only.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dedup.sketch.hashing import SPREAD, constants
from dedup.sketch.minhash import EMPTY, MIX, permutations, sign
from dedup.sketch.shingles import CHARACTERS, character_shingles

Signer = Callable[[NDArray[np.uint32], NDArray[np.int64]], NDArray[np.uint32]]
"""(codes [n], borders [m + 1]) → the signatures [m, k] of m paragraphs; one without a shingle has EMPTY."""

_Numbers = NDArray[np.uint32]
_Kernel = Callable[[_Numbers, NDArray[np.int64], NDArray[np.uint64], _Numbers, _Numbers, _Numbers], None]


def character_signer(size: int, count: int) -> Signer | None:
    """A function that signs paragraphs as sets of shingles of `size` characters; None without numba."""
    kernel = _compiled()
    if kernel is None:
        return None
    functions = permutations(count)
    weights = constants(size, CHARACTERS)

    def signed(codes: NDArray[np.uint32], starts: NDArray[np.int64]) -> NDArray[np.uint32]:
        signatures = np.full((len(starts) - 1, count), EMPTY, dtype=np.uint32)
        kernel(codes, starts, weights, functions.multipliers, functions.increments, signatures)
        return signatures

    return signed


@cache
def _compiled() -> _Kernel | None:
    """The compiled kernel if it computes what NumPy does, else None; cached on disk where that is possible.

    An accelerator must not stop a build: if anything is wrong with numba, its cache or the disk of the cache
    (it may raise anything), NumPy does the work. A cached kernel may have been compiled with other constants.
    """
    try:
        from numba import config, njit
    except Exception:
        return None
    if config.DISABLE_JIT:  # it would be run as Python
        return None
    for kept in (True, False):
        with suppress(Exception):
            kernel: _Kernel = njit(cache=kept)(_sign)
            if _agrees(kernel):
                return kernel
    return None


def _agrees(kernel: _Kernel) -> bool:
    codes, starts = np.arange(0x4E00, 0x4E14, dtype=np.uint32), np.array([0, 3, 20])
    functions = permutations(4)
    signatures = np.full((2, 4), EMPTY, dtype=np.uint32)
    kernel(codes, starts, constants(5, CHARACTERS), functions.multipliers, functions.increments, signatures)
    shingles = character_shingles(codes, starts, 5)
    return bool((signatures == sign(shingles.hashes, shingles.starts, functions)).all())


def _sign(
    codes: NDArray[np.uint32],
    starts: NDArray[np.int64],
    weights: NDArray[np.uint64],
    multipliers: NDArray[np.uint32],
    increments: NDArray[np.uint32],
    signatures: NDArray[np.uint32],
) -> None:
    """Broder's MinHash: the least value of each function over the hashes of all shingles.

    The arithmetic is that of `window_hashes`, `_finalize` and `_minima`. Values are converted at every step,
    since numba would widen them to 64 bits.
    """
    size = len(weights)
    longest = 0
    for paragraph in range(len(starts) - 1):
        longest = max(longest, starts[paragraph + 1] - starts[paragraph])
    hashes = np.empty(longest, dtype=np.uint32)
    for paragraph in range(len(starts) - 1):
        count = starts[paragraph + 1] - starts[paragraph] - size + 1
        for number in range(count):
            total = np.uint64(0)
            for place in range(size):
                total += np.uint64(codes[starts[paragraph] + number + place]) * weights[place]
            total = (total ^ (total >> np.uint64(32))) * SPREAD
            mixed = np.uint32(total >> np.uint64(32))
            mixed = np.uint32((mixed ^ (mixed >> np.uint32(16))) * MIX[0])
            mixed = np.uint32((mixed ^ (mixed >> np.uint32(13))) * MIX[1])
            hashes[number] = mixed ^ (mixed >> np.uint32(16))
        minima = signatures[paragraph]
        for number in range(0, count, 4):
            # Four at a time: minima are loaded and stored once for all of them.
            first, second = hashes[number], hashes[min(number + 1, count - 1)]
            third, fourth = hashes[min(number + 2, count - 1)], hashes[min(number + 3, count - 1)]
            for function in range(len(multipliers)):
                factor, increment = multipliers[function], increments[function]
                least = min(np.uint32(factor * first + increment), np.uint32(factor * second + increment))
                least = min(least, np.uint32(factor * third + increment))
                least = min(least, np.uint32(factor * fourth + increment))
                minima[function] = min(minima[function], least)
