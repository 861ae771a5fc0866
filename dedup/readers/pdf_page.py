"""Read one page of a PDF by pdfium: its lines, its hidden text, and whether anything else is drawn.

pdfium gives the characters in the order in which they were drawn, cut into lines. Positions are read only for
the first and the last character of a line, which takes a few per cent of reading the page; every character is
examined only where some text of the page is hidden.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from dedup.document import HiddenKind
from dedup.readers.ink import Box, Colour, Ink, Shape, hidden_kinds
from dedup.readers.layout import Line, Unseen
from dedup.readers.transforms import SAME, Matrix, times
from dedup.records import dataclass

_TINY_POINTS = 2.0
_TRANSPARENT = 13
"""Opacity, of 255, up to which text is invisible."""
_OPAQUE = 243
"""Mean opacity, of 255, from which a picture hides what lies under it: a seal does not."""
_GAP = 1.8
"""Gap, in heights of a character, that separates columns and cells."""
_LEAST_PIECE = 4
"""Least characters on either side of such a gap, so that widely spaced titles are not cut."""
_INVISIBLE = 3
"""Rendering mode of text that is neither filled nor stroked."""
_FLAT = 0.1
"""Height in points below which this machine has no glyph for a character; a full stop is higher."""
_MOST_NESTED = 8
"""Form objects inside one another."""
_MOST_SEGMENTS = 1_000
_MOST_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    right: float
    bottom: float
    top: float


class Page:
    """One page. Raises PdfiumError when pdfium cannot load it."""

    def __init__(self, document: Any, number: int) -> None:
        import pypdfium2.raw as pdfium

        self._pdfium = pdfium
        self._document = document
        self._page = document[number]
        if pdfium.FPDFPage_GetRotation(self._page) > 0:  # -1 for a damaged page
            # pdfium changes the order of the characters of a rotated page. Rotation is only for display.
            self._page.set_rotation(0)
        self.width, self.height = self._page.get_size()
        self._text = self._page.get_textpage()

    def close(self) -> None:
        self._text.close()
        self._page.close()

    @property
    def is_drawn(self) -> bool:
        """Tell whether there is anything but text on the page."""
        pdfium = self._pdfium
        objects = (
            pdfium.FPDFPage_GetObject(self._page, n) for n in range(pdfium.FPDFPage_CountObjects(self._page))
        )
        return any(pdfium.FPDFPageObj_GetType(one) != pdfium.FPDF_PAGEOBJ_TEXT for one in objects)

    def text(self) -> str:
        """The characters of the page in the order in which they were drawn."""
        count = self._text.count_chars()
        if count <= 0:
            return ""
        text: str = self._text.get_text_range()
        return text if len(text) == count else "".join(map(self._character, range(count)))

    def lines(self) -> list[Line]:
        """The lines in the order drawn. Hidden text is attached to its line, or to the line before."""
        text = self.text()
        if not text:
            return []
        kinds = self._kinds(text)
        lines: list[Line] = []
        waiting: list[Unseen] = []
        start = 0
        for piece in text.split("\n"):
            end = start + len(piece)
            for first, last in self._pieces(text, start, end) if " " in piece else ((start, end),):
                line = self._line(text, first, last, kinds)
                if line and line.text:
                    lines.append(replace(line, unseen=(*waiting, *line.unseen)) if waiting else line)
                    waiting.clear()
                elif line:
                    waiting.extend(line.unseen)
            start = end + 1
        if waiting:
            beside = lines[-1] if lines else Line("", 0.0, 0.0, 0.0, 1.0)
            lines.append(replace(beside, text="", unseen=tuple(waiting)))
        return lines

    def _pieces(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """A line of pdfium, cut at gaps between columns or cells, for which pdfium writes a space."""
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

    def _line(self, text: str, start: int, end: int, kinds: list[HiddenKind | None] | None) -> Line | None:
        """A line of the page; if all of it is hidden, a line without text but with the hidden text."""
        while start < end and text[start] in " \r\t":
            start += 1
        while end > start and text[end - 1] in " \r\t":
            end -= 1
        if start == end:
            return None
        first, last = self._box(start), self._box(end - 1)
        content, unseen = text[start:end], tuple[Unseen, ...]()
        places: Sequence[int] = range(start, end)
        if self._off_page(first) and self._off_page(last):
            content, unseen = "", (Unseen(0, content, "off-page"),)
        elif kinds is not None:
            content, unseen = _parted(content, kinds[start:end])
            places = [at for at in places if kinds[at] is None]
        size = self._size(start, end, first)
        depth = 1 - (first.bottom + first.top) / 2 / self.height if self.height else 0.5
        down, along = abs(last.bottom - first.bottom), abs(last.left - first.left)
        if down > 2 * along and down > 1.5 * size and last.top < first.top:
            return Line(content, -first.top, -last.bottom, -first.right, size, True, depth, unseen, places)
        return Line(content, first.left, last.right, -first.bottom, size, False, depth, unseen, places)

    def _size(self, start: int, end: int, box: _Box) -> float:
        size = float(self._pdfium.FPDFText_GetFontSize(self._text, start))
        if size > 3:
            return size
        # The matrix may scale the font; the box of a character gives its actual size.
        heights = [self._box(at) for at in range(start, min(end, start + 8))]
        return max([1.0, *(max(one.top - one.bottom, one.right - one.left) for one in heights)])

    def _box(self, at: int) -> _Box:
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        self._pdfium.FPDFText_GetCharBox(self._text, at, left, right, bottom, top)
        if top.value - bottom.value < _FLAT and (box := self.loose_box(at)):
            return _Box(box[0], box[2], box[1], box[3])
        return _Box(left.value, right.value, bottom.value, top.value)

    def loose_box(self, at: int) -> Box | None:
        """The box of a character as high as its font; None where pdfium has none."""
        rectangle = self._pdfium.FS_RECTF()
        if not self._pdfium.FPDFText_GetLooseCharBox(self._text, at, rectangle):
            return None
        return rectangle.left, rectangle.bottom, rectangle.right, rectangle.top

    def _off_page(self, box: _Box) -> bool:
        return box.right < 0 or box.left > self.width or box.top < 0 or box.bottom > self.height

    # ---- what cannot be seen

    def _kinds(self, text: str) -> list[HiddenKind | None] | None:
        """The way in which each character is hidden; None if all are visible."""
        drawing = _Drawing(self._pdfium, self._document, self._page)
        kinds = drawing.hidden((0.0, 0.0, self.width, self.height))
        if not any(kinds.values()):
            return None
        found: list[HiddenKind | None] = []
        before: HiddenKind | None = None
        for at, character in enumerate(text):
            if not character.isspace():
                one = self._pdfium.FPDFText_GetTextObject(self._text, at)
                before = kinds.get(_address(one)) if one else before
            found.append(before)
        return found


def _parted(text: str, kinds: list[HiddenKind | None]) -> tuple[str, tuple[Unseen, ...]]:
    """Split a line into its visible text, and the hidden texts with their positions in that."""
    seen: list[str] = []
    unseen: list[Unseen] = []
    for character, kind in zip(text, kinds, strict=True):
        if kind is None:
            seen.append(character)
        elif unseen and unseen[-1].kind == kind and unseen[-1].at == len(seen):
            unseen[-1] = unseen[-1]._replace(text=unseen[-1].text + character)
        else:
            unseen.append(Unseen(len(seen), character, kind))
    content = "".join(seen)
    return (content if content.strip() else ""), tuple(unseen)


def _turned(box: Box, matrix: Matrix) -> Box:
    """The bounding box of a box transformed by a matrix."""
    if matrix == SAME:
        return box
    left, bottom, right, top = box
    a, b, c, d, e, f = matrix
    corners = [(x * a + y * c + e, x * b + y * d + f) for x in (left, right) for y in (bottom, top)]
    across, up = zip(*corners, strict=True)
    return min(across), min(up), max(across), max(up)


def _address(one: Any) -> int:
    return ctypes.cast(one, ctypes.c_void_p).value or 0


class _Drawing:
    """The objects that are drawn on a page, in order."""

    def __init__(self, pdfium: Any, document: Any, page: Any) -> None:
        self._pdfium = pdfium
        self._document = document
        self._page = page
        self._colour = [ctypes.c_uint() for _ in range(4)]
        self._edges = [ctypes.c_float() for _ in range(4)]
        self._texts: dict[int, Ink] = {}
        self._shapes: list[Shape] = []
        self._pictures: dict[int, Any] = {}
        """Pictures by their order: whether one is opaque is looked at only where it covers text."""
        self._order = 0

    def hidden(self, page: Box) -> dict[int, HiddenKind | None]:
        """The way in which each text object is hidden, by its address."""
        count = self._pdfium.FPDFPage_CountObjects(self._page)
        self._walk((self._pdfium.FPDFPage_GetObject(self._page, n) for n in range(count)), SAME, 0)
        texts = list(self._texts.values())
        kinds = hidden_kinds(texts, self._shapes, page)
        if "behind-image" in kinds and self._pictures:
            opaque = {order: self._is_opaque(one) for order, one in self._pictures.items()}
            shapes = [one._replace(covers=opaque.get(one.order, one.covers)) for one in self._shapes]
            kinds = hidden_kinds(texts, shapes, page)
        return dict(zip(self._texts, kinds, strict=True))

    def _walk(self, objects: Iterator[Any], matrix: Matrix, depth: int) -> None:
        pdfium = self._pdfium
        for one in objects:
            self._order += 1
            kind = pdfium.FPDFPageObj_GetType(one)
            if kind == pdfium.FPDF_PAGEOBJ_TEXT:
                self._add_text(one, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
                if box := self._bounds(one, matrix, clipped=True):
                    covers = not pdfium.FPDFPageObj_HasTransparency(one)
                    self._shapes.append(Shape(box, self._order, None, covers))
                    if covers:
                        self._pictures[self._order] = one
            elif kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._add_area(one, matrix)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MOST_NESTED:
                inner = times(self._matrix(one), matrix)
                count = max(0, pdfium.FPDFFormObj_CountObjects(one))
                self._walk((pdfium.FPDFFormObj_GetObject(one, n) for n in range(count)), inner, depth + 1)

    def _add_text(self, one: Any, matrix: Matrix) -> None:
        box = self._bounds(one, matrix) or self._room(one, matrix)
        if box is None:
            return
        mode = self._pdfium.FPDFTextObj_GetTextRenderMode(one)
        colour, opacity = self._fill(one) if mode != 1 else (None, 255)
        kind: HiddenKind | None = None
        if mode == _INVISIBLE or opacity <= _TRANSPARENT or self._is_cut_away(one, matrix, box):
            kind = "vanish"
        elif (
            min(box[2] - box[0], box[3] - box[1]) < _TINY_POINTS
            and self._font_size(one, matrix) < _TINY_POINTS
        ):
            kind = "tiny"  # measured by size, since a dash is low but not tiny
        self._texts[_address(one)] = Ink(box, self._order, 1, colour, kind)

    def _add_area(self, one: Any, matrix: Matrix) -> None:
        filled, stroked = ctypes.c_int(), ctypes.c_int()
        self._pdfium.FPDFPath_GetDrawMode(one, filled, stroked)
        if not filled.value:
            return
        colour, opacity = self._fill(one)
        if box := self._bounds(one, matrix, clipped=True):
            covers = opacity == 255 and self._is_rectangle(one)
            self._shapes.append(Shape(box, self._order, colour if covers else None, covers))

    def _is_rectangle(self, path: Any) -> bool:
        """Tell whether an area is a rectangle."""
        pdfium = self._pdfium
        count = pdfium.FPDFPath_CountSegments(path)
        if not 4 <= count <= 5:
            return False
        segments = [pdfium.FPDFPath_GetPathSegment(path, number) for number in range(count)]
        if any(pdfium.FPDFPathSegment_GetType(one) == pdfium.FPDF_SEGMENT_BEZIERTO for one in segments):
            return False
        points = [self._point(one) for one in segments]
        return len(set(points)) == 4 and len({x for x, _ in points}) == len({y for _, y in points}) == 2

    def _fill(self, one: Any) -> tuple[Colour | None, int]:
        """The fill colour of an object, and its opacity, of 255."""
        if not self._pdfium.FPDFPageObj_GetFillColor(one, *self._colour):
            return None, 255
        red, green, blue, opacity = (part.value for part in self._colour)
        return (red, green, blue), opacity

    def _bounds(self, one: Any, matrix: Matrix, *, clipped: bool = False) -> Box | None:
        """The bounding box of an object, or of its clipped part; None where there is none."""
        if not self._pdfium.FPDFPageObj_GetBounds(one, *self._edges):
            return None
        left, bottom, right, top = (edge.value for edge in self._edges)
        if clipped:
            for window in self._windows(one):
                left, bottom = max(left, window[0]), max(bottom, window[1])
                right, top = min(right, window[2]), min(top, window[3])
        if left >= right or bottom >= top:
            return None
        return _turned((left, bottom, right, top), matrix)

    def _room(self, text: Any, outer: Matrix) -> Box | None:
        """The box of a text for whose characters this machine has no glyphs, by the height of its font.

        If a font is not embedded, pdfium draws with one of the machine's. For a character missing in that,
        pdfium knows the position but no height. A server often has no Chinese font at all.
        """
        pdfium = self._pdfium
        if not pdfium.FPDFPageObj_GetBounds(text, *self._edges):
            return None
        left, bottom, right, top = (edge.value for edge in self._edges)
        size, ascent, descent = ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
        font = pdfium.FPDFTextObj_GetFont(text)
        pdfium.FPDFTextObj_GetFontSize(text, size)
        pdfium.FPDFFont_GetAscent(font, size, ascent)
        pdfium.FPDFFont_GetDescent(font, size, descent)
        a, b, c, d, _, _ = self._matrix(text)
        # Add one character in the direction of writing: pdfium leaves out the width of the last.
        steps = [
            (a * along + c * up, b * along + d * up)
            for along in (0.0, size.value)
            for up in (descent.value, ascent.value)
        ]
        across, upward = zip(*steps, strict=True)
        box = left + min(across), bottom + min(upward), right + max(across), top + max(upward)
        return _turned(box, outer) if box[0] < box[2] and box[1] < box[3] else None

    def _is_cut_away(self, text: Any, outer: Matrix, box: Box) -> bool:
        """Tell whether a text lies wholly outside its clipping paths."""
        for window in self._windows(text):
            left, bottom, right, top = _turned(window, outer)
            if left >= box[2] or right <= box[0] or bottom >= box[3] or top <= box[1]:
                return True
        return False

    def _windows(self, one: Any) -> Iterator[Box]:
        """The bounding boxes of the paths that clip an object."""
        pdfium = self._pdfium
        clip = pdfium.FPDFPageObj_GetClipPath(one)
        for path in range(max(0, pdfium.FPDFClipPath_CountPaths(clip)) if clip else 0):
            count = min(_MOST_SEGMENTS, pdfium.FPDFClipPath_CountPathSegments(clip, path))
            points = [
                self._point(pdfium.FPDFClipPath_GetPathSegment(clip, path, number)) for number in range(count)
            ]
            if points:
                across, up = zip(*points, strict=True)
                yield min(across), min(up), max(across), max(up)

    def _point(self, segment: Any) -> tuple[float, float]:
        x, y = ctypes.c_float(), ctypes.c_float()
        self._pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        return x.value, y.value

    def _matrix(self, one: Any) -> Matrix:
        matrix = self._pdfium.FS_MATRIX()
        if not self._pdfium.FPDFPageObj_GetMatrix(one, matrix):
            return SAME
        return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f

    def _font_size(self, one: Any, outer: Matrix) -> float:
        """The size of a text object's characters on the page."""
        size = ctypes.c_float()
        self._pdfium.FPDFTextObj_GetFontSize(one, size)
        return abs(size.value) * max(map(abs, times(self._matrix(one), outer)[:4]))

    def _is_opaque(self, picture: Any) -> bool:
        """Tell whether a picture hides what is under it; the picture of a seal is transparent."""
        import pypdfium2

        width, height = ctypes.c_uint(), ctypes.c_uint()
        self._pdfium.FPDFImageObj_GetImagePixelSize(picture, width, height)
        if width.value * height.value > _MOST_PIXELS:
            return True
        bitmap = self._pdfium.FPDFImageObj_GetRenderedBitmap(self._document, self._page, picture)
        if not bitmap:
            return False
        pixels = pypdfium2.PdfBitmap.from_raw(bitmap).to_numpy()
        return pixels.ndim < 3 or pixels.shape[2] < 4 or float(np.mean(pixels[:, :, 3])) >= _OPAQUE
