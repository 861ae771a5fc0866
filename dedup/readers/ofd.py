"""OFD (GB/T 33190), the national format for fixed layouts.

Every run of characters stands at its own place; runs on one base line are joined to lines, lines to
paragraphs as in a PDF (`layout`). Annotations are files of their own and are not read; watermarks are known
by their slope or transparency. A template's text counts once, however many pages use it; so does a glyph
that is drawn twice for weight.
"""

from __future__ import annotations

import math
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import field, replace

from dedup.document import HiddenKind, Properties, Remark
from dedup.readers.ink import Box, Colour, Ink, Shape, hidden_kinds
from dedup.readers.layout import Line, Unseen, compose, in_order, is_cipher, without_running_heads
from dedup.readers.package import Package
from dedup.readers.reading import Composer, Context, Reading, damaged
from dedup.readers.transforms import SAME, Matrix, times
from dedup.readers.xml import Element, attribute, local, parse
from dedup.records import dataclass

_TINY_MILLIMETRES = 1.4
_SEE_THROUGH = 110
"""Opacity, of 255, below which text is a watermark."""
_PAGE = (0.0, 0.0, 210.0, 297.0)
_MOST_WORDS = 200
"""Words of a path that are looked at."""
_OPAQUE_PICTURES = (b"\xff\xd8\xff", b"BM")
_OPAQUE_PNG = (b"\x00", b"\x02")
"""Kinds of colour of a PNG file that have no transparency."""
_MOST_NESTED = 8
"""Composite objects inside one another."""


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters in a row, in millimetres from the page's upper left corner."""

    text: str
    start: float
    end: float
    base: float
    size: float
    vertical: bool = False
    kind: HiddenKind | None = None

    @property
    def box(self) -> Box:
        if self.vertical:
            return -self.base, self.start, -self.base + self.size, self.end
        return self.start, self.base - self.size, self.end, self.base


@dataclass(slots=True)
class _PageText:
    box: Box
    runs: list[_Run] = field(default_factory=list)
    inks: list[Ink] = field(default_factory=list)
    """How each of the runs is drawn."""
    shapes: list[Shape] = field(default_factory=list)
    drawn: int = 0
    """Pictures and shapes."""
    order: int = 0
    seen: set[tuple[str, int, int]] = field(default_factory=set)
    """Runs that were met, with their places: drawn twice for weight, they count once."""

    def judged(self) -> list[_Run]:
        """The runs, each with how it is hidden."""
        kinds = hidden_kinds(self.inks, self.shapes, self.box)
        return [replace(run, kind=kind) for run, kind in zip(self.runs, kinds, strict=True)]


def read(data: bytes, context: Context) -> Reading:
    """Read all documents of a file. Raises UnsupportedInput when it is damaged."""
    package = Package(data, context)
    root = parse(package.read("OFD.xml"), context)
    if root is None:
        raise damaged(context.name)
    pages: list[_PageText] = []
    remarks: list[Remark] = []
    for body in root.iter("{*}DocRoot"):
        document = _Document(package, _path("", body.text), context)
        found = list(document.pages(context.limits.pages - len(pages)))
        if document.page_count > len(found):
            remarks.append(
                Remark("limit", document.page_count - len(found), f"{len(found)} / {document.page_count}")
            )
        pages.extend(found)
    composer = Composer(context)
    lines = [in_order(_lines(page.judged(), page.box[3] - page.box[1])) for page in pages]
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
        self._media: dict[str, str] = {}
        """Files of pictures, by their resource."""
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

    def pages(self, most: int) -> Iterator[_PageText]:
        """What stands on each page."""
        for location in self._locations[: max(0, most)]:
            root = parse(self._package.read(location), self._context)
            left, top, width, height = self._box
            if root is not None:
                for element in root.iter("{*}PhysicalBox"):
                    if len(own := _numbers(element.text)) == 4:
                        left, top, width, height = own
            text = _PageText((left, top, left + width, top + (height or _PAGE[3])))
            if root is not None:
                for element in root.iter("{*}PageRes"):
                    self._resources(_path(posixpath.dirname(location), element.text))
                self._page(root, text, location)
            yield text

    def _page(self, root: Element, text: _PageText, location: str) -> None:
        for element in root:
            if local(element.tag) == "Template":
                template = self._templates.get(attribute(element, "TemplateID"), "")
                if template and template not in self._used_templates and template != location:
                    self._used_templates.add(template)
                    inner = parse(self._package.read(template), self._context)
                    if inner is not None:
                        self._content(inner, text)
        self._content(root, text)

    def _content(self, root: Element, text: _PageText) -> None:
        for element in root:
            if local(element.tag) == "Content":
                _Painter(text, self._composites, self._is_opaque).walk(element, SAME, 0)

    def _is_opaque(self, picture: str) -> bool:
        """Tell whether a picture hides what is under it: a seal is a PNG file that lets text through."""
        begins = self._package.beginning(self._media.get(picture, ""))
        return begins.startswith(_OPAQUE_PICTURES) or (
            begins.startswith(b"\x89PNG") and begins[25:26] in _OPAQUE_PNG
        )

    def _resources(self, path: str) -> None:
        root = parse(self._package.read(path), self._context)
        if root is None:
            return
        for element in root.iter("{*}CompositeGraphicUnit"):
            self._composites[attribute(element, "ID")] = element
        folder = posixpath.join(posixpath.dirname(path), attribute(root, "BaseLoc"))
        for element in root.iter("{*}MultiMedia"):
            file = next(("".join(one.itertext()) for one in element if local(one.tag) == "MediaFile"), "")
            self._media[attribute(element, "ID")] = _path(folder, file)


class _Painter:
    """Collects what a page's content draws, in order."""

    def __init__(
        self, text: _PageText, composites: dict[str, Element], is_opaque: Callable[[str], bool]
    ) -> None:
        self._text = text
        self._composites = composites
        self._is_opaque = is_opaque

    def walk(self, parent: Element, matrix: Matrix, depth: int) -> None:
        """Collect everything below an element."""
        for element in parent:
            name = local(element.tag)
            self._text.order += 1
            if name == "TextObject":
                self._text_object(element, matrix)
            elif name in ("ImageObject", "PathObject"):
                self._shape(element, matrix, picture=name == "ImageObject")
            elif name in ("Layer", "PageBlock"):
                self.walk(element, matrix, depth)
            elif name == "CompositeObject" and depth < _MOST_NESTED:
                unit = self._composites.get(attribute(element, "ResourceID"))
                inner = times(_placed(element), matrix)
                for content in unit if unit is not None else ():
                    if local(content.tag) == "Content":
                        self.walk(content, inner, depth + 1)

    def _shape(self, element: Element, outer: Matrix, *, picture: bool) -> None:
        """Note where a picture, which fills the unit square, or a filled area lies."""
        text = self._text
        text.drawn += 1
        matrix = times(_placed(element), outer)
        covers = not self._see_through(element)
        if picture:
            covers = covers and self._is_opaque(attribute(element, "ResourceID"))
            text.shapes.append(Shape(_box(matrix, (0.0, 1.0), (0.0, 1.0)), text.order, None, covers))
        elif attribute(element, "Fill") == "true":
            across, down, is_rectangle = _outline(element)
            covers = covers and is_rectangle
            colour = self._colour(element) if covers else None
            text.shapes.append(Shape(_box(matrix, across, down), text.order, colour, covers))

    def _text_object(self, element: Element, outer: Matrix) -> None:
        matrix = times(_placed(element), outer)
        a, b, c, d, _, _ = matrix
        slope = math.degrees(math.atan2(b, a)) % 90
        if min(slope, 90 - slope) > 5 or self._see_through(element):
            return  # a watermark
        size = (_number(attribute(element, "Size")) or 1.0) * (math.hypot(c, d) or 1.0)
        kind: HiddenKind | None = "vanish" if attribute(element, "Visible") == "false" else None
        if size < _TINY_MILLIMETRES:
            kind = kind or "tiny"
        colour = self._colour(element)
        for code in element:
            if local(code.tag) != "TextCode" or not (code.text or "").strip():
                continue
            run = _run(code, matrix, size)
            if not self._drawn_already(run):
                self._text.runs.append(run)
                how = kind or ("off-page" if self._off_page(run) else None)
                self._text.inks.append(Ink(run.box, self._text.order, len(run.text), colour, how))

    @staticmethod
    def _see_through(element: Element) -> bool:
        values = [attribute(element, "Alpha")]
        values += [attribute(one, "Alpha") for one in element if local(one.tag) == "FillColor"]
        return any(value and (_number(value) or 0) < _SEE_THROUGH for value in values)

    @staticmethod
    def _colour(element: Element) -> Colour:
        """The colour that an object is filled with; black where none of three parts is given."""
        for one in element:
            if local(one.tag) == "FillColor" and len(value := _numbers(attribute(one, "Value"))) == 3:
                return int(value[0]), int(value[1]), int(value[2])
        return 0, 0, 0

    def _off_page(self, run: _Run) -> bool:
        left, top, right, bottom = run.box
        page = self._text.box
        return left > page[2] or right < page[0] or top > page[3] or bottom < page[1]

    def _drawn_already(self, run: _Run) -> bool:
        unit = max(0.3 * run.size, 0.1)
        across, down = round(run.start / unit), round(run.base / unit)
        if any((run.text, across + i, down + j) in self._text.seen for i in (-1, 0, 1) for j in (-1, 0, 1)):
            return True
        self._text.seen.add((run.text, across, down))
        return False


def _run(code: Element, matrix: Matrix, size: float) -> _Run:
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
    """Runs on one base line that follow each other make a line; what cannot be seen hangs on it."""
    lines: list[Line] = []
    texts: list[str] = []
    unseen: list[Unseen] = []
    first: _Run | None = None
    last: _Run | None = None

    def finish() -> None:
        if first and last:
            middle = (first.start + last.end) / 2 if first.vertical else first.base - first.size / 2
            depth = middle / height
            place = (first.start, last.end, first.base, first.size, first.vertical, depth)
            lines.append(Line("".join(texts), *place, tuple(unseen)))
            unseen.clear()
        texts.clear()

    for run in runs:
        if run.kind:
            unseen.append(Unseen(sum(map(len, texts)), run.text, run.kind))
            continue
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
    if unseen:  # nothing on the page can be seen
        lines.append(Line("", 0.0, 0.0, 0.0, 1.0, unseen=tuple(unseen)))
    return lines


# ------------------------------------------------------------------------------------------- numbers


def _placed(element: Element) -> Matrix:
    """The matrix of an object: its own (CTM), then the corner of its boundary."""
    ctm = _numbers(attribute(element, "CTM"))
    a, b, c, d, e, f = ctm if len(ctm) == 6 else SAME
    boundary = _numbers(attribute(element, "Boundary"))
    x, y = (boundary[0], boundary[1]) if len(boundary) == 4 else (0.0, 0.0)
    return a, b, c, d, e + x, f + y


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return x * a + y * c + e, x * b + y * d + f


def _box(matrix: Matrix, across: tuple[float, float], down: tuple[float, float]) -> Box:
    """The box around a rectangle after its matrix."""
    corners = [_at(matrix, x, y) for x in across for y in down]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _outline(path: Element) -> tuple[tuple[float, float], tuple[float, float], bool]:
    """How far a path reaches across and down, and whether it is a rectangle."""
    drawn = next((one.text or "" for one in path if local(one.tag) == "AbbreviatedData"), "")
    words = drawn.split()[:_MOST_WORDS]
    numbers = [number for word in words if (number := _number(word)) is not None]
    xs, ys = numbers[::2], numbers[1::2]
    if not ys:
        return (0.0, 0.0), (0.0, 0.0), False
    corners = set(zip(xs, ys, strict=False))
    is_rectangle = (
        len(corners) == 4
        and len(set(xs)) == len(set(ys)) == 2
        and all(word in "MLCS" or _number(word) is not None for word in words)
    )
    return (min(xs), max(xs)), (min(ys), max(ys)), is_rectangle


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
