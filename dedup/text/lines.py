"""Cut a text into paragraphs: the lines of the file that are not blank."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.text.folding import Fold, code_points, folding_table

_MANY = 5000
"""Lines from which it is worth testing whether a text repeats a few lines over and over."""
_LOOKED_AT = 1000
"""Lines of the sample for that test, of which at most half may be distinct."""
_ZERO_WIDTH, _LINE_BREAK = int(Fold.ZERO_WIDTH), int(Fold.LINE_BREAK)


def paragraph_spans(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and ends (int64[m] each) of all lines with ink, without the blanks around them."""
    undone = folding_table().undone.take(code_points(text))
    inked = np.zeros(len(text) + 2, np.bool_)
    inked[1:-1] = undone < _ZERO_WIDTH
    borders = np.flatnonzero(inked[1:] != inked[:-1])  # runs of ink begin and end in turn
    starts, ends = borders[::2], borders[1::2]
    lines = np.searchsorted(np.flatnonzero(undone == _LINE_BREAK), starts)
    opens_a_line = np.ones(len(starts), np.bool_)
    opens_a_line[1:] = lines[1:] != lines[:-1]
    closes_a_line = np.ones(len(starts), np.bool_)
    closes_a_line[:-1] = opens_a_line[1:]
    return starts[opens_a_line], ends[closes_a_line]


def lines_between(text: str, starts: Sequence[int], ends: Sequence[int]) -> list[str]:
    """The lines of a text; in a text that repeats itself, equal lines are one object, to save memory."""
    pairs = zip(starts, ends, strict=True)
    if len(starts) < _MANY:
        return [text[start:end] for start, end in pairs]
    first = {text[start:end] for start, end in zip(starts[:_LOOKED_AT], ends[:_LOOKED_AT], strict=True)}
    if 2 * len(first) > _LOOKED_AT:
        return [text[start:end] for start, end in pairs]
    known: dict[str, str] = {}
    return [known.setdefault(line, line) for line in (text[start:end] for start, end in pairs)]
