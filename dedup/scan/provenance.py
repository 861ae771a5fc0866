"""Which document this is and when it was made, by what it says itself: its text, its name, its title.

Times of files are no evidence: copying a folder gives all of them one.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.text.folding import as_text
from dedup.text.normalize import normalize

UNKNOWN = 99_999_999
"""Later than every date, so that what has no date comes after what has one."""

_DIGITS = str.maketrans("〇○零一二三四五六七八九０１２３４５６７８９", "000123456789" + "0123456789")
_TENS = re.compile(r"([一二三]?)十([一二三四五六七八九]?)(?=[月日])")
_SEPARATED = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_./](\d{1,2})(?:[-_./](\d{1,2}))?(?!\d)")
_WRITTEN_OUT = re.compile(r"(?<!\d)((?:19|20)\d\d)年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_SOLID = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")

_DAY = r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日"
_SIGNED = re.compile(rf"(?:.{{0,24}}[^\d，。；：]\s*)?{_DAY}")
"""The last line of a paper: the day, perhaps after the unit's name."""
_BELOW_TITLE = re.compile(rf"[（(].*{_DAY}.*[）)]|—+\s*{_DAY}.*|{_DAY}")
_LABELLED = re.compile(r"(?:发布|发文|成文|印发|公开|更新|生成)?(?:时间|日期)[：:]\s*(?:19|20)\d\d[-年./].*")
_SEARCHED_ABOVE, _SEARCHED_BELOW = 12, 12
"""Lines from the beginning and the end of a text in which its date is looked for."""
_LONGEST = 60
"""Characters of a line that says when a paper was made."""

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

    UNKNOWN when none has a date.
    """
    for name in names:
        for date in _dates(name):
            return date
    return UNKNOWN


def document_date(name: str, title: str, text: str) -> int:
    """The date that a document carries: under its text, above it, in its name or its title, in this order."""
    lines = [line for line in map(str.strip, text[:4_000].split("\n")) if line][:_SEARCHED_ABOVE]
    last = [line for line in map(str.strip, text[-2_000:].split("\n")) if line][-_SEARCHED_BELOW:]
    for line in reversed(last):
        if len(line) <= _LONGEST and _may_say_when(line) and _SIGNED.fullmatch(_in_digits(line)):
            return max(_dates(line))
    for line in lines:
        if len(line) > _LONGEST * 2 or not _may_say_when(line):
            continue
        written = _in_digits(line)
        if _BELOW_TITLE.fullmatch(written) or _LABELLED.fullmatch(written):
            return max(_dates(line), default=UNKNOWN)  # of a law the last amendment
    return date_of(name, title)


def is_date_line(line: str) -> bool:
    """Whether a paragraph says no more than when, and perhaps where, a paper was made or a speech held."""
    line = line.strip()
    if len(line) > _LONGEST or not _may_say_when(line):
        return False
    written = _in_digits(line)
    return any(pattern.fullmatch(written) for pattern in (_BELOW_TITLE, _SIGNED, _LABELLED))


def _may_say_when(line: str) -> bool:
    """Whether a line holds what all lines that say when have; most do not, and need no closer look."""
    return "日" in line or "时间" in line


def _dates(line: str) -> Iterator[int]:
    written = _in_digits(line)
    for pattern in (_SEPARATED, _WRITTEN_OUT, _SOLID, _YEAR):
        for found in pattern.finditer(written):
            year, month, day = (*(int(group or 0) for group in found.groups()), 0, 0)[:3]
            if month <= 12 and day <= 31:
                yield year * 10_000 + month * 100 + day


def _in_digits(line: str) -> str:
    """Chinese figures of dates in digits: 二〇二四年十二月三十一日 → 2024年12月31日."""
    if "十" in line:
        line = _TENS.sub(lambda found: f"{found[1] or '一'}{found[2] or '〇'}", line)
    return line.translate(_DIGITS)


def surely_before(one: NDArray[Any], other: NDArray[Any]) -> NDArray[np.bool_]:
    """[n] which dates are before others as far as both are known: 2021-03 is not before 2021-03-02.

    A year alone stands in a name or a title, and is that which the paper is about: a plan for it is written
    before it begins, a summary after it has ended. So it is before another year only if two lie between.
    """
    one, other = one.astype(np.int64), other.astype(np.int64)
    known = (one != UNKNOWN) & (other != UNKNOWN)
    return np.asarray(known & (_latest(one) < _earliest(other)))


def _latest(date: NDArray[np.int64]) -> NDArray[np.int64]:
    """[n] the last day that a date can mean."""
    year, month, day = date // 10_000, date // 100 % 100, date % 100
    of_month = np.where(day > 0, date, year * 10_000 + month * 100 + 31)
    return np.where(month > 0, of_month, (year + 1) * 10_000 + _SUMMED_UP)


def _earliest(date: NDArray[np.int64]) -> NDArray[np.int64]:
    """[n] the first day that a date can mean."""
    year, month = date // 10_000, date // 100 % 100
    return np.where(
        month > 0, np.maximum(date, year * 10_000 + month * 100 + 1), (year - 1) * 10_000 + _PLANNED
    )


def iso(date: int) -> str | None:
    """A date as ISO 8601 writes it, as far as it is known; None for UNKNOWN."""
    if date == UNKNOWN:
        return None
    year, month, day = date // 10_000, date // 100 % 100, date % 100
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
