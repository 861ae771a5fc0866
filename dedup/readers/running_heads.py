"""Remove running heads and feet, which repeat at the edges of pages, and page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from dedup.readers.layout import Line

_MARGIN = 0.15
"""Share of a page's height, at its top and bottom, in which running heads are looked for."""
_NUMBER_MARGIN = 0.1
_DIGITS = re.compile(
    r"^第?[0-9０-９一二三四五六七八九十〇]{1,4}页?|第?[0-9０-９一二三四五六七八九十〇]{1,4}页?$"
)
"""The number of the page at either end of a running head."""
_PAGE_NUMBER = re.compile(
    r"[-—–－―·•.\s~～]*(?:第\s*)?(?:\d{1,4}|[ivxlcIVXLC]{1,7}|[一二三四五六七八九十]{1,4})(?:\s*页)?"
    r"(?:\s*[/／,，]?\s*(?:共|of)?\s*\d{1,4}\s*页?)?[-—–－―·•.\s~～]*"
)
_LONGEST_HEAD = 80
_LEAST_WORDED = 2


def without_running_heads(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without heads and feet that repeat from page to page, and without page numbers."""
    seen: Counter[tuple[str, int]] = Counter()
    for lines in pages:
        seen.update({_head_key(line) for line in lines if _in_margin(line, _MARGIN)})
    least = max(2, min(3, len(pages) // 2))
    repeated = {key for key, count in seen.items() if count >= least and _is_worded(key[0])}
    many = len(pages) > 1
    kept = [
        [replace(line, text="") if _is_furniture(line, repeated, many=many) else line for line in lines]
        for lines in pages
    ]
    return [[line for line in lines if line.text or line.unseen] for lines in kept]


def _is_furniture(line: Line, repeated: set[tuple[str, int]], *, many: bool) -> bool:
    if _in_margin(line, _MARGIN) and len(line.text) <= _LONGEST_HEAD:
        key, band = _head_key(line)
        if any((key, near) in repeated for near in (band - 1, band, band + 1)):
            return True
    return (
        _in_margin(line, _NUMBER_MARGIN)
        and bool(_PAGE_NUMBER.fullmatch(line.text.strip()))
        and (many or not line.text.strip().isdigit())
    )


def _in_margin(line: Line, share: float) -> bool:
    return line.depth < share or line.depth > 1 - share


def _is_worded(text: str) -> bool:
    """Tell whether a line has enough words for a running head, unlike the last words of a sentence."""
    return sum(map(str.isalnum, text)) >= _LEAST_WORDED


def _head_key(line: Line) -> tuple[str, int]:
    """The key by which a running head is equal on all pages: its words, and its position in fiftieths."""
    return _DIGITS.sub("#", "".join(line.text.split())), round(line.depth * 50)
