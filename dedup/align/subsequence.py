"""The longest common subsequence of two short texts, by the bits of long integers (Hyyrö 2004).

rapidfuzz does the same thirty times faster, and takes 16 ms to import: as long as the passages of an
ordinary check take here. So it is left to long texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

MOST_PAIRS = 1_000_000
"""Characters of one text times those of the other, up to which this takes under two milliseconds."""


def length_of(text: str, other: str) -> int:
    """Count the characters of the longest common subsequence of two texts."""
    *_, rest = (1 << len(text)) - 1, *_rests(text, other)
    return len(text) - rest.bit_count()


def differences(text: str, other: str) -> Iterator[tuple[int, int, int, int]]:
    """Find where two texts differ, (start, end, start and end in the other), in order.

    What is equal is a longest common subsequence; of several the one that rapidfuzz takes.
    """
    prefix = _common(text, other)
    suffix = _common(text[prefix:][::-1], other[prefix:][::-1])
    inner, other_inner = text[prefix : len(text) - suffix], other[prefix : len(other) - suffix]
    end, other_end = 0, 0
    for column, row in (*_pairs(inner, other_inner), (len(inner), len(other_inner))):
        if column > end or row > other_end:
            yield prefix + end, prefix + column, prefix + other_end, prefix + row
        end, other_end = column + 1, row + 1


def _pairs(text: str, other: str) -> list[tuple[int, int]]:
    """The places in both texts of the characters of a longest common subsequence, ascending."""
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
    """The rows of the table of lengths, one for each character of the other text.

    A bit tells of a character of the text; it is 0 where the length grows by one.
    """
    places: Counter[str] = Counter()
    for place, character in enumerate(text):
        places[character] |= 1 << place
    everywhere = (1 << len(text)) - 1
    rest = everywhere
    for character in other:
        matching = rest & places[character]
        rest = ((rest + matching) | (rest - matching)) & everywhere
        yield rest


def _common(text: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    alike = (one == another for one, another in zip(text, other, strict=False))
    return next((number for number, same in enumerate(alike) if not same), min(len(text), len(other)))
