"""Find sentence and clause borders, so that passages begin and end where a reader would cut."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from dedup.records import dataclass
from dedup.text.folding import code_points

_PLAIN, _SENTENCE, _CLAUSE, _CLOSER, _NUMERIC_POINT, _BREAK = range(6)

_MARKS = {
    _SENTENCE: "。！？；!?;｡．",
    _CLAUSE: "，、：…—,:､︰﹐",
    _CLOSER: '”’」』）〕】》〉〗")]}',
    _BREAK: "\n",
}
_BASIC_PLANE = 0x10000


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """Offsets at which a text may be cut, ascending, without repeats, always with 0 and the text's length."""

    sentences: NDArray[np.int64]
    """Offsets after sentence-final punctuation with its closing quotes, and on both sides of line breaks."""
    clauses: NDArray[np.int64]
    """Offsets of `sentences`, and those after commas, colons, dashes and the like."""


@cache
def _classes() -> NDArray[np.uint8]:
    """The class of every code point that can end a sentence or clause, 0 for others, uint8[0x10000]."""
    classes = np.zeros(_BASIC_PLANE, np.uint8)
    for number, marks in _MARKS.items():
        classes[[ord(mark) for mark in marks]] = number
    classes[ord(".")] = _NUMERIC_POINT
    return classes


def boundaries(text: str) -> Boundaries:
    """Find all sentence and clause borders of a text.

    A full stop, comma or colon of ASCII between figures or letters (3.5, 10:30, 1,000, www.gov.cn) or after
    a list number (1.) is no border.
    """
    points = code_points(text)
    classes = _classes()[np.where(points < _BASIC_PLANE, points, 0)]
    _settle_ascii(points, classes)
    breaks = np.flatnonzero(classes == _BREAK)
    borders = np.zeros(len(text) + 1, np.bool_)
    borders[[0, len(text)]] = True
    borders[breaks] = True
    borders[breaks + 1] = True
    borders[_ends(classes, _SENTENCE)] = True
    sentences = np.flatnonzero(borders)
    borders[_ends(classes, _CLAUSE)] = True
    return Boundaries(sentences, np.flatnonzero(borders))


def _settle_ascii(points: NDArray[np.uint32], classes: NDArray[np.uint8]) -> None:
    """Classify ASCII stops, commas and colons by their neighbours; changes `classes` in place."""
    places = np.flatnonzero(((classes == _NUMERIC_POINT) | (classes == _CLAUSE)) & (points < 0x80))
    if not len(places):
        return
    padded = np.concatenate([points[:1] * 0, points, points[:1] * 0])
    before, after = padded[places], padded[places + 2]
    stop = points[places] == ord(".")
    inside = _alphanumeric(before) & _alphanumeric(after)
    numbering = stop & _alphanumeric(before)
    classes[places[stop]] = _SENTENCE
    classes[places[inside | numbering]] = _PLAIN


def _alphanumeric(points: NDArray[np.uint32]) -> NDArray[np.bool_]:
    lowered = points | 0x20
    digit: NDArray[np.bool_] = (points >= ord("0")) & (points <= ord("9"))
    return digit | ((lowered >= ord("a")) & (lowered <= ord("z")) & (points < 0x80))


def _ends(classes: NDArray[np.uint8], wanted: int) -> NDArray[np.int64]:
    """Offsets after each mark of the wanted class and all marks that follow it, closing quotes included."""
    marks = np.flatnonzero(classes == wanted)
    trailing = classes == wanted
    if wanted == _SENTENCE:
        trailing |= classes == _CLOSER
    stops = np.flatnonzero(~np.append(trailing, False))
    return stops[np.searchsorted(stops, marks)]
