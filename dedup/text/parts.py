"""Find the first paragraphs of the documents (parts) of a file."""

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

    Parts begin at listed titles and at notices inside the file that a title follows; where each document of a
    file ends with a notice, the next part begins after the notice.
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
            continue  # of several notices in a row only the last counts
        title = _next_shown(lines, kinds, notice + 1)
        if notice <= head or title is None or title in titles or not is_title(lines[title]):
            continue
        borders.add(notice + 1 if notices_close else _lines_above(notice, head, lines, kinds))
    return sorted(borders)


def _lines_above(number: int, head: int, lines: Sequence[str], kinds: NDArray[np.uint8]) -> int:
    """Number of the first of the notices and document numbers directly above a paragraph."""
    while number > head and (kinds[number - 1] == _NOTICE or is_document_number(lines[number - 1])):
        number -= 1
    return number


def _next_shown(lines: Sequence[str], kinds: NDArray[np.uint8], number: int) -> int | None:
    """Number of the next paragraph that is no notice, contents, furniture or document number; or None."""
    while number < len(lines):
        if int(kinds[number]) not in _ASIDE and not is_document_number(lines[number]):
            return number
        number += 1
    return None
