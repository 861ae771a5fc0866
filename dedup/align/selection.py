"""From judged matches to those that stand: none overlap, and others that hold the same stand beside."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.matching import Match

_MOSTLY = 0.5
"""A match covered by better ones to this share says nothing new about the submission."""
_LEAST_REST = 6
"""Characters of a match left over beside a better one that are worth a passage of their own."""
_GAP, _SOURCE_GAP = 120, 200
"""Two matches of one document that follow one another on both sides are one if no more lies between them."""
_OVERLAP = 20
"""Characters of the source that may lie in both."""
_STRAY = 60
"""How much farther than its length a passage's runs may lie apart in the source."""

Tile = tuple[int, int, int]


class Selected(NamedTuple):
    """A match that stands, and others of the same stretch, from other documents, that don't."""

    match: Match
    also_in: tuple[Match, ...]


def select(judged: Iterable[tuple[float, Match]], characters: int) -> list[Selected]:
    """Choose matches in order of their odds (given as logarithms) so that no two overlap; in order of start.

    Of equal ones that begin at the same place the one given first is preferred. A match of which better ones
    leave at least half loses what overlaps; of any other nothing stands. What overlaps is remembered beside
    the better ones.
    """
    taken = np.zeros(characters, bool)
    standing: list[Match] = []
    beside: list[Match] = []
    for _, match in sorted(judged, key=lambda pair: (-pair[0], pair[1].start)):
        free = ~taken[match.start : match.end]
        if not free.all():
            beside.append(match)
        if free.mean() < _MOSTLY:
            continue
        rest = match if free.all() else _cut(match, free)
        if rest is not None:
            taken[rest.start : rest.end] = True
            standing.append(rest)
    whole = _join_neighbours(sorted(standing, key=lambda match: match.start))
    bounds = np.array([(match.start, match.end) for match in beside], np.int64).reshape(-1, 2)
    return [Selected(match, _alternatives(match, beside, bounds)) for match in whole]


def restrict(match: Match, start: int, end: int) -> Match | None:
    """A match within [start, end) of the submission, its source side cut likewise; None if nothing is left.

    Within its own bounds it stays as it is. What was measured of the whole (worth, evidence, rivals) is kept.
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
    """The runs, in order of start and none over another, that hold some of [start, end) of the submission.

    They are sought by halves: the match of a book has thousands of sections and tens of thousands of runs.
    """
    first = bisect_right(tiles, start, key=_end)
    return tiles[first : bisect_left(tiles, end, first, key=_start)]


def _start(tile: Tile) -> int:
    return tile[0]


def _end(tile: Tile) -> int:
    return tile[0] + tile[2]


def _together(tiles: tuple[Tile, ...], reach: int) -> tuple[Tile, ...]:
    """The runs that lie where most matched characters lie in the source; strays of a large region go."""
    by_diagonal = sorted(tiles, key=lambda tile: tile[1] - tile[0])
    half, passed = sum(tile[2] for tile in tiles) / 2, 0
    middle = 0
    for start, source, length in by_diagonal:
        passed += length
        middle = source - start
        if passed >= half:
            break
    return tuple(tile for tile in tiles if abs(tile[1] - tile[0] - middle) <= reach + _STRAY)


def _cut(match: Match, free: NDArray[np.bool_]) -> Match | None:
    """The longest stretch of a match that is free, its source side cut likewise; None if hardly any is."""
    turns = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8)))
    starts, ends = turns[::2], turns[1::2]
    longest = int(np.argmax(ends - starts))
    start, end = match.start + int(starts[longest]), match.start + int(ends[longest])
    return restrict(match, start, end) if end - start >= _LEAST_REST else None


def _clip(tile: Tile, start: int, end: int) -> Tile:
    """The part of a common run that lies in [start, end) of the submission."""
    begin, source, length = tile
    skipped = max(0, start - begin)
    return begin + skipped, source + skipped, min(begin + length, end) - (begin + skipped)


def _join_neighbours(matches: Sequence[Match]) -> list[Match]:
    """Make one of matches of one document that follow one another closely on both sides."""
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
        worth=before.worth + after.worth,
        evidence=before.evidence + after.evidence,
        shared_figures=before.shared_figures + after.shared_figures,
    )


def _alternatives(match: Match, beside: Sequence[Match], bounds: NDArray[np.int64]) -> tuple[Match, ...]:
    """Of each other document the match that overlaps most with `match`, those that overlap most first.

    `bounds` [m, 2] are the starts and ends of the matches `beside`.
    """
    overlaps = np.minimum(bounds[:, 1], match.end) - np.maximum(bounds[:, 0], match.start)
    best: dict[int, Match] = {}
    overlapping = np.flatnonzero(overlaps > 0)
    # The first of those that overlap most, in the order given.
    for number in overlapping[np.argsort(-overlaps[overlapping], kind="stable")].tolist():
        other = beside[number]
        if other.part != match.part:
            best.setdefault(other.part, other)
    return tuple(best.values())
