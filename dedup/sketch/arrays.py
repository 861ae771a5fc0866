"""Small operations on arrays that several packages use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)
Bools = NDArray[np.bool_]
Codes = NDArray[np.uint32]
"""Normalised characters, as `dedup.text.normalize` gives them."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Words = NDArray[np.uint64]
Numbers = NDArray[np.integer[Any]]
"""Whole numbers, in 32 bits if the array is as long as a text, which may be a book."""

_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)


def distinct(values: NDArray[Number]) -> NDArray[Number]:
    """The distinct values, ascending, by a plain sort, which is several times faster than `np.unique`.

    Besides, `np.unique` without further outputs imports `numpy.ma`, a tenth of the time to import NumPy.
    """
    values = np.sort(values)
    return values[run_begins(values)]


def run_begins(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    """Mask of the elements that differ from the one before, bool[n]; equal elements must be adjacent."""
    begins = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    return begins


def runs_where(flags: Bools) -> Ints:
    """Starts and ends of the runs of set flags, in order, int64[m, 2]."""
    turns = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return turns.reshape(-1, 2)


def places_of(wanted: NDArray[Number], ordered: NDArray[Number]) -> Ints:
    """Place of each wanted value in distinct ascending values; -1 where it is missing."""
    if not len(ordered):
        return np.full(len(wanted), -1, dtype=np.int64)
    places = np.searchsorted(ordered, wanted)
    places[places == len(ordered)] = 0
    return np.where(ordered[places] == wanted, places, -1)


def portions(sizes: Ints, most: int, rows: int | None = None) -> Iterator[slice]:
    """Cut into consecutive slices of at most `rows` elements whose sizes add up to at most `most`.

    An element larger than `most` has a slice of its own.
    """
    ends = np.cumsum(sizes)
    start = 0
    while start < len(sizes):
        before = ends[start - 1] if start else 0
        end = int(np.searchsorted(ends, before + most, side="right"))
        end = max(start + 1, end if rows is None else min(end, start + rows))
        yield slice(start, end)
        start = end


def pack(high: NDArray[Any], low: NDArray[Any]) -> NDArray[np.uint64]:
    """Pack pairs of numbers below 2**32 into words high << 32 | low, which sort as the pairs do."""
    return high.astype(np.uint64) << _HALF | low.astype(np.uint64)


def unpack(words: NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """The pairs of numbers that `pack` packed."""
    return (words >> _HALF).astype(np.int64), (words & _LOW_HALF).astype(np.int64)
