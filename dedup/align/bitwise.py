"""Compare two short texts by bit-parallel algorithms: longest common subsequence and edits.

rapidfuzz does the same thirty times faster, but takes 16 ms to import, longer than all passages of an
ordinary check take here. So it is used for long texts only. Of several optimal answers this module gives the
one that rapidfuzz gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

MOST_PAIRS = 1_000_000
"""Product of the lengths of both texts up to which a comparison takes under two milliseconds."""


def length_of(text: str, other: str) -> int:
    """Length of the longest common subsequence of two texts."""
    rest = (1 << len(text)) - 1
    *_, rest = (1 << len(text)) - 1, *_rests(text, other)
    return len(text) - rest.bit_count()


def differences(text: str, other: str) -> Iterator[tuple[int, int, int, int]]:
    """Spans in which two texts differ, in order: (start, end, other start, other end).

    The rest is a longest common subsequence (Hyyrö 2004).
    """
    prefix = _common(text, other)
    suffix = _common(text[prefix:][::-1], other[prefix:][::-1])
    inner, other_inner = text[prefix : len(text) - suffix], other[prefix : len(other) - suffix]
    end, other_end = 0, 0
    for column, row in (*_pairs(inner, other_inner), (len(inner), len(other_inner))):
        if column > end or row > other_end:
            yield prefix + end, prefix + column, prefix + other_end, prefix + row
        end, other_end = column + 1, row + 1


class Edit(NamedTuple):
    """Spans of two sequences that are equal, or an edit from the first to the second."""

    tag: str
    """equal, replace, delete or insert."""
    start: int
    end: int
    other_start: int
    other_end: int


def edits(units: Sequence[str], other: Sequence[str]) -> list[Edit]:
    """Cut two sequences into equal and edited spans with the fewest edits (Hyyrö 2003)."""
    prefix = _common(units, other)
    suffix = _common(units[prefix:][::-1], other[prefix:][::-1])
    steps = _steps(units[prefix : len(units) - suffix], other[prefix : len(other) - suffix])
    found: list[Edit] = []
    start = other_start = 0
    for tag in (*["equal"] * prefix, *steps, *["equal"] * suffix):
        end, other_end = start + (tag != "insert"), other_start + (tag != "delete")
        if found and found[-1].tag == tag:
            found[-1] = found[-1]._replace(end=end, other_end=other_end)
        else:
            found.append(Edit(tag, start, end, other_start, other_end))
        start, other_start = end, other_end
    return found


def _steps(units: Sequence[str], other: Sequence[str]) -> list[str]:
    """The edit steps from one sequence to the other, one for each unit of either."""
    rows = list(_changes(units, other))
    steps: list[str] = []
    column, row = len(units), len(other)
    while column and row:
        if rows[row - 1][0] >> column - 1 & 1:
            column -= 1
            steps.append("delete")
            continue
        row -= 1
        if row and rows[row - 1][1] >> column - 1 & 1:
            steps.append("insert")
        else:
            column -= 1
            steps.append("equal" if units[column] == other[row] else "replace")
    steps += ["delete"] * column + ["insert"] * row
    return steps[::-1]


def _changes(units: Sequence[str], other: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Rows of the table of edit distances, one for each unit of the other sequence, as two bit masks.

    The first has a bit for each unit at which the distance is one more than before it, the second one less.
    """
    places = _places(units)
    everywhere = (1 << len(units)) - 1
    more, less = everywhere, 0
    for unit in other:
        matching = places.get(unit, 0)
        diagonal = (((matching & more) + more) ^ more) | matching | less
        across_more = less | ~(diagonal | more)
        across_less = diagonal & more
        across_more = across_more << 1 | 1
        more = (across_less << 1 | ~(diagonal | across_more)) & everywhere
        less = across_more & diagonal & everywhere
        yield more, less


def _pairs(text: str, other: str) -> list[tuple[int, int]]:
    """Positions in both texts of the characters of a longest common subsequence, ascending."""
    rests = list(_rests(text, other))
    found = []
    column, row = len(text), len(other)
    while column and row:
        if rests[row - 1] >> column - 1 & 1:
            column -= 1
            continue
        row -= 1
        if not row or rests[row - 1] >> column - 1 & 1:
            column -= 1
            found.append((column, row))
    return found[::-1]


def _rests(text: str, other: str) -> Iterator[int]:
    """Rows of the table of subsequence lengths, one bit mask for each character of the other text.

    Each bit stands for a character of `text`; it is 0 where the length grows by one.
    """
    places = _places(text)
    everywhere = (1 << len(text)) - 1
    rest = everywhere
    for character in other:
        matching = rest & places.get(character, 0)
        rest = ((rest + matching) | (rest - matching)) & everywhere
        yield rest


def _places(units: Sequence[str]) -> dict[str, int]:
    """Bit mask of the positions of each distinct unit."""
    places: dict[str, int] = {}
    bit = 1
    for unit in units:
        places[unit] = places.get(unit, 0) | bit
        bit <<= 1
    return places


def _common(units: Sequence[str], other: Sequence[str]) -> int:
    """Length of the common prefix of two sequences."""
    alike = (one == another for one, another in zip(units, other, strict=False))
    return next((number for number, same in enumerate(alike) if not same), min(len(units), len(other)))
