"""Find figures that contradict each other: wrong sums and growth rates, two amounts of one thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from dedup.lint.numbering import number_of
from dedup.lint.page import Line, Page
from dedup.model import Finding
from dedup.text.looks import Expression

_NUMBER = r"(\d+(?:\.\d+)?)"
_GROWTH = Expression(
    _NUMBER
    + r"(万亿|亿|万)?(元|人|户|吨|亩|家|个|件|公里)(?:增长|增加|提高|上升|扩大)(?:到|至)(?:\d{4}年的?)?"
    + _NUMBER
    + r"\2\3，(?:累计)?(?:增长|增幅|增加|提高)(?:了|达|为)?"
    + _NUMBER
    + r"[%％]",
    "增长 增加 提高 上升 扩大",
)
_PARTS = Expression(
    r"(?:共|共计|合计|总计|累计)[^，。；、\n]{0,12}?(\d+)([个名人户项件家场次条处])[^，。；、\n]{0,10}，其中[：:]?([^。；\n]{4,80})",
    "其中",
)
_PART = re.compile(r"(\d+)([个名人户项件家场次条处])")
_CLAIMED = Expression(
    r"(?:以下|下列|如下|存在|主要有|做到|抓好|突出)[^，。；：\n]{0,6}?([一二两三四五六七八九十]|\d)(?:个|大|方面|项)[^。；\n]{0,10}[：:。]",
    "个 大 方面 项",
)
_ITEM = re.compile(r"(?:(?<=[。；;：:，,！”])|^)([一二三四五六七八九十]{1,2})是")
_AMOUNT = Expression(
    r"([\u4e00-\u9fff]{10})(\d+(?:\.\d+)?)(万亿元|亿元|万元|万人|万亩|公里|人|户|家|个|件)(?!次)",
    "元 人 亩 公里 户 家 个 件",
)
_TOLERANCE = Decimal("1.5")
"""Percentage points by which rounded figures may be off."""


def find_contradictions(page: Page) -> Iterator[Finding]:
    """Findings on figures that cannot all be right."""
    yield from _growth(page)
    yield from _parts(page)
    for line in page.body():
        yield from _claims(page, line)
    yield from _two_amounts(page)


def _growth(page: Page) -> Iterator[Finding]:
    """Growth rates that do not fit their amounts: 从 120 亿元增加到 150 亿元，增长 30%."""
    for found in _GROWTH.finditer(page.text):
        before, after, told = Decimal(found[1]), Decimal(found[4]), Decimal(found[5])
        if not before:
            continue
        growth = (after - before) / before * 100
        if abs(growth - told) > _TOLERANCE:
            yield page.finding(
                found.start(5),
                found.end(5) + 1,
                "figures",
                "warning",
                "growth",
                told=f"{told}%",
                right=f"{growth:.1f}%",
            )


def _parts(page: Page) -> Iterator[Finding]:
    """Parts that add up to more than the whole: 共 30 个，其中甲 20 个、乙 15 个."""
    for found in _PARTS.finditer(page.text):
        whole, unit = int(found[1]), found[2]
        largest = max((int(part[1]) for part in _PART.finditer(found[3]) if part[2] == unit), default=0)
        if largest > whole:
            yield page.finding(
                found.start(1),
                found.end(2),
                "figures",
                "warning",
                "part_above_whole",
                whole=whole,
                part=largest,
            )


def _claims(page: Page, line: Line) -> Iterator[Finding]:
    """More or fewer items in a line than it announces: 以下三个方面：一是 … 四是 …."""
    claimed = list(_CLAIMED.finditer(line.text))
    if len(claimed) != 1:
        return
    items = [number_of(item[1]) for item in _ITEM.finditer(line.text, claimed[0].end())]
    told = 2 if claimed[0][1] == "两" else number_of(claimed[0][1])
    if items[:1] == [1] and items == list(range(1, len(items) + 1)) and len(items) != told and len(items) > 1:
        start, end = line.start + claimed[0].start(1), line.start + claimed[0].end(1)
        yield page.finding(start, end, "figures", "warning", "items_counted", told=told, right=len(items))


def _two_amounts(page: Page) -> Iterator[Finding]:
    """Two different amounts of one unit after the same ten characters."""
    seen: dict[tuple[str, str], str] = {}
    for found in _AMOUNT.finditer(page.text):
        key = found[1], found[3]
        first = seen.setdefault(key, found[2])
        if first != found[2]:
            yield page.finding(
                found.start(2), found.end(3), "figures", "note", "two_amounts", other=first + found[3]
            )
