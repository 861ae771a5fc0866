"""What a Word document's styles decide about text: hidden, white, tiny, numbered, a contents list."""

from __future__ import annotations

from dataclasses import replace

from dedup.model import HiddenKind
from dedup.readers.xml import Element, attribute, local
from dedup.records import dataclass

_OFF = frozenset({"0", "false", "off"})
_TINY = 8
"""Half points below which nobody reads."""
_NO_COLOUR = frozenset({"", "auto"})
_DEEPEST = 20
"""Styles in a chain: one that is based on itself has no end."""


@dataclass(frozen=True, slots=True)
class Look:
    """Properties of characters, as far as anything says them."""

    hidden: bool | None = None
    colour: str = ""
    half_points: int = 0
    ground: str = ""
    """Colour behind the characters; `any` for a highlight."""

    def over(self, below: Look) -> Look:
        """These properties, and those of `below` where these say nothing."""
        return Look(
            below.hidden if self.hidden is None else self.hidden,
            self.colour or below.colour,
            self.half_points or below.half_points,
            self.ground or below.ground,
        )

    def kind(self, ground: str = "") -> HiddenKind | None:
        """How text that looks so is hidden; None when it can be seen. `ground` is the colour of its cell."""
        if self.hidden:
            return "vanish"
        if 0 < self.half_points < _TINY:
            return "tiny"
        behind = self.ground or ground
        if self.colour in _NO_COLOUR or behind == "any":
            return None
        return "white" if self.colour == (behind if behind not in _NO_COLOUR else "FFFFFF") else None


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Style:
    """One style, with what it inherits."""

    name: str = ""
    look: Look = PLAIN
    number: str = ""
    level: int | None = None

    @property
    def lists_contents(self) -> bool:
        return self.name.startswith(("toc ", "contents ", "table of figures"))


class Styles:
    """The styles of a document by identifier."""

    def __init__(self, root: Element | None) -> None:
        self._raw: dict[str, tuple[Style, str]] = {}
        self._resolved: dict[str, Style] = {}
        self.defaults = PLAIN
        self.list_numbers: dict[str, str] = {}
        """Numbers that styles of lists stand for."""
        self.default_paragraph = ""
        for element in root if root is not None else ():
            if local(element.tag) == "docDefaults":
                for inner in element.iter():
                    if local(inner.tag) == "rPr":
                        self.defaults = look_of(inner)
            elif local(element.tag) == "style":
                self._add(element)

    def style(self, identifier: str) -> Style:
        """The style with what it is based on; an empty one if there is none."""
        found = self._resolved.get(identifier)
        if found is None:
            found = self._resolved[identifier] = self._resolve(identifier, 0)
        return found

    def _add(self, element: Element) -> None:
        identifier, style, base = attribute(element, "styleId"), Style(), ""
        for child in element:
            name = local(child.tag)
            if name == "name":
                style = replace(style, name=attribute(child, "val").lower())
            elif name == "basedOn":
                base = attribute(child, "val")
            elif name == "rPr":
                style = replace(style, look=look_of(child))
            elif name == "pPr":
                number, level = numbering_of(child)
                style = replace(style, number=number, level=level)
        if attribute(element, "type") == "numbering":
            self.list_numbers[identifier] = style.number
        if attribute(element, "type") == "paragraph" and attribute(element, "default") in ("1", "true"):
            self.default_paragraph = identifier
        self._raw[identifier] = (style, base)

    def _resolve(self, identifier: str, depth: int) -> Style:
        if identifier not in self._raw or depth > _DEEPEST:
            return Style()
        own, base = self._raw[identifier]
        if not base:
            return own
        below = self._resolve(base, depth + 1)
        return Style(
            own.name,
            own.look.over(below.look),
            own.number or below.number,
            below.level if own.level is None else own.level,
        )


def look_of(properties: Element) -> Look:
    """What `w:rPr` says."""
    hidden: bool | None = None
    colour = ground = ""
    size = 0
    for child in properties:
        name = local(child.tag)
        if name == "vanish":
            hidden = attribute(child, "val") not in _OFF
        elif name == "color":
            colour = attribute(child, "val").upper()
            if attribute(child, "themeColor"):
                colour = {"background1": "FFFFFF", "light1": "FFFFFF"}.get(
                    attribute(child, "themeColor"), "AUTO"
                )
        elif name == "sz":
            size = _half_points(attribute(child, "val"))
        elif name == "shd":
            ground = fill_of(child)
        elif name == "highlight":
            ground = "any"
    return Look(hidden, "" if colour == "AUTO" else colour, size, ground)


def fill_of(shading: Element) -> str:
    """The colour that `w:shd` fills with; empty for none."""
    if attribute(shading, "val") not in ("clear", "nil", "") or attribute(shading, "themeFill"):
        return "any"
    fill = attribute(shading, "fill").upper()
    return "" if fill == "AUTO" else fill


def numbering_of(properties: Element) -> tuple[str, int | None]:
    """List and level that `w:pPr` names; an empty list if it names none, "0" if it takes the number away."""
    for child in properties:
        if local(child.tag) == "numPr":
            number, level = "", None
            for inner in child:
                if local(inner.tag) == "numId":
                    number = attribute(inner, "val")
                elif local(inner.tag) == "ilvl":
                    level = _half_points(attribute(inner, "val"))
            return number, level
    return "", None


def _half_points(value: str) -> int:
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        return 0
