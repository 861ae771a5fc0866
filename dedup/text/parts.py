"""Where the documents of a file begin, and the title each one opens with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.model import ParagraphKind
from dedup.text.contents import ContentsList, ListedParts
from dedup.text.titles import bare, is_below_title, is_document_number, is_numbered, is_title, names_a_genre

_LINES_OF_A_TITLE = 3
_LINES_BELOW_A_TITLE = 3
_SHORT_TITLE = 30
"""Characters; a longer first line needs a further sign that it is a title."""

_NOTICE = int(ParagraphKind.NOTICE)
_ASIDE = {_NOTICE, int(ParagraphKind.CONTENTS), int(ParagraphKind.FURNITURE)}


def part_borders(
    lines: Sequence[str],
    kinds: NDArray[np.uint8],
    contents: ContentsList | None,
    listed: ListedParts | None,
) -> list[int]:
    """First paragraphs of the file's parts, ascending; at least one.

    Parts begin at listed titles and at notices inside the file that a title follows; where the notices of
    a file stand at the end of each document, the next part begins behind the notice.
    """
    head = contents.last if contents and contents.first == 0 and contents.last < len(lines) else 0
    titles = {first for first, _ in listed.starts} if listed else set()
    borders = {head} | {_lines_above(title, head, lines, kinds) for title in titles}
    notices = np.flatnonzero(kinds == _NOTICE).tolist()
    opening = _next_shown(lines, kinds, head)
    notices_close = (
        bool(notices) and notices[-1] == len(lines) - 1 and (opening is None or notices[0] > opening)
    )
    for notice in notices:
        if notice + 1 < len(lines) and kinds[notice + 1] == _NOTICE:
            continue  # the last of several notices in a row speaks for them
        title = _next_shown(lines, kinds, notice + 1)
        if notice <= head or title is None or title in titles or not is_title(lines[title]):
            continue
        borders.add(notice + 1 if notices_close else _lines_above(notice, head, lines, kinds))
    return sorted(borders)


def _lines_above(number: int, head: int, lines: Sequence[str], kinds: NDArray[np.uint8]) -> int:
    """The first of the notices, document numbers and the like directly above a paragraph."""
    while number > head and (kinds[number - 1] == _NOTICE or is_document_number(lines[number - 1])):
        number -= 1
    return number


def _next_shown(lines: Sequence[str], kinds: NDArray[np.uint8], number: int) -> int | None:
    """The next paragraph that is neither notice, contents, furniture nor document number."""
    while number < len(lines):
        if int(kinds[number]) not in _ASIDE and not is_document_number(lines[number]):
            return number
        number += 1
    return None


def take_title(
    text: str,
    starts: Sequence[int],
    lines: Sequence[str],
    kinds: NDArray[np.uint8],
    first: int,
    last: int,
    listed: int,
) -> str:
    """Mark the title paragraphs of the part first..last - 1 in `kinds` and return the title, or "".

    `listed` is how many paragraphs the title takes when the contents list names it; 0 when it does not.
    """
    number = first
    noticed = False
    while number < last and (int(kinds[number]) in _ASIDE or is_document_number(lines[number])):
        noticed = noticed or kinds[number] == _NOTICE
        if int(kinds[number]) not in _ASIDE:
            kinds[number] = ParagraphKind.FURNITURE
        number += 1
    if number + 1 >= last or not (listed or _opens(text, starts, lines, number, noticed)):
        return ""
    end = number + listed if listed else _title_end(text, starts, lines, number, last)
    title = "".join(bare(line) for line in lines[number:end])
    below = end
    while below < min(last, end + _LINES_BELOW_A_TITLE) and is_below_title(lines[below]):
        below += 1
    kinds[number:below] = ParagraphKind.TITLE
    while below < last and is_document_number(lines[below]):
        kinds[below] = ParagraphKind.FURNITURE
        below += 1
    return title


def _opens(text: str, starts: Sequence[int], lines: Sequence[str], number: int, noticed: bool) -> bool:
    """Whether the first paragraph is a title: its shape, and for a long one a further sign."""
    line = lines[number]
    if not is_title(line):
        return False
    following = lines[number + 1]
    return (
        noticed
        or len(line) <= _SHORT_TITLE
        or names_a_genre(line)
        or _blank_line_follows(text, starts, lines, number)
        or is_numbered(following)
        or is_below_title(following)
        or following.endswith(("：", ":"))
    )


def _blank_line_follows(text: str, starts: Sequence[int], lines: Sequence[str], number: int) -> bool:
    return text.count("\n", starts[number] + len(lines[number]), starts[number + 1]) > 1


def _title_end(text: str, starts: Sequence[int], lines: Sequence[str], number: int, last: int) -> int:
    """One past the last paragraph of a title that may be wrapped: up to a line that names the genre.

    The lines of a wrapped title follow one another directly.
    """
    for end in range(number + 1, min(number + _LINES_OF_A_TITLE, last - 1) + 1):
        line = lines[end - 1]
        if not is_title(line) or is_below_title(line):
            break
        if names_a_genre(line):
            return end
        if _blank_line_follows(text, starts, lines, end - 1):
            break
    return number + 1
