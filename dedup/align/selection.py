"""Select among judged matches those to report, and cut them into blocks.

Selected matches do not overlap; others that hold the same text are kept beside them. A match over many
sections is cut into blocks, so that changed sections are apart from unchanged ones.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from dedup.align.draft import Draft
from dedup.align.match import Match, Tile
from dedup.index.index import Index
from dedup.sketch.arrays import Bools, Ints, runs_where
from dedup.sketch.scheme import GUARANTEED_RUN
from dedup.text.looks import Expression
from dedup.text.normalize import normalize

_MOSTLY = 0.5
"""Least free share of a match partly covered by better ones, unless its rest is long and equal."""
NEARLY_EQUAL = 0.95
"""Density from which the rest of a match is taken to be equal too; with more changes it may be anything."""
LEAST_SENTENCE = 2 * GUARANTEED_RUN
"""Characters of equal text that are evidence whatever surrounds them: two runs of which each may be a
turn of phrase."""
MUCH_OF_DRAFT = 0.3
"""Share of a submission copied from one source from which it may be a version of that source."""
_PAGE = 800
"""Characters that must be copied as well: in a text shorter than a page, one passage may well be half."""
_LEAST_REST = 6
"""Characters of a match left over beside a better one that are worth a passage of their own."""
_GAP, _SOURCE_GAP = 120, 200
"""Largest gaps, in submission and source, at which two consecutive matches of one document are joined."""
_OVERLAP = 20
"""Characters of the source that may lie in both."""
_STRAY = 60
"""Characters beyond its length by which a passage's runs may lie apart in the source."""


class Selected(NamedTuple):
    """A selected match, and matches of other documents with the same stretch that were not selected."""

    match: Match
    also_in: tuple[Match, ...]


def select(
    judged: Iterable[tuple[float, Match]], characters: int, settled: Sequence[Match] = ()
) -> list[Selected]:
    """Choose matches in order of their odds (given as logarithms) so that no two overlap; in order of start.

    Of matches with equal odds and start the one given first is preferred. A match loses the part that better
    ones overlap if at least half of it, or an equal sentence, is left; otherwise it is dropped. Overlapping
    matches are kept beside the better ones. The `settled` ones, of which none overlap, stay as they are.
    """
    taken = np.zeros(characters, bool)
    for match in settled:
        taken[match.start : match.end] = True
    standing: list[Match] = []
    beside: list[Match] = []
    for _, match in sorted(judged, key=lambda pair: (-pair[0], pair[1].start)):
        free = ~taken[match.start : match.end]
        if not free.all():
            beside.append(match)
        if free.mean() < _MOSTLY and not _says_more(match, free):
            continue
        rest = match if free.all() else _cut(match, free)
        if rest is not None:
            taken[rest.start : rest.end] = True
            standing.append(rest)
    whole = [*_join_neighbours(sorted(standing, key=lambda match: match.start)), *settled]
    whole.sort(key=lambda match: match.start)
    bounds = np.array([(match.start, match.end) for match in beside], np.int64).reshape(len(beside), 2)
    return [Selected(match, _alternatives(match, beside, bounds)) for match in whole]


def much_copied_from(standing: Iterable[Selected], characters: int) -> int | None:
    """Number of the part of which a submission of that length may be a version; None if there is none."""
    lengths: Counter[int] = Counter()
    for one in standing:
        lengths[one.match.part] += len(one.match)
    least = max(MUCH_OF_DRAFT * characters, _PAGE)
    return next((part for part, length in lengths.most_common(1) if length >= least), None)


def _says_more(match: Match, free: Bools) -> bool:
    """True if the free rest of a match is long and, by the density of the match, equal."""
    return int(np.count_nonzero(free)) >= LEAST_SENTENCE and match.density >= NEARLY_EQUAL


def restrict(match: Match, start: int, end: int) -> Match | None:
    """A match within [start, end) of the submission, its source side cut likewise; None if nothing is left.

    A match that lies within is returned unchanged. The measurements (worth, evidence, rivals) stay those of
    the whole.
    """
    start, end = max(start, match.start), min(end, match.end)
    if (start, end) == (match.start, match.end):
        return match
    tiles = tuple(_clip(tile, start, end) for tile in touching(match.tiles, start, end))
    if not tiles:
        return None
    tiles = _together(tiles, end - start)
    return replace(
        match,
        start=start,
        end=end,
        source_start=min(source for _, source, _ in tiles),
        source_end=max(source + length for _, source, length in tiles),
        tiles=tiles,
    )


def touching(tiles: Sequence[Tile], start: int, end: int) -> Sequence[Tile]:
    """The runs that hold some of [start, end) of the submission; `tiles` are ordered and do not overlap.

    By binary search: the match of a book has thousands of sections and tens of thousands of runs.
    """
    first = bisect_right(tiles, start, key=_end)
    return tiles[first : bisect_left(tiles, end, first, key=_start)]


def _start(tile: Tile) -> int:
    return tile[0]


def _end(tile: Tile) -> int:
    return tile[0] + tile[2]


def _together(tiles: tuple[Tile, ...], reach: int) -> tuple[Tile, ...]:
    """The runs near the median diagonal of the matched characters; strays of a large region are dropped."""
    by_diagonal = sorted(tiles, key=lambda tile: tile[1] - tile[0])
    half, passed = sum(tile[2] for tile in tiles) / 2, 0
    middle = 0
    for start, source, length in by_diagonal:
        passed += length
        middle = source - start
        if passed >= half:
            break
    return tuple(tile for tile in tiles if abs(tile[1] - tile[0] - middle) <= reach + _STRAY)


def _cut(match: Match, free: Bools) -> Match | None:
    """The longest free stretch of a match, its source side cut likewise; None if it is too short."""
    rest = runs_where(free)
    first, last = rest[np.argmax(rest[:, 1] - rest[:, 0])].tolist()
    start, end = match.start + first, match.start + last
    return restrict(match, start, end) if end - start >= _LEAST_REST else None


def _clip(tile: Tile, start: int, end: int) -> Tile:
    """The part of a common run that lies in [start, end) of the submission."""
    begin, source, length = tile
    skipped = max(0, start - begin)
    return begin + skipped, source + skipped, min(begin + length, end) - (begin + skipped)


def _join_neighbours(matches: Sequence[Match]) -> list[Match]:
    """Join matches of one document that follow one another closely on both sides."""
    joined: list[Match] = []
    for match in matches:
        if joined and _follows(joined[-1], match):
            joined[-1] = _join(joined[-1], match)
        else:
            joined.append(match)
    return joined


def _follows(before: Match, after: Match) -> bool:
    return (
        before.part == after.part
        and after.start - before.end <= _GAP
        and -_OVERLAP <= after.source_start - before.source_end <= _SOURCE_GAP
    )


def _join(before: Match, after: Match) -> Match:
    return replace(
        before,
        end=after.end,
        source_start=min(before.source_start, after.source_start),
        source_end=max(before.source_end, after.source_end),
        tiles=before.tiles + after.tiles,
        telling=before.telling + after.telling,
        source_telling=before.source_telling + after.source_telling,
        worth=before.worth + after.worth,
        evidence=before.evidence + after.evidence,
        shared_figures=before.shared_figures + after.shared_figures,
    )


def _alternatives(match: Match, beside: Sequence[Match], bounds: Ints) -> tuple[Match, ...]:
    """The match of each other document that overlaps most with `match`, those that overlap most first.

    `bounds` [m, 2] are the starts and ends of the matches `beside`.
    """
    overlaps = np.minimum(bounds[:, 1], match.end) - np.maximum(bounds[:, 0], match.start)
    best: dict[int, Match] = {}
    overlapping = np.flatnonzero(overlaps > 0)
    # Stable: among those that overlap as much the first given comes first.
    for number in overlapping[np.argsort(-overlaps[overlapping], kind="stable")].tolist():
        other = beside[number]
        if other.part != match.part:
            best.setdefault(other.part, other)
    return tuple(best.values())


# ------------------------------------------------------------------------- blocks of a match

_NUMBER = Expression(
    r"第[一二三四五六七八九十百千零〇0-9]{1,8}[编章节条款](?:之[一二三四五六七八九十])?"
    r"|[（(]?[一二三四五六七八九十0-9]{1,3}[）)、.．]"
)
"""A paragraph's number; it changes when a paragraph is inserted before, which is no change of the text."""
_SECTION = Expression(
    r"\n[ \t\u3000]*(?=第[一二三四五六七八九十百千零〇0-9]{1,8}条|[一二三四五六七八九十]{1,3}、)", "条 、"
)
_LINE = Expression(r"\n")
_LONGEST_NUMBER = 12
_LEAST_MATCHED = 0.25
"""Share of a section that must match for it to belong to a block."""
_LEAST_COUNTERPART = 0.15
"""Matched share of a section below which it was not changed but inserted: it has no counterpart."""
_LEAST_BLOCK = 12
"""Characters of a block; the heading of a chapter is not enough."""


def by_block(
    match: Match, draft: Draft, index: Index, is_common: Callable[[Match], bool] = lambda _: False
) -> Iterator[tuple[Match, bool]]:
    """The blocks of a match, in order; the match itself where it lies in one section on either side.

    Sections for which `is_common` is true are blocks of their own; each block comes with True if it is of
    such sections.

    A whole law or a whole report may be copied, most of it unchanged. A reader then wants to see the changes.
    So where both texts begin a numbered section (第十条, 三、; without such, a paragraph) at the same place
    of the match, it is cut if the section before was changed and the one after was not, or the other way
    round. A section of the submission that has no counterpart belongs to no block.
    """
    cuts = _cuts_at(_SECTION, match, draft, index) or _cuts_at(_LINE, match, draft, index)
    if not cuts:
        yield match, False
        return
    bounds = [(match.start, match.source_start), *cuts, (match.end, match.source_end)]
    pieces = [_piece(match, begin, end) for begin, end in pairwise(bounds)]
    states = [(_state(piece, draft), piece is not None and is_common(piece)) for piece in pieces]
    for (state, common), block in groupby(zip(states, pieces, strict=True), key=itemgetter(0)):
        members = [piece for _, piece in block if piece is not None]
        if state is not None and members[-1].end - members[0].start >= _LEAST_BLOCK:
            yield _joined(match, members), common


def _cuts_at(opening: Expression, match: Match, draft: Draft, index: Index) -> list[tuple[int, int]]:
    """Positions (submission, source) at which `opening` begins sections that are counterparts."""
    offsets = draft.offsets[match.start : match.end]
    starts = match.start + _starts(opening, draft.text, 0, offsets)
    if not len(starts):
        return []
    region = index.region(match.part, match.source_start, match.source_end)
    first = int(region.offsets[0])
    return _cuts(match, starts, match.source_start + _starts(opening, region.text, first, region.offsets))


def _starts(opening: Expression, text: str, origin: int, offsets: Ints) -> Ints:
    """Positions, among characters at `offsets` of a text that begins at `origin`, after each `opening`."""
    first, last = int(offsets[0]) - origin, int(offsets[-1]) + 1 - origin
    found = [origin + place.end() for place in opening.finditer(text, first, last)]
    return np.searchsorted(offsets, np.array(found, np.int64))


def _cuts(match: Match, starts: Ints, source_starts: Ints) -> list[tuple[int, int]]:
    """Starts of sections that are counterparts, as positions (submission, source).

    A section without counterpart is cut out too, at the source position where the next counterpart begins.
    """
    cuts: list[tuple[int, int]] = []
    alone: list[int] = []
    for start, end in pairwise([*starts.tolist(), match.end]):
        if start == end:  # a line without characters that count
            continue
        tiles = touching(match.tiles, start, end)
        if _matched(tiles, start, end) < _LEAST_COUNTERPART * (end - start):
            alone.append(start)
            continue
        tile = tiles[0]
        meeting = max(tile[0], start)
        source_meeting = tile[1] + meeting - tile[0]
        place = int(np.searchsorted(source_starts, source_meeting, side="right")) - 1
        if place < 0 or max(meeting - start, source_meeting - source_starts[place]) > _LONGEST_NUMBER:
            continue
        source_start = int(source_starts[place])
        if not cuts or source_start > cuts[-1][1]:
            cuts += [(cut, source_start) for cut in (*alone, start)]
            alone = []
    return cuts + [(cut, match.source_end) for cut in alone]


def _matched(tiles: Sequence[Tile], start: int, end: int) -> int:
    """Number of characters of [start, end) of the submission in the runs that touch it."""
    return sum(min(tile[0] + tile[2], end) - max(tile[0], start) for tile in tiles)


def _piece(match: Match, begin: tuple[int, int], end: tuple[int, int]) -> Match | None:
    """The part of a match between two cuts; None when hardly any of it matches."""
    piece = restrict(match, begin[0], end[0])
    if piece is None or sum(tile[2] for tile in piece.tiles) < _LEAST_MATCHED * len(piece):
        return None
    # The section's own number may not match. Omitted text at the end of the source's section is not included.
    numbered = 0 <= piece.source_start - begin[1] <= _LONGEST_NUMBER
    closed = 0 <= end[1] - piece.source_end <= _LONGEST_NUMBER
    return replace(
        piece,
        source_start=begin[1] if numbered else piece.source_start,
        source_end=end[1] if closed else piece.source_end,
    )


def _state(piece: Match | None, draft: Draft) -> bool | None:
    """True if a piece is one run on both sides apart from its number; None for no piece."""
    if piece is None:
        return None
    number = _NUMBER.compiled.match(draft.text, int(draft.offsets[piece.start]))
    numbered = len(normalize(number.group()).codes) if number else 0
    content = restrict(piece, piece.start + numbered, piece.end)
    if content is None or len(content.tiles) != 1:
        return False
    _, source, length = content.tiles[0]
    return length == len(content) and source + length == piece.source_end


def _joined(match: Match, pieces: Sequence[Match]) -> Match:
    """The match from the first to the last of some pieces, with all of the source that they span."""
    whole = restrict(match, pieces[0].start, pieces[-1].end)
    if whole is None:
        return pieces[0]
    low, high = min(piece.source_start for piece in pieces), max(piece.source_end for piece in pieces)
    tiles = tuple(tile for tile in whole.tiles if tile[1] >= low and tile[1] + tile[2] <= high)
    return replace(whole, source_start=low, source_end=high, tiles=tiles)
