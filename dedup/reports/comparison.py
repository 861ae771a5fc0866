"""Two passages side by side: rows cut at the same places of both, differing characters marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from dedup.reports.columns import HANG_COLUMNS, HANGING, width, wrap

# The alignment keeps a bit for each pair of characters: beyond this many the rows go unmarked.
_MOST_PAIRS = 50_000_000


@dataclass(frozen=True, slots=True)
class Marks:
    """What is put around a run of differing characters, on the left and on the right side."""

    left: tuple[str, str] = ("[", "]")
    right: tuple[str, str] = ("[", "]")
    columns: int = 2
    """Columns the pair takes; 0 for colour codes."""


@dataclass(frozen=True, slots=True)
class _Pair:
    left: str
    right: str
    differs: bool


def rows(left: str, right: str, columns: int, marks: Marks) -> Iterator[tuple[str, str]]:
    """Rows of two cells of at most `columns` columns each; equal characters stand in the same row."""
    if len(left) * len(right) > _MOST_PAIRS:
        yield from unmarked_rows(left, right, columns)
        return
    left_cell, right_cell = (
        _Cell(columns, marks.left, marks.columns),
        _Cell(columns, marks.right, marks.columns),
    )
    for pair in _pairs(left, right):
        if not (left_cell.fits(pair.left, pair.differs) and right_cell.fits(pair.right, pair.differs)):
            yield left_cell.finish(), right_cell.finish()
        left_cell.add(pair.left, pair.differs)
        right_cell.add(pair.right, pair.differs)
    if left_cell.text or right_cell.text:
        yield left_cell.finish(), right_cell.finish()


def unmarked_rows(left: str, right: str, columns: int) -> Iterator[tuple[str, str]]:
    """Rows of two cells, each side flowing by itself: for clauses in another order."""
    return zip_longest(wrap(left, columns), wrap(right, columns), fillvalue="")


def _pairs(left: str, right: str) -> Iterator[_Pair]:
    from rapidfuzz.distance import Levenshtein

    opcodes = Levenshtein.opcodes(left, right)
    for number, code in enumerate(opcodes):
        ours = left[code.src_start : code.src_end]
        theirs = right[code.dest_start : code.dest_end]
        # One equal character between two differences is chance, and reads as confetti.
        chance = len(ours) == 1 and 0 < number < len(opcodes) - 1
        differs = code.tag != "equal" or chance
        for one, other in zip_longest(ours, theirs, fillvalue=""):
            yield _Pair(one, other, differs)


class _Cell:
    """One side of a row being filled."""

    def __init__(self, columns: int, marks: tuple[str, str], mark_columns: int) -> None:
        self._columns = columns
        self._opening, self._closing = marks
        self._mark_columns = mark_columns
        self._clear()

    def _clear(self) -> None:
        self.text = ""
        self._taken = 0
        self._marked = False

    def _needed(self, character: str, differs: bool) -> int:
        opens = differs and not self._marked
        return width(character) + (self._mark_columns if opens else 0)

    def fits(self, character: str, differs: bool) -> bool:
        limit = self._columns - (0 if character and character in HANGING else HANG_COLUMNS)
        return not character or self._taken + self._needed(character, differs) <= limit

    def add(self, character: str, differs: bool) -> None:
        if not character:
            return
        self._taken += self._needed(character, differs)
        if differs != self._marked:
            self.text += self._opening if differs else self._closing
            self._marked = differs
        self.text += character

    def finish(self) -> str:
        """The cell's text with its mark closed; the cell is empty afterwards."""
        text = self.text + (self._closing if self._marked else "")
        self._clear()
        return text
