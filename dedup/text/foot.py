"""The foot of a document: the imprint of an official paper, links and remarks of a site."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.document import ParagraphKind
from dedup.text.furniture import LONGEST, Furniture, compact, furniture_of, is_site_foot
from dedup.text.looks import Beginning, Labelled
from dedup.text.titles import ENDS_NO_HEADING

_SEARCHED = 40
"""Lines from the end of a document that can be its foot."""
_STRANGERS = 2
"""Number of short unknown lines allowed between lines of the foot, such as the name of a site."""
_LINKED = 15
"""Titles that may be listed below 相关链接 and the like."""
_LONGEST_STRANGER = 40
_CELLS = 2
"""Tabs in a row of a table, which belongs to the text even if it is hardly more than figures."""

_FURNITURE = int(ParagraphKind.FURNITURE)
_TAKING_PART = int(ParagraphKind.HEADING)

_OF_A_FOOT = (
    Furniture.LINKS,
    Furniture.PATH,
    Furniture.LABEL,
    Furniture.OPEN_LABEL,
    Furniture.IMPRINT,
    Furniture.SITE_FOOT,
)
_ENDS_TEXT = frozenset("。！？；")
_LISTS_LINKS = Beginning("相关 推荐 延伸 更多 热门 往期 猜你喜欢 友情", 0, 5)
_COPIES_TO = Labelled("抄送 抄报 分送 主送 发送 报送")


def mark_foot(lines: Sequence[str], kinds: NDArray[np.uint8], first: int, last: int) -> None:
    """Mark the furniture at the foot of the part first..last - 1, from its last line upwards."""
    strangers: list[int] = []
    for number in range(last - 1, max(first, last - 1 - _SEARCHED), -1):
        if kinds[number] > _TAKING_PART:
            continue
        line = lines[number]
        if len(line) > LONGEST or line.count("\t") >= _CELLS:
            return
        if _continues_copies(lines, number, first):
            kinds[number] = _FURNITURE
            continue
        if line[-1] in _ENDS_TEXT and not _may_end_in_a_stop(line):
            return
        packed = compact(line)
        kind = furniture_of(packed)
        if kind == Furniture.ATTACHMENT and not strangers and _is_furniture(kinds, number + 1, last):
            kinds[number] = _FURNITURE  # the heading of a list of links on a page
            continue
        if kind in _OF_A_FOOT or is_site_foot(packed):
            allowed = _LINKED if _LISTS_LINKS.fits(packed) else _STRANGERS
            if len(strangers) > allowed:
                return
            kinds[[number, *strangers]] = _FURNITURE
            strangers = []
        elif line[-1] in ENDS_NO_HEADING or len(line) > _LONGEST_STRANGER or kind is not None:
            return
        else:
            strangers.append(number)
            if len(strangers) > _LINKED:
                return


def _is_furniture(kinds: NDArray[np.uint8], number: int, last: int) -> bool:
    return number < last and int(kinds[number]) == _FURNITURE


def _may_end_in_a_stop(line: str) -> bool:
    """Tell whether a line that ends like a sentence can be furniture after all; very few can."""
    packed = compact(line)
    marked = "：" in packed or ":" in packed or packed[:1] in "（(【" or "、" in packed
    return marked or "微信" in packed or is_site_foot(packed)


def _continues_copies(lines: Sequence[str], number: int, first: int) -> bool:
    """Tell whether a line continues a list of recipients of copies: 抄送：… over several lines."""
    for above in range(number - 1, max(first, number - 6), -1):
        if lines[above][-1] in "。.":
            return False
        if _COPIES_TO.fits(compact(lines[above])):
            return True
    return False
