"""Small helpers on sorted arrays that several steps of a scan share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)
Ints = NDArray[np.int64]


def distinct(values: NDArray[Number]) -> NDArray[Number]:
    """The distinct values, ascending: a plain sort, several times faster than `np.unique` on 64 bits."""
    values = np.sort(values)
    return values[run_begins(values)]


def run_begins(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    """[n] whether an element of a sorted array differs from the one before it."""
    begins = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    return begins


def places_of(wanted: NDArray[Number], ordered: NDArray[Number]) -> Ints:
    """Where each wanted value stands in distinct ascending values; -1 where it does not."""
    if not len(ordered):
        return np.full(len(wanted), -1, dtype=np.int64)
    places = np.searchsorted(ordered, wanted)
    places[places == len(ordered)] = 0
    return np.where(ordered[places] == wanted, places, -1)


def portions(sizes: Ints, most: int, rows: int) -> Iterator[slice]:
    """Consecutive slices of one to `rows` elements whose sizes add up to `most` at the most, if they can."""
    ends = np.cumsum(sizes)
    start = 0
    while start < len(sizes):
        before = ends[start - 1] if start else 0
        end = int(np.searchsorted(ends, before + most, side="right"))
        end = max(start + 1, min(end, start + rows))
        yield slice(start, end)
        start = end
