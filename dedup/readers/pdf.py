"""PDF, by pdfium; by pypdf where pdfium cannot open a file.

pdfium gives the characters of a page in the order in which they were drawn, cut into lines. Only the first
and the last character of a line are asked where they stand: that costs a few per cent of reading the page.
"""

from __future__ import annotations

import ctypes
import re
from dataclasses import dataclass
from typing import Any

from dedup.model import HiddenKind, Properties, Remark
from dedup.readers.layout import Composed, Line, compose, in_order, is_cipher, without_running_heads
from dedup.readers.reading import Composer, Context, Reading, damaged, encrypted

_TINY_POINTS = 2.0
_WHITE = 250
"""Value of all three colours from which text is white."""
_LEAST_PER_PAGE = 8
"""Characters below which a page with pictures on it is a scan."""
_GAP = 1.8
"""Gap, in heights of a character, that parts columns and cells."""
_LEAST_PIECE = 4
"""Characters on either side of such a gap: the two of a widely spaced title are not parted."""
_DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?")
_PASSWORD = 4
"""pdfium's number for a file that wants a password."""


def read(data: bytes, context: Context) -> Reading:
    """Read a PDF. Raises UnsupportedInput when it is encrypted or damaged."""
    import pypdfium2

    content = without_junk(data)
    try:
        document = pypdfium2.PdfDocument(content)
        count = len(document)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or "assword" in str(error):
            raise encrypted(context.name) from None
        return _by_pypdf(content, context)
    try:
        if count == 0:
            return _by_pypdf(content, context)
        return _by_pdfium(document, count, context)
    finally:
        document.close()


def without_junk(data: bytes) -> bytes:
    """The content from where the PDF begins."""
    start = data.find(b"%PDF-")
    return data[start:] if start > 0 else data


def read_traced(document: Any, context: Context) -> tuple[str, list[Composed]]:
    """The text of an opened document, and which characters of its pages each line of that comes from."""
    trace: list[Composed] = []
    return _by_pdfium(document, len(document), context, trace).text, trace


def _by_pdfium(document: Any, count: int, context: Context, trace: list[Composed] | None = None) -> Reading:
    from pypdfium2 import PdfiumError

    remarks: list[Remark] = []
    composer = Composer(context)
    pages: list[list[Line]] = []
    unopened = 0
    without_text: list[int] = []
    most = context.limits.pages
    if count > most:
        remarks.append(Remark("limit", count - most, f"{most} / {count}"))
    for number in range(min(count, most)):
        try:
            page = Page(document, number)
        except PdfiumError:
            unopened += 1
            pages.append([])
            continue
        lines = page.lines()
        if sum(len(line.text) for line in lines) < _LEAST_PER_PAGE and page.is_drawn:
            without_text.append(number)
        for text, kind in page.hidden:
            composer.hide(text, kind)
        page.close()
        pages.append(in_order(lines))
    if unopened:
        if unopened == len(pages):
            raise damaged(context.name)
        remarks.append(Remark("damaged", unopened))
    if is_cipher(line.text for lines in pages for line in lines):
        return Reading("", "pdf", remarks=(*remarks, Remark("cipher-font", len(pages))))
    if without_text and context.ocr:
        from dedup.readers.ocr import read_pdf

        return read_pdf(document, pages, without_text, context)
    compose(without_running_heads(pages), composer, trace)
    if without_text:
        remarks.append(Remark("no-text", len(without_text)))
    return composer.reading("pdf", remarks, properties=_properties(document, count))


class Page:
    """One page of pdfium's: its lines, and whether anything is drawn on it."""

    def __init__(self, document: Any, number: int) -> None:
        import pypdfium2.raw as pdfium

        self._pdfium = pdfium
        self._page = document[number]
        self.hidden: list[tuple[str, HiddenKind]] = []
        if self._page.get_rotation():
            # pdfium puts the characters of a turned page in another order; it is turned for the screen.
            self._page.set_rotation(0)
        self.width, self.height = self._page.get_size()
        self._text = self._page.get_textpage()

    def close(self) -> None:
        self._text.close()
        self._page.close()

    @property
    def is_drawn(self) -> bool:
        """Whether there are pictures or shapes on the page."""
        count: int = self._pdfium.FPDFPage_CountObjects(self._page)
        return count > 0

    def text(self) -> str:
        """The characters of the page in the order in which they were drawn, by their numbers."""
        count = self._text.count_chars()
        if count <= 0:
            return ""
        text: str = self._text.get_text_range()
        return text if len(text) == count else "".join(map(self._character, range(count)))

    def lines(self) -> list[Line]:
        """The lines as they come, hidden text taken out."""
        text = self.text()
        if not text:
            return []
        hidden = self._hidden_objects()
        seen = self._visible(text) if hidden else None
        lines: list[Line] = []
        start = 0
        for piece in text.split("\n"):
            end = start + len(piece)
            for first, last in self._pieces(text, start, end) if " " in piece else ((start, end),):
                if line := self._line(text, first, last, seen):
                    lines.append(line)
            start = end + 1
        return lines

    def _pieces(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """A line of pdfium's, cut where a gap parts columns or cells: pdfium writes a space there."""
        pieces, begun = [], start
        size = float(self._pdfium.FPDFText_GetFontSize(self._text, start))
        at = text.find(" ", start, end)
        while at >= 0:
            if at - begun >= _LEAST_PIECE and end - at > _LEAST_PIECE:
                before, after = self._box(at - 1), self._box(at + 1)
                if after.left - before.right > _GAP * max(size, before.top - before.bottom):
                    pieces.append((begun, at))
                    begun = at + 1
            at = text.find(" ", at + 1, end)
        return [*pieces, (begun, end)]

    def _character(self, at: int) -> str:
        code = self._pdfium.FPDFText_GetUnicode(self._text, at)
        return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"

    def _line(self, text: str, start: int, end: int, seen: list[bool] | None) -> Line | None:
        while start < end and text[start] in " \r\t":
            start += 1
        while end > start and text[end - 1] in " \r\t":
            end -= 1
        if start == end:
            return None
        first, last = self._box(start), self._box(end - 1)
        content = (
            text[start:end]
            if seen is None
            else "".join(character for at, character in enumerate(text[start:end], start) if seen[at])
        )
        places = range(start, end) if seen is None else [at for at in range(start, end) if seen[at]]
        if self._off_page(first) and self._off_page(last):
            self.hidden.append((content, "off-page"))
            return None
        if not content.strip():
            return None
        size = self._size(start, end, first)
        depth = 1 - (first.bottom + first.top) / 2 / self.height if self.height else 0.5
        down, along = abs(last.bottom - first.bottom), abs(last.left - first.left)
        if down > 2 * along and down > 1.5 * size and last.top < first.top:
            edges = (-first.top, -last.bottom, -first.right)
            return Line(content, *edges, size, vertical=True, depth=depth, places=places)
        return Line(content, first.left, last.right, -first.bottom, size, depth=depth, places=places)

    def _size(self, start: int, end: int, box: Box) -> float:
        size = float(self._pdfium.FPDFText_GetFontSize(self._text, start))
        if size > 3:
            return size
        # The matrix may do the scaling; a character's box says how large it comes out.
        heights = [self._box(at) for at in range(start, min(end, start + 8))]
        return max([1.0, *(max(one.top - one.bottom, one.right - one.left) for one in heights)])

    def _box(self, at: int) -> Box:
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        self._pdfium.FPDFText_GetCharBox(self._text, at, left, right, bottom, top)
        return Box(left.value, right.value, bottom.value, top.value)

    def _off_page(self, box: Box) -> bool:
        return box.right < 0 or box.left > self.width or box.top < 0 or box.bottom > self.height

    # ---- hidden text

    def _hidden_objects(self) -> bool:
        """Tell whether any text on the page is white or tiny: only then is every character looked at."""
        pdfium = self._pdfium
        colour = [ctypes.c_uint() for _ in range(4)]
        edges = [ctypes.c_float() for _ in range(4)]
        for number in range(pdfium.FPDFPage_CountObjects(self._page)):
            one = pdfium.FPDFPage_GetObject(self._page, number)
            if pdfium.FPDFPageObj_GetType(one) != pdfium.FPDF_PAGEOBJ_TEXT:
                continue
            if (
                pdfium.FPDFPageObj_GetFillColor(one, *colour)
                and min(part.value for part in colour[:3]) >= _WHITE
            ):
                return True
            if pdfium.FPDFPageObj_GetBounds(one, *edges):
                low = edges[3].value - edges[1].value < _TINY_POINTS
                if low and self._font_size(one) < _TINY_POINTS:  # a dash is low, too
                    return True
        return False

    def _font_size(self, one: Any) -> float:
        """The size of a text object's characters as they come out."""
        pdfium = self._pdfium
        size, matrix = ctypes.c_float(), pdfium.FS_MATRIX()
        pdfium.FPDFTextObj_GetFontSize(one, size)
        pdfium.FPDFPageObj_GetMatrix(one, matrix)
        return float(abs(size.value) * max(abs(matrix.a), abs(matrix.b), abs(matrix.c), abs(matrix.d)))

    def _visible(self, text: str) -> list[bool]:
        """Which characters can be seen; the others are kept as hidden text."""
        pdfium = self._pdfium
        colour = [ctypes.c_uint() for _ in range(4)]
        shapes = self._shapes()
        seen: list[bool] = []
        gathered: list[str] = []
        kind_before: HiddenKind | None = None

        def finish() -> None:
            if gathered and kind_before:
                self.hidden.append(("".join(gathered), kind_before))
            gathered.clear()

        for at, character in enumerate(text):
            kind: HiddenKind | None = kind_before
            if not character.isspace():
                kind = None
                box = self._box(at)
                pdfium.FPDFText_GetFillColor(self._text, at, *colour)
                if min(part.value for part in colour[:3]) >= _WHITE and not any(map(box.lies_in, shapes)):
                    kind = "white"
                elif self._height(at) < _TINY_POINTS:
                    kind = "tiny"
            if kind != kind_before:
                finish()
                kind_before = kind
            if kind:
                gathered.append(character)
            seen.append(kind is None)
        finish()
        return seen

    def _height(self, at: int) -> float:
        box = self.loose_box(at)
        return 10.0 if box is None else max(abs(box.top - box.bottom), abs(box.right - box.left))

    def loose_box(self, at: int) -> Box | None:
        """The place of a character with the room its font gives it; None where pdfium does not know."""
        rectangle = self._pdfium.FS_RECTF()
        if not self._pdfium.FPDFText_GetLooseCharBox(self._text, at, rectangle):
            return None
        return Box(rectangle.left, rectangle.right, rectangle.bottom, rectangle.top)

    def _shapes(self) -> list[Box]:
        """Where pictures and filled shapes lie: white text on them can be seen."""
        pdfium = self._pdfium
        edges = [ctypes.c_float() for _ in range(4)]
        found = []
        for number in range(pdfium.FPDFPage_CountObjects(self._page)):
            one = pdfium.FPDFPage_GetObject(self._page, number)
            if pdfium.FPDFPageObj_GetType(one) == pdfium.FPDF_PAGEOBJ_TEXT:
                continue
            if self._is_white_shape(one):
                continue
            if pdfium.FPDFPageObj_GetBounds(one, *edges):
                left, bottom, right, top = (edge.value for edge in edges)
                found.append(Box(left, right, bottom, top))
        return found

    def _is_white_shape(self, one: Any) -> bool:
        pdfium = self._pdfium
        if pdfium.FPDFPageObj_GetType(one) != pdfium.FPDF_PAGEOBJ_PATH:
            return False
        colour = [ctypes.c_uint() for _ in range(4)]
        return bool(
            pdfium.FPDFPageObj_GetFillColor(one, *colour) and min(part.value for part in colour[:3]) >= _WHITE
        )


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page, in points from its origin."""

    left: float
    right: float
    bottom: float
    top: float

    def lies_in(self, other: Box) -> bool:
        across, up = (self.left + self.right) / 2, (self.bottom + self.top) / 2
        return other.left <= across <= other.right and other.bottom <= up <= other.top


def _properties(document: Any, pages: int) -> Properties:
    values = document.get_metadata_dict()
    producer = values.get("Producer") or values.get("Creator") or ""
    return Properties(_iso(values.get("CreationDate", "")), _iso(values.get("ModDate", "")), producer, pages)


def _iso(date: str) -> str:
    """A date as PDF writes it, `D:20240131…`, in ISO 8601."""
    found = _DATE.match(date or "")
    if not found:
        return ""
    parts = [part for part in found.groups() if part]
    day = "-".join(parts[:3])
    return f"{day}T{':'.join(parts[3:])}" if len(parts) > 4 else day


def _by_pypdf(data: bytes, context: Context) -> Reading:
    """Read what pdfium cannot open. Lines have no place here: how full they are is told by their length."""
    import io

    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise damaged(context.name) from None
    import logging

    logging.disable(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        count = len(reader.pages)
        pages = []
        for number in range(min(count, context.limits.pages)):
            texts = (reader.pages[number].extract_text() or "").split("\n")
            pages.append([text for text in texts if text.strip()])
    except (
        PyPdfError,
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        OSError,
        NotImplementedError,
    ):
        raise damaged(context.name) from None
    if not any(pages):
        raise damaged(context.name)
    composer = Composer(context)
    lines = [
        [
            Line(text, 0.0, _width(text) * 10.0, at * 15.0, 10.0, depth=(at + 0.5) / max(1, len(page)))
            for at, text in enumerate(page)
        ]
        for page in pages
    ]
    compose(without_running_heads(lines), composer)
    return composer.reading("pdf", [Remark("damaged")], properties=Properties(pages=count))


def _width(text: str) -> float:
    """Width of a line in ideographs."""
    return sum(1.0 if ord(character) > 0x2000 else 0.5 for character in text.strip())
