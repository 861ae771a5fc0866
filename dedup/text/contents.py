"""Find contents lists (目录), and the documents they name in the rest of the file.

A list is taken for one only at the start of a file and only line by line: an entry names a page
(`标题<TAB>12`, `标题……12`) or, below the word 目录, comes again later as a line of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from dedup.text.normalize import normalize
from dedup.text.titles import ENDS_NO_HEADING, is_numbered, is_title, names_a_genre

_LONGEST_ENTRY = 100
_SEARCHED = 40
"""Paragraphs from the start of the file in which a contents list must begin."""
_LONGEST_WORD = 12
"""Characters of the line that holds the word 目录."""
_TEXT_BEGAN = 120
"""Characters; after a paragraph this long the text has begun and no contents list is looked for."""
_FEWEST_WITHOUT_HEADING = 3
_CLOSE_ENOUGH = 0.85
"""Similarity (1 - insertions and deletions / both lengths) of a listed title with a slip in it."""


class ContentsList(NamedTuple):
    """A contents list: the half-open range of its paragraphs and the titles it names."""

    first: int
    last: int
    titles: tuple[str, ...]


class ListedParts(NamedTuple):
    """The documents of a collection file: paragraphs of the listed titles, and titles that were not found."""

    starts: tuple[tuple[int, int], ...]
    """(first, one past the last) title paragraph of each part that was found, in file order."""
    missing: tuple[str, ...]


@cache
def _entry() -> re.Pattern[str]:
    leader = r"(?:\t|[.．。·•…‥┄─—_-]{2,}|\s{2,})"
    return re.compile(rf"(?P<title>.*?\S)\s*{leader}[\s.．·…]*[（(]?(?P<page>\d{{1,4}})[）)]?$")


def title_key(line: str) -> str:
    """The folded characters of a title, for comparing titles regardless of spacing and width."""
    return "".join(map(chr, normalize(line).codes))


def find_contents(lines: Sequence[str]) -> ContentsList | None:
    """Find the contents list in the paragraphs of a file, if there is one."""
    for number, line in enumerate(lines[:_SEARCHED]):
        if _heads_contents(line):
            return _under_heading(lines, number)
        if _page_entry(line):
            return _without_heading(lines, number)
        if len(line) > _TEXT_BEGAN:
            return None
    return None


def _heads_contents(line: str) -> bool:
    """Tell whether a line is the word 目录 or 目次, however spaced, marked or written."""
    if len(line) > _LONGEST_WORD or sum("\u4e00" <= one <= "\u9fff" for one in line) > 2:
        return False  # folding keeps every ideograph, and costs far more than this test
    return title_key(line) in {"目录", "目次"}


def _page_entry(line: str) -> tuple[str, int] | None:
    """Title and page of an entry with a page number; None for another line."""
    if len(line) > _LONGEST_ENTRY or line[-1] not in "0123456789０１２３４５６７８９）)":
        return None
    match = _entry().match(line)
    return (match["title"], int(match["page"])) if match else None


def _under_heading(lines: Sequence[str], heading: int) -> ContentsList:
    """The entries below the word 目录: lines with a page number or, if there is none, repeated below.

    One line that is neither may come between two entries (a title that differs from the body's).
    """
    below = lines[heading + 1 :]
    pages = [_page_entry(line) for line in below]
    keys = [title_key(line) if _can_be_listed(line) else "" for line in below]
    is_entry = [page is not None for page in pages] if any(pages[:2]) else _repeated(keys)
    titles: list[str] = []
    listed: set[str] = set()
    for number, line in enumerate(below):
        before_entry = any(is_entry[number + 1 : number + 2])
        stray = before_entry and is_title(line) and keys[number] not in listed
        if not is_entry[number] and not stray:
            break
        listed.add(keys[number])
        page = pages[number]
        titles.append(page[0] if page else line)
    return ContentsList(heading, heading + 1 + len(titles), tuple(titles))


def _can_be_listed(line: str) -> bool:
    """Tell whether a line without a page number can be an entry: no sentence, and not long."""
    return len(line) <= _LONGEST_ENTRY and line[-1] not in ENDS_NO_HEADING and "。" not in line


def _repeated(keys: Sequence[str]) -> list[bool]:
    """List, for each line, given by its key, True if it can be the listing of a later line.

    A key that the list holds j times (第一节 一般规定 in every chapter) must occur 2j times in all, so the
    list ends at the first title of the body, which has no further counterpart.
    """
    total = Counter(keys)
    so_far: Counter[str] = Counter()
    repeated = []
    for key in keys:
        so_far[key] += 1
        repeated.append(bool(key) and total[key] >= 2 * so_far[key])
    return repeated


def _without_heading(lines: Sequence[str], first: int) -> ContentsList | None:
    """Entries without the word 目录 above: several in a row, with ascending pages and more text below.

    Rows that end in figures are a table if what follows them is no longer than they are.
    """
    titles: list[str] = []
    page_before = 0
    for line in lines[first:]:
        entry = _page_entry(line)
        if entry is None or entry[1] < page_before:
            break
        titles.append(entry[0])
        page_before = entry[1]
    last = first + len(titles)
    if len(titles) < _FEWEST_WITHOUT_HEADING or sum(map(len, lines[last:])) <= sum(
        map(len, lines[first:last])
    ):
        return None
    return ContentsList(first, last, tuple(titles))


def find_listed_parts(contents: ContentsList, lines: Sequence[str]) -> ListedParts | None:
    """Find the listed documents below the list; None when the list is of chapters, not of documents."""
    below = range(contents.last, len(lines))
    keys = {number: title_key(lines[number]) for number in below if len(lines[number]) <= _LONGEST_ENTRY}
    found = _exact(contents.titles, lines, keys)
    _with_a_slip(contents.titles, lines, keys, found)
    chapters = [
        n for n, place in found.items() if is_numbered(contents.titles[n]) and is_numbered(lines[place[0]])
    ]
    for number in chapters:
        del found[number]
    genres = sum(names_a_genre(title) for title in contents.titles)
    if chapters or not found or (genres * 2 < len(contents.titles) and len(found) < 2):
        return None
    missing = tuple(title for n, title in enumerate(contents.titles) if n not in found)
    return ListedParts(tuple(sorted(found.values())), missing)


def _keys_of(title: str) -> tuple[str, ...]:
    """The title's key as listed and, for a numbered entry, without the number."""
    numberless = re.sub(
        r"^\s*(?:[（(]?[\d一二三四五六七八九十]{1,3}[）)]?\s*[、.．\s]|[（(]\d{1,3}[）)])\s*", "", title
    )
    return tuple(dict.fromkeys(filter(None, (title_key(title), title_key(numberless)))))


def _exact(titles: Sequence[str], lines: Sequence[str], keys: dict[int, str]) -> dict[int, tuple[int, int]]:
    """The paragraphs, by title number, of titles that occur below as listed, on one line or on two."""
    places: dict[str, list[tuple[int, int]]] = {}
    for number, key in keys.items():
        places.setdefault(key, []).append((number, number + 1))
        if number + 1 in keys:
            places.setdefault(key + keys[number + 1], []).append((number, number + 2))
    found: dict[int, tuple[int, int]] = {}
    taken: set[int] = set()
    previous = -1
    for number, title in enumerate(titles):
        place = _next_place((places.get(key, []) for key in _keys_of(title)), previous, taken)
        if place:
            found[number] = place
            taken.update(range(*place))
            previous = place[0]
    return found


def _next_place(
    candidates: Iterable[list[tuple[int, int]]], previous: int, taken: set[int]
) -> tuple[int, int] | None:
    """Take from its list the first free place after the previous title, else the first free one at all."""
    for places in candidates:
        behind = bisect_right(places, previous, key=itemgetter(0))
        for index in chain(range(behind, len(places)), range(behind)):
            if not taken.intersection(range(*places[index])):
                return places.pop(index)
    return None


def _with_a_slip(
    titles: Sequence[str], lines: Sequence[str], keys: dict[int, str], found: dict[int, tuple[int, int]]
) -> None:
    """Add to `found` the titles that differ a little in the body, or that the list cuts short."""
    missing = [number for number in range(len(titles)) if number not in found]
    if not missing:
        return
    from rapidfuzz import fuzz, process  # few files come here, and importing it costs 20 ms

    taken = {paragraph for first, last in found.values() for paragraph in range(first, last)}
    free = {
        number: key for number, key in keys.items() if key and number not in taken and is_title(lines[number])
    }
    for number in missing:
        for key in _keys_of(titles[number]):
            closest = process.extractOne(key, free, scorer=fuzz.ratio, score_cutoff=100 * _CLOSE_ENOUGH)
            if closest:
                paragraph = closest[2]
                found[number] = (paragraph, paragraph + 1)
                del free[paragraph]
                break
