"""Small steps on arrays that several rooms take."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray


def distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distinct values, ascending.

    `np.unique` without further outputs imports `numpy.ma`, a tenth of what importing NumPy takes.
    """
    ordered = np.sort(values)
    first = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def portions(sizes: NDArray[np.int64], most: int) -> Iterator[slice]:
    """Consecutive slices of elements whose sizes add up to `most` at the most; one alone may be larger."""
    ends = np.cumsum(sizes)
    start = 0
    while start < len(sizes):
        before = ends[start - 1] if start else 0
        end = max(start + 1, int(np.searchsorted(ends, before + most, side="right")))
        yield slice(start, end)
        start = end
