"""Find the hidden text of a page by its colour, its background, and what is drawn over it.

A scan with a text layer is the exception: its text is invisible or under the picture, but the picture shows
it.
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
"""Smaller x and y, larger x and y, in any unit common to the page."""

_WHITE: Colour = (255, 255, 255)
_SAME_COLOUR = 12
"""Difference in each of red, green and blue up to which text is invisible on its background."""
_COVERED = 0.9
"""Share of a text's width and height that a shape drawn over it must cover."""
_SCAN = 0.6
"""Share of a page that the picture of a scan covers."""
_TEXT_LAYER = 0.8
"""Least share of a scan's characters that must lie under its picture."""
_AT_A_TIME = 256
_PICTURE = -1_000


class Ink(NamedTuple):
    """A text as drawn. `order` numbers everything drawn on the page; the later is above the earlier."""

    box: Box
    order: int
    characters: int = 1
    colour: Colour | None = None
    """None where it is a pattern."""
    kind: HiddenKind | None = None
    """The way in which the text is hidden by itself (invisible or tiny), or None."""


class Shape(NamedTuple):
    """A picture, or an area filled with a colour."""

    box: Box
    order: int
    colour: Colour | None = None
    """None for a picture, and for a transparent area."""
    covers: bool = True
    """True if it hides what lies under it: a seal does not."""


def hidden_kinds(texts: Sequence[Ink], shapes: Sequence[Shape], page: Box) -> list[HiddenKind | None]:
    """The way in which each text is hidden; None for visible ones."""
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
    """Number of the last shape under the middle of each text, and of the last that covers it; -1 for none."""
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
    """Mask [texts, areas] of the areas that contain each text, given by two of its corners."""
    inside = (areas[:, 0] <= low[:, :1]) & (areas[:, 2] >= high[:, :1])
    result: NDArray[np.bool_] = inside & (areas[:, 1] <= low[:, 1:]) & (areas[:, 3] >= high[:, 1:])
    return result


def _last(found: NDArray[np.bool_], numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number of the last true column in each row; -1 where none is true."""
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
