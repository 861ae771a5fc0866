"""Find the tricks that had to be undone before a passage matched its source.

A trick counts only if the submission shows it and its source does not: two texts that share a soft hyphen or
a traditional character do so honestly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.passage import Evasion
from dedup.text.folding import Fold, code_points, folding_table

_FEWEST_GAPS = 2
"""Ordinary spaces between ideographs that make a trick; one alone is a slip or typesetting (附 则)."""
_FEWEST_TRADITIONAL = 2
"""Traditional characters that make a trick; one alone is a rare name or a slip."""

_ORDINARY_SPACES = np.array([ord(" "), ord("\t"), 0xA0, 0x3000], np.uint32)


def tricks(passage: str, counterpart: str) -> tuple[Evasion, ...]:
    """The tricks in a submission's passage that its counterpart in the source does not show."""
    fewest: dict[Evasion, int] = {"spacing": _FEWEST_GAPS, "script": _FEWEST_TRADITIONAL}
    shown = {trick: count for trick, count in _weights(passage).items() if count >= fewest.get(trick, 1)}
    in_source = _weights(counterpart) if shown else {}
    return tuple(trick for trick, count in shown.items() if count > in_source[trick])


def characters_of(text: str) -> dict[Evasion, NDArray[np.bool_]]:
    """Mask of the characters of each trick, bool[len(text)]."""
    table = folding_table()
    points = code_points(text)
    undone = table.undone.take(points)
    spaces = np.zeros(len(points), np.bool_)
    starts, ends = _gaps(undone, table.folded.take(points))
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        spaces[start:end] = undone[start:end] == Fold.SPACING
    return {
        "zero-width": undone == Fold.ZERO_WIDTH,
        "look-alike": undone == Fold.LOOK_ALIKE,
        "spacing": spaces,
        "script": undone == Fold.SCRIPT,
    }


def _weights(text: str) -> dict[Evasion, int]:
    """Number of occurrences of each trick in a text. A thin space between ideographs counts twice."""
    table = folding_table()
    points = code_points(text)
    undone = table.undone.take(points)
    found = np.bincount(undone, minlength=len(Fold)).tolist()
    spacing = 0
    if found[Fold.SPACING]:
        starts, _ = _gaps(undone, table.folded.take(points))
        # Not `np.isin`: it imports `numpy.ma`, which is slow to load.
        odd = ~(points[starts, None] == _ORDINARY_SPACES).any(axis=1)
        spacing = len(starts) + int(np.count_nonzero(odd)) * (_FEWEST_GAPS - 1)
    return {
        "zero-width": found[Fold.ZERO_WIDTH],
        "look-alike": found[Fold.LOOK_ALIKE],
        "spacing": spacing,
        "script": found[Fold.SCRIPT],
    }


def _gaps(undone: NDArray[np.uint8], folded: NDArray[np.uint32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Runs of spaces between two ideographs: start of each, and start of the ideograph after it."""
    visible = np.flatnonzero(undone != Fold.ZERO_WIDTH)
    spaces = np.concatenate([[False], undone[visible] == Fold.SPACING, [False]])
    borders = np.flatnonzero(spaces[1:] != spaces[:-1])
    starts, ends = borders[::2], borders[1::2]  # counted in visible characters
    inside = (starts > 0) & (ends < len(visible))
    starts, ends = starts[inside], ends[inside]
    before, after = folded[visible[starts - 1]], folded[visible[np.minimum(ends, len(visible) - 1)]]
    between = _ideographic(before) & _ideographic(after)
    return visible[starts[between]], visible[ends[between]]


def _ideographic(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    return ((codes >= 0x3400) & (codes <= 0x9FFF)) | (codes >= 0x20000)
