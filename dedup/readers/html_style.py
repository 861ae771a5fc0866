"""Read the styles of a web page as far as they decide whether text can be seen.

Styles are those of `style` attributes, and rules of the page's own style sheets for one class, identifier or
element. External style sheets are not fetched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from dedup.document import HiddenKind

Style = dict[str, str]
"""Values by property, both in lower case."""

_RULE = re.compile(r"([^{}@]{1,500})\{([^{}]{0,2000})\}")
_BRACE = re.compile(r"[{}]")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SIMPLE = re.compile(r"[.#]?[A-Za-z_][\w-]*")
_LENGTH = re.compile(r"(-?\d*\.?\d+)\s*(px|pt|em|rem|cm|mm|in|%|vw|vh)?")
_PIXELS = {"": 1.0, "px": 1.0, "pt": 1.333, "em": 16.0, "rem": 16.0, "cm": 37.8, "mm": 3.78, "in": 96.0}
_FUNCTION = re.compile(r"rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)(?:[\s,/]+([\d.]+%?))?\s*\)")
_NAMED = {"white": (255, 255, 255), "black": (0, 0, 0), "snow": (255, 250, 250), "ivory": (255, 255, 240)}
_WHITE = (255, 255, 255)
_SAME_COLOUR = 12
_TINY_PIXELS = 4.0
_FAR = 900.0
"""Pixels beyond the left or upper edge of the page from which a line is wholly outside."""
_MOST_RULES = 2_000


def rules_of(sheet: str) -> dict[str, Style]:
    """The rules of a style sheet for one class, identifier or element each (`.a`, `#b`, `p`)."""
    rules: dict[str, Style] = {}
    for selectors, declarations in _RULE.findall(_unconditional(sheet))[:_MOST_RULES]:
        for selector in selectors.split(","):
            if _SIMPLE.fullmatch(name := selector.strip()):
                rules.setdefault(name, {}).update(declared(declarations))
    return rules


def _unconditional(sheet: str) -> str:
    """A style sheet without comments and without rules for some media only (`@media print { … }`)."""
    sheet = _COMMENT.sub("", sheet)
    kept, at = [], 0
    while (start := sheet.find("@", at)) >= 0:
        kept.append(sheet[at:start])
        opened, ended = sheet.find("{", start), sheet.find(";", start)
        if opened < 0 or 0 <= ended < opened:
            at = ended + 1 if ended >= 0 else len(sheet)
            continue
        depth, at = 1, opened + 1
        for brace in _BRACE.finditer(sheet, at):
            depth += 1 if brace[0] == "{" else -1
            at = brace.end()
            if not depth:
                break
        else:
            at = len(sheet)
    return "".join(kept) + sheet[at:]


def declared(declarations: str) -> Style:
    """The properties that a `style` attribute gives."""
    style: Style = {}
    for one in declarations.split(";"):
        name, colon, value = one.partition(":")
        if colon:
            style[name.strip().lower()] = value.replace("!important", "").strip().lower()
    return style


def style_of(tag: str, attributes: Mapping[str, str], rules: Mapping[str, Style]) -> Style:
    """The properties of an element: by its tag, its classes, its identifier and its own."""
    style: Style = {}
    if rules:
        names = [tag, *("." + name for name in attributes.get("class", "").split())]
        for name in (*names, "#" + attributes.get("id", "")):
            style |= rules.get(name, {})
    if ground := attributes.get("bgcolor"):
        style["background-color"] = ground.lower()
    if colour := attributes.get("color"):
        style["color"] = colour.lower()
    return style | declared(attributes["style"]) if "style" in attributes else style


def has_ground(style: Style) -> bool:
    """Tell whether an element has a background of its own: a colour other than white, or a picture."""
    ground = style.get("background-color") or style.get("background", "")
    if not ground or ground in ("none", "transparent", "inherit", "initial"):
        return False
    return _colour(ground.split(maxsplit=1)[0]) != _WHITE


def hidden_kind(style: Style, *, on_ground: bool) -> HiddenKind | None:
    """The way in which an element of a style is hidden, or None; `on_ground`: white is visible around it."""
    if (
        style.get("display") == "none"
        or style.get("visibility") in ("hidden", "collapse")
        or _number(style.get("opacity", "")) == 0
    ):
        return "vanish"
    if _is_tiny(style):
        return "tiny"
    if _is_away(style):
        return "off-page"
    return "white" if _is_unseen_colour(style, on_ground) else None


def _is_tiny(style: Style) -> bool:
    size = _pixels(style.get("font-size", ""))
    if size is not None and 0 <= size < _TINY_PIXELS:
        return True
    cut = style.get("overflow", style.get("overflow-y", "")) in ("hidden", "clip")
    sides = (_pixels(style.get(side, "")) for side in ("height", "max-height", "width", "max-width"))
    return cut and any(side is not None and side < _TINY_PIXELS for side in sides)


def _is_away(style: Style) -> bool:
    if (indent := _pixels(style.get("text-indent", ""))) is not None and indent < -_FAR:
        return True
    moved = (
        ("left", "top", "right", "bottom")
        if style.get("position") in ("absolute", "fixed", "relative")
        else ()
    )
    places = [_pixels(style.get(side, "")) for side in (*moved, "margin-left", "margin-top")]
    return any(place is not None and (place < -_FAR or place > 10 * _FAR) for place in places)


def _is_unseen_colour(style: Style, on_ground: bool) -> bool:
    colour = style.get("color", "")
    if colour == "transparent":
        return True
    ours = _colour(colour)
    if ours is None:
        return False
    if len(ours) == 4:
        return True
    ground = style.get("background-color") or style.get("background", "")
    behind = _colour(ground.split(maxsplit=1)[0]) if ground else None if on_ground else _WHITE
    return behind is not None and all(
        abs(one - other) <= _SAME_COLOUR for one, other in zip(ours, behind, strict=False)
    )


def _colour(written: str) -> tuple[int, ...] | None:
    """Red, green and blue, with a fourth part if it is transparent; None for an unknown colour."""
    if written.startswith("#"):
        digits = written[1:]
        if len(digits) in (3, 4):
            digits = "".join(2 * one for one in digits)
        try:
            parts = tuple(bytes.fromhex(digits[:8]))
        except ValueError:
            return None
        if len(parts) == 4 and parts[3] > 0:
            parts = parts[:3]
        return parts if len(parts) >= 3 else None
    if found := _FUNCTION.fullmatch(written):
        parts = tuple(min(255, int(float(one))) for one in found.groups()[:3])
        return (*parts, 0) if found[4] and _number(found[4]) == 0 else parts
    return _NAMED.get(written)


def _pixels(written: str) -> float | None:
    found = _LENGTH.match(written) if written else None
    if found is None or (found[2] or "") not in _PIXELS:
        return None
    return float(found[1]) * _PIXELS[found[2] or ""]


def _number(written: str) -> float | None:
    try:
        return float(written.removesuffix("%"))
    except ValueError:
        return None
