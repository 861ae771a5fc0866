"""Compare two passages: differing characters, the kind of change, and rows for showing them side by side.

Numbers are compared and shown whole: 18.7 and 18.9 differ, not a 7 and a 9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from typing import Literal, NamedTuple

from dedup.align.bitwise import MOST_PAIRS, Edit, edits
from dedup.reports.kit.columns import HANG_COLUMNS, HANGING, width, wrap

# The alignment takes a bit of memory for each pair of characters: beyond this many, rows are not marked.
_MOST_PAIRS = 50_000_000

_NUMBER = re.compile(r"\d+(?:[.,．，]\d+)*|[〇零一二两三四五六七八九十百千万亿]{2,}")
_UNIT = re.compile(rf"{_NUMBER.pattern}|.", re.DOTALL)


class Marks(NamedTuple):
    """Marks around a run of differing characters, on the left and on the right side."""

    left: tuple[str, str] = ("[", "]")
    right: tuple[str, str] = ("[", "]")
    columns: int = 2
    """Columns that a pair of marks takes; 0 for colour codes."""


Change = Literal["", "layout", "figure", "wording"]
"""The difference of two stretches: none; in layout, punctuation or script only; in a figure or a mask
(X, XX, 某); in wording."""


class Stretch(NamedTuple):
    """Corresponding characters of both sides: equal ones, or ones that replace each other."""

    left: str
    right: str
    change: Change


def stretches(left: str, right: str) -> list[Stretch]:
    """Both texts cut into stretches, alternately equal and different; joined, each side is its text."""
    if left == right:
        return [Stretch(left, right, "")] if left else []
    if len(left) * len(right) > _MOST_PAIRS:
        return [Stretch(left, right, "wording")]
    runs = list(_runs(left, right))
    borders = [0, *(number for number, (a, b) in enumerate(pairwise(runs), 1) if a[2] != b[2]), len(runs)]
    side, other = _Sides.of(left), _Sides.of(right)
    found = []
    ours = theirs = 0
    for first, last in pairwise(borders):
        our_end = ours + sum(len(one[0]) for one in runs[first:last])
        their_end = theirs + sum(len(one[1]) for one in runs[first:last])
        change = _change(side, ours, our_end, other, theirs, their_end) if runs[first][2] else ""
        found.append(Stretch(left[ours:our_end], right[theirs:their_end], change))
        ours, theirs = our_end, their_end
    return found


class _Sides(NamedTuple):
    """The normalised characters of one side; in lists, since stretches are short."""

    folded: list[int]
    """Folded code of each character; 0 for one that does not count."""
    is_slot: list[bool]

    @staticmethod
    def of(text: str) -> _Sides:
        from dedup.text.folding import code_points, folding_table
        from dedup.text.normalize import SLOT, fold_slots

        folded = folding_table().folded[code_points(text)]
        return _Sides(folded.tolist(), (fold_slots(folded) == SLOT).tolist())


def _change(ours: _Sides, start: int, end: int, theirs: _Sides, their_start: int, their_end: int) -> Change:
    left = [number for number in range(start, end) if ours.folded[number]]
    right = [number for number in range(their_start, their_end) if theirs.folded[number]]
    if [ours.folded[number] for number in left] == [theirs.folded[number] for number in right]:
        return "layout"
    left_slots = all(ours.is_slot[number] for number in left)
    right_slots = all(theirs.is_slot[number] for number in right)
    # A filled-in mask (XX -> a name) is slots on one side only; an inserted figure is slots against nothing.
    if (left and left_slots and (right or right_slots)) or (right and right_slots and (left or left_slots)):
        return "figure"
    return "wording"


class _Pair(NamedTuple):
    left: str
    right: str
    differs: bool


def rows(left: str, right: str, columns: int, marks: Marks) -> Iterator[tuple[str, str]]:
    """Rows of two cells of at most `columns` columns each; equal characters are in the same row."""
    if len(left) * len(right) > _MOST_PAIRS:
        yield from unmarked_rows(left, right, columns)
        return
    left_cell, right_cell = (
        _Cell(columns, marks.left, marks.columns),
        _Cell(columns, marks.right, marks.columns),
    )
    for pair in _pairs(left, right, columns - HANG_COLUMNS - marks.columns):
        if not (left_cell.fits(pair.left, pair.differs) and right_cell.fits(pair.right, pair.differs)):
            yield left_cell.finish(), right_cell.finish()
        left_cell.add(pair.left, pair.differs)
        right_cell.add(pair.right, pair.differs)
    if left_cell.text or right_cell.text:
        yield left_cell.finish(), right_cell.finish()


def unmarked_rows(left: str, right: str, columns: int) -> Iterator[tuple[str, str]]:
    """Rows of two cells, each side wrapped by itself, for clauses in another order."""
    return zip_longest(wrap(left, columns), wrap(right, columns), fillvalue="")


def _pairs(left: str, right: str, columns: int) -> Iterator[_Pair]:
    """Pairs of units of both sides: characters, and numbers, those wider than `columns` as characters."""
    for ours, theirs, differs in _unit_runs(left, right):
        for one, other in zip_longest(ours, theirs, fillvalue=""):
            if max(width(one), width(other)) <= columns:
                yield _Pair(one, other, differs)
            else:
                yield from (_Pair(*both, differs) for both in zip_longest(one, other, fillvalue=""))


def _runs(left: str, right: str) -> Iterator[tuple[str, str, bool]]:
    """Runs of both texts in order, with True if they differ; neighbours may both differ or both be equal."""
    for ours, theirs, differs in _unit_runs(left, right):
        yield "".join(ours), "".join(theirs), differs


def _unit_runs(left: str, right: str) -> Iterator[tuple[Sequence[str], Sequence[str], bool]]:
    our_units, their_units = _units(left), _units(right)
    found = _edits(our_units, their_units)
    for number, edit in enumerate(found):
        ours = our_units[edit.start : edit.end]
        theirs = their_units[edit.other_start : edit.other_end]
        # One equal character between two differences is chance, and would only clutter the view.
        chance = len(ours) == 1 == len(ours[0]) and 0 < number < len(found) - 1
        yield ours, theirs, edit.tag != "equal" or chance


def _edits(left: Sequence[str], right: Sequence[str]) -> list[Edit]:
    """Cut two sequences into equal and edited stretches."""
    if len(left) * len(right) <= MOST_PAIRS:
        return edits(left, right)
    from rapidfuzz.distance import Levenshtein

    codes = Levenshtein.opcodes(left, right)
    return [Edit(one.tag, one.src_start, one.src_end, one.dest_start, one.dest_end) for one in codes]


def _units(text: str) -> Sequence[str]:
    """The numbers and other characters of a text."""
    return _UNIT.findall(text) if _NUMBER.search(text) else text


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
