"""Find numbers of headings and items (一是 … 二是 …) that jump or are repeated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dedup.lint.page import Line, Page
from dedup.model import Finding

_NUMERALS = {one: value for value, one in enumerate("零一二三四五六七八九")}
_LEVELS = (
    re.compile(r"([一二三四五六七八九十]{1,3})、"),
    re.compile(r"[（(]([一二三四五六七八九十]{1,3})[）)]"),
    re.compile(r"(\d{1,2})[.．、](?![\d.])"),
)
"""Headings by their level, the outermost first."""
_ITEMS = re.compile(
    r"(?:(?<=[。；;：:，,！”\n　 ])|^)([一二三四五六七八九十]{1,2})是(?![一二三四五六七八九十])"
)
_FIRST = 1


def find_numbering(page: Page) -> Iterator[Finding]:
    """Findings on headings and items whose number does not follow the one before."""
    lines = list(page.body())
    yield from _headings(page, lines)
    for line in lines:
        yield from _items(page, line)


def _headings(page: Page, lines: list[Line]) -> Iterator[Finding]:
    last: list[int] = [0, 0, 0]
    for line in lines:
        for level, pattern in enumerate(_LEVELS):
            found = pattern.match(line.text)
            if found is None:
                continue
            number = number_of(found[1])
            before, last[level] = last[level], number
            last[level + 1 :] = [0] * (len(_LEVELS) - level - 1)
            if before and number != _FIRST and number != before + 1:
                code = "number_twice" if number == before else "number_jumps"
                start = line.start + found.start(1)
                yield page.finding(
                    start, start + len(found[1]), "numbering", "warning", code, number=number, before=before
                )
            break


def _items(page: Page, line: Line) -> Iterator[Finding]:
    """Findings on items (一是, 二是 …) within one line."""
    before = 0
    for found in _ITEMS.finditer(line.text):
        number = number_of(found[1])
        if before and number not in (_FIRST, before + 1):
            code = "number_twice" if number == before else "number_jumps"
            start, end = line.start + found.start(1), line.start + found.end()
            yield page.finding(start, end, "numbering", "warning", code, number=number, before=before)
        before = number


def number_of(written: str) -> int:
    """The value of a number in figures or words (12, 十二)."""
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return _NUMERALS.get(written, 0)
    return 10 * _NUMERALS.get(tens, 1) + _NUMERALS.get(ones, 0)
