"""When a document was made, as its file name or title says: 2019-07-26, 2023年, 二〇二三年五月."""

from __future__ import annotations

import re

UNKNOWN = 99_999_999
"""Later than every date, so that what has no date comes after what has one."""

_DIGITS = str.maketrans("〇○零一二三四五六七八九０１２３４５６７８９", "000123456789" + "0123456789")
_SEPARATED = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_./](\d{1,2})(?:[-_./](\d{1,2}))?(?!\d)")
_WRITTEN_OUT = re.compile(r"(?<!\d)((?:19|20)\d\d)年(?:(\d{1,2})月(?:(\d{1,2})日)?)?")
_SOLID = re.compile(r"(?<!\d)((?:19|20)\d\d)(\d\d)(\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


def date_of(*names: str) -> int:
    """The first date in the first of some names that has one, as yyyymmdd (00 for what is not said).

    UNKNOWN when none has a date.
    """
    for name in names:
        written = name.translate(_DIGITS)
        for pattern in (_SEPARATED, _WRITTEN_OUT, _SOLID, _YEAR):
            for found in pattern.finditer(written):
                year, month, day = (*(int(group or 0) for group in found.groups()), 0, 0)[:3]
                if month <= 12 and day <= 31:
                    return year * 10_000 + month * 100 + day
    return UNKNOWN


def iso(date: int) -> str | None:
    """A date as ISO 8601 writes it, as far as it is known; None for UNKNOWN."""
    if date == UNKNOWN:
        return None
    year, month, day = date // 10_000, date // 100 % 100, date % 100
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if month and day else "")
