"""Find dates as written in papers and on pages, and the years that they name.

2024年3月5日, 二〇二四年三月, ××××年×月, 2024-03-05 10:30, 星期一.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

_OPENINGS = frozenset("星12１２xX×一二")
_WEEKDAYS = frozenset(f"星期{day}" for day in "一二三四五六日天")
_MASKS = frozenset("xX×")
_NOUGHTS = frozenset("〇○◯零0０OoＯｏОоΟο")
"""Noughts of a year in words as people type them: few keyboards have the right one."""
_YEAR_FIGURES = _NOUGHTS | frozenset("一二三四五六七八九")
_CENTURIES = frozenset(("19", "20", "１９", "２０"))
_FIGURES = frozenset("一二三四五六七八九十") | _MASKS
_POINTS = frozenset("-/.－／．")
_COLONS = frozenset(":：")
_OPENING, _CLOSING = frozenset("〔[［【（(﹝"), frozenset("〕]］】）)﹞")
_OPENING_OF_A_YEAR = re.compile("[12１２一二]")
_BETWEEN_YEARS = frozenset("—–-~～至到年 ")
_DEADLINE = re.compile("截止|期限|时限|完成|[年月日底](?:以|之)?前(?!进)")
_SPOKEN = {one: number for number, one in enumerate("零一二三四五六七八九")} | dict.fromkeys(_NOUGHTS, 0)


def date_end(text: str, place: int = 0) -> int:
    """End offset of the longest date that begins at an offset of a text; 0 if none does."""
    return next(date_ends(text, place), 0)


def is_date(text: str) -> bool:
    """Tell whether a text is a date, with or without the time of day, and nothing else."""
    return any(end == len(text) for end in date_ends(text, 0))


def date_ends(text: str, place: int) -> Iterator[int]:
    """Possible end offsets of a date that begins at an offset of a text, the longest date first."""
    if text[place : place + 1] not in _OPENINGS:
        return
    if text[place : place + 3] in _WEEKDAYS:
        place += 3
    if is_year(text[place : place + 4]):
        for end in _days(text, place + 4):
            yield from _times(text, end)


def is_year(figures: str) -> bool:
    """Tell whether four characters are a year: 2024, ××××, 二〇二四."""
    if len(figures) != 4:
        return False
    if figures[:2] in _CENTURIES:
        return figures[2:].isdecimal()
    if figures[0] == "二" or figures[:2] == "一九":
        return (figures[0] == "一" or figures[1] in _NOUGHTS) and _YEAR_FIGURES.issuperset(figures[2:])
    return _MASKS.issuperset(figures)


def _days(text: str, place: int) -> Iterator[int]:
    """Possible end offsets of the month and the day after a year."""
    if text[place : place + 1] == "年":
        month = _counted(text, place + 1, "月")
        if month and (day := _counted(text, month, "日")):
            yield day
        if month:
            yield month
    elif text[place : place + 1] in _POINTS:
        for month in _numbers(text, place + 1):
            if text[month : month + 1] in _POINTS:
                yield from _numbers(text, month + 1)


def _counted(text: str, place: int, unit: str) -> int:
    """End offset of one to three figures with a unit after them; 0 if there are none."""
    end = text.find(unit, place + 1, place + 4)
    figures = text[place:end] if end > 0 else ""
    return end + 1 if figures and all(one.isdecimal() or one in _FIGURES for one in figures) else 0


def _numbers(text: str, place: int) -> Iterator[int]:
    """Possible end offsets of a number of two digits or one."""
    for end in (place + 2, place + 1):
        if end <= len(text) and text[place:end].isdecimal():
            yield end


def _times(text: str, place: int) -> Iterator[int]:
    """Possible end offsets of the day of the week and the time of day after a date."""
    for begin in (place + 1, place) if text[place : place + 1] in frozenset("t,，") else (place,):
        weekday = text[begin : begin + 3] in _WEEKDAYS
        for start in (begin + 3, begin) if weekday else (begin,):
            yield from _clock(text, start + 2 if text[start : start + 2] in ("上午", "下午") else start)
            yield start
    yield place


def _clock(text: str, place: int) -> Iterator[int]:
    """Possible end offsets of hours, minutes and seconds."""
    for hours in _numbers(text, place):
        if text[hours : hours + 1] in _COLONS:
            for minutes in _numbers(text, hours + 1):
                if text[minutes : minutes + 1] in _COLONS:
                    yield from _numbers(text, minutes + 1)
                yield minutes


def year_in(text: str) -> int:
    """The later of up to two years named in a title or a name, ignoring spans; 0 for none and for more."""
    found = list(years_at(text))
    spans = {
        one
        for (first, begin), (second, after) in pairwise(found)
        if set(text[begin + 4 : after]) <= _BETWEEN_YEARS and text[begin + 4 : after].strip("年 ")
        for one in ((first, begin), (second, after))
    }
    years = {year for year, place in found if (year, place) not in spans}
    return max(years) if 0 < len(years) <= 2 else 0


def years_at(text: str) -> Iterator[tuple[int, int]]:
    """The years named in a text, each with its offset."""
    free = 0
    for opening in _OPENING_OF_A_YEAR.finditer(text):
        place = opening.start()
        if free <= place < len(text) - 3:
            figures = text[place : place + 4]
            if is_year(figures) and (year := _year_of(figures)) and _stands_alone(text, place):
                yield year, place
                free = place + 4


def _stands_alone(text: str, place: int) -> bool:
    """Tell whether a year has no figure beside it, and, if written in words, 年 after it."""
    before, behind = text[place - 1 : place] if place else "", text[place + 4 : place + 5]
    if text[place] in "一二":
        return behind == "年"
    return not before.isdecimal() and not behind.isdecimal()


def _year_of(figures: str) -> int:
    """The year that four figures give; 0 for a masked one."""
    if figures.isdecimal():
        return int(figures)
    if figures[0] not in "一二":
        return 0
    return (1900 if figures[0] == "一" else 2000) + 10 * _SPOKEN[figures[2]] + _SPOKEN[figures[3]]


def year_of_date(line: str) -> int:
    """The year of the first date with a month in a line; 0 if there is none."""
    packed = "".join(line.split())
    for year, place in years_at(packed):
        if date_end(packed, place) > place + 5:
            return year
    return 0


def is_deadline(line: str) -> bool:
    """True if a line says by when something is to be done: that is not when it was written."""
    return _DEADLINE.search(line) is not None


def year_of_number(line: str) -> int:
    """The year of a document's number, 〔2023〕5号; 0 if the line has none."""
    packed = "".join(line.split())
    for year, place in years_at(packed) if "号" in packed else ():
        around = packed[place - 1 : place] in _OPENING and packed[place + 4 : place + 5] in _CLOSING
        if place and around and "号" in packed[place + 5 : place + 13]:
            return year
    return 0
