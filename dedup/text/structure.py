"""Parse a plain text into a `Document`: the kinds of its paragraphs, and the documents in the file.

Titles, notices, contents lists and furniture take no part in matching, so all of them are recognised
narrowly: titles and furniture only where a document or a page begins or ends, contents lists only where the
file begins, notices by their vocabulary. In doubt a paragraph is BODY.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dedup.document import Document, Notice, ParagraphKind, Paragraphs, Part, Span
from dedup.text.contents import ContentsList, ListedParts, find_contents, find_listed_parts
from dedup.text.foot import mark_foot
from dedup.text.front_matter import mark_front_matter
from dedup.text.head import take_head
from dedup.text.lines import lines_between, paragraph_spans
from dedup.text.notice import LONGEST, STRONG_TRIGGERS, TRIGGERS, Terms, legible, read_notice
from dedup.text.parts import part_borders
from dedup.text.running import mark_running
from dedup.text.titles import ENDS_NO_HEADING, LONGEST_HEADING, is_heading, is_separator

PARSER = "structure/3"
"""Name and version of what decides which paragraphs, kinds and parts a text has, here and in what this module
calls. An index parses its files again when it is another: raise it with every change that shows there."""

_EDGE = 4
"""Paragraphs from either end of the file, or from its contents list, among which notices are expected."""
_READ_OF_A_LINE = 4 * LONGEST
"""Characters of a line that are read as a possible notice: more than any holds, even spaced out."""
_LONGEST_PAGE_NUMBER = 12
"""Characters of 第 3 页 共 9 页 and the like."""

_MANY_LINES = 5000
"""Lines from which it is worth testing whether a text repeats a few lines over and over."""
_TOLD_ONCE = 4
"""Lines for each distinct one from which each distinct line is classified only once."""

# Plain integers: reading an enumeration's member costs more than the test it names.
_BODY, _HEADING, _FURNITURE = map(int, (ParagraphKind.BODY, ParagraphKind.HEADING, ParagraphKind.FURNITURE))
_NOTICE = int(ParagraphKind.NOTICE)


def parse(name: str, text: str) -> Document:
    """Find the structure of a file's plain text. Never fails: text without any is one part of BODY."""
    start_column, end_column = paragraph_spans(text)
    starts, ends = start_column.tolist(), end_column.tolist()
    lines = lines_between(text, starts, ends)
    kinds = _kinds_alone(lines)
    contents = find_contents(lines)
    listed = None
    notices = _find_notices(text, starts, lines, contents)
    if notices:
        kinds[list(notices)] = _NOTICE
    if contents:
        kinds[contents.first : contents.last] = ParagraphKind.CONTENTS
        listed = find_listed_parts(contents, lines)
    said = mark_front_matter(lines, kinds)
    mark_running(text, lines, starts, kinds)
    parts = _titled_parts(text, starts, lines, kinds, contents, listed)
    if said and not parts[0][2]:
        parts[0] = (*parts[0][:2], said)
    numbers = sorted(notices)
    cover = _strictest(notices, numbers, 0, contents.first if contents and listed else 0)
    whole_file = Span(0, len(text))
    return Document(
        name,
        text,
        Paragraphs(start_column, end_column, kinds),
        tuple(
            Part(
                title,
                whole_file if len(parts) == 1 else Span(starts[first], ends[last - 1]),
                first,
                last,
                _notice(_strictest(notices, numbers, first, last) or cover, starts, lines),
            )
            for first, last, title in parts
        ),
        listed.missing if listed else (),
    )


def _titled_parts(
    text: str,
    starts: Sequence[int],
    lines: Sequence[str],
    kinds: NDArray[np.uint8],
    contents: ContentsList | None,
    listed: ListedParts | None,
) -> list[tuple[int, int, str]]:
    """First paragraph, one past the last, and title of each part; marks the title lines in `kinds`."""
    places = listed.starts if listed else ()
    listed_at = [first for first, _ in places]
    borders = part_borders(lines, kinds, contents, listed)
    parts = []
    for first, last in pairwise([*borders, len(lines)]):
        place = bisect_left(listed_at, first)
        here = place < len(places) and listed_at[place] < last
        title_lines = places[place][1] - places[place][0] if here else 0
        mark_foot(lines, kinds, first, last)
        parts.append((first, last, take_head(text, starts, lines, kinds, (first, last), title_lines)))
    if len(parts) > 1 and not (kinds[: parts[0][1]] <= _HEADING).any():
        cover, opening = parts[:2]  # only a cover comes before the first listed document
        parts[:2] = [(cover[0], opening[1], opening[2])]
    return parts


def _kinds_alone(lines: Sequence[str]) -> NDArray[np.uint8]:
    """The kind of each line on its own: BODY, HEADING or FURNITURE. All lines pass: cheap tests first."""
    if len(lines) >= _MANY_LINES and _TOLD_ONCE * len(different := [*dict.fromkeys(lines)]) <= len(lines):
        known = dict(zip(different, _kinds_alone(different).tolist(), strict=True))
        return np.fromiter(map(known.__getitem__, lines), np.uint8, len(lines))
    kinds = np.full(len(lines), _BODY, np.uint8)
    for number, line in enumerate(lines):
        worded = line[0].isalnum()
        if len(line) > LONGEST_HEADING and (worded or line[1].isalnum()):
            continue
        if (len(line) <= _LONGEST_PAGE_NUMBER or not worded) and is_separator(line):
            kinds[number] = _FURNITURE
        elif line[-1] not in ENDS_NO_HEADING and is_heading(line):
            kinds[number] = _HEADING
    return kinds


def _find_notices(
    text: str, starts: Sequence[int], lines: Sequence[str], contents: ContentsList | None
) -> dict[int, Terms]:
    """The terms of every notice line, by paragraph number."""
    after_contents = contents.last if contents else 0
    numbers = range(len(lines))
    edge = {*numbers[:_EDGE], *numbers[-_EDGE:], *numbers[after_contents : after_contents + _EDGE]}
    suspected = sorted(edge | _lines_holding(text, starts, STRONG_TRIGGERS))
    readings = legible("\n".join(lines[number][:_READ_OF_A_LINE] for number in suspected))
    notices: dict[int, Terms] = {}
    if not any(map(readings.__contains__, TRIGGERS)):
        return notices
    for number, reading in zip(suspected, readings.split("\n"), strict=False):
        terms = read_notice(reading, at_the_edge=number in edge)
        if terms:
            notices[number] = terms
    return notices


def _lines_holding(text: str, starts: Sequence[int], words: Sequence[str]) -> set[int]:
    """Numbers of the paragraphs that hold any of the words."""
    numbers: set[int] = set()
    for word in words:
        # Searching single characters is much faster, and most texts lack one of them.
        place = text.find(word) if all(map(text.__contains__, word)) else -1
        while place >= 0:
            numbers.add(bisect_right(starts, place) - 1)
            place = text.find(word, place + 1)
    return numbers


def _strictest(
    notices: dict[int, Terms], numbers: Sequence[int], first: int, last: int
) -> tuple[int, Terms] | None:
    """The notice among paragraphs first..last - 1 that forbids copying, else the first of them.

    `numbers` are the keys of `notices`, ascending.
    """
    among = numbers[bisect_left(numbers, first) : bisect_left(numbers, last)]
    number = min(among, key=lambda number: (not notices[number].no_copying, number), default=None)
    return None if number is None else (number, notices[number])


def _notice(found: tuple[int, Terms] | None, starts: Sequence[int], lines: Sequence[str]) -> Notice | None:
    if found is None:
        return None
    number, terms = found
    span = Span(starts[number], starts[number] + len(lines[number]))
    return Notice(lines[number], span, terms.no_copying, terms.origin)
