"""Cut a text into paragraphs: the lines of the file that show anything."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from dedup.text.folding import Fold, code_points, folding_table

_BREAKS = "\n\v\f\x85\u2028\u2029"
_INK, _BLANK, _BREAK = range(3)


@cache
def _classes() -> NDArray[np.uint8]:
    """uint8[CODE_SPACE]: break, blank (spaces, controls, anything invisible) or ink."""
    undone = folding_table().undone
    classes: NDArray[np.uint8] = np.isin(undone, (Fold.SPACING, Fold.ZERO_WIDTH)).astype(np.uint8)
    classes[[ord(mark) for mark in "\r\x1c\x1d\x1e"]] = _BLANK
    classes[[ord(mark) for mark in _BREAKS]] = _BREAK
    return classes


def paragraph_spans(text: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Starts and ends (int64[m] each) of all lines with ink, without the blanks around them."""
    classes = _classes()[code_points(text)]
    inked = np.zeros(len(text) + 2, np.bool_)
    inked[1:-1] = classes == _INK
    borders = np.flatnonzero(inked[1:] != inked[:-1])  # runs of ink begin and end in turn
    starts, ends = borders[::2], borders[1::2]
    lines = np.searchsorted(np.flatnonzero(classes == _BREAK), starts)
    opens_a_line = np.ones(len(starts), np.bool_)
    opens_a_line[1:] = lines[1:] != lines[:-1]
    closes_a_line = np.ones(len(starts), np.bool_)
    closes_a_line[:-1] = opens_a_line[1:]
    return starts[opens_a_line], ends[closes_a_line]
