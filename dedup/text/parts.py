"""Where the documents of a file begin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.document import ParagraphKind
from dedup.text.contents import ContentsList, ListedParts
from dedup.text.titles import is_document_number, is_title

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
