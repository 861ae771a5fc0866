"""From a plain text to a `Document`: what each paragraph is, and which documents the file holds.

Whatever is taken for a title, notice or contents list takes no part in matching, so all of it is decided
narrowly: titles only where a document begins, contents lists only where the file begins, notices by their
vocabulary. In doubt a paragraph is BODY.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from dedup.model import Document, Notice, ParagraphKind, Paragraphs, Part, Span
from dedup.text.contents import ContentsList, find_contents, find_listed_parts
from dedup.text.lines import paragraph_spans
from dedup.text.notice import LONGEST, STRONG_TRIGGERS, Terms, legible, read_notice
from dedup.text.parts import part_borders, take_title
from dedup.text.titles import ENDS_NO_HEADING, LONGEST_HEADING, is_heading, is_separator

_EDGE = 4
"""Paragraphs from either end of the file, or from its contents list, among which notices are expected."""
_READ_OF_A_LINE = 4 * LONGEST
"""Characters of a line that are read as a possible notice: more than any holds, even spaced out."""
_LONGEST_PAGE_NUMBER = 12
"""Characters of 第 3 页 共 9 页 and the like."""

# Plain integers: reading an enumeration's member costs more than the test it names.
_BODY, _HEADING, _FURNITURE = map(int, (ParagraphKind.BODY, ParagraphKind.HEADING, ParagraphKind.FURNITURE))


def parse(name: str, text: str) -> Document:
    """Find the structure of a file's plain text. Never fails: text without any is one part of BODY."""
    start_column, end_column = paragraph_spans(text)
    starts, ends = start_column.tolist(), end_column.tolist()
    lines = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    kinds = np.fromiter(map(_kind_alone, lines), np.uint8, len(lines))
    contents = find_contents(lines)
    listed = None
    notices = _find_notices(text, starts, lines, contents)
    kinds[list(notices)] = ParagraphKind.NOTICE
    if contents:
        kinds[contents.first : contents.last] = ParagraphKind.CONTENTS
        listed = find_listed_parts(contents, lines)
    title_lengths = {first: last - first for first, last in listed.starts} if listed else {}

    borders = part_borders(lines, kinds, contents, listed)
    titles: list[str] = []
    for first, last in zip(borders, [*borders[1:], len(lines)], strict=True):
        listed_here = next((title_lengths[n] for n in range(first, last) if n in title_lengths), 0)
        titles.append(take_title(text, starts, lines, kinds, first, last, listed_here))
    if len(borders) > 1 and not (kinds[: borders[1]] <= ParagraphKind.HEADING).any():
        del borders[1], titles[0]  # nothing but a cover stands before the first listed document

    cover = _strictest(notices, 0, contents.first if contents and listed else 0)
    parts = []
    for number, first in enumerate(borders):
        is_last = number + 1 == len(borders)
        last = len(lines) if is_last else borders[number + 1]
        start = starts[first] if first < len(lines) and len(borders) > 1 else 0
        end = ends[last - 1] if len(borders) > 1 else len(text)
        which = _strictest(notices, first, last)
        which = cover if which is None else which
        notice = None
        if which is not None:
            terms = notices[which]
            span = Span(starts[which], ends[which])
            notice = Notice(lines[which], span, terms.no_copying, terms.origin)
        parts.append(Part(titles[number], Span(start, end), first, last, notice))
    paragraphs = Paragraphs(start_column, end_column, kinds)
    return Document(name, text, paragraphs, tuple(parts), listed.missing if listed else ())


def _kind_alone(line: str) -> int:
    """What a line is by itself: BODY, HEADING or FURNITURE. Every line passes here: cheap tests first."""
    if (len(line) <= _LONGEST_PAGE_NUMBER or not line[0].isalnum()) and is_separator(line):
        return _FURNITURE
    if len(line) > LONGEST_HEADING or line[-1] in ENDS_NO_HEADING or not is_heading(line):
        return _BODY
    return _HEADING


def _find_notices(
    text: str, starts: Sequence[int], lines: Sequence[str], contents: ContentsList | None
) -> dict[int, Terms]:
    """Paragraph number → terms, for every notice line."""
    after_contents = contents.last if contents else 0
    numbers = range(len(lines))
    edge = {*numbers[:_EDGE], *numbers[-_EDGE:], *numbers[after_contents : after_contents + _EDGE]}
    suspected = sorted(edge | _lines_holding(text, starts, STRONG_TRIGGERS))
    readings = legible("\n".join(lines[number][:_READ_OF_A_LINE] for number in suspected)).split("\n")
    notices: dict[int, Terms] = {}
    for number, reading in zip(suspected, readings, strict=False):
        terms = read_notice(reading, at_the_edge=number in edge)
        if terms:
            notices[number] = terms
    return notices


def _lines_holding(text: str, starts: Sequence[int], words: Sequence[str]) -> set[int]:
    """Numbers of the paragraphs that hold any of the words."""
    numbers: set[int] = set()
    for word in words:
        place = text.find(word)
        while place >= 0:
            numbers.add(bisect_right(starts, place) - 1)
            place = text.find(word, place + 1)
    return numbers


def _strictest(notices: dict[int, Terms], first: int, last: int) -> int | None:
    """The notice among paragraphs first..last - 1 that forbids copying, else the first of them."""
    among = [number for number in notices if first <= number < last]
    return min(among, key=lambda number: (not notices[number].no_copying, number), default=None)
