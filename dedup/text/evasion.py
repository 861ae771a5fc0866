"""Which tricks had to be undone before a passage matched its source.

Only what the submission shows and its source does not is told: two texts that share a soft hyphen or a
traditional character share it honestly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.model import Evasion
from dedup.text.folding import Fold, code_points, folding_table

_FEWEST_GAPS = 2
"""Ordinary spaces between ideographs that make a trick; one alone is a slip or typesetting (附 则)."""
_FEWEST_TRADITIONAL = 2
"""Traditional characters that make a trick; one alone is a rare name or a slip."""

_ORDINARY_SPACES = np.array([ord(" "), ord("\t"), 0xA0, 0x3000], np.uint32)


def tricks(passage: str, counterpart: str) -> tuple[Evasion, ...]:
    """The tricks in a submission's passage that its counterpart in the source does not show."""
    shown, in_source = _counts(passage), _counts(counterpart)
    fewest: dict[Evasion, int] = {"spacing": _FEWEST_GAPS, "script": _FEWEST_TRADITIONAL}
    return tuple(
        trick for trick, count in shown.items() if count > max(in_source[trick], fewest.get(trick, 1) - 1)
    )


def _counts(text: str) -> dict[Evasion, int]:
    """How often each trick could be seen in a text. A thin space between ideographs counts twice."""
    table = folding_table()
    points = code_points(text)
    undone = table.undone.take(points)
    counts = np.bincount(undone, minlength=len(Fold)).tolist()
    gaps, odd_gaps = _gaps(points, undone, table.folded.take(points)) if counts[Fold.SPACING] else (0, 0)
    return {
        "zero-width": counts[Fold.ZERO_WIDTH],
        "look-alike": counts[Fold.LOOK_ALIKE],
        "spacing": gaps + odd_gaps * (_FEWEST_GAPS - 1),
        "script": counts[Fold.SCRIPT],
    }


def _gaps(
    points: NDArray[np.uint32], undone: NDArray[np.uint8], folded: NDArray[np.uint32]
) -> tuple[int, int]:
    """How many runs of spaces stand between two ideographs, and how many of them are of unusual width."""
    visible = np.flatnonzero(undone != Fold.ZERO_WIDTH)
    spaces = np.concatenate([[False], undone[visible] == Fold.SPACING, [False]])
    borders = np.flatnonzero(spaces[1:] != spaces[:-1])
    starts, ends = borders[::2], borders[1::2]  # runs of spaces, counted in visible characters
    inside = (starts > 0) & (ends < len(visible))
    starts, ends = starts[inside], ends[inside]
    before, after = folded[visible[starts - 1]], folded[visible[np.minimum(ends, len(visible) - 1)]]
    between = _ideographic(before) & _ideographic(after)
    # Not `np.isin`: it imports `numpy.ma`, which is slow to load.
    odd = ~(points[visible[starts[between]], None] == _ORDINARY_SPACES).any(axis=1)
    return int(np.count_nonzero(between)), int(np.count_nonzero(odd))


def _ideographic(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    return ((codes >= 0x3400) & (codes <= 0x9FFF)) | (codes >= 0x20000)
