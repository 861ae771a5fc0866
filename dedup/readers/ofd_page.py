"""Read one page of an OFD document: the runs of characters that its content draws, joined to lines.

A glyph that is drawn twice for weight counts once; watermarks are known by their slope or transparency.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import field, replace

from dedup.document import HiddenKind
from dedup.readers.ink import Box, Colour, Ink, Shape, hidden_kinds
from dedup.readers.layout import Line, Unseen
from dedup.readers.transforms import SAME, Matrix, times
from dedup.readers.xml import Element, attribute, local
from dedup.records import dataclass

_TINY_MILLIMETRES = 1.4
_SEE_THROUGH = 110
"""Opacity, of 255, below which text is a watermark."""
_MOST_WORDS = 200
"""Words of a path that are parsed."""
_MOST_NESTED = 8
"""Composite objects inside one another."""


@dataclass(frozen=True, slots=True)
class Run:
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
class PageText:
    """The things drawn on a page, as they are collected."""

    box: Box
    runs: list[Run] = field(default_factory=list)
    inks: list[Ink] = field(default_factory=list)
    """Ink of each of the runs."""
    shapes: list[Shape] = field(default_factory=list)
    drawn: int = 0
    """Number of pictures and shapes."""
    order: int = 0
    seen: set[tuple[str, int, int]] = field(default_factory=set)
    """Runs so far, with their positions: a run drawn twice for bold type counts once."""

    def judged(self) -> list[Run]:
        """The runs, each with the way in which it is hidden."""
        kinds = hidden_kinds(self.inks, self.shapes, self.box)
        return [replace(run, kind=kind) for run, kind in zip(self.runs, kinds, strict=True)]


class Painter:
    """Collect what a page's content draws, in order."""

    def __init__(
        self,
        text: PageText,
        composites: dict[str, Element],
        parameters: dict[str, Element],
        is_opaque: Callable[[str], bool],
    ) -> None:
        self._text = text
        self._composites = composites
        self._parameters = parameters
        self._is_opaque = is_opaque
        self._of_layer = ""
        """The parameters that the layer draws with."""
        self._unseen = 0
        """Composite objects around that are not shown."""

    def walk(self, parent: Element, matrix: Matrix, depth: int) -> None:
        """Collect everything below an element."""
        for element in parent:
            name = local(element.tag)
            self._text.order += 1
            if name == "Layer":
                self._of_layer = attribute(element, "DrawParam")
            if name == "TextObject":
                self._text_object(element, matrix)
            elif name in ("ImageObject", "PathObject"):
                self._shape(element, matrix, picture=name == "ImageObject")
            elif name in ("Layer", "PageBlock"):
                self.walk(element, matrix, depth)
            elif name == "CompositeObject" and depth < _MOST_NESTED and not self._see_through(element):
                unit = self._composites.get(attribute(element, "ResourceID"))
                inner = times(_placed(element), matrix)
                unseen = attribute(element, "Visible") == "false"
                self._unseen += unseen
                for content in unit if unit is not None else ():
                    if local(content.tag) == "Content":
                        self.walk(content, inner, depth + 1)
                self._unseen -= unseen

    def _shape(self, element: Element, outer: Matrix, *, picture: bool) -> None:
        """Record the position of a picture, which fills the unit square, or of a filled area."""
        text = self._text
        text.drawn += 1
        matrix = times(_placed(element), outer)
        covers = not (self._see_through(element) or self._unseen or attribute(element, "Visible") == "false")
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
        kind: HiddenKind | None = None
        if self._unseen or attribute(element, "Visible") == "false" or _is_empty(element):
            kind = "vanish"
        if size < _TINY_MILLIMETRES:
            kind = kind or "tiny"
        colour = self._colour(element)
        x = y = 0.0
        for code in element:
            if local(code.tag) != "TextCode":
                continue
            across, down = _number(attribute(code, "X")), _number(attribute(code, "Y"))
            x, y = x if across is None else across, y if down is None else down  # as the piece before
            if not (code.text or "").strip():
                continue
            run = _run(code, x, y, matrix, size)
            if not self._drawn_already(run):
                self._text.runs.append(run)
                how = kind or ("off-page" if self._off_page(run) else None)
                self._text.inks.append(Ink(run.box, self._text.order, len(run.text), colour, how))

    def _see_through(self, element: Element) -> bool:
        fill = self._fill(element)
        values = [attribute(element, "Alpha"), attribute(fill, "Alpha") if fill is not None else ""]
        return any(value and (_number(value) or 0) < _SEE_THROUGH for value in values)

    def _fill(self, element: Element) -> Element | None:
        """The fill of an object: its own, that of its drawing parameters, or that of its layer's; or None."""
        for start in (element, self._parameters.get(self._of_layer)):
            one = start
            for _ in range(_MOST_NESTED):
                if one is None:
                    break
                for part in one:
                    if local(part.tag) == "FillColor":
                        return part
                further = attribute(one, "DrawParam" if one is element else "Relative")
                one = self._parameters.get(further)
        return None

    def _colour(self, element: Element) -> Colour | None:
        """The fill colour of an object, black where none is given; None for a pattern."""
        fill = self._fill(element)
        if fill is None:
            return 0, 0, 0
        parts = [int(part) for part in numbers(attribute(fill, "Value"))]
        if len(parts) == 1:
            return parts[0], parts[0], parts[0]
        if len(parts) == 4:
            red, green, blue = (max(0, 255 - part - parts[3]) for part in parts[:3])
            return red, green, blue
        return (parts[0], parts[1], parts[2]) if len(parts) == 3 else None

    def _off_page(self, run: Run) -> bool:
        left, top, right, bottom = run.box
        page = self._text.box
        return left > page[2] or right < page[0] or top > page[3] or bottom < page[1]

    def _drawn_already(self, run: Run) -> bool:
        unit = max(0.3 * run.size, 0.1)
        across, down = round(run.start / unit), round(run.base / unit)
        if any((run.text, across + i, down + j) in self._text.seen for i in (-1, 0, 1) for j in (-1, 0, 1)):
            return True
        self._text.seen.add((run.text, across, down))
        return False


def _is_empty(text: Element) -> bool:
    """Tell whether a text is neither filled nor stroked."""
    return attribute(text, "Fill") == "false" and attribute(text, "Stroke") != "true"


def _run(code: Element, x: float, y: float, matrix: Matrix, size: float) -> Run:
    text = (code.text or "").strip("\r\n")
    steps_x = _steps(attribute(code, "DeltaX"), len(text) - 1)
    steps_y = _steps(attribute(code, "DeltaY"), len(text) - 1)
    end_x, end_y = x + sum(steps_x), y + sum(steps_y)
    if len(steps_x) < len(text) - 1 and not steps_y:  # missing steps are as wide as the glyphs
        scale = math.hypot(matrix[0], matrix[1]) or 1.0
        end_x += sum(_width(character) for character in text[len(steps_x) + 1 :]) * size / scale
    left, top = _at(matrix, x, y)
    right, bottom = _at(matrix, end_x, end_y)
    last = _width(text[-1]) * size if text else 0.0
    if abs(bottom - top) > 2 * abs(right - left) and len(text) > 1:
        return Run(text, top - size, bottom, -left, size, vertical=True)
    return Run(text, min(left, right), max(left, right) + last, top, size)


def lines_of(runs: list[Run], height: float) -> list[Line]:
    """Join consecutive runs on one base line to lines; hidden text is attached to the line."""
    lines: list[Line] = []
    texts: list[str] = []
    unseen: list[Unseen] = []
    first: Run | None = None
    last: Run | None = None

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


def _placed(element: Element) -> Matrix:
    """The matrix of an object: its own (CTM), then the corner of its boundary."""
    ctm = numbers(attribute(element, "CTM"))
    a, b, c, d, e, f = ctm if len(ctm) == 6 else SAME
    boundary = numbers(attribute(element, "Boundary"))
    x, y = (boundary[0], boundary[1]) if len(boundary) == 4 else (0.0, 0.0)
    return a, b, c, d, e + x, f + y


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return x * a + y * c + e, x * b + y * d + f


def _box(matrix: Matrix, across: tuple[float, float], down: tuple[float, float]) -> Box:
    """The bounding box of a rectangle transformed by a matrix."""
    corners = [_at(matrix, x, y) for x in across for y in down]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _outline(path: Element) -> tuple[tuple[float, float], tuple[float, float], bool]:
    """Extent of a path across (least, most) and down, and True if it is a rectangle."""
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


def numbers(words: str | None) -> list[float]:
    found = [_number(word) for word in (words or "").split()[:8]]
    return [number for number in found if number is not None]


def _width(character: str) -> float:
    return 1.0 if ord(character) > 0x2000 else 0.5
