"""Compute the automatic numbers of a Word document from `word/numbering.xml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field, replace

from dedup.readers.numerals import written
from dedup.readers.xml import Element, attribute, local
from dedup.records import dataclass

_LEVELS = 9
_PLACEHOLDER = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class Level:
    """Numbering of one level of a list."""

    start: int = 1
    number_format: str = "decimal"
    template: str = ""
    """The template of the printed number: `%1` is replaced with the first level's number."""
    suffix: str = "tab"
    restarts_after: int | None = None
    """Level whose numbers make this one start again; None for any higher level, -1 for never."""
    all_figures: bool = False
    style: str = ""


@dataclass(slots=True)
class _List:
    levels: dict[int, Level] = field(default_factory=dict)
    style_link: str = ""


@dataclass(slots=True)
class _Use:
    """One `w:num`: a list, with levels of its own and numbers to start with."""

    abstract: str
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Count paragraphs in order, and give the number of each."""

    def __init__(self, root: Element | None, list_styles: Mapping[str, str]) -> None:
        """`list_styles` are the lists (`w:numId`) of list styles, by style identifier."""
        self._lists: dict[str, _List] = {}
        self._uses: dict[str, _Use] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[tuple[str, int]] = set()
        for element in root if root is not None else ():
            if local(element.tag) == "abstractNum":
                self._lists[attribute(element, "abstractNumId")] = _read_list(element)
            elif local(element.tag) == "num":
                self._uses[attribute(element, "numId")] = _read_use(element)
        for one in self._lists.values():
            target = self._uses.get(list_styles.get(one.style_link, ""))
            if not one.levels and target and target.abstract in self._lists:
                one.levels = self._lists[target.abstract].levels

    def restart(self) -> None:
        """Count from the beginning again."""
        self._counts.clear()
        self._started.clear()

    def level_of_style(self, number: str, style: str) -> int:
        """The level of a list that is linked to a paragraph style; 0 if none is."""
        use = self._uses.get(number)
        levels = self._lists[use.abstract].levels if use and use.abstract in self._lists else {}
        return next((at for at, level in levels.items() if level.style == style), 0)

    def next(self, number: str, at: int) -> tuple[str, str]:
        """Count one paragraph of a list at a level; return its printed number and the separator after it."""
        use = self._uses.get(number)
        if use is None or use.abstract not in self._lists or not 0 <= at < _LEVELS:
            return "", ""
        level = self._level(use, at)
        counts = self._counts.setdefault(use.abstract, [None] * _LEVELS)
        start = use.starts.get(at)
        if start is not None and (number, at) not in self._started:
            counts[at] = start
        else:
            before = counts[at]
            counts[at] = level.start if before is None else before + 1
        self._started.add((number, at))
        for deeper in range(at + 1, _LEVELS):
            after = self._level(use, deeper).restarts_after
            if after is None or at <= after:
                counts[deeper] = None
        return self._printed(use, level, at, counts), level.suffix

    def _printed(self, use: _Use, level: Level, at: int, counts: list[int | None]) -> str:
        if level.number_format == "bullet":
            return ""

        def number_of(found: re.Match[str]) -> str:
            other = int(found[1]) - 1
            if other > at:
                return ""
            one = self._level(use, other)
            count = counts[other]
            shown = one.start if count is None else count
            return written(shown, "decimal" if level.all_figures else one.number_format)

        return _PLACEHOLDER.sub(number_of, level.template)

    def _level(self, use: _Use, at: int) -> Level:
        own = use.levels.get(at)
        return own or self._lists[use.abstract].levels.get(at) or Level()


def _read_list(element: Element) -> _List:
    found = _List()
    for child in element:
        name = local(child.tag)
        if name == "lvl":
            found.levels[_whole(attribute(child, "ilvl"))] = _read_level(child)
        elif name == "numStyleLink":
            found.style_link = attribute(child, "val")
    return found


def _read_use(element: Element) -> _Use:
    use = _Use("")
    for child in element:
        name = local(child.tag)
        if name == "abstractNumId":
            use.abstract = attribute(child, "val")
        elif name == "lvlOverride":
            at = _whole(attribute(child, "ilvl"))
            for inner in child:
                if local(inner.tag) == "startOverride":
                    use.starts[at] = _whole(attribute(inner, "val"))
                elif local(inner.tag) == "lvl":
                    use.levels[at] = _read_level(inner)
    return use


def _read_level(element: Element) -> Level:
    level = Level()
    for child in element.iter():
        name, value = local(child.tag), attribute(child, "val")
        if name == "start":
            level = replace(level, start=_whole(value, 1))
        elif name == "numFmt":
            level = replace(level, number_format=value)
        elif name == "lvlText":
            level = replace(level, template=value)
        elif name == "suff":
            level = replace(level, suffix=value)
        elif name == "lvlRestart":
            level = replace(level, restarts_after=_whole(value) - 1)
        elif name == "isLgl":
            level = replace(level, all_figures=value not in ("0", "false", "off"))
        elif name == "pStyle":
            level = replace(level, style=value)
    return level


def _whole(value: str, default: int = 0) -> int:
    try:
        return int(value)
    except ValueError:
        return default
