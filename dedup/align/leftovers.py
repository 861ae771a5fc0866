"""What a refilled copy gives away: figures that stayed, and the name of the place it was taken from.

Another county's report with names and figures changed is the case that makes the news. The same skeleton with
other figures may be a shared template; with the same figures, or with the other county's name still in it,
it is not.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from dedup.align.figures import is_specific
from dedup.model import FigureFate
from dedup.text.normalize import normalize

_PLACE = re.compile(r"(?:中共)?([\u4e00-\u9fff]{2,5}?(?:自治[区州县]|省|市|县|区|州|旗|镇|乡|街道|村))")
_FIGURE = re.compile(r"\d+(?:[.,．，]\d+)*")
_MASKED = re.compile("某|全|我|本|各|该")
"""Words before 县 and the like that name no place."""


class Leftovers(NamedTuple):
    """What became of the figures and names between a passage and its source."""

    figures: FigureFate
    kept: tuple[str, ...]
    """The figures that stand in both, as the passage writes them."""
    foreign_name: str
    """The source's place if the passage names it and is of another; empty otherwise."""
    name_changed: bool
    """Whether the source names its place there and the passage does not."""
    other_place: bool
    """Whether both documents name their places and they differ."""

    @property
    def serious(self) -> bool:
        """Whether it is worse than a template filled in anew."""
        return bool(self.foreign_name) or (self.other_place and self.figures in ("kept", "partly"))


def place_of(title: str) -> str:
    """The place a title begins with, 霁山县 of 《霁山县2024年工作总结》; empty if it names none."""
    found = _PLACE.match(title)
    return found.group(1) if found and not _MASKED.search(found.group(1)) else ""


def leftovers(passage: str, source_passage: str, title: str, source_title: str) -> Leftovers:
    """Compare a passage and its source; the titles of both documents tell whose they are."""
    place, source_place = place_of(title), place_of(source_title)
    other_place = bool(place and source_place and place != source_place)
    figures = _figures(passage)
    source_figures = _figures(source_passage)
    kept = tuple(written for digits, written in figures.items() if digits in source_figures)
    fate: FigureFate = ""
    if source_figures:
        fate = "kept" if len(kept) == len(source_figures) else "partly" if kept else "changed"
    named = other_place and source_place in source_passage
    left = other_place and source_place in passage
    return Leftovers(fate, kept, source_place if left else "", named and not left, other_place)


def _figures(text: str) -> dict[str, str]:
    """The specific figures of a text: digits alone → as written."""
    found: dict[str, str] = {}
    for written in _FIGURE.findall(text):
        digits = "".join(map(chr, normalize(written).codes.tolist()))
        if is_specific(digits):
            found[digits] = written
    return found
