"""The head of a document: which of its first lines is the title, and what of the others is furniture.

The title is the best candidate among the lines before the text begins, not the first line that can be one:
the pages of sites and the heads of official papers put a dozen lines above it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.document import ParagraphKind
from dedup.text.dates import is_year
from dedup.text.furniture import (
    Furniture,
    compact,
    furniture_of,
    is_site_foot,
    is_unit,
    label_of,
    titled_by_label,
)
from dedup.text.looks import Expression, Words, ideographic
from dedup.text.titles import (
    LONGEST_TITLE,
    SURNAMES,
    bare,
    is_below_title,
    is_heading,
    is_numbered,
    is_title,
    names_a_genre,
)

_SEARCHED = 60
"""Lines from the start of a document among which its title is looked for."""
_LINES_OF_A_TITLE = 3
_SHORT_TITLE = 30
"""Characters; a longer line needs a further sign that it is a title."""
_LONGEST_LONG_TITLE = 160
_LONGEST_LABEL = 8
_LONGEST_CHANNEL = 8
"""Characters of a channel of a site whose name ends like a title: 通知公告, 政策法规."""
_SIGNALS = frozenset("：:>＞»›|｜/／【[★☆*_＿@.")
_SIGNAL_WORDS = Words("首页 位置 附件 签发 印发")
"""Furniture that ends like a title has one of these, or a figure."""
_LONGEST_VALUE = 40
"""Characters of a value that stands on the line below its label."""
_LONGEST_STEP = 16
"""Characters of one step of bread crumbs that stands on a line of its own."""
_LEAST_SCORE = 1.0
_LEAST_SHORT_TITLE = 4
"""Characters of a title that is said again in short."""

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
_LEAST_ABOUT = 2
_MASKS, _OPENINGS_OF_YEARS = frozenset("Xx×"), frozenset("12二")
_UNITS_INSIDE = frozenset("省市县区州旗镇乡村局厅委院部校司会")
_UNIT_WORDS = Words("街道 公司 支部 单位")
_INNER_MARKS = frozenset("，；：:！？")
_SITE_SUFFIX = Expression(r"(?:\s*(?:[_|｜]|\s[-–—]\s?|--)\s*[^_|｜]{2,30}?)+$", "_ | ｜ - – —")
_SITES = Words("网(|站) 频道 在线 门户 平台 公众号 客户端")
_MASTHEADS = Words("(简|专|快|月|周)报 纪要 要情 参考 信息 通讯 动态 专刊 内参")
"""What stands above the number of an issue, and is the name of a series: the title follows below."""
_LINES_TO_AN_ISSUE = 3
_TITLE_OF_A_PAGE = Expression(r"[^_|｜>＞]{6,}_.+", "_")
"""What a browser shows of a page: its title, then channel and site."""
_ISSUED = Expression(
    r"(.{4,40}?(?:办公室|办公厅|委员会|编辑部|秘书处))编?(?:19|20)\d\d年\d{1,2}月\d{1,2}日",
    "办公室 办公厅 委员会 编辑部 秘书处",
    "年",
)
_ATTACHMENT_BEFORE = Expression(r"^附\s*件\s*[一二三四五六七八九十\d]{0,3}\s*[：:]\s*", "附", "： :")
_DATED = Expression(r"(?:19|20)\d\d年\d{1,2}月\d{1,2}日(?!星期|上午|下午|.{1,8}[：:])(.)", "19 20", "日")
"""What happened to a law on some day: 2019年3月2日 第一次修订."""
_ENDS_TEXT = "。；"
_STEP_MARKS = frozenset(">＞»›→/|")


class _Line(NamedTuple):
    """One line of the head that may be the title, or part of it."""

    number: int
    text: str
    compact: str


class _Head(NamedTuple):
    """What the lines before the text are."""

    candidates: tuple[_Line, ...]
    furniture: Mapping[int, Furniture]
    """Number → what it is, for lines that are furniture wherever the title stands."""
    end: int
    """Number of the line with which the text begins."""
    said: str
    """The title that a label names; "" if none does."""
    of_a_page: int
    """Number of the first line that a web page put there; `end` if there is none."""


def take_head(
    text: str,
    starts: Sequence[int],
    lines: Sequence[str],
    kinds: NDArray[np.uint8],
    borders: tuple[int, int],
    listed: int = 0,
) -> str:
    """Mark title and furniture at the head of the part with the paragraphs `borders`; return its title or "".

    `listed` is how many paragraphs the title takes when the contents list names it; 0 when it does not.
    """
    first, last = borders
    head = _read(lines, kinds, first, last)
    if listed:
        opening = _first_shown(kinds, first, last, head.furniture)
        chosen = (opening, opening + listed) if opening < last else None
    else:
        chosen = _choose(text, starts, lines, head, last)
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
    """A title without the site's name behind it, and without the number of the attachment it is."""
    title = _ATTACHMENT_BEFORE.sub("", title) or title
    shorter = _SITE_SUFFIX.sub("", title)
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


def _read(lines: Sequence[str], kinds: NDArray[np.uint8], first: int, last: int) -> _Head:
    """What the lines from `first` to the beginning of the text are."""
    candidates: list[_Line] = []
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
            candidates.append(_Line(number, line, packed))
            awaited = None
        else:
            furniture[number] = kind
            if kind in _OF_PAGES:
                of_a_page = min(of_a_page, number)
            opens = kind == Furniture.OPEN_LABEL and titled_by_label(packed) is None
            awaited = Furniture.OPEN_LABEL if opens else None
        number += 1
    return _Head(tuple(candidates), furniture, number, said, min(of_a_page, number))


def _kind_at(packed: str, line: str, awaited: Furniture | None) -> Furniture | None:
    """The furniture a line is, if any. `awaited`: what the line before it leaves to be completed."""
    if _is_dated(packed) or (len(line) > _SHORT_TITLE and line[-1] in _ENDS_TEXT and "：" not in line):
        return None
    if len(packed) > _LONGEST_CHANNEL and names_a_genre(line) and not _has_signal(packed):
        return None  # most titles: the cheap way for them
    kind = furniture_of(packed) or label_of(packed) or (Furniture.RED_HEAD if _is_issued(packed) else None)
    if kind == Furniture.SITE_FOOT and _TITLE_OF_A_PAGE.fits(packed):
        return None
    if kind is not None or awaited is None:
        return kind or (Furniture.SITE_FOOT if is_site_foot(packed) else None)
    if awaited == Furniture.PATH:
        return Furniture.PATH if len(packed) <= _LONGEST_STEP and not _could_be_title(line) else None
    plain = len(packed) <= _LONGEST_VALUE and _INNER_MARKS.isdisjoint(packed) and "。" not in packed
    return Furniture.LABEL if plain and not _could_be_title(line) else None


def _is_issued(packed: str) -> bool:
    """Whether a line is the office that issues a bulletin, with the day: 某某领导小组办公室2024年5月8日."""
    dated = _ISSUED.match(packed) if packed[-1:] == "日" else None
    return dated is not None and dated.end() == len(packed) and is_unit(dated.group(1))


def _is_dated(packed: str) -> bool:
    """Whether a compact line begins with a day on which something happened."""
    found = _DATED.match(packed) if packed[:2] in ("19", "20") else None
    return found is not None and ideographic(found[1], frozenset("《"))


def _has_signal(packed: str) -> bool:
    marked = not _SIGNALS.isdisjoint(packed) or any(map(str.isdecimal, packed))
    return marked or _SIGNAL_WORDS.inside(packed)


def _says_about(packed: str) -> bool:
    """Whether a line says what it is about: 关于…的."""
    place = packed.find("关于")
    return place >= 0 and packed.rfind("的") >= place + len("关于") + _LEAST_ABOUT


def _names_year(packed: str) -> bool:
    """Whether a year stands in a line, or a masked one (××年)."""
    for place, one in enumerate(packed):
        if one in _OPENINGS_OF_YEARS and is_year(packed[place : place + 4]):
            return True
        if one == "年" and place > 1 and _MASKS.issuperset(packed[place - 2 : place]):
            return True
    return False


def _names_unit(packed: str) -> bool:
    return not _UNITS_INSIDE.isdisjoint(packed) or _UNIT_WORDS.inside(packed)


def _steps(packed: str) -> Iterator[str]:
    """The steps of bread crumbs."""
    return filter(None, "".join(">" if one in _STEP_MARKS else one for one in packed).split(">"))


def _could_be_title(line: str) -> bool:
    """Whether a line says too much to be a value or a step of a path."""
    return names_a_genre(line) and len(line) > 6


def _ends_the_head(line: str, following: str) -> bool:
    """Whether a line is text, or opens it: a sentence, a salutation, a numbered heading, a dated event."""
    if is_title(line):
        return _is_dated(compact(line)) and not is_below_title(line)
    exclaims = line[-1] in "！？!?" and len(line) <= _SHORT_TITLE and "。" not in line
    if exclaims and following and furniture_of(compact(following)) is not None:
        return False
    return not _is_long_title(line)


def _is_long_title(line: str) -> bool:
    """A title that has more characters than most: what is passed on by whom, in full."""
    return len(line) <= _LONGEST_LONG_TITLE and "关于" in line and "。" not in line and names_a_genre(line)


def _choose(
    text: str, starts: Sequence[int], lines: Sequence[str], head: _Head, last: int
) -> tuple[int, int] | None:
    """(first, one past the last) paragraph of the best title; None where no line is good enough."""
    best, best_score = None, _LEAST_SCORE
    candidates = [one for one in head.candidates if not is_below_title(one.text)]
    if not candidates:
        return None
    gaps = {one.number: _breaks_after(text, starts, lines, one.number) for one in candidates}
    usual = min(gaps.values())
    seen = [one.compact for one in head.candidates]
    for place in range(len(candidates)):
        for count in range(1, _LINES_OF_A_TITLE + 1):
            rows = candidates[place : place + count]
            if len(rows) < count or rows[-1].number + 1 >= last:
                break
            if count > 1 and (
                rows[-1].number != rows[-2].number + 1
                or gaps[rows[-2].number] > usual
                or names_a_genre(rows[-2].text)
            ):
                break
            score = _score(rows, head, lines, gaps, usual, seen) - 0.1 * place
            if score > best_score + 1e-9 or (best is None and score >= best_score):
                best, best_score = (rows[0].number, rows[-1].number + 1), score
    return best


def _breaks_after(text: str, starts: Sequence[int], lines: Sequence[str], number: int) -> int:
    """Line breaks between a paragraph and the next."""
    if number + 1 >= len(lines):
        return 1
    return text.count("\n", starts[number] + len(lines[number]), starts[number + 1])


def _score(
    rows: Sequence[_Line],
    head: _Head,
    lines: Sequence[str],
    gaps: dict[int, int],
    usual: int,
    seen: Sequence[str],
) -> float:
    """How much some successive lines look like a title. Each sign has its weight; 1 is enough.

    The weights were set by hand on layouts of many sites and offices; what they decide is an order, and most
    orders hold over a wide range of them.
    """
    packed = "".join(row.compact for row in rows)
    plain = packed.strip("#*_《》“”")
    first, final = rows[0], rows[-1]
    following = lines[final.number + 1]
    genre = names_a_genre(bare(final.text)) or names_a_genre(_SITE_SUFFIX.sub("", final.text))
    blank = gaps[final.number] > usual
    apart = gaps[final.number] > 1
    score = 3.0 * genre + 2.0 * _says_about(plain) + 1.0 * _names_year(plain)
    score += 0.5 * _names_unit(plain) + 0.5 * blank
    score += 1.0 if 8 <= len(plain) <= 40 else -2.0 if len(plain) < 4 else 0.0
    score -= 1.0 * sum(map(_INNER_MARKS.__contains__, plain)) + 0.5 * bool(_SITE_SUFFIX.search(final.text))
    if len(rows) == 1 and is_unit(plain) and not genre:
        score -= 2.5
    if _is_masthead(final, head):
        score -= 6.0
    if len(rows) > 1:
        score += 0.2 if genre and _belong_together(rows) else -4.0
    if first.text.startswith("# "):
        score += 3.0
    elif first.text.startswith(("##", "- ", "* ", "+ ", "> ")):
        score -= 4.0
    if first.number < head.of_a_page and first is head.candidates[0]:
        score += 2.0  # nothing of a web page stands above it
    if final.number + 1 >= head.end or final.number + 1 in head.furniture or is_below_title(following):
        score += 1.0  # nothing else stands between it and the text
    sign = genre or apart or is_numbered(following) or is_below_title(following) or following[-1] in "：:"
    sign = sign or final.number + 1 in head.furniture
    if len(plain) > _SHORT_TITLE and not sign:
        score -= 4.0
    if head.said and compact(head.said) == plain:
        score += 3.0
    score += 1.0 * (seen.count(packed) > 1)
    return score if len(plain) <= LONGEST_TITLE + _SHORT_TITLE or _is_long_title(first.text) else -1.0


def _is_masthead(line: _Line, head: _Head) -> bool:
    """Whether a line names the series of which this is a number: 工作简报 above 第5期 above a title."""
    if not _MASTHEADS.at_end(line.compact):
        return False
    below = range(line.number + 1, line.number + 1 + _LINES_TO_AN_ISSUE)
    issue = next((number for number in below if head.furniture.get(number) == Furniture.RED_HEAD), None)
    return issue is not None and any(
        one.number > issue and not is_below_title(one.text) and not is_unit(one.compact)
        for one in head.candidates
    )


def _belong_together(rows: Sequence[_Line]) -> bool:
    """Whether successive lines are one title: a unit and what it is about, or a title that was wrapped."""
    above, final = rows[:-1], rows[-1].compact
    if "关于" in "".join(row.compact for row in above):
        return True
    if final.startswith("关于"):
        return len(rows) == 2 and is_unit(above[0].compact)
    complete = _names_year(final) or (len(final) >= 8 and _names_unit(final))
    return not complete and not is_unit(above[0].compact)


def _take_below(
    lines: Sequence[str], kinds: NDArray[np.uint8], numbers: range, head: _Head, title: str
) -> None:
    """Mark what stands between a title and the text: date, speaker, unit, and the labels of a page."""
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
            kinds[number] = _FURNITURE  # a button that no list names, among those that one does
        else:
            return


def _shortens(line: str, title: str) -> bool:
    """Tell if a line is a title in fewer characters: a page gives the full name, the paper the short one."""
    left = iter(title)
    return len(line) >= _LEAST_SHORT_TITLE and all(character in left for character in line)


def _opens_a_form(kind: Furniture | None, following: str, next_kind: Furniture | None) -> bool:
    """Whether a line below a title is the first label of a form (时间： above 地点：), not of a page."""
    if kind == Furniture.OTHER_LABEL:
        return True
    labels = "：" in following[:_LONGEST_LABEL]
    return kind == Furniture.LABEL and labels and next_kind in (None, Furniture.OTHER_LABEL)


def _is_byline(line: str, packed: str) -> bool:
    """Whether a line is a unit, alone or with somebody's name."""
    if is_numbered(line) or not is_heading(line):
        return False
    unit, _, name = line.replace("\u3000", " ").partition(" ")
    name = "".join(name.split())
    return is_unit(packed) or (is_unit(unit) and 2 <= len(name) <= 4 and name[0] in SURNAMES)


def _is_speaker(packed: str, following: str, furnished: bool) -> bool:
    """Whether a line is the name of who speaks: above the salutation, or below what a page put there."""
    return 2 <= len(packed) <= 4 and packed[0] in SURNAMES and (furnished or following[-1] in "：:")
