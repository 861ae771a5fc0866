"""Find faults of punctuation: half-width marks between ideographs, and unpaired marks."""

from __future__ import annotations

from collections.abc import Iterator

from dedup.lint.page import Line, Page
from dedup.model import Finding
from dedup.text.looks import Expression

_HALF_WIDTH = Expression(r"(?<=[\u4e00-\u9fff])[,;:!?](?=[\u4e00-\u9fff])", ", ; : ! ?")
_PARTNERS = {"）": "（", ")": "（", "》": "《", "】": "【", "」": "「", "』": "『", "〕": "〔"}
"""Opening mark of each closing mark; brackets of both widths count as one, width being another finding."""
_OPENING = {**{mark: mark for mark in _PARTNERS.values()}, "(": "（"}
_REACH = 8
"""Lines over which a pair may extend, since titles are broken into lines."""
_MOST = 20
"""Half-width marks that are listed; further ones are the same habit."""


def find_marks(page: Page) -> Iterator[Finding]:
    """Half-width marks as notes, unpaired marks as warnings."""
    for number, found in enumerate(_HALF_WIDTH.finditer(page.text)):
        if number == _MOST:
            break
        yield page.finding(found.start(), found.end(), "punctuation", "note", "half_width", mark=found[0])
    yield from _unpaired(page)


def _unpaired(page: Page) -> Iterator[Finding]:
    """Marks without a partner in their line or the next ones."""
    opened: list[tuple[str, int, int]] = []
    for number, line in enumerate(page.lines):
        for place, mark in enumerate(line.text):
            if mark in _OPENING:
                opened.append((_OPENING[mark], number, line.start + place))
            elif mark in _PARTNERS:
                if opened and opened[-1][0] == _PARTNERS[mark]:
                    opened.pop()
                elif not _is_item(line, place):
                    yield _finding(page, line.start + place)
        for one in [one for one in opened if one[1] <= number - _REACH]:
            opened.remove(one)
            yield _finding(page, one[2])
    yield from (_finding(page, place) for _, _, place in opened)


def _is_item(line: Line, place: int) -> bool:
    """Tell if a bracket closes the number of an item: 1）, a)."""
    before = line.text[place - 1 : place]
    return before.isascii() or before in "一二三四五六七八九十"


def _finding(page: Page, place: int) -> Finding:
    return page.finding(place, place + 1, "punctuation", "warning", "unpaired", mark=page.text[place])
