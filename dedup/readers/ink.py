"""Which text of a page leaves ink that can be seen: by its colour, its ground, and what is drawn over it.

A scan with a text layer is the exception: its text is invisible or lies under the picture, and is what the
picture shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.document import HiddenKind

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255."""
Box = tuple[float, float, float, float]
"""Smaller x and y, larger x and y, in any unit that is the same for a page."""

_WHITE: Colour = (255, 255, 255)
_SAME_COLOUR = 12
"""Difference in each of the three colours up to which text cannot be told from its ground."""
_COVERED = 0.9
"""Share of a text's width and height that what lies over it must cover."""
_SCAN = 0.6
"""Share of a page that the picture of a scan covers."""
_TEXT_LAYER = 0.8
"""Share of a scan's characters that its picture shows."""
_AT_A_TIME = 256
_PICTURE = -1_000


class Ink(NamedTuple):
    """A text as it is drawn. `order` counts what is drawn on the page; later lies above earlier."""

    box: Box
    order: int
    characters: int = 1
    colour: Colour | None = None
    """None where it is a pattern."""
    kind: HiddenKind | None = None
    """How it is hidden by itself: made invisible, or tiny."""


class Shape(NamedTuple):
    """A picture, or an area filled with a colour."""

    box: Box
    order: int
    colour: Colour | None = None
    """None for a picture, and where it lets through what lies under it."""
    covers: bool = True
    """True if it hides what lies under it: a seal does not."""


def hidden_kinds(texts: Sequence[Ink], shapes: Sequence[Shape], page: Box) -> list[HiddenKind | None]:
    """How each text is hidden; None for those that can be seen."""
    if not texts:
        return []
    boxes = np.array([text.box for text in texts])
    order = np.array([text.order for text in texts])
    colours = np.array([text.colour or (_PICTURE,) * 3 for text in texts])
    lowest = float((boxes[:, 3] - boxes[:, 1]).min()) * _COVERED / 2
    large = [one for one in shapes if one.box[3] - one.box[1] >= lowest]  # not rules of a table
    grounds, covers = _grounds(boxes, order, large)
    shown = np.array([_WHITE, *(one.colour or (_PICTURE,) * 3 for one in large)])[grounds + 1]
    white = (np.abs(colours - shown).max(axis=1) <= _SAME_COLOUR) & (colours[:, 0] != _PICTURE)
    kinds: list[HiddenKind | None] = [
        text.kind or ("behind-image" if cover >= 0 else "white" if is_white else None)
        for text, cover, is_white in zip(texts, covers.tolist(), white.tolist(), strict=True)
    ]
    if _is_scan(large, page):
        _show_text_layer(kinds, texts, [cover >= 0 and large[cover].colour is None for cover in covers])
    return kinds


def _grounds(
    boxes: NDArray[np.float64], order: NDArray[np.int64], shapes: Sequence[Shape]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number of the last shape drawn before a text under its middle, and of one drawn over it, or -1."""
    if not shapes:
        none = np.full(len(boxes), -1)
        return none, none
    areas = np.array([one.box for one in shapes])
    drawn = np.array([one.order for one in shapes])
    covering = np.array([one.covers for one in shapes])
    by_order = np.argsort(drawn, kind="stable")
    areas, drawn, covering = areas[by_order], drawn[by_order], covering[by_order]
    grounds, covers = [], []
    for first in range(0, len(boxes), _AT_A_TIME):
        some, when = boxes[first : first + _AT_A_TIME], order[first : first + _AT_A_TIME, None]
        middles = (some[:, :2] + some[:, 2:]) / 2
        halves = (some[:, 2:] - some[:, :2]) / 2 * _COVERED
        under = _contains(areas, middles, middles) & (drawn < when)
        over = _contains(areas, middles - halves, middles + halves) & (drawn > when) & covering
        grounds.append(_last(under, by_order))
        covers.append(_last(over, by_order))
    return np.concatenate(grounds), np.concatenate(covers)


def _contains(
    areas: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Which areas (columns) hold which texts (rows), given by two corners."""
    inside = (areas[:, 0] <= low[:, :1]) & (areas[:, 2] >= high[:, :1])
    result: NDArray[np.bool_] = inside & (areas[:, 1] <= low[:, 1:]) & (areas[:, 3] >= high[:, 1:])
    return result


def _last(found: NDArray[np.bool_], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of the last column that holds in each row; -1 where none does."""
    last = found.shape[1] - 1 - found[:, ::-1].argmax(axis=1)
    return np.where(found.any(axis=1), numbers[last], -1)


def _is_scan(shapes: Sequence[Shape], page: Box) -> bool:
    size = (page[2] - page[0]) * (page[3] - page[1])
    return any(
        one.colour is None and (one.box[2] - one.box[0]) * (one.box[3] - one.box[1]) >= _SCAN * size
        for one in shapes
    )


def _show_text_layer(
    kinds: list[HiddenKind | None], texts: Sequence[Ink], under_picture: Sequence[bool]
) -> None:
    layer = [kind == "vanish" or under for kind, under in zip(kinds, under_picture, strict=True)]
    of_layer = sum(text.characters for text, one in zip(texts, layer, strict=True) if one)
    if of_layer >= _TEXT_LAYER * sum(text.characters for text in texts):
        kinds[:] = [None if one else kind for kind, one in zip(kinds, layer, strict=True)]
