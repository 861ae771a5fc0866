"""The two data files, memory-mapped: the table of places with their names, and the list of words.

Both are made by scripts in tests/gazetteer, which name the source of every row. Names and words are found by
a hash of their code points, so that a text is searched with arithmetic on arrays alone.

The hash of c0 c1 … is the sum of ck * MULTIPLIER ** k modulo 2 ** 64. Hashes of all runs of a text follow
from its running sums: (sums[end] - sums[start]) * MULTIPLIER ** -start. (Karp and Rabin 1987, with a modulus
that needs no division; a run found is then compared with the name itself.)
"""

from __future__ import annotations

import os
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MULTIPLIER = 0x9E3779B97F4A7C15
"""Odd, so that it can be undone modulo 2 ** 64 (2 ** 64 over the golden ratio)."""
_INVERSE = pow(MULTIPLIER, -1, 1 << 64)
LONGEST_NAME = 15
LONGEST_WORD = 4
COST_UNIT = 16
"""The costs of words are natural logarithms times this."""
PAIRS = 1 << 16
"""Entries of the table of the lengths of names by their last two characters."""

GAZETTEER = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "gazetteer.npy")
LEXICON = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "lexicon.npy")

_MAGIC_LENGTH = 10
"""Bytes of an .npy file before its header, the last two of which give the header's length."""
SHORT, WORDY = 1, 2
"""Flags of a name."""


class PlaceTable(NamedTuple):
    """The gazetteer as arrays."""

    hashes: NDArray[np.uint64]
    """[names] hash of each name, ascending."""
    text: NDArray[np.uint32]
    """The code points of all names, laid end to end."""
    starts: NDArray[np.uint32]
    """[names + 1] start of each name in `text`."""
    flags: NDArray[np.uint32]
    """[names] sum of the flags `SHORT` and `WORDY`."""
    firsts: NDArray[np.uint32]
    """[names + 1] start of the places of each name in `named`."""
    named: NDArray[np.uint32]
    """Numbers of the places that have each name, name after name."""
    places: NDArray[np.uint32]
    """[places, 6]: name, level, code, parent, successor, year given up; in the order of their codes."""
    lengths: NDArray[np.uint32]
    """[PAIRS] for each pair of last characters: bit n is set if a name of n characters ends with it."""


def pack(table: PlaceTable) -> NDArray[np.uint32]:
    """The table as one array of uint32, its first entries the lengths of its columns."""
    columns = [np.ascontiguousarray(column).view(np.uint32).ravel() for column in table]
    return np.concatenate([np.array([len(one) for one in columns], np.uint32), *columns])


def unpack(packed: NDArray[np.uint32]) -> PlaceTable:
    """The columns of a packed table, views of it."""
    count = len(PlaceTable._fields)
    ends = np.cumsum(packed[:count].astype(np.int64)) + count
    columns = [packed[end - length : end] for end, length in zip(ends, packed[:count], strict=True)]
    return PlaceTable(
        columns[0].view(np.uint64),
        columns[1],
        columns[2],
        columns[3],
        columns[4],
        columns[5],
        columns[6].reshape(-1, 6),
        columns[7],
    )


def _mapped(path: str) -> NDArray[np.uint32]:
    """Map the array of an .npy file of version 1; NumPy's own reader takes 2 ms to parse the header."""
    with open(path, "rb") as file:
        beginning = file.read(_MAGIC_LENGTH)
    offset = _MAGIC_LENGTH + int.from_bytes(beginning[-2:], "little")
    return np.memmap(path, np.uint32, "r", offset).view(np.ndarray)


@cache
def place_table() -> PlaceTable:
    """The table of places, mapped at first use."""
    return unpack(_mapped(GAZETTEER))


@cache
def lexicon() -> NDArray[np.uint32]:
    """Hashes of ordinary words, ascending, and their costs in COST_UNIT, uint32[2, words]."""
    return _mapped(LEXICON).reshape(2, -1)


def pair_of(codes: NDArray[np.uint64]) -> NDArray[np.intp]:
    """The entry of `lengths` for each character with the one before it, intp[n]; before the first is 0."""
    before = np.zeros_like(codes)
    before[1:] = codes[:-1]
    return ((before * np.uint64(MULTIPLIER) + codes * np.uint64(_INVERSE)) >> np.uint64(48)).astype(np.intp)


def mix(hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """32-bit hashes made of 64-bit ones, for the list of words."""
    return ((hashes * np.uint64(MULTIPLIER)) >> np.uint64(32)).astype(np.uint32)


class Runs:
    """Hashes of any runs of a text, from running sums."""

    def __init__(self, codes: NDArray[np.uint64]) -> None:
        count = len(codes)
        powers = np.full(count, MULTIPLIER, np.uint64)
        powers[:1] = 1
        self._sums = np.zeros(count + 1, np.uint64)
        np.cumsum(codes * np.cumprod(powers, dtype=np.uint64), out=self._sums[1:])
        inverses = np.full(count, _INVERSE, np.uint64)
        inverses[:1] = 1
        self._inverses = np.cumprod(inverses, dtype=np.uint64)

    def hashes(self, starts: NDArray[np.intp], length: int) -> NDArray[np.uint64]:
        """The hash of the run of `length` characters from each of `starts`."""
        return (self._sums[starts + length] - self._sums[starts]) * self._inverses[starts]


def hash_of(word: str) -> int:
    """The hash of a word."""
    value = 0
    for one in reversed(word):
        value = (value * MULTIPLIER + ord(one)) & 0xFFFFFFFFFFFFFFFF
    return value
