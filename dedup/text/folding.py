"""The folding table: every code point becomes one folded code point, or nothing.

Two texts that a reader takes for the same must normalise to the same codes, so the table folds width,
letter case, compatibility forms, look-alike code points (Kangxi and other radicals, compatibility
ideographs, Cyrillic and Greek twins of Latin letters) and traditional to simplified characters; it drops
white space, punctuation, symbols, combining marks and everything invisible. Because one code point gives
at most one code, the kept positions *are* the map back to the original offsets.

The table comes from `dedup/data/folding.npy`, made by `tests/text/make_folding.py` from the Unicode
Character Database and OpenCC's character table, and is unfolded at first use (about 1 ms).
"""

from __future__ import annotations

import enum
import io
import os
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.records import dataclass

CODE_SPACE = 0x110000
"""One more than the largest code point."""

DATA_FILE = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "folding.npy")


UNCHANGED = ((0x3400, 0x9FFF), (0xA000, 0xA48C), (0xAC00, 0xD7A3), (0x20000, 0x323AF))
"""Blocks (first, last) that fold to themselves unless the data file says otherwise: ideographs, Hangul."""


class Fold(enum.IntEnum):
    """The ways in which folding changes a code point."""

    PLAIN = 0
    """No notable change: unchanged, lower-cased, or ordinary punctuation dropped."""
    WIDTH = 1
    """A full- or half-width form."""
    LOOK_ALIKE = 2
    """Drawn like the ordinary code point: radicals, compatibility ideographs, other scripts' twins."""
    SCRIPT = 3
    """A character that standard simplified text does not use: traditional or Japanese form."""
    ZERO_WIDTH = 4
    """Invisible: format characters, controls, variation selectors, combining marks."""
    SPACING = 5
    """A space of any width."""
    LINE_BREAK = 6
    """A character that ends a line. From ZERO_WIDTH on, nothing leaves ink."""


@dataclass(frozen=True, slots=True, eq=False)
class FoldingTable:
    """The table, unfolded: both columns are indexed by code point."""

    folded: NDArray[np.uint32]
    """uint32[CODE_SPACE]: the folded code point; 0 drops the character."""
    undone: NDArray[np.uint8]
    """uint8[CODE_SPACE]: the kind of change (`Fold`) that folding undoes."""


@cache
def folding_table() -> FoldingTable:
    """The folding table, read from the data file at first use.

    The file holds runs (first, last, target, fold): the code points first..last fold to target,
    target + 1, ...; target 0 drops them all. They correct a table that keeps the `UNCHANGED` blocks and
    drops everything else.
    """
    folded = np.zeros(CODE_SPACE, np.uint32)
    for first, last in UNCHANGED:
        folded[first : last + 1] = np.arange(first, last + 1, dtype=np.uint32)
    undone = np.zeros(CODE_SPACE, np.uint8)
    firsts, lasts, targets, folds = np.load(io.BytesIO(_data()), allow_pickle=False).T.astype(np.intp)
    lengths = lasts - firsts + 1
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    corrected = np.repeat(firsts, lengths) + within
    targets = np.repeat(targets, lengths)
    folded[corrected] = np.where(targets == 0, 0, targets + within)
    undone[corrected] = np.repeat(folds, lengths)
    folded.setflags(write=False)
    undone.setflags(write=False)
    return FoldingTable(folded, undone)


def _data() -> bytes:
    """Read the data file, also from an archive if the package is in one, as on the machines of a cluster."""
    if os.path.exists(DATA_FILE) or __spec__ is None or __spec__.loader is None:
        with open(DATA_FILE, "rb") as file:
            return file.read()
    loader: Any = __spec__.loader
    data: bytes = loader.get_data(DATA_FILE)
    return data


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text, uint32[len(text)]; lone surrogates pass through (and are dropped later)."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def as_text(codes: NDArray[np.uint32]) -> str:
    """The text of code points: `code_points` undone."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
