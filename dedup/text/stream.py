"""Make the match text of a document: the normalised characters of its paragraphs that take part.

A passage may run over paragraph borders, so the paragraphs are laid end to end; notices, titles, contents
lists and furniture are left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.document import Document, Part, Span
from dedup.records import dataclass
from dedup.text.normalize import normalize

_PAGE_NUMBER = 4
"""Characters of a page number, which between two paragraphs does not break a passage."""


@dataclass(frozen=True, slots=True, eq=False)
class MatchText:
    """The match text of one part or of a whole document: n codes in m paragraphs."""

    codes: NDArray[np.uint32]
    """uint32[n]: folded characters."""
    offsets: NDArray[np.int64]
    """int64[n]: offset of each in `Document.text`, strictly increasing."""
    paragraph_starts: NDArray[np.int64]
    """int64[m + 1]: start of each paragraph in `codes`; the last entry is n."""
    paragraph_numbers: NDArray[np.int64]
    """int64[m]: the paragraphs' numbers in `Document.paragraphs`."""
    breaks: NDArray[np.int64]
    """int64[b]: starts in `codes` of paragraphs that text which takes no part precedes."""

    def __len__(self) -> int:
        return len(self.codes)

    def span(self, start: int, end: int) -> Span:
        """The span of `Document.text` from the first to the last of `codes[start:end]` (not empty)."""
        return Span(int(self.offsets[start]), int(self.offsets[end - 1]) + 1)


@dataclass(frozen=True, slots=True, eq=False)
class DocumentStream:
    """The match text of a whole file, and the starts of its parts."""

    text: MatchText
    part_starts: NDArray[np.int64]
    """int64[parts + 1]: start of each part in `text.codes`; the last entry is n."""
    part_paragraphs: NDArray[np.int64]
    """int64[parts + 1]: start of each part in `text.paragraph_numbers`; the last entry is m."""


def stream(document: Document, part: Part) -> MatchText:
    """The match text of one part of a document."""
    return _stream(document, part.first_paragraph, part.last_paragraph)


def stream_document(document: Document) -> DocumentStream:
    """The match text of all parts of a document, laid end to end."""
    text = _stream(document, 0, len(document.paragraphs))
    borders = [part.first_paragraph for part in document.parts] + [len(document.paragraphs)]
    part_paragraphs = np.searchsorted(text.paragraph_numbers, borders)
    return DocumentStream(text, text.paragraph_starts[part_paragraphs], part_paragraphs)


def _stream(document: Document, first: int, last: int) -> MatchText:
    """The match text of paragraphs first..last - 1."""
    paragraphs = document.paragraphs
    numbers = first + np.flatnonzero(paragraphs.taking_part[first:last])
    if not len(numbers):
        empty = np.empty(0, np.int64)
        return MatchText(np.empty(0, np.uint32), empty, np.zeros(1, np.int64), empty, empty)
    starts, ends = paragraphs.starts[numbers], paragraphs.ends[numbers]
    origin = int(starts[0])
    whole = normalize(document.text[origin : int(ends[-1])])
    offsets = whole.offsets + origin
    begin, end = np.searchsorted(offsets, starts), np.searchsorted(offsets, ends)
    lengths = end - begin
    paragraph_starts = np.zeros(len(numbers) + 1, np.int64)
    np.cumsum(lengths, out=paragraph_starts[1:])
    breaks = paragraph_starts[1:-1][begin[1:] - end[:-1] > _PAGE_NUMBER]
    if paragraph_starts[-1] == len(offsets):
        return MatchText(whole.codes, offsets, paragraph_starts, numbers, breaks)
    taken = np.repeat(begin - paragraph_starts[:-1], lengths) + np.arange(paragraph_starts[-1])
    return MatchText(whole.codes[taken], offsets[taken], paragraph_starts, numbers, breaks)
