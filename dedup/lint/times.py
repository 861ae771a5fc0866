"""Find signs of another time: a congress no longer the latest, an ended plan, years of another report."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dedup.lint.page import Page
from dedup.lint.tables import Period, periods
from dedup.model import Finding
from dedup.text.looks import Expression, WordTable

_STUDYING = "学习|贯彻|落实|宣传|宣讲|领会|践行"
_DECISIVE_YEAR = Expression(
    r"[“\"]?(十[一二三四五六]五)[”\"]?(?:规划|时期|期间)?(?:目标任务)?(?:的)?[^，。；\n]{0,8}?"
    r"(开局之年|开局年|开局起步|起步之年|收官之年|收官年|攻坚之年|关键之年|关键一年|承上启下|中期评估)",
    "开局 起步 收官 攻坚之年 关键之年 关键一年 承上启下 中期评估",
    "十一五 十二五 十三五 十四五 十五五 十六五",
)
_FIRST_YEAR, _LAST_YEAR = ("开局", "起步"), ("收官",)
_AHEAD = Expression(
    r"(?:[“\"]?(十[一二三四五]五)[”\"]?(?:期间|时期)[，,]?[^，。；\n]{0,6}?(?:将|要|计划|力争|继续|必须)|"
    r"(?:正在|继续|扎实|深入|全力|加快|确保|努力|按照|对照)(?:推进|实施|完成|落实)?[“\"]?(十[一二三四五]五)[”\"]?(?:规划|期间|时期|目标))",
    "将 要 计划 力争 继续 必须 正在 扎实 深入 全力 加快 确保 努力 按照 对照",
    "十一五 十二五 十三五 十四五 十五五",
)
"""Words about a plan as if its period were still to come."""
_LOOKED_BACK = WordTable("以来 回顾 收官 圆满 已 曾 当时 评估 总结")
_HEADING_YEAR = Expression(
    r"(?<!\d)((?:19|20)\d\d)年度?(?=(?:上半年|下半年|全年)?(?:的)?(?:主要)?(?:工作(?:总结|回顾|完成|开展|情况|打算|安排|计划|要点|思路|目标)|重点工作|主要任务))",
    "工作 重点工作 主要任务",
)
_AS_OF = Expression(
    r"截[至止](?:目前，?)?((?:19|20)\d\d)年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:年?[底末初])?", "截至 截止"
)
_LOOKING_BACK = WordTable("以来 相比 相较 对比 比 基数 累计 五年 三年 历史 自")
_STALE = 2
"""Years between a year named as the present and that of the document from which it is a trace of copying."""


def find_other_years(page: Page) -> Iterator[Finding]:
    """Findings on statements that fit another time; none where the document's year is unknown."""
    year = page.owner.year
    if not year:
        return
    yield from _congresses(page, year)
    yield from _plans(page, year)
    yield from _ended_plans(page, year)
    for period in periods():
        if period.kind == "campaign" and period.name in page.text and year > period.last_year + 1:
            yield from _campaigns(page, period)
    yield from _years(page, year)


def _congresses(page: Page, year: int) -> Iterator[Finding]:
    """Congresses named for study although a later one ended in the year before."""
    held = [one for one in periods() if one.kind == "congress" and one.first_year < year]
    if not held or held[-1].name in page.text:
        return
    latest = held[-1]
    for period in held[:-1]:
        if period.name not in page.text:
            continue
        pattern = re.compile(rf"(?:{_STUDYING})[^。；\n]{{0,12}}?({period.name})(?!以来|召开|报告指出|届)")
        for found in pattern.finditer(page.text):
            yield page.finding(
                found.start(1),
                found.end(1),
                "other-year",
                "error",
                "other_congress",
                latest=latest.name,
                year=year,
            )


def _plans(page: Page, year: int) -> Iterator[Finding]:
    """Years called the first, the last or a decisive one of a plan that does not include them."""
    plans = {one.name: one for one in periods() if one.kind == "plan"}
    for found in _DECISIVE_YEAR.finditer(page.text):
        period = plans.get(found[1])
        if period is None:
            continue
        first, _ = page.clause(found.start(), found.end())
        named = [int(one) for one in re.findall(r"((?:19|20)\d\d)年", page.text[first : found.start()])]
        lowest, highest = period.first_year, period.last_year
        if found[2].startswith(_FIRST_YEAR):
            highest = lowest
        elif found[2].startswith(_LAST_YEAR):
            lowest = highest
        years = named or [year - 1, year, year + 1]
        fits = any(lowest <= one <= highest for one in years)
        if not fits or not any(abs(one - year) <= 1 for one in years):
            yield page.finding(
                found.start(), found.end(), "other-year", "error", "other_plan",
                name=period.name, first=period.first_year, last=period.last_year, year=year,
            )  # fmt: skip


def _ended_plans(page: Page, year: int) -> Iterator[Finding]:
    """Plans that ended before the document's year, named as if they were in force."""
    plans = {one.name: one for one in periods() if one.kind == "plan"}
    for found in _AHEAD.finditer(page.text):
        period = plans.get(found[1] or found[2])
        first, last = page.clause(found.start(), found.end())
        if period is None or year <= period.last_year + 1 or _LOOKED_BACK.inside(page.text[first:last]):
            continue
        group = 1 if found[1] else 2
        yield page.finding(
            found.start(group), found.end(group), "other-year", "error", "other_plan",
            name=period.name, first=period.first_year, last=period.last_year, year=year,
        )  # fmt: skip


def _campaigns(page: Page, period: Period) -> Iterator[Finding]:
    pattern = re.compile(
        rf"(?:正在|深入|扎实|持续|全面)(?:开展|推进|打好|打赢)[^，。；\n]{{0,20}}?({re.escape(period.name)})"
    )
    for found in pattern.finditer(page.text):
        yield page.finding(
            found.start(1), found.end(1), "other-year", "warning", "other_campaign",
            name=period.name, first=period.first_year, last=period.last_year,
        )  # fmt: skip


def _years(page: Page, year: int) -> Iterator[Finding]:
    """Years of headings and of 截至 that are far from the document's."""
    for found in _HEADING_YEAR.finditer(page.text):
        if abs(int(found[1]) - year) >= _STALE:
            yield page.finding(
                found.start(),
                found.end(),
                "other-year",
                "error",
                "other_year",
                named=int(found[1]),
                year=year,
            )
    for found in _AS_OF.finditer(page.text):
        first, last = page.clause(found.start(), found.end())
        around = page.text[first : found.start()] + page.text[found.end() : last]
        if year - int(found[1]) >= _STALE and not _LOOKING_BACK.inside(around):
            yield page.finding(
                found.start(),
                found.end(),
                "other-year",
                "warning",
                "other_year",
                named=int(found[1]),
                year=year,
            )
