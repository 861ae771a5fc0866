"""Read the styles of an OpenDocument text: the look of characters, and the numbering of lists."""

from __future__ import annotations

from dataclasses import replace

from dedup.document import HiddenKind
from dedup.readers.xml import Element, attribute, local
from dedup.records import dataclass

_TINY_POINTS = 4.0
_NARROW = 10.0
"""Per cent of their width down to which characters are read."""
_SAME_COLOUR = 12
"""Difference in each of red, green and blue up to which text is invisible on its background."""
_LONGEST_PAGE, _WIDEST_MARGIN = 42.0, 5.0
"""Centimetres beyond which a frame lies outside any page."""
_CENTIMETRES = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72}
_DEEPEST = 20
_AUTO = "auto"
"""Stands for a colour that the program chooses, which cancels that of a parent style."""


@dataclass(frozen=True, slots=True)
class Style:
    """The look of characters; empty properties are taken from the parent style."""

    parent: str = ""
    hidden: bool | None = None
    colour: str = ""
    points: float = 0.0
    ground: str = ""
    list_style: str = ""
    per_cent: float = 0.0
    """Width of the characters in per cent; 0 where none is given."""

    def over(self, below: Style) -> Style:
        """The style, completed from another one."""
        return Style(
            below.parent,
            below.hidden if self.hidden is None else self.hidden,
            self.colour or below.colour,
            self.points or below.points,
            self.ground or below.ground,
            self.list_style or below.list_style,
            self.per_cent or below.per_cent,
        )

    def kind(self, ground: str) -> HiddenKind | None:
        """The way in which such characters are hidden on a background; None if they are visible."""
        if self.hidden:
            return "vanish"
        if 0 < self.points < _TINY_POINTS or 0 < self.per_cent < _NARROW:
            return "tiny"
        behind = self.ground or ground or "#ffffff"
        return "white" if self.colour not in ("", _AUTO) and _is_same(self.colour, behind) else None


@dataclass(frozen=True, slots=True)
class Level:
    """Numbering of the items of a list on one level."""

    number_format: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int = 1
    shown_levels: int = 1


class Styles:
    """The styles of a document by family and name, and its lists by name and level."""

    def __init__(self, sources: list[Element]) -> None:
        self._own: dict[tuple[str, str], Style] = {}
        self._resolved: dict[tuple[str, str], Style] = {}
        self.lists: dict[str, dict[int, Level]] = {}
        self.outline: dict[int, Level] = {}
        for source in sources:
            for element in source.iter("{*}style", "{*}default-style", "{*}list-style", "{*}outline-style"):
                name = local(element.tag)
                if name in ("style", "default-style"):  # a default style has no name
                    self._own[attribute(element, "family"), attribute(element, "name")] = _own_style(element)
                elif name == "list-style":
                    self.lists[attribute(element, "name")] = _levels(element)
                else:
                    self.outline = _levels(element)

    def style(self, family: str, name: str) -> Style:
        """A style, completed from its parents."""
        key = (family, name)
        if key not in self._resolved:
            self._resolved[key] = self._resolve(key, 0)
        return self._resolved[key]

    def _resolve(self, key: tuple[str, str], depth: int) -> Style:
        own = self._own.get(key, Style())
        if depth > _DEEPEST or (key[1] == "" and not own.parent):
            return own
        return own.over(self._resolve((key[0], own.parent), depth + 1))


def _own_style(element: Element) -> Style:
    style = Style(attribute(element, "parent-style-name"), list_style=attribute(element, "list-style-name"))
    for properties in element:
        name = local(properties.tag)
        ground = attribute(properties, "background-color").lower()
        if ground and ground != "transparent":
            style = replace(style, ground=ground)
        if name == "text-properties":
            display = attribute(properties, "display")
            style = replace(
                style,
                hidden=display == "none" if display else None,
                colour=_colour(properties),
                points=_points(attribute(properties, "font-size")),
                per_cent=_per_cent(attribute(properties, "text-scale")),
            )
    return style


def _colour(properties: Element) -> str:
    if attribute(properties, "use-window-font-color") == "true":
        return _AUTO
    return attribute(properties, "color").lower()


def _levels(element: Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for child in element:
        if local(child.tag) not in ("list-level-style-number", "outline-level-style"):
            continue
        level = whole(attribute(child, "level"), 1)
        found[level] = Level(
            attribute(child, "num-format"),
            attribute(child, "num-prefix"),
            attribute(child, "num-suffix"),
            whole(attribute(child, "start-value"), 1),
            whole(attribute(child, "display-levels"), 1),
        )
    return found


def whole(value: str, default: int) -> int:
    """The whole number that an attribute gives; `default` if it gives none."""
    try:
        return int(value)
    except ValueError:
        return default


def _points(value: str) -> float:
    try:
        return float(value.removesuffix("pt")) if value.endswith("pt") else 0.0
    except ValueError:
        return 0.0


def _per_cent(value: str) -> float:
    try:
        return float(value.removesuffix("%")) if value.endswith("%") else 0.0
    except ValueError:
        return 0.0


def _is_same(colour: str, ground: str) -> bool:
    """Tell whether text of a colour (`#1f3864`) is invisible on a background."""
    try:
        ours, theirs = bytes.fromhex(colour.lstrip("#")), bytes.fromhex(ground.lstrip("#"))
    except ValueError:
        return colour == ground
    return all(abs(one - other) <= _SAME_COLOUR for one, other in zip(ours, theirs, strict=False))


def is_off_page(frame: Element) -> bool:
    """Tell whether a frame lies outside any page."""
    for start, length in (("x", "width"), ("y", "height")):
        place = _centimetres(attribute(frame, start))
        if place is not None and (
            place > _LONGEST_PAGE or place + (_centimetres(attribute(frame, length)) or 0.0) < -_WIDEST_MARGIN
        ):
            return True
    return False


def _centimetres(value: str) -> float | None:
    try:
        return float(value[:-2]) * _CENTIMETRES[value[-2:]]
    except (ValueError, KeyError):
        return None
