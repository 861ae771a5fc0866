"""Describe the lines of a page, and put them into reading order.

A line is described along its own direction, so that vertical text is treated as horizontal text is: `start`
and `end` along the line, `across` from line to line, all growing in reading order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from dedup.document import HiddenKind
from dedup.records import dataclass


class Unseen(NamedTuple):
    """Hidden text, `at` characters into the line that holds it."""

    at: int
    text: str
    kind: HiddenKind


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page, in points or any other unit common to all lines."""

    text: str
    start: float
    end: float
    across: float
    size: float
    """Height of the characters."""
    vertical: bool = False
    depth: float = 0.5
    """Position on the page: 0 at the top edge, 1 at the bottom edge."""
    unseen: tuple[Unseen, ...] = ()
    """Its hidden texts; a line without visible text may hold only these."""
    places: Sequence[int] = ()
    """Numbers of its characters on the page, to trace text back to the page; empty if not needed."""


def in_order(lines: Sequence[Line]) -> list[Line]:
    """The lines of a page in reading order: as given, unless that goes up the page or across columns."""
    upwards = sum(
        1
        for before, after in pairwise(lines)
        if after.across < before.across - 0.5 * before.size and overlap(before, after)
    )
    beside = sum(
        1
        for before, after in pairwise(lines)
        if abs(after.across - before.across) < 0.5 * before.size and not overlap(before, after)
    )
    if upwards * 20 > len(lines) or (beside * 3 > len(lines) and _gutter(lines) is not None):
        return _by_place(list(lines))
    return list(lines)


def overlap(one: Line, other: Line) -> bool:
    """Tell whether lines share some of their extent along the line, so that one is above the other."""
    return min(one.end, other.end) - max(one.start, other.start) > 0.3 * min(one.size, other.size)


def _by_place(lines: list[Line]) -> list[Line]:
    """Columns from left to right, lines from top to bottom; a line across columns separates them."""
    lines.sort(key=lambda line: (round(line.across / max(1.0, line.size * 0.6)), line.start))
    gutter = _gutter(lines)
    if gutter is None:
        return lines
    ordered: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in lines:
        if line.end <= gutter:
            left.append(line)
        elif line.start >= gutter:
            right.append(line)
        else:
            ordered += _by_place(left) + _by_place(right) + [line]
            left, right = [], []
    return ordered + _by_place(left) + _by_place(right)


def _gutter(lines: Sequence[Line]) -> float | None:
    """The middle of a gap between columns of running text; None if there is none."""
    if len(lines) < 6:
        return None
    size = sorted(line.size for line in lines)[len(lines) // 2]
    first, last = min(line.start for line in lines), max(line.end for line in lines)
    steps = int((last - first) / size) + 1
    covered = [0] * (steps + 1)
    for line in lines:
        for at in range(int((line.start - first) / size), min(steps, int((line.end - first) / size)) + 1):
            covered[at] += 1
    inner = range(int(steps * 0.2), int(steps * 0.8) + 1)
    best = min(inner, key=lambda at: (covered[at], abs(at - steps / 2)), default=None)
    if best is None or covered[best] > 0.2 * len(lines):
        return None
    middle = first + (best + 0.5) * size
    sides = ([line for line in lines if line.end <= middle], [line for line in lines if line.start >= middle])
    running = all(
        len(side) >= 3 and sum(line.end - line.start for line in side) / len(side) >= 8 * size
        for side in sides
    )
    return middle if running else None


# ------------------------------------------------------------------------------------ running heads


# --------------------------------------------------------------------------------------- paragraphs


# --------------------------------------------------------------------------------- unreadable layers

_LEAST_JUDGED = 30
_LEAST_ODD, _MOST_ODD = 0.03, 0.25
_MOST_RARE = 0.7


def is_cipher(texts: Iterable[str]) -> bool:
    """Tell whether a text layer maps glyphs to wrong characters: odd ones, and few common ideographs."""
    import numpy as np

    from dedup.readers.plain import common_characters
    from dedup.text.folding import code_points, folding_table

    points = code_points("".join(texts))
    points = points[points > 0x20]
    if len(points) < _LEAST_JUDGED:
        return False
    odd = (points >= 0x7F) & (points < 0xA0) | (points >= 0xE000) & (points < 0xF900) | (points == 0xFFFD)
    han = (points >= 0x3400) & (points < 0xA000)
    rare = han & ~np.isin(folding_table().folded[points], common_characters())
    if han.sum() >= _LEAST_JUDGED and rare.sum() > _MOST_RARE * han.sum():
        return True
    if odd.sum() < _LEAST_ODD * len(points):
        return False  # rare names, old texts
    return bool(odd.sum() + rare.sum() > _MOST_ODD * len(points))
