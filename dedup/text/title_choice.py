"""Choose the title among the lines before the text: each candidate is scored by its signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dedup.text.dates import is_year
from dedup.text.furniture import Furniture, compact
from dedup.text.looks import Expression, WordTable
from dedup.text.titles import (
    LONGEST_TITLE,
    bare,
    is_below_title,
    is_numbered,
    names_a_genre,
)
from dedup.text.units import is_unit

_LINES_OF_A_TITLE = 3
SHORT_TITLE = 30
"""Characters; a longer line needs a further sign that it is a title."""
_LONGEST_LONG_TITLE = 160
_LEAST_SCORE = 1.0
_LEAST_ABOUT = 2
_MASKS, _OPENINGS_OF_YEARS = frozenset("Xx×"), frozenset("12二")
_UNITS_INSIDE = frozenset("省市县区州旗镇乡村局厅委院部校司会")
_UNIT_WORDS = WordTable("街道 公司 支部 单位")
INNER_MARKS = frozenset("，；：:！？")
SITE_SUFFIX = Expression(r"(?:\s*(?:[_|｜]|\s[-–—]\s?|--)\s*[^_|｜]{2,30}?)+$", "_ | ｜ - – —")
_MASTHEADS = WordTable("(简|专|快|月|周)报 纪要 要情 参考 信息 通讯 动态 专刊 内参")
"""Words of the name of a series, above the number of an issue: the title follows below."""
_LINES_TO_AN_ISSUE = 3


class Line(NamedTuple):
    """One line of the head that may be the title, or part of it."""

    number: int
    text: str
    compact: str


class Head(NamedTuple):
    """The lines before the text: candidates for the title, and furniture."""

    candidates: tuple[Line, ...]
    furniture: Mapping[int, Furniture]
    """Kind of furniture by line number, for lines that are furniture wherever the title is."""
    end: int
    """Number of the first line of the text."""
    said: str
    """The title that a label names; "" if none does."""
    of_a_page: int
    """Number of the first line that belongs to a web page; `end` if there is none."""


def _says_about(packed: str) -> bool:
    """Tell whether a line names its subject: 关于…的."""
    place = packed.find("关于")
    return place >= 0 and packed.rfind("的") >= place + len("关于") + _LEAST_ABOUT


def _names_year(packed: str) -> bool:
    """Tell whether a line holds a year, or a masked one (××年)."""
    for place, one in enumerate(packed):
        if one in _OPENINGS_OF_YEARS and is_year(packed[place : place + 4]):
            return True
        if one == "年" and place > 1 and _MASKS.issuperset(packed[place - 2 : place]):
            return True
    return False


def _names_unit(packed: str) -> bool:
    return not _UNITS_INSIDE.isdisjoint(packed) or _UNIT_WORDS.inside(packed)


def is_long_title(line: str) -> bool:
    """Tell whether a line can be an unusually long title, such as that of a notice passing on a paper."""
    return len(line) <= _LONGEST_LONG_TITLE and "关于" in line and "。" not in line and names_a_genre(line)


def choose(
    text: str, starts: Sequence[int], lines: Sequence[str], head: Head, last: int
) -> tuple[int, int] | None:
    """First and one past the last paragraph of the best title; None where no line is good enough."""
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
    """Number of line breaks between a paragraph and the next."""
    if number + 1 >= len(lines):
        return 1
    return text.count("\n", starts[number] + len(lines[number]), starts[number + 1])


def _score(
    rows: Sequence[Line],
    head: Head,
    lines: Sequence[str],
    gaps: dict[int, int],
    usual: int,
    seen: Sequence[str],
) -> float:
    """Score of successive lines as a title: the sum of the weights of their signs; 1 is enough.

    The weights were set by hand on layouts of many sites and offices. Only the order of the scores matters,
    and it rarely changes over a wide range of weights.
    """
    packed = "".join(row.compact for row in rows)
    plain = packed.strip("#*_《》“”")
    first, final = rows[0], rows[-1]
    following = lines[final.number + 1]
    genre = names_a_genre(bare(final.text)) or names_a_genre(SITE_SUFFIX.sub("", final.text))
    blank = gaps[final.number] > usual
    apart = gaps[final.number] > 1
    score = 3.0 * genre + 2.0 * _says_about(plain) + 1.0 * _names_year(plain)
    score += 0.5 * _names_unit(plain) + 0.5 * blank
    score += 1.0 if 8 <= len(plain) <= 40 else -2.0 if len(plain) < 4 else 0.0
    score -= 1.0 * sum(map(INNER_MARKS.__contains__, plain)) + 0.5 * bool(SITE_SUFFIX.search(final.text))
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
        score += 2.0  # no line of a web page is above it
    if final.number + 1 >= head.end or final.number + 1 in head.furniture or is_below_title(following):
        score += 1.0  # nothing else comes between it and the text
    sign = genre or apart or is_numbered(following) or is_below_title(following) or following[-1] in "：:"
    sign = sign or final.number + 1 in head.furniture
    if len(plain) > SHORT_TITLE and not sign:
        score -= 4.0
    if head.said and compact(head.said) == plain:
        score += 3.0
    score += 1.0 * (seen.count(packed) > 1)
    return score if len(plain) <= LONGEST_TITLE + SHORT_TITLE or is_long_title(first.text) else -1.0


def _is_masthead(line: Line, head: Head) -> bool:
    """Tell whether a line names the series of an issue: 工作简报 above 第5期 above a title."""
    if not _MASTHEADS.at_end(line.compact):
        return False
    below = range(line.number + 1, line.number + 1 + _LINES_TO_AN_ISSUE)
    issue = next((number for number in below if head.furniture.get(number) == Furniture.RED_HEAD), None)
    return issue is not None and any(
        one.number > issue and not is_below_title(one.text) and not is_unit(one.compact)
        for one in head.candidates
    )


def _belong_together(rows: Sequence[Line]) -> bool:
    """Tell if successive lines are one title: a unit and its subject, or a title that was wrapped."""
    above, final = rows[:-1], rows[-1].compact
    if "关于" in "".join(row.compact for row in above):
        return True
    if final.startswith("关于"):
        return len(rows) == 2 and is_unit(above[0].compact)
    complete = _names_year(final) or (len(final) >= 8 and _names_unit(final))
    return not complete and not is_unit(above[0].compact)
