"""Edits of slots: figures and names of places, and the masks that stand for them."""

from __future__ import annotations

import re
from random import Random

from dedup.evaluation.edits.copier import Copier
from dedup.evaluation.edits.places import BY_FORM, KNOWN_OR_FORMED, form_of

_FIGURE = re.compile(r"[0-9０-９]+(?:[.．,][0-9０-９]+)*")
_NUMERAL = "一二三四五六七八九十百千万两"
_COUNTED = re.compile(f"(?<![第{_NUMERAL}])[{_NUMERAL}]+(?=[多余]?[个家项亿万件名户座所批次倍元吨年日人])")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}(?=年)")
_MASK = re.compile("(?<![A-Za-z])(?:[XxＸ×○□]{1,4}|某{1,2}(?![些种]))(?=([省市县区镇乡村])?)(?![A-Za-z])")

_MOST_IN_DATES = {"月": 12, "日": 28}

_FIGURE_MASKS = ("X", "XX", "XX", "××", "Ｘ", "○○")
_CHINESE_DIGITS = "一二三四五六七八九"


def mask(text: str, copier: Copier) -> str:
    """Replace figures and names by X or XX; in a passage with masks, fill those in instead."""
    if _MASK.search(text):
        return _fill_in(text, copier)
    style = copier.random.choice(_FIGURE_MASKS)

    def hide_name(found: re.Match[str]) -> str:
        name = found[0]
        ending = name[-1] if name[-1] in BY_FORM else ""
        return style + ending if copier.happens(1.0) else name

    def hide_figure(found: re.Match[str]) -> str:
        share = 0.4 if _YEAR.match(text, found.start()) else 1.3
        return style if copier.happens(share) else found[0]

    hidden = _FIGURE.sub(hide_figure, text)
    return KNOWN_OR_FORMED.sub(hide_name, hidden)


def _fill_in(text: str, copier: Copier) -> str:
    def fill(found: re.Match[str]) -> str:
        if not copier.happens(1.5):
            return found[0]
        form = found[1]
        if form in BY_FORM:
            return copier.random.choice(BY_FORM[form])[:-1]
        return str(copier.random.choice((copier.random.randrange(2, 10), copier.random.randrange(10, 900))))

    return _MASK.sub(fill, text)


def change_figures(text: str, copier: Copier) -> str:
    """Replace figures by others of the same size and form, and places by others of the same kind."""

    def other_figure(found: re.Match[str]) -> str:
        if not copier.happens(0.6 if _YEAR.match(text, found.start()) else 1.5):
            return found[0]
        most = _MOST_IN_DATES.get(text[found.end() : found.end() + 1])
        if most and found[0].isdecimal():
            return str(copier.random.randint(1, most))
        return figure_like(found[0], copier.random)

    def other_count(found: re.Match[str]) -> str:
        if not copier.happens(0.8):
            return found[0]
        changed = list(found[0])
        places = [place for place, character in enumerate(changed) if character in _CHINESE_DIGITS]
        for place in places:
            changed[place] = copier.random.choice(_CHINESE_DIGITS)
        return "".join(changed)

    changed = _COUNTED.sub(other_count, _FIGURE.sub(other_figure, text))
    return change_places(changed, copier)


def change_places(text: str, copier: Copier) -> str:
    """Replace every recognised place by another of its kind, the same one throughout the passage."""
    chosen: dict[str, str] = {}

    def other_place(found: re.Match[str]) -> str:
        name = found[0]
        if name not in chosen:
            others = [other for other in BY_FORM[form_of(name)] if other != name]
            other = copier.random.choice(others)
            if name[-1] not in BY_FORM:
                other = other.rstrip("省市")
            chosen[name] = other if copier.happens(1.5) else name
        return chosen[name]

    return KNOWN_OR_FORMED.sub(other_place, text)


def figure_like(figure: str, random: Random) -> str:
    """Another figure with as many decimals and about as many digits; a year becomes a year nearby."""
    plain = figure.translate({0xFF10 + digit: str(digit) for digit in range(10)} | {ord("．"): "."})
    if re.fullmatch("(?:19|20)[0-9]{2}", plain):
        return str(int(plain) + random.choice((-3, -2, -1, 1, 2, 3)))
    digits = [character for character in plain if character.isdecimal()]
    changed = [random.choice("0123456789") for _ in digits]
    changed[0] = random.choice("123456789") if digits[0] != "0" or len(digits) == 1 else "0"
    remaining = iter(changed)
    return "".join(next(remaining) if character.isdecimal() else character for character in plain)
