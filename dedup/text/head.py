"""Read the head of a document: find the title among its first lines, and mark furniture.

The title is the best candidate among the lines before the text begins, not the first line that can be one:
the pages of sites and the heads of official papers put a dozen lines above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.document import ParagraphKind
from dedup.text.furniture import Furniture, compact, furniture_of, is_site_foot, label_of, titled_by_label
from dedup.text.looks import Expression, WordTable, ideographic
from dedup.text.title_choice import INNER_MARKS, SHORT_TITLE, SITE_SUFFIX, Head, Line, choose, is_long_title
from dedup.text.titles import (
    SURNAMES,
    bare,
    is_below_title,
    is_heading,
    is_numbered,
    is_title,
    names_a_genre,
)
from dedup.text.units import is_unit

_SEARCHED = 60
"""Lines from the start of a document among which its title is looked for."""
_LONGEST_LABEL = 8
_LONGEST_CHANNEL = 8
"""Characters of a channel of a site whose name ends like a title: 通知公告, 政策法规."""
_SIGNALS = frozenset("：:>＞»›|｜/／【[★☆*_＿@.")
_SIGNAL_WORDS = WordTable("首页 位置 附件 签发 印发")
"""Furniture that ends like a title has one of these, or a figure."""
_LONGEST_VALUE = 40
"""Characters of a value on the line below its label."""
_LONGEST_STEP = 16
"""Characters of one step of breadcrumbs on a line of its own."""
_LEAST_SHORT_TITLE = 4
"""Characters of a title repeated in short form."""

_NOTICE, _CONTENTS, _FURNITURE, _TITLE = map(
    int,
    (ParagraphKind.NOTICE, ParagraphKind.CONTENTS, ParagraphKind.FURNITURE, ParagraphKind.TITLE),
)
ASIDE = frozenset((_NOTICE, _CONTENTS, _FURNITURE))
"""Kinds that are settled before the head is read."""

_OF_PAGES = {
    Furniture.LINKS,
    Furniture.PATH,
    Furniture.LABEL,
    Furniture.OTHER_LABEL,
    Furniture.OPEN_LABEL,
    Furniture.SITE_FOOT,
}
_SITES = WordTable("网(|站) 频道 在线 门户 平台 公众号 客户端")
_TITLE_OF_A_PAGE = Expression(r"[^_|｜>＞]{6,}_.+", "_")
"""A page's title as browsers show it: the document's, then channel and site."""
_ISSUED = Expression(
    r"(.{4,40}?(?:办公室|办公厅|委员会|编辑部|秘书处))编?(?:19|20)\d\d年\d{1,2}月\d{1,2}日",
    "办公室 办公厅 委员会 编辑部 秘书处",
    "年",
)
_ATTACHMENT_BEFORE = Expression(r"^附\s*件\s*[一二三四五六七八九十\d]{0,3}\s*[：:]\s*", "附", "： :")
_DATED = Expression(r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日(?!星期|上午|下午|.{1,8}[：:])(.)", "19 20", "日")
"""An event in the life of a law, with its day: 2019年3月2日 第一次修订."""
_ENDS_TEXT = "。；"
_STEP_MARKS = frozenset(">＞»›→/|")


def take_head(
    text: str,
    starts: Sequence[int],
    lines: Sequence[str],
    kinds: NDArray[np.uint8],
    borders: tuple[int, int],
    listed: int = 0,
) -> str:
    """Mark title and furniture at the head of the part with the paragraphs `borders`; return its title or "".

    `listed` is the number of paragraphs of the title if the contents list names it, else 0.
    """
    first, last = borders
    head = _read(lines, kinds, first, last)
    if listed:
        opening = _first_shown(kinds, first, last, head.furniture)
        chosen = (opening, opening + listed) if opening < last else None
    else:
        chosen = choose(text, starts, lines, head, last)
    if chosen is None:
        _mark(kinds, head.furniture, _FURNITURE)
        return head.said
    begin, end = chosen
    title = "".join(bare(line) for line in lines[begin:end])
    above = [number for number in range(first, begin) if int(kinds[number]) not in ASIDE]
    _mark(kinds, above, _FURNITURE)
    kinds[begin:end] = _TITLE
    title = _cleaned(title)
    _take_below(lines, kinds, range(end, min(head.end, last - 1)), head, compact(title))
    return title


def _cleaned(title: str) -> str:
    """A title without the name of the site after it, and without the number of an attachment before it."""
    title = _ATTACHMENT_BEFORE.sub("", title) or title
    shorter = SITE_SUFFIX.sub("", title)
    if shorter == title or not (names_a_genre(shorter) or _SITES.at_end(title)):
        return title
    return shorter


def _mark(kinds: NDArray[np.uint8], numbers: Iterable[int], kind: int) -> None:
    for number in numbers:
        kinds[number] = kind


def _first_shown(kinds: NDArray[np.uint8], first: int, last: int, furniture: Mapping[int, Furniture]) -> int:
    number = first
    while number < last and (int(kinds[number]) in ASIDE or number in furniture):
        number += 1
    return number


def _read(lines: Sequence[str], kinds: NDArray[np.uint8], first: int, last: int) -> Head:
    """Read the lines from `first` to the beginning of the text: candidates for the title, and furniture."""
    candidates: list[Line] = []
    furniture: dict[int, Furniture] = {}
    steps: set[str] = set()
    said = ""
    number = first
    of_a_page = last
    awaited: Furniture | None = None
    while number < min(last, first + _SEARCHED):
        line = lines[number]
        if int(kinds[number]) in ASIDE:
            if all(one in _STEP_MARKS or one.isspace() for one in line):
                awaited = Furniture.PATH
            number += 1
            continue
        packed = compact(line)
        if said_here := titled_by_label(packed):
            said = said or said_here
        kind = Furniture.PATH if packed in steps else _kind_at(packed, line, awaited)
        if kind is None and _ends_the_head(line, lines[number + 1] if number + 1 < last else ""):
            break
        if kind == Furniture.PATH:
            steps.update(_steps(packed))
        if kind is None:
            candidates.append(Line(number, line, packed))
            awaited = None
        else:
            furniture[number] = kind
            if kind in _OF_PAGES:
                of_a_page = min(of_a_page, number)
            opens = kind == Furniture.OPEN_LABEL and titled_by_label(packed) is None
            awaited = Furniture.OPEN_LABEL if opens else None
        number += 1
    return Head(tuple(candidates), furniture, number, said, min(of_a_page, number))


def _kind_at(packed: str, line: str, awaited: Furniture | None) -> Furniture | None:
    """The kind of furniture of a line, or None. `awaited`: the kind that the line before leaves open."""
    if _is_dated(packed) or (len(line) > SHORT_TITLE and line[-1] in _ENDS_TEXT and "：" not in line):
        return None
    if len(packed) > _LONGEST_CHANNEL and names_a_genre(line) and not _has_signal(packed):
        return None  # a shortcut, as most titles pass here
    kind = furniture_of(packed) or label_of(packed) or (Furniture.RED_HEAD if _is_issued(packed) else None)
    if kind == Furniture.SITE_FOOT and _TITLE_OF_A_PAGE.fits(packed):
        return None
    if kind is not None or awaited is None:
        return kind or (Furniture.SITE_FOOT if is_site_foot(packed) else None)
    if awaited == Furniture.PATH:
        return Furniture.PATH if len(packed) <= _LONGEST_STEP and not _could_be_title(line) else None
    plain = len(packed) <= _LONGEST_VALUE and INNER_MARKS.isdisjoint(packed) and "。" not in packed
    return Furniture.LABEL if plain and not _could_be_title(line) else None


def _is_issued(packed: str) -> bool:
    """Tell if a line is the office that issues a bulletin, with the day: 某某领导小组办公室2024年5月8日."""
    dated = _ISSUED.match(packed) if packed[-1:] == "日" else None
    return dated is not None and dated.end() == len(packed) and is_unit(dated.group(1))


def _is_dated(packed: str) -> bool:
    """Tell whether a compact line begins with a day on which something happened."""
    found = _DATED.match(packed) if packed[:2] in ("19", "20") else None
    return found is not None and ideographic(found[1], frozenset("《"))


def _has_signal(packed: str) -> bool:
    marked = not _SIGNALS.isdisjoint(packed) or any(map(str.isdecimal, packed))
    return marked or _SIGNAL_WORDS.inside(packed)


def _steps(packed: str) -> Iterator[str]:
    """The steps of breadcrumbs."""
    return filter(None, "".join(">" if one in _STEP_MARKS else one for one in packed).split(">"))


def _could_be_title(line: str) -> bool:
    """Tell whether a line is more likely a title than a value or a step of a path."""
    return names_a_genre(line) and len(line) > 6


def _ends_the_head(line: str, following: str) -> bool:
    """Tell if a line is text, or opens it: a sentence, a salutation, a numbered heading, a dated event."""
    if is_title(line):
        return _is_dated(compact(line)) and not is_below_title(line)
    exclaims = line[-1] in "！？!?" and len(line) <= SHORT_TITLE and "。" not in line
    if exclaims and following and furniture_of(compact(following)) is not None:
        return False
    return not is_long_title(line)


def _take_below(
    lines: Sequence[str], kinds: NDArray[np.uint8], numbers: range, head: Head, title: str
) -> None:
    """Mark the lines between a title and the text: date, speaker, unit, and the labels of a page."""
    furnished = False
    for number in numbers:
        if int(kinds[number]) in ASIDE:
            continue
        line, packed, kind = lines[number], compact(lines[number]), head.furniture.get(number)
        if not furnished and _opens_a_form(kind, lines[number + 1], head.furniture.get(number + 1)):
            return
        dated = kind == Furniture.DATE and furnished
        again = furnished and _shortens(packed, title) and names_a_genre(line)
        if packed == title or again or kind == Furniture.DRAFT or (is_below_title(line) and not dated):
            kinds[number] = _TITLE
        elif kind is not None and kind != Furniture.ATTACHMENT:
            kinds[number] = _FURNITURE
            furnished = furnished or kind in _OF_PAGES
        elif _is_byline(line, packed) or _is_speaker(packed, lines[number + 1], furnished):
            kinds[number] = _TITLE
        elif furnished and len(packed) <= _LONGEST_LABEL and head.furniture.get(number + 1) in _OF_PAGES:
            kinds[number] = _FURNITURE  # a button in no table, among known ones
        else:
            return


def _shortens(line: str, title: str) -> bool:
    """Tell if a line is a title in short form: a page gives the full title, the paper the short one."""
    left = iter(title)
    return len(line) >= _LEAST_SHORT_TITLE and all(character in left for character in line)


def _opens_a_form(kind: Furniture | None, following: str, next_kind: Furniture | None) -> bool:
    """Tell whether a line below a title is the first label of a form (时间： above 地点：), not of a page."""
    if kind == Furniture.OTHER_LABEL:
        return True
    labels = "：" in following[:_LONGEST_LABEL]
    return kind == Furniture.LABEL and labels and next_kind in (None, Furniture.OTHER_LABEL)


def _is_byline(line: str, packed: str) -> bool:
    """Tell whether a line is a unit, alone or with somebody's name."""
    if is_numbered(line) or not is_heading(line):
        return False
    unit, _, name = line.replace("\u3000", " ").partition(" ")
    name = "".join(name.split())
    return is_unit(packed) or (is_unit(unit) and 2 <= len(name) <= 4 and name[0] in SURNAMES)


def _is_speaker(packed: str, following: str, furnished: bool) -> bool:
    """Tell whether a line is a speaker's name: above the salutation, or below furniture of a page."""
    return 2 <= len(packed) <= 4 and packed[0] in SURNAMES and (furnished or following[-1] in "：:")
