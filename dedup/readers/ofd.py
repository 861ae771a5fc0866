"""OFD (GB/T 33190), the national format for fixed layouts.

Every run of characters stands at its own place; runs on one base line are joined to lines, lines to
paragraphs as in a PDF (`layout`). Annotations are files of their own and are not read; watermarks are known
by their slope or transparency. A template's text counts once, however many pages use it; so does a glyph
that is drawn twice for weight.
"""

from __future__ import annotations

import math
import posixpath
from collections.abc import Iterator
from dataclasses import field

from dedup.model import HiddenKind, Properties, Remark
from dedup.readers.layout import Line, compose, in_order, is_cipher, without_running_heads
from dedup.readers.package import Package
from dedup.readers.reading import Composer, Context, Reading, damaged
from dedup.readers.xml import Element, attribute, local, parse
from dedup.records import dataclass

_TINY_MILLIMETRES = 1.4
_SEE_THROUGH = 110
"""Opacity, of 255, below which text is a watermark."""
_PAGE = (0.0, 0.0, 210.0, 297.0)
_MOST_NESTED = 8
"""Composite objects inside one another."""

_Matrix = tuple[float, float, float, float, float, float]
_SAME: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters in a row, in millimetres from the page's upper left corner."""

    text: str
    start: float
    end: float
    base: float
    size: float
    vertical: bool = False


@dataclass(slots=True)
class _PageText:
    runs: list[_Run] = field(default_factory=list)
    hidden: list[tuple[str, HiddenKind]] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Where pictures and shapes lie."""
    drawn: int = 0
    seen: set[tuple[str, int, int]] = field(default_factory=set)
    """Runs that were met, with their places: drawn twice for weight, they count once."""


def read(data: bytes, context: Context) -> Reading:
    """Read all documents of a file. Raises UnsupportedInput when it is damaged."""
    package = Package(data, context)
    root = parse(package.read("OFD.xml"), context)
    if root is None:
        raise damaged(context.name)
    pages: list[_PageText] = []
    heights: list[float] = []
    remarks: list[Remark] = []
    for body in root.iter("{*}DocRoot"):
        document = _Document(package, _path("", body.text), context)
        found = list(document.pages(context.limits.pages - len(pages)))
        if document.page_count > len(found):
            remarks.append(
                Remark("limit", document.page_count - len(found), f"{len(found)} / {document.page_count}")
            )
        pages.extend(page for page, _ in found)
        heights.extend(height for _, height in found)
    composer = Composer(context)
    for page in pages:
        for text, kind in page.hidden:
            composer.hide(text, kind)
    lines = [in_order(_lines(page.runs, height)) for page, height in zip(pages, heights, strict=True)]
    if is_cipher(line.text for page in lines for line in page):
        return Reading("", "ofd", remarks=(*remarks, Remark("cipher-font", len(pages))))
    compose(without_running_heads(lines), composer)
    without_text = sum(not page.runs and page.drawn > 0 for page in pages)
    if without_text:
        remarks.append(Remark("no-text", without_text))
    return composer.reading("ofd", remarks, properties=_properties(root, len(pages)))


def _properties(root: Element, pages: int) -> Properties:
    values = {local(one.tag): (one.text or "").strip() for one in root.iter() if local(one.tag)}
    producer = " ".join(filter(None, (values.get("Creator"), values.get("CreatorVersion"))))
    return Properties(values.get("CreationDate", ""), values.get("ModDate", ""), producer, pages)


def _path(folder: str, location: str | None) -> str:
    """The name of an entry: locations are relative to the file that gives them, or begin with a slash."""
    location = (location or "").strip().replace("\\", "/")
    if location.startswith("/"):
        return posixpath.normpath(location).lstrip("/")
    return posixpath.normpath(posixpath.join(folder, location))


class _Document:
    """One document of a file: its pages, templates and composite objects."""

    def __init__(self, package: Package, path: str, context: Context) -> None:
        self._package = package
        self._context = context
        self._folder = posixpath.dirname(path)
        self._root = parse(package.read(path), context)
        self._templates: dict[str, str] = {}
        self._used_templates: set[str] = set()
        self._composites: dict[str, Element] = {}
        self._box = _PAGE
        self._locations: list[str] = []
        for element in self._root.iter() if self._root is not None else ():
            name = local(element.tag)
            if name == "TemplatePage":
                self._templates[attribute(element, "ID")] = _path(self._folder, attribute(element, "BaseLoc"))
            elif name == "Page":
                self._locations.append(_path(self._folder, attribute(element, "BaseLoc")))
            elif name in ("PublicRes", "DocumentRes"):
                self._resources(_path(self._folder, element.text))
            elif name == "PhysicalBox" and len(box := _numbers(element.text)) == 4:
                self._box = (box[0], box[1], box[2], box[3])

    @property
    def page_count(self) -> int:
        return len(self._locations)

    def pages(self, most: int) -> Iterator[tuple[_PageText, float]]:
        """The text of each page, and the page's height."""
        for location in self._locations[: max(0, most)]:
            text = _PageText()
            root = parse(self._package.read(location), self._context)
            box = self._box
            if root is not None:
                for element in root.iter("{*}PhysicalBox"):
                    if len(own := _numbers(element.text)) == 4:
                        box = (own[0], own[1], own[2], own[3])
                for element in root.iter("{*}PageRes"):
                    self._resources(_path(posixpath.dirname(location), element.text))
                self._page(root, text, box, location)
            yield text, box[3] or _PAGE[3]

    def _page(self, root: Element, text: _PageText, box: tuple[float, ...], location: str) -> None:
        for element in root:
            if local(element.tag) == "Template":
                template = self._templates.get(attribute(element, "TemplateID"), "")
                if template and template not in self._used_templates and template != location:
                    self._used_templates.add(template)
                    inner = parse(self._package.read(template), self._context)
                    if inner is not None:
                        self._content(inner, text, box)
        self._content(root, text, box)

    def _content(self, root: Element, text: _PageText, box: tuple[float, ...]) -> None:
        for element in root:
            if local(element.tag) == "Content":
                painter = _Painter(text, box, self._composites)
                painter.shapes(element)
                painter.walk(element, _SAME, 0)

    def _resources(self, path: str) -> None:
        root = parse(self._package.read(path), self._context)
        for element in root.iter("{*}CompositeGraphicUnit") if root is not None else ():
            self._composites[attribute(element, "ID")] = element


class _Painter:
    """Collects the runs of a page's content."""

    def __init__(self, text: _PageText, box: tuple[float, ...], composites: dict[str, Element]) -> None:
        self._text = text
        self._box = box
        self._composites = composites

    def shapes(self, content: Element) -> None:
        """Note where pictures and filled shapes lie: white text may stand on them."""
        for element in content.iter("{*}ImageObject", "{*}PathObject"):
            self._text.drawn += 1
            if len(box := _numbers(attribute(element, "Boundary"))) == 4:
                filled = local(element.tag) == "ImageObject" or attribute(element, "Fill") == "true"
                if filled:
                    self._text.boxes.append((box[0], box[1], box[2], box[3]))

    def walk(self, parent: Element, matrix: _Matrix, depth: int) -> None:
        """Collect everything below an element."""
        for element in parent:
            name = local(element.tag)
            if name == "TextObject":
                self._text_object(element, matrix)
            elif name in ("Layer", "PageBlock"):
                self.walk(element, matrix, depth)
            elif name == "CompositeObject" and depth < _MOST_NESTED:
                unit = self._composites.get(attribute(element, "ResourceID"))
                inner = _times(_placed(element), matrix)
                for content in unit if unit is not None else ():
                    if local(content.tag) == "Content":
                        self.walk(content, inner, depth + 1)

    def _text_object(self, element: Element, outer: _Matrix) -> None:
        matrix = _times(_placed(element), outer)
        a, b, c, d, _, _ = matrix
        slope = math.degrees(math.atan2(b, a)) % 90
        if min(slope, 90 - slope) > 5 or self._see_through(element):
            return  # a watermark
        size = (_number(attribute(element, "Size")) or 1.0) * (math.hypot(c, d) or 1.0)
        kind: HiddenKind | None = "vanish" if attribute(element, "Visible") == "false" else None
        if size < _TINY_MILLIMETRES:
            kind = kind or "tiny"
        white = self._is_white(element)
        for code in element:
            if local(code.tag) != "TextCode" or not (code.text or "").strip():
                continue
            run = _run(code, matrix, size)
            if run is None or self._drawn_already(run):
                continue
            if kind or (white and not self._on_a_shape(run)):
                self._text.hidden.append((run.text, kind or "white"))
            elif self._off_page(run):
                self._text.hidden.append((run.text, "off-page"))
            else:
                self._text.runs.append(run)

    @staticmethod
    def _see_through(element: Element) -> bool:
        values = [attribute(element, "Alpha")]
        values += [attribute(one, "Alpha") for one in element if local(one.tag) == "FillColor"]
        return any(value and (_number(value) or 0) < _SEE_THROUGH for value in values)

    @staticmethod
    def _is_white(element: Element) -> bool:
        for one in element:
            if local(one.tag) == "FillColor":
                value = _numbers(attribute(one, "Value"))
                return len(value) == 3 and min(value) >= 250
        return False

    def _on_a_shape(self, run: _Run) -> bool:
        middle = (run.start + run.end) / 2
        across, down = (run.base, middle) if run.vertical else (middle, run.base - run.size / 2)
        return any(
            left <= across <= left + width and top <= down <= top + height
            for left, top, width, height in self._text.boxes
        )

    def _off_page(self, run: _Run) -> bool:
        left, top, width, height = self._box
        across, down = (-run.base, run.start) if run.vertical else (run.start, run.base)
        return (
            across > left + width
            or down > top + height + run.size
            or (not run.vertical and run.end < left)
            or down < top - run.size
        )

    def _drawn_already(self, run: _Run) -> bool:
        unit = max(0.3 * run.size, 0.1)
        across, down = round(run.start / unit), round(run.base / unit)
        if any((run.text, across + i, down + j) in self._text.seen for i in (-1, 0, 1) for j in (-1, 0, 1)):
            return True
        self._text.seen.add((run.text, across, down))
        return False


def _run(code: Element, matrix: _Matrix, size: float) -> _Run | None:
    text = (code.text or "").strip("\r\n")
    x, y = _number(attribute(code, "X")) or 0.0, _number(attribute(code, "Y")) or 0.0
    steps_x = _steps(attribute(code, "DeltaX"), len(text) - 1)
    steps_y = _steps(attribute(code, "DeltaY"), len(text) - 1)
    end_x, end_y = x + sum(steps_x), y + sum(steps_y)
    if len(steps_x) < len(text) - 1 and not steps_y:  # steps that are missing are as wide as the glyphs
        scale = math.hypot(matrix[0], matrix[1]) or 1.0
        end_x += sum(_width(character) for character in text[len(steps_x) + 1 :]) * size / scale
    left, top = _at(matrix, x, y)
    right, bottom = _at(matrix, end_x, end_y)
    last = _width(text[-1]) * size if text else 0.0
    if abs(bottom - top) > 2 * abs(right - left) and len(text) > 1:
        return _Run(text, top - size, bottom, -left, size, vertical=True)
    return _Run(text, min(left, right), max(left, right) + last, top, size)


def _lines(runs: list[_Run], height: float) -> list[Line]:
    """Runs on one base line that follow each other make a line."""
    lines: list[Line] = []
    texts: list[str] = []
    first: _Run | None = None
    last: _Run | None = None

    def finish() -> None:
        if first and last:
            middle = (first.start + last.end) / 2 if first.vertical else first.base - first.size / 2
            lines.append(
                Line(
                    "".join(texts),
                    first.start,
                    last.end,
                    first.base,
                    first.size,
                    first.vertical,
                    middle / height,
                )
            )
        texts.clear()

    for run in runs:
        gap = run.start - last.end if last else 0.0
        if (
            first is None
            or last is None
            or run.vertical != first.vertical
            or abs(run.base - first.base) > 0.4 * min(run.size, first.size)
            or not -0.6 * run.size <= gap <= 1.5 * run.size
        ):
            finish()
            first = run
        elif gap > 0.25 * run.size and texts and texts[-1][-1:].isascii() and run.text[:1].isascii():
            texts.append(" ")
        texts.append(run.text)
        last = run
    finish()
    return lines


# ------------------------------------------------------------------------------------------- numbers


def _placed(element: Element) -> _Matrix:
    """The matrix of an object: its own (CTM), then the corner of its boundary."""
    ctm = _numbers(attribute(element, "CTM"))
    a, b, c, d, e, f = ctm if len(ctm) == 6 else _SAME
    boundary = _numbers(attribute(element, "Boundary"))
    x, y = (boundary[0], boundary[1]) if len(boundary) == 4 else (0.0, 0.0)
    return a, b, c, d, e + x, f + y


def _times(inner: _Matrix, outer: _Matrix) -> _Matrix:
    if outer == _SAME:
        return inner
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _at(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return x * a + y * c + e, x * b + y * d + f


def _steps(written: str, most: int) -> list[float]:
    """Distances between characters: `3 3 1.5`, or `g 20 3` for twenty times 3. At most `most` are given."""
    steps: list[float] = []
    words = iter(written.split())
    for word in words:
        if word == "g":
            count, value = _number(next(words, "")) or 0.0, _number(next(words, "")) or 0.0
            steps.extend([value] * int(min(max(count, 0), most)))
        else:
            steps.append(_number(word) or 0.0)
        if len(steps) >= most:
            break
    return steps[: max(0, most)]


def _number(word: str) -> float | None:
    try:
        number = float(word)
    except ValueError:
        return None
    return number if math.isfinite(number) and abs(number) < 1e7 else None


def _numbers(words: str | None) -> list[float]:
    found = [_number(word) for word in (words or "").split()[:8]]
    return [number for number in found if number is not None]


def _width(character: str) -> float:
    return 1.0 if ord(character) > 0x2000 else 0.5
