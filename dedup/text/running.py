"""Find running heads and feet, and watermarks: short lines that are repeated from page to page.

Pages leave their numbers in a text; a short line repeated beside them is the head or the foot of the page.
Without page numbers, a repeated line must cut sentences in two each time, or be a watermark by its words.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dedup.document import ParagraphKind
from dedup.text.furniture import compact
from dedup.text.looks import Expression

_LONGEST = 60
"""Characters of a running line."""
_SHORTEST = 4
"""Letters and figures of a running line."""
_FEWEST_BESIDE_NUMBERS = 2
_FEWEST_ALONE = 3
_BESIDE = 3
"""Lines from a page number within which the running lines of both pages are."""
_A_PAGE = 400
"""Characters between two bare numbers that can be page numbers; - 5 - and 第5页 need no such distance."""
_CUT = 15
"""Characters; a line so long that ends without punctuation may be a sentence that a page border cuts."""
_MOST_CUT = 0.4
"""Share of long lines without final punctuation above which lines are broken everywhere, which is no sign."""

_DIGITS_OF_A_PAGE = 9
"""More are no page; Python refuses to read thousands as a number."""
_FURNITURE = int(ParagraphKind.FURNITURE)
_LAST_OF_TEXT = int(ParagraphKind.HEADING)
_MAY_RUN = frozenset(map(int, (ParagraphKind.BODY, ParagraphKind.HEADING, ParagraphKind.NOTICE)))
_FIGURES = re.compile(r"\d+")
_WITH_PAGE_NUMBER = Expression(r"第\d+页|[-—–]\d+[-—–]|\d+[/／]\d+|page\d+", flags=re.IGNORECASE)
_WATERMARK = Expression(
    r"www\.|https?:|\.com|\.cn|公众号|微信号|范文网|文库|资料网|版权所有|内部(?:资料|文件|使用|刊物)|注意保存|严禁外传|不得外传"
    r"|仅供(?:参考|内部|学习)|征求意见稿|讨论稿|送审稿|样稿|水印",
    flags=re.IGNORECASE,
)
_ENDS_A_SENTENCE = "。！？；"
_ENDS = frozenset("。！？；：，、…!?;:,.”’」』）)】》|")


def mark_running(text: str, lines: Sequence[str], starts: Sequence[int], kinds: NDArray[np.uint8]) -> None:
    """Mark the running lines of a file as furniture in `kinds`, where its page numbers already are."""
    pages = _page_numbers(lines, starts, kinds)
    short = [number for number, line in enumerate(lines) if len(line) <= _LONGEST]
    if not pages:
        short = _repeated(text, lines, short)
    places: dict[str, list[int]] = {}
    kind_of = kinds.tolist()
    alike: dict[str, list[int]] = {}
    for number in short:
        if kind_of[number] in _MAY_RUN:
            alike.setdefault(lines[number], []).append(number)
    for line, numbers in alike.items():
        if line[-1] not in _ENDS_A_SENTENCE:
            places.setdefault(_FIGURES.sub("0", compact(line)), []).extend(numbers)
    if not places:
        return
    opening = next((_FIGURES.sub("0", compact(line)) for line in lines[:1]), "")
    cuts_tell = _cuts_tell(lines)
    for key, numbers in places.items():
        if sum(map(str.isalnum, key)) < _SHORTEST:
            continue
        numbers.sort()  # several lines may have one key
        beside = [number for number in numbers if _is_beside(number, pages)]
        fewest = 1 if key == opening else _FEWEST_BESIDE_NUMBERS
        if len(beside) >= fewest and 2 * len(beside) >= len(numbers):
            _mark(kinds, beside)
        elif len(numbers) >= _FEWEST_ALONE and _runs_alone(lines, numbers, cuts_tell):
            _mark(kinds, numbers[1:] if key == opening else numbers)


def _mark(kinds: NDArray[np.uint8], numbers: Sequence[int]) -> None:
    kinds[[number for number in numbers if kinds[number] <= _LAST_OF_TEXT]] = _FURNITURE


def _repeated(text: str, lines: Sequence[str], short: list[int]) -> list[int]:
    """Numbers of those of the `short` lines that are repeated unchanged, or hold a page number."""
    numbered = text.count("页") >= _FEWEST_ALONE
    repeated = len(short) - len({lines[number] for number in short})
    if repeated < _FEWEST_ALONE - 1 and not numbered:
        return []
    counts = Counter([lines[number] for number in short])
    return [
        number
        for number in short
        if counts[lines[number]] >= _FEWEST_ALONE or (numbered and "页" in lines[number])
    ]


def _page_numbers(lines: Sequence[str], starts: Sequence[int], kinds: NDArray[np.uint8]) -> list[int]:
    """Numbers of the lines with page numbers: each one more than the last, a page apart or marked as such."""
    found: list[int] = []
    before = -1
    for number in np.flatnonzero(kinds == _FURNITURE).tolist():
        figures = _FIGURES.findall(lines[number])
        if not figures:
            continue
        page = int(figures[0][-_DIGITS_OF_A_PAGE:])
        follows = before >= 0 and 0 < page - before <= 2
        bare = lines[number].strip().isdigit()
        if found and not follows:
            continue
        if found and bare and starts[number] - starts[found[-1]] < _A_PAGE:
            continue
        found.append(number)
        before = page
    return found


def _is_beside(number: int, pages: Sequence[int]) -> bool:
    place = bisect_left(pages, number)
    return any(abs(page - number) <= _BESIDE for page in pages[max(0, place - 1) : place + 1])


def _cuts_tell(lines: Sequence[str]) -> bool:
    """Tell whether a long line without punctuation at its end is rare in a file."""
    long = [line for line in lines if len(line) >= _CUT]
    return sum(line[-1] not in _ENDS for line in long) <= _MOST_CUT * len(long)


def _runs_alone(lines: Sequence[str], numbers: Sequence[int], cuts_tell: bool) -> bool:
    """Tell whether a repeated line is a running line although no page number is beside it."""
    texts = [lines[number] for number in numbers]
    if all(map(_WITH_PAGE_NUMBER.search, map(compact, texts))):
        figures = [[int(figure) for figure in _FIGURES.findall(text)] for text in texts]
        return all(after[-1] > before[-1] or after > before for before, after in pairwise(figures))
    if len(set(texts)) > 1:
        return False
    if _WATERMARK.search(texts[0]):
        return True
    before = [lines[number - 1] for number in numbers if number]
    cut = sum(len(line) >= _CUT and line[-1] not in _ENDS for line in before)
    return cuts_tell and cut >= _FEWEST_ALONE and 3 * cut >= 2 * len(before)
