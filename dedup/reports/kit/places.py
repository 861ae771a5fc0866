"""Map offsets of the submission to counted characters, paragraph numbers and lines.

A report counts characters (letters, figures, ideographs of the paragraphs that take part), its offsets
count code points; renderers that show shares of the text need both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from dedup.model import ReportedParagraphs
from dedup.sketch.arrays import Ints
from dedup.text.normalize import normalize

if TYPE_CHECKING:
    from dedup.document import Place
    from dedup.model import LintReport, Report, ReportedParagraph
    from dedup.passage import Passage


class Places:
    """The counted characters and the paragraphs of one report's text."""

    def __init__(self, report: Report | LintReport) -> None:
        self._starts, self._ends = _taking_part(report.paragraphs)
        self.counted = self._counted(report.text)
        """int64[total_characters]: offset of each character that counts, increasing."""
        self._places = report.places
        self._line_starts = np.concatenate([[0], _line_breaks(report.text) + 1])

    def _counted(self, text: str) -> Ints:
        offsets = normalize(text).offsets
        if not len(self._starts):
            return offsets[:0]
        paragraph = np.searchsorted(self._starts, offsets, side="right") - 1
        return offsets[(paragraph >= 0) & (offsets < self._ends[paragraph])]

    def characters(self, passage: Passage) -> int:
        """Number of counted characters in a passage."""
        if not len(self.counted):
            return len(normalize(passage.text))
        start, end = np.searchsorted(self.counted, [passage.start, passage.end])
        return int(end - start)

    def paragraph(self, offset: int) -> int:
        """Number of the paragraph at `offset`, from 1 among those that take part; 0 outside of them."""
        number = int(np.searchsorted(self._starts, offset, side="right"))
        return number if number and offset < self._ends[number - 1] else 0

    def at(self, offset: int) -> tuple[Place, ...]:
        """The member of an archive or a mail at `offset`, and the page or sheet, where known."""
        inner: dict[str, Place] = {}
        for place in self._places:
            if place.start > offset:
                break
            if place.kind == "member":
                inner.clear()  # a member counts its own pages
            inner["member" if place.kind == "member" else "page"] = place
        return tuple(inner.values())

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Line and column of `offset`, both counted from 1, columns in code points."""
        line = int(np.searchsorted(self._line_starts, offset, side="right"))
        return line, offset - int(self._line_starts[line - 1]) + 1

    def counted_runs(self) -> list[int]:
        """Lengths of alternating runs of code points from offset 0 on: uncounted, counted, uncounted, …."""
        if not len(self.counted):
            return []
        breaks = np.flatnonzero(np.diff(self.counted) != 1)
        firsts = self.counted[np.concatenate([[0], breaks + 1])]
        lasts = self.counted[np.concatenate([breaks, [len(self.counted) - 1]])]
        borders = np.stack([firsts, lasts + 1], axis=1).ravel()
        runs: list[int] = np.diff(borders, prepend=0).tolist()
        return runs


def _taking_part(paragraphs: Sequence[ReportedParagraph]) -> tuple[Ints, Ints]:
    """Start and end offsets of the paragraphs that take part."""
    if isinstance(paragraphs, ReportedParagraphs):
        columns = paragraphs.columns
        return columns.starts[columns.taking_part], columns.ends[columns.taking_part]
    spans = [(one.span.start, one.span.end) for one in paragraphs if one.kind.takes_part]
    starts, ends = np.array(spans, np.int64).reshape(-1, 2).T
    return starts, ends


def _line_breaks(text: str) -> Ints:
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.flatnonzero(points == ord("\n"))
