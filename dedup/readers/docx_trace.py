"""Trace the text of a Word document back to its elements, so that it can be marked there."""

from __future__ import annotations

from collections.abc import Mapping

from dedup.readers.package import Package
from dedup.readers.xml import Element
from dedup.records import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text, and the element that holds it."""

    start: int
    """Offset in the text."""
    length: int
    element: Element
    """A `w:t`, or an element for one character, such as a tabulator."""
    first: int
    """Position of its first character in the element's text."""


@dataclass(frozen=True, slots=True)
class Traced:
    """A document with the elements of each piece of its text."""

    text: str
    pieces: tuple[Piece, ...]
    package: Package
    main: str
    """Name of the main part."""
    roots: Mapping[str, Element]
    """Parts that text was read from, by name."""


class Trace:
    """Record the elements of a text's characters, line by line as they are read."""

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
        """Record the line collected so far as starting at an offset of the text."""
        self.pieces += (Piece(start + one.start, one.length, one.element, one.first) for one in self._line)
        self._line.clear()

    def drop(self) -> None:
        """Drop the line collected so far."""
        self._line.clear()
