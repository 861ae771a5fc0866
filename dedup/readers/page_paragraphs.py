"""Join lines to paragraphs across columns and pages, and clean them of traces of the layout."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from dedup.readers.layout import Line, overlap
from dedup.readers.reading import Composer
from dedup.records import dataclass


@dataclass(frozen=True, slots=True)
class Composed:
    """A line as it was written to the text."""

    start: int
    """Offset in the text."""
    text: str
    page: int
    """Page number, from 0."""
    places: Sequence[int]


_HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WIDE = rf"{_HAN}\u3000-\u303f\uff00-\uffef\u2018-\u201d\u2026\u2014"
_SPACED = re.compile(
    rf"(?<=[{_WIDE}]) +(?=[\x21-\x7e\u3001-\u303f\uff00-\uffef\u2018-\u201d\u2026\u2014%])|"
    rf"(?<=[\x21-\x7e\u3001-\u303f\uff00-\uffef\u2018-\u201d\u2026\u2014]) +(?=[{_WIDE}])"
)
"""Spaces that layout leaves between Chinese and figures, and around Chinese punctuation."""
_STARTS_PARAGRAPH = re.compile(
    r"\s*(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[)）]|第[一二三四五六七八九十百零〇]+[章节条编]|附件?[:：]?\d*$)"
)
_LEADER = re.compile(r"\.{5}|…{3}|·{5}")
_ENTRY_END = re.compile(r"(?:\.{4}|…{2}|·{4})\s*\d+\s*$")
"""The end of an entry of a contents list: dots that lead to a page number."""
_CHAPTER = re.compile(r"\s*第[一二三四五六七八九十百零〇]+[章节编]")
_UNBROKEN = re.compile(rf"[!-~、，。；：！？）】》％”’…]+|[{_HAN}][、，。；：！？）】》％”’…]+")
"""Characters at the beginning of a line between which no line may end."""
_ENDS_SENTENCE = "。！？；：.!?;:…”）"
_NEIGHBOURS = 6
"""Lines above and below from which a column's edges are taken."""
_FULL = 2.0
"""Characters that a full line may fall short of the margin."""
_INDENT = 1.2
"""Characters from which a line is indented."""
_HYPHENS = "\ufffe\u0002"


def compose(pages: Sequence[Sequence[Line]], composer: Composer, trace: list[Composed] | None = None) -> None:
    """Write the paragraphs of all pages, and the start of each page; `trace` collects the lines written."""
    flowing: list[str] = []
    length = 0
    before: tuple[Line, _Column] | None = None

    def finish() -> None:
        nonlocal length
        if flowing:
            composer.paragraph("".join(flowing))
            flowing.clear()
            length = 0

    for number, lines in enumerate(pages, 1):
        columns = iter(_columns([line for line in lines if line.text]))
        at_page_start = True
        for line in lines:
            column = next(columns) if line.text else None
            text = _clean(line.text)
            if column is None or not text:
                for _, unseen, kind in line.unseen:
                    composer.hide(unseen, kind, length)
                continue
            line = replace(line, text=text)  # noqa: PLW2901
            if before is None or not _goes_on(before, (line, column), new_page=at_page_start):
                finish()
            elif flowing:
                upper, text = _joint(flowing[-1], text)
                length += len(upper) - len(flowing[-1])
                flowing[-1] = upper
            if at_page_start:
                composer.place("page", str(number), length if flowing else 0)
                at_page_start = False
            for at, unseen, kind in line.unseen:
                composer.hide(unseen, kind, sum(map(len, flowing)) + len(_clean(line.text[:at])))
            if trace is not None:
                trace.append(Composed(composer.length + length, text, number - 1, line.places))
            flowing.append(text)
            length += len(text)
            before = (line, column)
        if at_page_start:
            composer.place("page", str(number), length)
    finish()


@dataclass(frozen=True, slots=True)
class _Column:
    """Edges of the column of a line, and the usual distance from line to line in it."""

    left: float
    right: float
    step: float


def _columns(lines: Sequence[Line]) -> list[_Column]:
    """The column of every line; a column is of consecutive lines above one another."""
    columns: list[_Column] = []
    group: list[Line] = []

    def finish() -> None:
        columns.extend(_edges(group, at) for at in range(len(group)))
        group.clear()

    for line in lines:
        if group and (
            line.vertical != group[-1].vertical
            or line.across < group[-1].across - 2 * line.size
            or not (overlap(line, group[-1]) or abs(line.across - group[-1].across) < 0.5 * line.size)
        ):
            finish()
        group.append(line)
    finish()
    return columns


def _edges(group: Sequence[Line], at: int) -> _Column:
    """The column around one line, from the lines of the same size above and below."""
    line = group[at]
    near = [
        one
        for one in group[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS + 1]
        if 0.87 < one.size / max(line.size, 0.1) < 1.15
    ]
    widths = sorted(one.end - one.start for one in near)
    usual = widths[len(widths) // 2]
    body = [one for one in near if 4 * one.size < one.end - one.start < 1.4 * usual] or near
    starts = Counter(round(one.start) for one in body)
    left = min(starts)
    right = max(one.end for one in body)
    steps = sorted(
        after.across - before.across
        for before, after in pairwise(near)
        if after.across > before.across + 0.5 * line.size
    )
    return _Column(float(left), max(right, line.end), steps[len(steps) // 2] if steps else 0.0)


def _goes_on(  # noqa: PLR0911  one return a rule
    before: tuple[Line, _Column], after: tuple[Line, _Column], *, new_page: bool
) -> bool:
    """Tell whether a line continues the paragraph of the line before it."""
    (upper, column), (lower, next_column) = before, after
    if upper.vertical != lower.vertical or not 0.87 < upper.size / max(lower.size, 0.1) < 1.15:
        return False
    size = upper.size
    if abs(upper.across - lower.across) < 0.5 * size and lower.start > upper.start and not new_page:
        return bool(_LEADER.search(lower.text)) or lower.start - upper.end < 1.5 * size  # pieces of one line
    if _CHAPTER.match(lower.text) or _ENTRY_END.search(upper.text):
        return False
    if _centred(upper, column) and _centred(lower, next_column):
        return len(upper.text) < 40 and size > 0 and _nearer_than(upper, lower, column, 1.6, new_page)
    if lower.start - next_column.left > _INDENT * size and _STARTS_PARAGRAPH.match(lower.text) is not None:
        return False
    short = column.right - upper.end
    first_word = _UNBROKEN.match(lower.text)
    room = _FULL * size + (0.6 * size * len(first_word[0]) if first_word else 0.0)
    if short > room:
        return False
    if lower.start - next_column.left > _INDENT * size:
        # An indented line begins a paragraph, unless the lines above have the same indent.
        return abs(lower.start - upper.start) < 0.5 * size and not upper.text.rstrip().endswith(
            tuple(_ENDS_SENTENCE)
        )
    if _STARTS_PARAGRAPH.match(lower.text) and upper.text.rstrip().endswith(tuple("。；：！？")):
        return False
    return _nearer_than(upper, lower, column, 1.8, new_page)


def _nearer_than(upper: Line, lower: Line, column: _Column, steps: float, new_page: bool) -> bool:
    if new_page or not column.step or lower.across < upper.across:
        return True
    return lower.across - upper.across <= max(steps * column.step, 1.2 * upper.size)


def _centred(line: Line, column: _Column) -> bool:
    size = line.size
    before, behind = line.start - column.left, column.right - line.end
    return before > 2.5 * size and behind > 2.5 * size and abs(before - behind) < max(2 * size, 0.2 * before)


def _joint(upper: str, lower: str) -> tuple[str, str]:
    """Two lines of a paragraph as they are joined: with a space between words, none between ideographs."""
    if upper and upper[-1] in _HYPHENS:
        return upper[:-1], lower
    if upper and lower and upper[-1].isascii() and lower[0].isascii():
        return upper, " " + lower
    return upper, lower


def _clean(text: str) -> str:
    """A line cleaned of traces of layout: radicals for ideographs, bullets, spaces, soft hyphens."""
    text = text.translate(_RADICALS).strip(" \t\r\n\u00a0")
    text = _BULLET.sub("", text)
    if "\ufffe" in text or "\u00ad" in text or "\x02" in text:
        text = text[:-1].translate(_NO_HYPHENS) + text[-1:].replace("\u00ad", "\ufffe")
    if " " in text:
        text = _SPACED.sub("", text)
    return text


def placed(text: str, written: str) -> list[int]:
    """Position of each character of a cleaned line in the original line, -1 for none, [len(text)].

    Cleaning drops characters and replaces radicals; the order stays the same.
    """
    found: list[int] = []
    at = 0
    wanted = written.translate(_ONE_FOR_ONE)
    for character in text:
        place = -1 if character.isspace() else wanted.find(character, at)  # may have been added in joining
        found.append(place)
        at = max(at, place + 1)
    return found


_NO_HYPHENS = {0xFFFE: None, 0x00AD: None, 0x0002: None}
_SUPPLEMENT = (
    "⺁厂⺄乙⺅亻⺉刂⺋㔾⺎兀⺐尢⺒巳⺓幺⺖忄⺘扌⺙攵⺛旡⺝月⺟母⺠民⺡氵⺣灬⺤爫⺥爪⺦丬⺨犭⺩王⺪疋⺫罒⺬示⺭礻⺮竹⺯糹⺰纟"
    "⺱罒⺲罒⺳网⺶羊⺷羊⺸羊⺹老⺻聿⺼月⺽臼⺾艹⺿艹⻀艹⻁虎⻂衤⻃西⻄西⻅见⻆角⻇角⻈讠⻉贝⻊足⻋车⻌辶⻍辶⻎辶⻏阝⻐钅⻑長"
    "⻒镸⻓长⻔门⻕阜⻖阝⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻞食⻟飠⻠饣⻡首⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫齐⻬齐⻭齿⻮齿⻯竜⻰龙⻱龟⻲亀⻳龟"
)
"""Radicals, each followed by the ideograph it looks like: fonts map glyphs to either."""


def _radicals() -> dict[int, str | None]:
    import unicodedata

    table: dict[int, str | None] = {
        code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)
    }
    table.update({ord(one): other for one, other in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)})
    table.update(dict.fromkeys(range(61440, 61696)))  # glyphs of symbol fonts
    return table


_RADICALS = _radicals()
_ONE_FOR_ONE = {code: one or "\ufffd" for code, one in _RADICALS.items()}
_BULLET = re.compile("^[\ue000-\uf8ff]\\s+")
"""A private-use character before the text. Inside the text they stay: glyphs that only the font defines."""
