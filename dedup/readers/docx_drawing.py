"""Find the positions of text boxes in a Word document, and whether the boxes can be seen.

Only Word knows the position of a paragraph on its page. So boxes are judged by what holds at any position: a
box beyond the edges of any page, and a box under a picture anchored in the same paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from dedup.document import HiddenKind
from dedup.readers.xml import Element, attribute, local

_EMU_A_POINT = 12_700
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 28.3465, "mm": 2.83465, "px": 0.75, "": 1.0}
_LONGEST_PAGE = 15_000_000
"""Units of 1/360,000 cm (EMU): 42 cm, the longer side of a sheet of A3."""
_WIDEST_MARGIN = 1_800_000
"""Five centimetres: a box up to so far before a margin is still on the sheet."""
_OFF = frozenset({"0", "false", "off", "f", ""})


class Anchored(NamedTuple):
    """A box or picture anchored in a paragraph, in EMU; left and top are None if it is only aligned."""

    content: Element | None
    """The text of a box; None for a picture."""
    relative: tuple[str, str] = ("", "")
    """The origins of the positions, across and down (`relativeFrom`)."""
    left: int | None = None
    top: int | None = None
    width: int = 0
    height: int = 0
    above: int = 0
    """Stacking order; negative behind the text."""
    ground: str = "any"
    """Fill colour of a box; `any` where none is given."""

    @property
    def is_off_page(self) -> bool:
        """Tell whether it lies beyond the edges of any sheet."""
        return _beyond(self.left, self.width, self.relative[0]) or _beyond(
            self.top, self.height, self.relative[1]
        )

    def covers(self, other: Anchored) -> bool:
        """Tell whether this picture covers a box anchored in the same paragraph."""
        if self.left is None or self.top is None or other.left is None or other.top is None:
            return False
        return (
            self.content is None
            and self.relative == other.relative
            and self.above > other.above
            and self.left <= other.left
            and self.top <= other.top
            and self.left + self.width >= other.left + other.width
            and self.top + self.height >= other.top + other.height
        )


def hidden_kind(box: Anchored, beside: Sequence[Anchored]) -> HiddenKind | None:
    """The way in which a box is hidden, or None; `beside` are the things anchored in the same paragraph."""
    if box.is_off_page:
        return "off-page"
    return "behind-image" if any(one.covers(box) for one in beside) else None


def anchored_in(drawing: Element) -> list[Anchored]:
    """The text boxes and pictures of a drawing, in order; of alternatives the first that is not empty."""
    found: list[Anchored] = []
    stack: list[tuple[Element, Anchored]] = [(drawing, Anchored(None))]
    while stack:
        element, place = stack.pop()
        name = local(element.tag)
        if name == "txbxContent":
            found.append(place._replace(content=element))
            continue
        if name == "AlternateContent":
            chosen = choice(element)
            stack.extend([] if chosen is None else [(chosen, place)])
            continue
        if name == "anchor":
            place = _of_anchor(element)
        elif name in ("shape", "rect", "roundrect", "oval") and attribute(element, "style"):
            place = _of_shape(element)
        elif name == "wsp":
            place = place._replace(ground=_filled_with(element))
        elif name in ("pic", "imagedata"):
            found.append(place)
        stack.extend((child, place) for child in reversed(element))
    return found


def choice(alternatives: Element) -> Element | None:
    """The first alternative of `mc:AlternateContent` that is not empty."""
    fallback = None
    for one in alternatives:
        name = local(one.tag)
        if name == "Choice" and len(one):
            return one
        if name == "Fallback":
            fallback = one
    return fallback


def is_far_off(twips: str) -> bool:
    """Tell whether a position or an indent, in twentieths of a point, is outside any page."""
    place = _whole(twips) * _EMU_A_POINT // 20
    return not -_LONGEST_PAGE <= place <= _LONGEST_PAGE


def _of_anchor(anchor: Element) -> Anchored:
    """The position of a drawing in DrawingML (Word 2010 and later)."""
    relative = ["", ""]
    places: list[int | None] = [None, None]
    width = height = 0
    for child in anchor:
        name = local(child.tag)
        if name in ("positionH", "positionV"):
            at = name == "positionV"
            relative[at] = attribute(child, "relativeFrom")
            for offset in child:
                if local(offset.tag) == "posOffset":
                    places[at] = _whole(offset.text or "")
        elif name == "extent":
            width, height = _whole(attribute(child, "cx")), _whole(attribute(child, "cy"))
    behind = attribute(anchor, "behindDoc") not in _OFF
    above = _whole(attribute(anchor, "relativeHeight"))
    left, top = places
    return Anchored(None, (relative[0], relative[1]), left, top, width, height, -1 if behind else above)


def _of_shape(shape: Element) -> Anchored:
    """The position of a drawing in VML (Word before 2010)."""
    style = {
        name.strip().lower(): value.strip().lower()
        for name, _, value in (part.partition(":") for part in attribute(shape, "style").split(";"))
    }
    fill = "any"
    if attribute(shape, "filled") not in ("f", "false", "0") and attribute(shape, "fillcolor").startswith(
        "#"
    ):
        fill = attribute(shape, "fillcolor")[1:7].upper()
    if style.get("position") != "absolute":
        return Anchored(None, ground=fill)
    left, top = (_length(style.get(f"margin-{side}", style.get(side, ""))) for side in ("left", "top"))
    width, height = (_length(style.get(side, "")) or 0 for side in ("width", "height"))
    relative = tuple(style.get(f"mso-position-{way}-relative", "text") for way in ("horizontal", "vertical"))
    above = _whole(style.get("z-index", ""))
    return Anchored(None, (relative[0], relative[1]), left, top, width, height, above, fill)


def _filled_with(shape: Element) -> str:
    for properties in shape:
        if local(properties.tag) == "spPr":
            for fill in properties:
                if local(fill.tag) == "solidFill" and len(fill) and local(fill[0].tag) == "srgbClr":
                    return attribute(fill[0], "val").upper()
    return "any"


def _beyond(start: int | None, length: int, relative: str) -> bool:
    if start is None:
        return False
    before = 0 if relative == "page" else -_WIDEST_MARGIN
    return start > _LONGEST_PAGE or start + length <= before - (length == 0)


def _length(written: str) -> int | None:
    """A length of VML in EMU; None where there is none."""
    number = written.rstrip("abcdefghijklmnopqrstuvwxyz%")
    unit = _POINTS.get(written[len(number) :])
    try:
        return round(float(number) * unit * _EMU_A_POINT) if unit else None
    except (ValueError, OverflowError):
        return None


def _whole(written: str) -> int:
    try:
        return int(float(written))
    except (ValueError, OverflowError):
        return 0
