"""Where the text of a Word document stands in its elements: the way back, for whoever marks it there."""

from __future__ import annotations

from collections.abc import Mapping

from dedup.readers.package import Package
from dedup.readers.xml import Element
from dedup.records import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of the text, and the element that they stand in."""

    start: int
    """Offset in the text."""
    length: int
    element: Element
    """A `w:t`, or an element that stands for one character, a tabulator say."""
    first: int
    """Place of the first of them in the element's text."""


@dataclass(frozen=True, slots=True)
class Traced:
    """A document with the way back from its text to its elements."""

    text: str
    pieces: tuple[Piece, ...]
    package: Package
    main: str
    """Name of the main part."""
    roots: Mapping[str, Element]
    """Parts that text was read from, by name."""


class Trace:
    """Keeps where the characters of a text come from, line by line as they are read."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self._line: list[Piece] = []

    def note(self, text: str, element: Element, at: int) -> None:
        """Note an element's text, `at` characters from the line's beginning; soft hyphens are left out."""
        first = 0
        for piece in text.split("\u00ad"):
            if piece:
                self._line.append(Piece(at, len(piece), element, first))
            at += len(piece)
            first += len(piece) + 1

    def settle(self, start: int) -> None:
        """Place the line in the making at an offset of the text."""
        self.pieces += (Piece(start + one.start, one.length, one.element, one.first) for one in self._line)
        self._line.clear()

    def drop(self) -> None:
        """Forget the line in the making."""
        self._line.clear()
