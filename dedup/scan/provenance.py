"""A document's date and the work it is a version of, by what it says itself: text, name and title.

Times of files are no evidence: copying a folder gives all of them one.
"""

from __future__ import annotations

import datetime
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dedup.text.dates import is_deadline
from dedup.text.folding import as_text
from dedup.text.normalize import normalize

UNKNOWN = 99_999_999
"""Later than every date, so that what has no date comes after what has one."""

_BY = 40
"""Added to the day of a date by which a paper was there, though it may be older: that of a page, of the last
amendment of a law."""
_ISSUED = 13
"""Month of a year in which a paper was issued, by its number; a year alone is that which it is about."""

_DIGITS = str.maketrans("〇○零一二三四五六七八九０１２３４５６７８９", "000123456789" + "0123456789")
_TENS = re.compile(r"([一二三]?)十([一二三四五六七八九]?)(?=[月日])")
_SEPARATED = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_./](\d{1,2})(?:[-_./](\d{1,2}))?(?!\d)")
_WRITTEN_OUT = re.compile(r"(?<!\d)((?:19|20)\d\d)年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_SOLID = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")

_DAY = r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日"
_SIGNED = re.compile(rf"(?:.{{0,24}}[^\d，。；：]\s*)?{_DAY}")
"""The last line of a paper: the day, perhaps after the unit's name."""
_DAY_ALONE = re.compile(_DAY)
_SIGNER = re.compile(r"[^，。；：、！？]{1,40}(?<!日)")
"""The line above a day that stands alone: who signs."""
_DEADLINE = re.compile(r"截止|截至|期限|时限|完成|之前|施行|实施|起$|自\s*\d")
"""Words of lines whose date is not that of the paper."""
_NOT_OF_THE_PAPER = re.compile(r"根据|依据|按照|截至|施行|实施|摘自")
_BELOW_TITLE = re.compile(rf"[（(].*{_DAY}.*[）)]|—+\s*{_DAY}.*|{_DAY}")
_LABELLED = re.compile(r"(?:发布|发文|成文|印发|公开|更新|生成)?(?:时间|日期)[：:]\s*(?:19|20)\d\d[-年./].*")
_OF_THE_PAPER = ("成文", "发文", "印发")
"""Labels of the day on which the paper was made; the others tell when a page showed it."""
_PRINTED_IN = re.compile(r"原载|刊于|载于|转载")
_NUMBER = re.compile(r"[^，。；：《》（）()]{0,20}[〔\[【（(]((?:19|20)\d\d)[〕\]】）)]第?\s*\d+\s*号")
"""A line that holds the number of the paper: 霁水发〔2023〕5号; those in the text are of other papers."""
_QUOTED = re.compile(r"《[^》]*》|“[^”]*”")
_SPAN = re.compile(
    r"(?:19|20)\d\d\s*年?\s*[-—–~～至到]+\s*(?:(?:19|20)\d\d(?!\d)|\d\d年(?!\d))"
    r"|(?:19|20)\d\d年?(?:以来|至今|以后|起)"
)
"""Years that a plan is for, or of which something began: 2021—2025年, 2019年以来."""
_OLDER_PAPER = re.compile(r"整改|反馈|回头看|学习|贯彻|落实|转发|解读|批复|答复|规划|后评估|回顾|远景")
"""Words of titles whose year may be that of another paper, from long before."""
_SEARCHED_ABOVE, _SEARCHED_BELOW = 12, 12
"""Lines from the beginning and the end of a text in which its date is looked for."""
_LONGEST = 60
"""Characters of a line that says when a paper was made."""

Evidence = Literal["", "given", "signature", "head", "published", "number", "path", "title"]
"""From where a date is known: the signature, a line below the title, that of a page, the paper's number, …"""

_ADDED = re.compile(r"[（(\[【〔〈][^（）()\[\]【】〔〕〈〉]*[）)\]】〕〉]")
_DRAFT = re.compile(
    r"(?:修订版|修订稿|修改稿|修正稿|修订|修正|征求意见稿|送审稿|报批稿|讨论稿|草案|草稿|初稿|定稿|终稿|最终版|"
    r"第?[一二三四五六七八九十\d]+稿|[vV]\d+(?:\.\d+)*|副本|新版|旧版|正式版)+$"
)
_PLANNED, _SUMMED_UP = 1001, 630
"""Month and day from which plans for the next year are written, and until which summaries of the last one."""
_SHORTEST_TITLE = 8
"""Letters of a title that names one document, figures not counted: 年度工作总结 is that of very many."""


def date_of(*names: str) -> int:
    """The first date in the first of some names that has one, as yyyymmdd (00 for what is not said).

    A span of years, and the year of what is quoted, tell nothing; of two years the later is the latest that
    the paper can be of. UNKNOWN when none has a date.
    """
    for name in names:
        bare = _SPAN.sub(" ", _QUOTED.sub(" ", _in_digits(name)))
        dates = list(_dates(bare))
        if not dates:
            continue
        if dates[0] % 10_000:
            return dates[0]
        if not _OLDER_PAPER.search(bare):
            return dates[0] if len(set(dates)) == 1 else max(dates) + _BY
    return UNKNOWN


def document_date(name: str, title: str, text: str) -> int:
    """The date that a document carries; see `dated`."""
    return dated(name, title, text)[0]


def dated(name: str, title: str, text: str) -> tuple[int, Evidence]:
    """The date that a document carries, and where: under its text, above it, in its name or its title.

    Dates by which the paper was there, but may be older, are told as such: see `surely_before`.
    """
    lines = _shown(text[:4_000].split("\n"), _SEARCHED_ABOVE)
    last = _shown(reversed(text[-2_000:].split("\n")), _SEARCHED_BELOW)[::-1]
    if signed := list(_signed(last)):
        return (signed[0] if len(set(signed)) == 1 else max(signed) + _BY), "signature"
    below = list(_below_title(lines))
    below.sort(key=lambda found: found[1] == "published")
    if below and below[0][1] != "published":
        return below[0]
    for line in lines:
        if "号" in line and len(line) <= _LONGEST and (found := _NUMBER.fullmatch(line)):
            return int(found[1]) * 10_000 + _ISSUED * 100, "number"
    if below:
        return below[0]
    if (date := date_of(name)) != UNKNOWN:
        return date, "path"
    date = date_of(title)
    return date, "" if date == UNKNOWN else "title"


def _shown(lines: Iterable[str], most: int) -> list[str]:
    """The first lines that show anything, without the blanks around them."""
    return list(islice(filter(None, map(str.strip, lines)), most))


def _signed(last: Sequence[str]) -> Iterator[int]:
    """The days of lines at the end of a paper that stand under a name or behind one."""
    for above, line in reversed(list(pairwise(["", *last]))):
        if len(line) > _LONGEST or not _may_say_when(line):
            continue
        written = _in_digits(line)
        if not _SIGNED.fullmatch(written) or _DEADLINE.search(written):
            continue
        if _DAY_ALONE.fullmatch(written) and (not _SIGNER.fullmatch(above) or _DEADLINE.search(above)):
            continue
        yield from _days(written)[-1:]


def _below_title(lines: Sequence[str]) -> Iterator[tuple[int, Evidence]]:
    """The dates of lines above the text that tell when a paper was made, or when a page showed it."""
    for above, line in pairwise(["", *lines]):
        if len(line) > _LONGEST * 2 or not _may_say_when(line):
            continue
        written = _in_digits(line)
        if _LABELLED.fullmatch(written):
            if dates := _days(written):
                made = written.startswith(_OF_THE_PAPER)
                yield (dates[0], "head") if made else (max(dates) + _BY, "published")
        elif (
            _BELOW_TITLE.fullmatch(written)
            and not _NOT_OF_THE_PAPER.search(written)
            and not is_deadline(written)
        ):
            if _DAY_ALONE.fullmatch(written) and _DEADLINE.search(above):
                continue
            dates = _days(written)
            if dates and (len(set(dates)) > 1 or _PRINTED_IN.search(written)):
                yield max(dates) + _BY, "head"  # of a law the last amendment
            elif dates:
                yield dates[0], "head"


def _days(written: str) -> list[int]:
    """The dates of a line of which the day is told, in their order."""
    return [date for date in _dates(written) if date % 100]


def is_date_line(line: str) -> bool:
    """Tell if a paragraph says no more than when, and perhaps where, a paper was made or a speech held."""
    if not _may_say_when(line) or len(line := line.strip()) > _LONGEST:
        return False
    written = _in_digits(line)
    return any(pattern.fullmatch(written) for pattern in (_BELOW_TITLE, _SIGNED, _LABELLED))


def _may_say_when(line: str) -> bool:
    """Tell whether a line holds what all lines that say when have; most do not, and need no closer look."""
    day = "日" in line and (("月" in line and "年" in line) or "日期" in line)
    return day or "时间" in line


def _dates(written: str) -> Iterator[int]:
    """The dates of a line whose figures are digits, those written one way before those written another."""
    for pattern in (_SEPARATED, _WRITTEN_OUT, _SOLID, _YEAR):
        for found in pattern.finditer(written):
            year, month, day = (*(int(group or 0) for group in found.groups()), 0, 0)[:3]
            if _exists(year, month, day):
                yield year * 10_000 + month * 100 + day


def _exists(year: int, month: int, day: int) -> bool:
    """Tell whether there is such a day, month or year."""
    try:
        datetime.date(year, month or 1, day or 1)
    except ValueError:
        return False
    return True


def _in_digits(line: str) -> str:
    """Chinese figures of dates in digits: 二〇二四年十二月三十一日 → 2024年12月31日."""
    if "十" in line:
        line = _TENS.sub(lambda found: f"{found[1] or '一'}{found[2] or '〇'}", line)
    return line.translate(_DIGITS)


def surely_before(one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.bool_]:
    """[n] which dates are before others as far as both are known: 2021-03 is not before 2021-03-02.

    A year alone stands in a name or a title, and is that which the paper is about: a plan for it is written
    before it begins, a summary after it has ended. So it is before another year only if two lie between.
    A paper that was there by a day may be older: it can be before another, and none is before it.
    """
    one, other = one.astype(np.int64), other.astype(np.int64)
    known = (one != UNKNOWN) & (other != UNKNOWN)
    return np.asarray(known & (_latest(one) < _earliest(other)))


def _latest(date: NDArray[np.int64]) -> NDArray[np.int64]:
    """[n] the last day that a date can mean."""
    year, month, day = date // 10_000, date // 100 % 100, date % 100 % _BY
    of_month = year * 10_000 + month * 100 + np.where(day > 0, day, 31)
    of_month = np.where(month == _ISSUED, year * 10_000 + 1231, of_month)
    return np.where(month > 0, of_month, (year + 1) * 10_000 + _SUMMED_UP)


def _earliest(date: NDArray[np.int64]) -> NDArray[np.int64]:
    """[n] the first day that a date can mean; 0 where the paper may be older than all that is known."""
    year, month = date // 10_000, date // 100 % 100
    of_month = np.maximum(date, year * 10_000 + month * 100 + 1)
    of_month = np.where(month == _ISSUED, year * 10_000 + 101, of_month)
    first = np.where(month > 0, of_month, (year - 1) * 10_000 + _PLANNED)
    return np.where(date % 100 >= _BY, 0, first)


def iso(date: int) -> str | None:
    """A date as ISO 8601 writes it, as far as it is known; None for UNKNOWN."""
    if date == UNKNOWN:
        return None
    year, month, day = date // 10_000, date // 100 % 100, date % 100 % _BY
    month = month if month < _ISSUED else 0
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if month and day else "")


def work_of(name: str, title: str) -> int:
    """A hash of what a document is called, without what tells versions of it apart; 0 where that says little.

    柳溪县渡口管理办法, the same with （2024年修订） and with （征求意见稿） are versions of one.
    """
    said = title or name.rpartition("/")[2].rpartition(".")[0]
    bare = _DRAFT.sub("", _ADDED.sub("", said).strip())
    letters = as_text(normalize(bare).codes)
    if sum(not letter.isdigit() for letter in letters) < _SHORTEST_TITLE:
        return 0
    return zlib.crc32(letters.encode("utf-8", "surrogatepass"))
