"""Read the styles of a Word document as far as they hide, shrink or number text or list contents."""

from __future__ import annotations

from dataclasses import replace

from dedup.document import HiddenKind
from dedup.readers.docx_drawing import is_far_off
from dedup.readers.xml import Element, attribute, local
from dedup.records import dataclass

_OFF = frozenset({"0", "false", "off"})
_TINY = 8
"""Size of characters, in half points, below which they cannot be read."""
_NARROW = 10
"""Per cent of their width down to which characters are read."""
_SAME_COLOUR = 12
"""Difference in each of red, green and blue up to which text is invisible on its background."""
_TRANSPARENT = 95_000
"""Transparency of text, in thousandths of a per cent, from which it is not seen."""
_AUTO = "auto"
"""The colour `auto`, which cancels that of a style."""
_NO_COLOUR = frozenset({"", _AUTO})
_UNSEEN = "none"
"""Stands for the colour of text that is invisible on any background."""
_HIGHLIGHTS = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "darkblue": "000080", "darkcyan": "008080",
    "darkgray": "808080", "darkgreen": "008000", "darkmagenta": "800080", "darkred": "800000",
    "darkyellow": "808000", "green": "00FF00", "lightgray": "C0C0C0", "magenta": "FF00FF", "none": "",
    "red": "FF0000", "white": "FFFFFF", "yellow": "FFFF00",
}  # fmt: skip
_LOW = 80
"""Line or row height, in twentieths of a point (4 points), below which nothing can be read."""
_DEEPEST = 20
"""Longest chain of styles to follow: a style that is based on itself would have no end."""


@dataclass(frozen=True, slots=True)
class Look:
    """Properties of characters, as far as they are given."""

    hidden: bool | None = None
    colour: str = ""
    half_points: int = 0
    ground: str = ""
    """Background colour of the characters; `any` if it is unknown."""
    per_cent: int = 0
    """Width of the characters in per cent; 0 where none is given."""

    def over(self, below: Look) -> Look:
        """These properties, completed from `below` where they are not given."""
        return Look(
            below.hidden if self.hidden is None else self.hidden,
            self.colour or below.colour,
            self.half_points or below.half_points,
            self.ground or below.ground,
            self.per_cent or below.per_cent,
        )

    def kind(self, ground: str = "") -> HiddenKind | None:
        """The way in which such text is hidden, or None. `ground`: background colour of its cell."""
        if self.hidden:
            return "vanish"
        if 0 < self.half_points < _TINY or 0 < self.per_cent < _NARROW:
            return "tiny"
        if self.colour == _UNSEEN:
            return "white"
        behind = ground if self.ground in _NO_COLOUR else self.ground
        if self.colour in _NO_COLOUR or behind == "any":
            return None
        return "white" if _is_same(self.colour, behind if behind not in _NO_COLOUR else "FFFFFF") else None


PLAIN = Look()


@dataclass(frozen=True, slots=True)
class Style:
    """One style, with its inherited properties."""

    name: str = ""
    look: Look = PLAIN
    number: str = ""
    level: int | None = None
    place: HiddenKind | None = None
    """The way in which its paragraphs are hidden by their position; None if they are not."""
    ground: str = ""
    """Background colour of its paragraphs."""

    @property
    def lists_contents(self) -> bool:
        return self.name.startswith(("toc ", "contents ", "table of figures"))


class Styles:
    """The styles of a document by identifier."""

    def __init__(self, root: Element | None) -> None:
        self._raw: dict[str, tuple[Style, str]] = {}
        self._resolved: dict[str, Style] = {}
        self._looks: dict[str, Look] = {}
        self.defaults = PLAIN
        self.list_numbers: dict[str, str] = {}
        """Numbers of lists (`w:numId`) by list style."""
        self.default_paragraph = ""
        self._colouring: set[str] = set()
        """Styles of tables that give cells a colour."""
        for element in root if root is not None else ():
            if local(element.tag) == "docDefaults":
                for inner in element.iter():
                    if local(inner.tag) == "rPr":
                        self.defaults = look_of(inner)
            elif local(element.tag) == "style":
                self._add(element)

    def style(self, identifier: str) -> Style:
        """The style, completed from those it is based on; an empty one if it is unknown."""
        found = self._resolved.get(identifier)
        if found is None:
            found = self._resolved[identifier] = self._resolve(identifier, 0)
        return found

    def look_of_paragraphs(self, identifier: str) -> Look:
        """The look of a paragraph style's text over the document's defaults; `PLAIN` itself if equal."""
        found = self._looks.get(identifier)
        if found is None:
            look = self.style(identifier).look.over(self.defaults)
            found = self._looks[identifier] = look if look != PLAIN else PLAIN
        return found

    def colours_cells(self, identifier: str) -> bool:
        """Tell whether a style of tables, or one that it is based on, gives any cell a colour."""
        for _ in range(_DEEPEST):
            if identifier in self._colouring:
                return True
            identifier = self._raw.get(identifier, (Style(), ""))[1]
        return False

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
                place = next((found for one in child if (found := place_of(one))), None)
                ground = next((ground_of(one) for one in child if local(one.tag) == "shd"), "")
                style = replace(style, number=number, level=level, place=place, ground=ground)
        if attribute(element, "type") == "table" and any(
            local(one.tag) == "shd" and fill_of(one) for one in element.iter()
        ):
            self._colouring.add(identifier)
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
            own.place or below.place,
            own.ground or below.ground,
        )


def look_of(properties: Element) -> Look:
    """Read the look that `w:rPr` gives."""
    hidden: bool | None = None
    colour = ground = ""
    size = per_cent = 0
    filled = ""
    for child in properties:
        name = local(child.tag)
        if name == "vanish":
            hidden = attribute(child, "val") not in _OFF
        elif name == "color":
            colour = attribute(child, "val").upper()
            if theme := attribute(child, "themeColor"):
                shaded = attribute(child, "themeShade") or attribute(child, "themeTint")
                colour = "FFFFFF" if theme in ("background1", "light1") and not shaded else _AUTO
        elif name == "sz":
            size = _whole(attribute(child, "val"))
        elif name == "w":
            per_cent = _whole(attribute(child, "val").removesuffix("%"))
        elif name == "textFill":
            filled = filled or _text_fill(child)
        elif name == "textOutline":
            filled = filled or (_AUTO if _text_fill(child) not in ("", "FFFFFF", _UNSEEN) else "")
        elif name == "shd":
            ground = ground_of(child)
        elif name == "highlight":
            ground = _HIGHLIGHTS.get(attribute(child, "val").lower(), "any") or ground
    colour = filled or (_AUTO if colour == "AUTO" else colour)
    return Look(hidden, colour, size, ground, per_cent)


def _text_fill(fill: Element) -> str:
    """Return the colour that `w14:textFill` gives instead of `w:color`; `_UNSEEN` if it is transparent."""
    colour = ""
    for one in fill.iter():
        name, value = local(one.tag), attribute(one, "val")
        if name == "noFill" or (name == "alpha" and _whole(value) >= _TRANSPARENT):
            return _UNSEEN
        if name in ("solidFill", "gradFill"):
            colour = _AUTO
        elif name == "srgbClr" and local(one.getparent().tag) == "solidFill":
            colour = value.upper()
        elif name == "schemeClr" and value in ("bg1", "lt1") and not len(one):
            colour = "FFFFFF"
    return colour


def _is_same(colour: str, ground: str) -> bool:
    if colour == ground:
        return True
    try:
        ours, theirs = bytes.fromhex(colour), bytes.fromhex(ground)
    except ValueError:
        return False
    return len(ours) == len(theirs) == 3 and all(
        abs(one - other) <= _SAME_COLOUR for one, other in zip(ours, theirs, strict=True)
    )


def place_of(property_of_paragraph: Element) -> HiddenKind | None:
    """The way in which a frame, indent or line height hides a paragraph; None if it does not."""
    name = local(property_of_paragraph.tag)
    if name not in ("framePr", "ind", "spacing"):
        return None
    if name == "spacing":
        return "tiny" if is_no_height(property_of_paragraph, "line", "lineRule") else None
    sides = ("x", "y") if name == "framePr" else ("left", "start", "firstLine", "hanging")
    far = any(is_far_off(attribute(property_of_paragraph, side)) for side in sides)
    return "off-page" if far else None


def is_no_height(element: Element, height: str, rule: str) -> bool:
    """Tell whether lines or rows have an exact height too small for reading."""
    if attribute(element, rule) != "exact" or not attribute(element, height):
        return False
    return _whole(attribute(element, height)) < _LOW


def fill_of(shading: Element) -> str:
    """The colour that `w:shd` fills with; empty for none."""
    if attribute(shading, "val") not in ("clear", "nil", "") or attribute(shading, "themeFill"):
        return "any"
    fill = attribute(shading, "fill").upper()
    return "" if fill == "AUTO" else fill


def ground_of(shading: Element) -> str:
    """The colour that `w:shd` fills with; `auto` where it cancels that of a style."""
    return fill_of(shading) or _AUTO


def page_colour(background: Element) -> str:
    """Return the ground that pages give: none where they are white, else `any`, for it may not be shown."""
    plain = not len(background) and not attribute(background, "themeColor")
    return "" if plain and attribute(background, "color").upper() in ("FFFFFF", "AUTO", "") else "any"


def numbering_of(properties: Element) -> tuple[str, int | None]:
    """List and level that `w:pPr` names; an empty list if it names none, "0" if it cancels the number."""
    for child in properties:
        if local(child.tag) == "numPr":
            number, level = "", None
            for inner in child:
                if local(inner.tag) == "numId":
                    number = attribute(inner, "val")
                elif local(inner.tag) == "ilvl":
                    level = _whole(attribute(inner, "val"))
            return number, level
    return "", None


def _whole(value: str) -> int:
    try:
        return int(float(value))
    except (ValueError, OverflowError):
        return 0


_SYMBOLS = range(0xF000, 0xF100)
"""Private code points for the signs of symbol fonts; in other fonts they are the first 256 characters."""
_SIGN_FONTS = ("symbol", "wingding", "webding", "marlett", "monotype sorts", "zapf")


def symbol_of(element: Element) -> str:
    """The character that `w:sym` names; empty for a sign that only its font defines."""
    try:
        code = int(attribute(element, "char"), 16)
    except ValueError:
        return ""
    if code in _SYMBOLS:
        if any(name in attribute(element, "font").lower() for name in _SIGN_FONTS):
            return ""
        code -= _SYMBOLS.start
    seen = 0x20 < code < 0xD800 or 0xF900 <= code < 0xFFFE
    return chr(code) if seen else ""
