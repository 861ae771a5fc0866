"""Cut the runs of a Word document where marks begin or end, and shade them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import field
from itertools import pairwise

from dedup.readers.docx_trace import Piece
from dedup.readers.marks import Marks, Note, Shade
from dedup.readers.xml import Element, keep_space, local, new_like
from dedup.records import dataclass

_AFTER_SHADING = frozenset(
    {"fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish", "oMath", "rPrChange"}
)
"""Properties of a run before which its shading must come (CT_RPr is a sequence)."""


@dataclass(slots=True)
class _Stretch:
    """Characters of the text that one run holds."""

    start: int
    end: int
    run: Element


@dataclass(slots=True)
class _Cut:
    """A run with the offsets at which it is to be cut."""

    run: Element
    pieces: list[Piece] = field(default_factory=list)


class Runs:
    """The runs of a document, cut at the borders of marks, in order of their text."""

    def __init__(self, stretches: list[_Stretch]) -> None:
        self._stretches = sorted(stretches, key=lambda one: one.start)
        self._starts = [one.start for one in self._stretches]
        self.shaded_roots: set[Element] = set()
        """Roots of the parts in which something was coloured."""

    @classmethod
    def cut(cls, pieces: Iterable[Piece], marks: Marks) -> Runs:
        """Cut the runs of pieces of text wherever a mark begins or ends."""
        both: tuple[Sequence[Shade | Note], ...] = (marks.shades, marks.notes)
        borders = sorted({border for some in both for one in some for border in (one.start, one.end)})
        cuts: dict[Element, _Cut] = {}
        for piece in pieces:
            run = piece.element.getparent()
            if run is not None and local(run.tag) == "r":
                cuts.setdefault(run, _Cut(run)).pieces.append(piece)
        stretches: list[_Stretch] = []
        for one in cuts.values():
            stretches += _cut_run(one, borders)
        return cls(stretches)

    def over(self, start: int, end: int) -> list[Element]:
        """The runs that hold text between two offsets at which they were cut, in order."""
        first = max(0, bisect_right(self._starts, start) - 1)
        last = bisect_left(self._starts, end)
        return [one.run for one in self._stretches[first:last] if one.end > start]

    def shade(self, shades: Iterable[Shade]) -> None:
        """Shade the background of the characters."""
        for one in shades:
            for run in self.over(one.start, one.end):
                _shade(run, one.colour)
                self.shaded_roots.add(run.getroottree().getroot())


def _cut_run(cut: _Cut, borders: Sequence[int]) -> list[_Stretch]:
    """Cut one run. The run itself keeps the text before the first border inside it."""
    by_element: dict[Element, list[Piece]] = {}
    for piece in cut.pieces:
        by_element.setdefault(piece.element, []).append(piece)
    current = cut.run
    stretches: list[_Stretch] = []
    for child in [one for one in cut.run if local(one.tag) != "rPr"]:
        if current is not cut.run:
            current.append(child)
        rest, before = child, 0  # the element still to be divided, and the number of characters before it
        for piece in by_element.get(child, ()):
            for start, end in pairwise(_borders_in(piece, borders)):
                if stretches and stretches[-1].run is current and _is_border(start, borders):
                    current = _run_after(current)
                    at = piece.first + start - piece.start - before
                    rest = _divided(rest, at)
                    before += at
                    current.append(rest)
                stretches.append(_Stretch(start, end, current))
    return stretches


def _borders_in(piece: Piece, borders: Sequence[int]) -> list[int]:
    start, end = piece.start, piece.start + piece.length
    inside = borders[bisect_right(borders, start) : bisect_left(borders, end)]
    return [start, *inside, end]


def _is_border(offset: int, borders: Sequence[int]) -> bool:
    at = bisect_left(borders, offset)
    return at < len(borders) and borders[at] == offset


def _run_after(run: Element) -> Element:
    """A new run with the same properties after a run."""
    new = new_like(run, run.tag, dict(run.attrib))
    new.extend(deepcopy(child) for child in run if local(child.tag) == "rPr")
    run.addnext(new)
    return new


def _divided(element: Element, at: int) -> Element:
    """Move the text from a position on to a new element and return it; the element itself if that is all."""
    if at <= 0:
        return element
    new = new_like(element, element.tag, dict(element.attrib))
    text = element.text or ""
    element.text, new.text = text[:at], text[at:]
    for one in (element, new):
        keep_space(one)
    return new


def _shade(run: Element, colour: str) -> None:
    space = run.tag.rpartition("}")[0] + "}"
    if "/math" in space:
        return  # formulas have no such property
    properties = next((child for child in run if local(child.tag) == "rPr"), None)
    if properties is None:
        properties = new_like(run, space + "rPr")
        run.insert(0, properties)
    for child in list(properties):
        if local(child.tag) in ("shd", "highlight"):  # a highlight would cover the shading
            properties.remove(child)
    shading = new_like(run, space + "shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(space + name, value)
    place = next(
        (
            number
            for number, child in enumerate(properties)
            if local(child.tag) in _AFTER_SHADING or not str(child.tag).startswith(space)
        ),
        len(properties),
    )
    properties.insert(place, shading)
