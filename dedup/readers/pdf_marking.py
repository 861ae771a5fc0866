"""Mark a copy of a PDF by highlights with notes (ISO 32000-1, 12.5.6.10), appended to the file's content.

The content stays the same byte for byte; the annotations follow as an incremental update. pdfium gives the
positions of characters, pypdf writes.
"""

from __future__ import annotations

import io
import logging
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any

from dedup.errors import UnsupportedInput
from dedup.readers.ink import Box
from dedup.readers.marks import Marked, Marks, Note, unmarkable
from dedup.readers.page_paragraphs import Composed, placed
from dedup.readers.pdf import read_traced, without_junk
from dedup.readers.pdf_page import Page
from dedup.readers.reading import Budget, Context
from dedup.records import dataclass

_SIGN = 20.0
"""Side, in points, of the icon of a note on the whole document."""
_PRINTED = 4
"""The flag of an annotation that is printed."""
_SIGN_COLOUR = "F5C542"
_MOST_SPREAD = 2.5
"""Largest ratio of the box around characters to their own boxes together; a slanted line's is far larger."""
_DAMAGE = (ValueError, KeyError, IndexError, TypeError, AttributeError, NotImplementedError, OSError)
"""Errors besides its own that pypdf raises for damaged files."""
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:([+-])(\d\d):(\d\d))?")


def mark(data: bytes, marks: Marks, context: Context) -> Marked:
    """A copy of the document with marks. Raises UnsupportedInput if the marks are for another text."""
    import pypdfium2

    content = without_junk(data)
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        raise unmarkable(context.name) from None  # pypdf may read it, but gives no positions of characters
    try:
        text, trace = read_traced(document, context)
        marks.require(text, context)
        places = _places(document, trace, marks.notes)
        corner = _corner(document)
    finally:
        document.close()
    annotations: list[tuple[int, Any]] = []
    unplaced = 0
    for number, note in enumerate(marks.notes):
        if not note.colour:
            annotations.append((0, _sign(note, corner, marks)))
            continue
        pages = places.get(number, {})
        unplaced += not pages
        annotations += [(page, _highlight(note, boxes, marks)) for page, boxes in pages.items()]
    return Marked(_with_annotations(content, annotations, marks, context), unplaced)


# ------------------------------------------------------------------------------------ where text stands


@dataclass(frozen=True, slots=True)
class _Hit:
    """The characters of a line to which a note refers."""

    note: int
    line: Composed
    first: int
    last: int


def _places(
    document: Any, trace: Sequence[Composed], notes: Sequence[Note]
) -> Mapping[int, Mapping[int, list[Box]]]:
    """Boxes of each note on each page, by note number and page number."""
    by_page: defaultdict[int, list[_Hit]] = defaultdict(list)
    for hit in _hits(trace, notes):
        by_page[hit.line.page].append(hit)
    places: defaultdict[int, dict[int, list[Box]]] = defaultdict(dict)
    for number, hits in sorted(by_page.items()):
        page = Page(document, number)
        text = page.text()
        for hit in hits:
            written = "".join(text[at] for at in hit.line.places)
            at_line = placed(hit.line.text, written)[hit.first : hit.last]
            characters = [page.loose_box(hit.line.places[at]) for at in at_line if at >= 0]
            if boxes := _around([box for box in characters if box is not None]):
                places[hit.note].setdefault(number, []).extend(boxes)
        page.close()
    return places


def _hits(trace: Sequence[Composed], notes: Sequence[Note]) -> Iterator[_Hit]:
    starts = [line.start for line in trace]
    # A hyphen at a line's end was removed in joining: the next line begins in its place.
    ends = [min(line.start + len(line.text), after.start) for line, after in pairwise(trace)]
    ends += [line.start + len(line.text) for line in trace[-1:]]
    for number, note in enumerate(notes):
        if not note.colour:
            continue
        for at in range(bisect_right(ends, note.start), bisect_left(starts, note.end)):
            line = trace[at]
            first, last = max(note.start, line.start), min(note.end, ends[at])
            if first < last:
                yield _Hit(number, line, first - line.start, last - line.start)


def _around(boxes: list[Box]) -> list[Box]:
    """One box around all characters of a line, or one each where the line is slanted."""
    if not boxes:
        return []
    whole = _union(boxes)
    return [whole] if _area(whole) <= _MOST_SPREAD * sum(map(_area, boxes)) else boxes


def _union(boxes: Sequence[Box]) -> Box:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _area(box: Box) -> float:
    left, bottom, right, top = box
    return (right - left) * (top - bottom)


def _corner(document: Any) -> tuple[float, float]:
    """Left and top of the visible part (crop box) of the first page."""
    left, _, _, top = document[0].get_cropbox()
    return left, top


# ----------------------------------------------------------------------------------------- annotations


def _highlight(note: Note, boxes: Sequence[Box], marks: Marks) -> Any:
    from pypdf.generic import ArrayObject, FloatObject, NameObject

    annotation = _annotation("/Highlight", _union(boxes), note, note.colour, marks)
    corners = [
        number
        for left, bottom, right, top in boxes
        for number in (left, top, right, top, left, bottom, right, bottom)
    ]
    annotation[NameObject("/QuadPoints")] = ArrayObject([FloatObject(round(one, 2)) for one in corners])
    return annotation


def _sign(note: Note, corner: tuple[float, float], marks: Marks) -> Any:
    """A note on the whole document, in the corner of its first page."""
    from pypdf.generic import NameObject

    left, top = corner
    box = (left + _SIGN, top - 2 * _SIGN, left + 2 * _SIGN, top - _SIGN)
    annotation = _annotation("/Text", box, note, _SIGN_COLOUR, marks)
    annotation[NameObject("/Name")] = NameObject("/Comment")
    return annotation


def _annotation(kind: str, box: Box, note: Note, colour: str, marks: Marks) -> Any:
    from pypdf.generic import (
        ArrayObject,
        DictionaryObject,
        FloatObject,
        NameObject,
        NumberObject,
        TextStringObject,
    )

    shares = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    annotation = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject(kind),
            NameObject("/Rect"): ArrayObject([FloatObject(round(edge, 2)) for edge in box]),
            NameObject("/C"): ArrayObject([FloatObject(round(share, 3)) for share in shares]),
            NameObject("/F"): NumberObject(_PRINTED),
            NameObject("/Contents"): TextStringObject(note.text.replace("\n", "\r")),
            NameObject("/T"): TextStringObject(marks.author),
        }
    )
    if date := _date(marks.date):
        annotation[NameObject("/M")] = TextStringObject(date)
    return annotation


def _date(date: str) -> str:
    """A date of ISO 8601 in the form of PDF; empty if it is none."""
    found = _DATE.match(date)
    if found is None:
        return ""
    *digits, sign, hours, minutes = found.groups()
    return f"D:{''.join(digits)}" + (f"{sign}{hours}'{minutes}'" if sign else "Z")


def _with_annotations(
    content: bytes, annotations: Sequence[tuple[int, Any]], marks: Marks, context: Context
) -> bytes:
    """The file with annotations appended to its content; written anew if the result cannot be opened."""
    try:
        from pypdf import PdfReader, PdfWriter
        from pypdf.errors import DependencyError, PyPdfError
        from pypdfium2 import PdfiumError
    except ImportError:
        raise unmarkable(context.name) from None
    logging.disable(logging.CRITICAL)
    try:
        if PdfReader(io.BytesIO(content)).is_encrypted:  # it would have to be written anew, and open to all
            raise unmarkable(context.name)
    except (*_DAMAGE, PyPdfError, DependencyError):
        raise unmarkable(context.name) from None
    for incremental in (True, False):
        file = io.BytesIO()
        with suppress(*_DAMAGE, PyPdfError, DependencyError, PdfiumError, UnsupportedInput):
            source = io.BytesIO(content)
            writer = PdfWriter(source, incremental=True) if incremental else PdfWriter(clone_from=source)
            for page, annotation in annotations:
                writer.add_annotation(page, annotation)
            writer.write(file)
            marks.require(_text_of(file.getvalue(), context), context)
            return file.getvalue()
    raise unmarkable(context.name)


def _text_of(content: bytes, context: Context) -> str:
    """The text as pdfium reads it. Raises PdfiumError for a file that only pypdf opens."""
    import pypdfium2

    again = Context(context.name, Budget(context.limits), context.read_inside, context.depth)
    document = pypdfium2.PdfDocument(content)
    try:
        return read_traced(document, again)[0]
    finally:
        document.close()
