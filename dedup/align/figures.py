"""Find the figures of a text that are evidence, and their values.

Two reports may share 「同比增长8%」 by chance; 「295.56万人」 in both is no chance. A copier who rewrites a
sentence keeps such figures more often than any word. A figure followed by a unit, or alone in a cell of a
table, measures something and is evidence. The number of a document, a standard, a model, a hotline or a year
names something: every text about the same thing has the same number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.sketch.arrays import Ints, run_begins
from dedup.text.looks import WordTable

LEAST_DIGITS = 3
"""Significant digits from which two texts hardly share a figure by chance."""
_MOST_DIGITS = 16
"""Digits of a figure known by its digits alone; a longer one is the number of an account or the like."""
_SPECIFIC_PERCENT_DIGITS = 4
"""Significant digits from which even a percentage that many share is specific."""
_NEARLY_ALL = 99
"""Percentages from here on are targets that everybody has met."""
_COMMON_PERCENTAGES = frozenset(
    map(Decimal, ("12.5", "16.7", "33.3", "37.5", "62.5", "66.6", "66.7", "83.3", "87.5"))
)
"""Percentages of small fractions, such as one in eight."""
_COMMON_MEASURES = frozenset({"365天", "180天", "360度", "110千伏", "220千伏", "330千伏", "500千伏"})
"""Figures with units that are customary: days of a year, degrees of a circle, classes of power lines."""

_NUMERALS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_UNITS = WordTable(
    """
    美元 欧元 人民币 人次 车次 平方 立方 公里 公顷 公斤 公分 千米 千克 千瓦 千伏 兆瓦 毫米 毫升 厘米 分钟 小时
    个 百分点 元 人 户 家 名 件 项 次 场 处 座 条 台 辆 套 所 间 张 份 页 册 卷 亩 米 里 吨 斤 克 度 天 周 岁
    倍 位 头 只 羽 株 棵 尾 艘 架 班 车 趟 口 眼 盏 支 队 组 村 镇 乡 县 类 种 批 篇 例 起 宗 笔 单 票 桌 床
    幅 幢 栋 平 ㎡ ℃ 对 双 副 根 块 片 面 段 节 桶 箱 袋 瓶 盒 包 升 桩 门 杆 盘 匹 捆 筐 枚 颗 粒 滴 笼 炉 窑
    """
)
_LATIN_UNITS = WordTable("km kg mm cm kW kV MW GW m² m³ ha t")
_FIGURE = re.compile(
    r"(?P<percent>百分之)?(?:(?P<digits>\d+(?:[,，]\d{3})*(?:[.．]\d+)?)"
    rf"|(?=[零〇一二两三四五六七八九十百千万亿点]{{{LEAST_DIGITS}}})(?P<words>[零〇一二两三四五六七八九十百千万亿]+"
    r"(?:点[零〇一二三四五六七八九]+)?))"
    r"(?P<scale>[十百千]?万亿|[十百千]?[万亿])?(?P<about>[多余])?(?P<mark>[%％])?"
)
_PLAIN_DIGITS = str.maketrans({",": "", "，": "", "．": "."})
_MARKS_OF_NAMES = frozenset("-—/ ")
_EVERYBODYS = ("全国", "我国", "全球", "世界", "全省", "全自治区", "国家")
"""Words in the clause of a figure that is of the whole country or province."""
_CLAUSE_ENDS = "，。；！？\n"
_CELL_BORDERS = frozenset("\t|\n")


class Figure(NamedTuple):
    """A figure that measures something, specific enough to be evidence."""

    start: int
    """Offset in the text; the span is half-open."""
    end: int
    written: str
    """The figure as written in the text, without its unit."""
    value: str
    """Its amount, 万 and 亿 multiplied, a percentage with its sign: equal for equal amounts."""


class FigureTable(NamedTuple):
    """The figures of a text that are evidence, by their ranges of normalised characters."""

    starts: Ints
    ends: Ints
    values: tuple[str, ...]

    @classmethod
    def of(cls, text: str, offsets: Ints, origin: int = 0) -> FigureTable:
        """The figures of a text that begins at offset `origin`; its characters have the `offsets` [n]."""
        figures = list(figures_of(text))
        places = np.array([(one.start, one.end) for one in figures], np.int64).reshape(-1, 2) + origin
        starts, ends = np.searchsorted(offsets, places[:, 0]), np.searchsorted(offsets, places[:, 1])
        return cls(starts, ends, tuple(one.value for one in figures))

    def within(self, start: int, end: int) -> frozenset[str]:
        """The values of the figures that lie in [start, end)."""
        first, last = np.searchsorted(self.starts, start), np.searchsorted(self.ends, end, side="right")
        return frozenset(self.values[first:last])


def figures_of(text: str) -> Iterator[Figure]:
    """The figures of a text that two texts hardly share by chance."""
    for found in _FIGURE.finditer(text):
        words = found["words"]
        if words is not None and len(words) < LEAST_DIGITS:
            continue
        value = _value(found)
        if value is None or not _is_evidence(text, found, value):
            continue
        percent = "%" if found["percent"] or found["mark"] else ""
        start, end = found.start("digits" if words is None else "words"), found.end("scale")
        end = found.end("digits" if words is None else "words") if end < 0 else end
        yield Figure(start, end, text[start:end], f"{value:f}{percent}")


def is_local(text: str, figure: Figure) -> bool:
    """True if a figure is of one place, not of the whole country or province."""
    before = text[max(0, figure.start - 40) : figure.start]
    clause = before[1 + max(map(before.rfind, _CLAUSE_ENDS)) :]
    return not any(map(clause.__contains__, _EVERYBODYS))


def _value(found: re.Match[str]) -> Decimal | None:
    """The amount of a figure; None for a row of Chinese digits (二〇二三), which is a year or a name."""
    if found["words"] is not None:
        amount = _spoken(found["words"])
    else:
        amount = Decimal(found["digits"].translate(_PLAIN_DIGITS))
    if amount is None:
        return None
    for sign in found["scale"] or "":
        amount *= _PLACES.get(sign) or _MYRIADS[sign]
    return amount.normalize()


def _spoken(words: str) -> Decimal | None:
    """The value of a numeral in words (一百五十九, 三点六亿); None if it is none."""
    whole, _, decimals = words.partition("点")
    total = section = digit = 0
    for character in whole:
        if character in _NUMERALS:
            if digit:
                return None  # a row of digits
            digit = _NUMERALS[character]
        elif character in _PLACES:
            section, digit = section + (digit or 1) * _PLACES[character], 0
        elif character == "万":
            total, section, digit = total + (section + digit) * _MYRIADS[character], 0, 0
        else:
            total, section, digit = (total + section + digit) * _MYRIADS[character], 0, 0
    value = Decimal(total + section + digit)
    if decimals:
        value += Decimal("0." + "".join(str(_NUMERALS[character]) for character in decimals))
    return value


def _is_evidence(text: str, found: re.Match[str], value: Decimal) -> bool:
    """True if a figure is specific, and measures rather than names something."""
    digits = _significant_digits(value)
    if digits < LEAST_DIGITS or _is_of_a_name(text[max(0, found.start() - 2) : found.start()]):
        return False
    if found["percent"] or found["mark"]:
        common = value >= _NEARLY_ALL or value in _COMMON_PERCENTAGES
        return not common or digits >= _SPECIFIC_PERCENT_DIGITS
    if unit := _unit_at(text, found.end()):
        return f"{value:f}{unit}" not in _COMMON_MEASURES
    if found["scale"]:
        return True
    year = len(found.group()) == 4 and found.group()[:2] in ("19", "20")
    return found["words"] is None and not year and _is_cell(text, found.start(), found.end())


def _is_of_a_name(before: str) -> bool:
    """True if a letter (a model, a standard) or 第 before a figure makes it part of a name."""
    letter = before[:-1] if before[-1:] in _MARKS_OF_NAMES else before
    return before[-1:] == "第" or (letter[-1:].isascii() and letter[-1:].isalpha())


def _unit_at(text: str, place: int) -> str:
    """The unit at an offset of a text; empty if there is none."""
    length = _UNITS.at(text, place) or _LATIN_UNITS.at(text, place)
    unit, following = text[place : place + length], text[place + length : place + length + 1]
    return "" if unit in _LATIN_UNITS.all and following.isascii() and following.isalpha() else unit


def _significant_digits(value: Decimal) -> int:
    """Number of significant digits of an amount; of zeros at its end only a single one counts (260)."""
    _, digits, exponent = value.as_tuple()
    return len(digits) + (exponent == 1)


def _is_cell(text: str, start: int, end: int) -> bool:
    """True if [start, end) is all that a cell of a table holds."""
    if "\t" not in text and "|" not in text:
        return False
    before, behind = text[:start].rstrip(" -−+"), text[end:].lstrip(" ")
    return (not before or before[-1] in _CELL_BORDERS) and (not behind or behind[0] in _CELL_BORDERS)


def telling_figures(
    codes: NDArray[np.uint32] | NDArray[np.uint8], ends: Ints | None = None
) -> tuple[Ints, Ints, Ints]:
    """Figures of normalised codes by their digits alone: positions, numbers of digits, and values.

    Codes that are no digits may have any other value. Zeros at the end do not count; years and dates are left
    out. `ends` are the ends of the texts that `codes` consists of; a figure lies in one of them. `figures_of`
    knows units too, and takes far longer.
    """
    digits = np.flatnonzero(codes - codes.dtype.type(ord("0")) < 10)
    opens = np.diff(digits, prepend=-2) != 1
    if ends is not None:  # no run of digits crosses the end of a text
        opens |= run_begins(np.searchsorted(ends, digits, side="right"))
    places = digits[opens]
    lengths = np.diff(np.flatnonzero(opens), append=len(digits))
    some = (lengths >= LEAST_DIGITS) & (lengths <= _MOST_DIGITS)
    places, lengths = places[some], lengths[some]
    values = np.zeros(len(places), np.int64)
    for place in range(int(lengths.max(initial=0))):
        rows = np.flatnonzero(lengths > place)
        values[rows] = values[rows] * 10 + codes[places[rows] + place] - ord("0")
    _cut_years(values, lengths)
    some = values >= 10 ** np.maximum(lengths - 1, LEAST_DIGITS - 1)  # a leading zero is that of a date
    places, lengths, values = places[some], lengths[some], values[some]
    counted = lengths.copy()
    for zeros in range(1, _MOST_DIGITS):
        counted -= values % 10**zeros == 0
    some = counted >= LEAST_DIGITS
    return places[some], counted[some], values[some]


def _cut_years(values: Ints, lengths: Ints) -> None:
    """Cut off leading years: in codes, the cells of a table follow one another without a gap."""
    for _ in range(_MOST_DIGITS // 4):
        rows = np.flatnonzero((lengths > 0) & (lengths % 4 == 0))
        century = values[rows] // 10 ** (lengths[rows] - 2)
        rows = rows[(century == 19) | (century == 20)]
        lengths[rows] -= 4
        values[rows] %= 10 ** lengths[rows]
