"""From judged matches to those that stand: none overlap, and others that hold the same stand beside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dedup.align.matching import Match

_MOSTLY = 0.5
"""A match covered by better ones to this share says nothing new about the submission."""
_LEAST_REST = 6
"""Characters of a match left over beside a better one that are worth a passage of their own."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A match that stands, and weaker ones of the same stretch from other documents."""

    match: Match
    odds: float
    also_in: tuple[Match, ...]


def select(judged: Iterable[tuple[float, Match]], characters: int) -> list[Selected]:
    """Choose matches in order of their odds (given as logarithms) so that no two overlap; in order of start.

    A match of which better ones leave at least half loses what overlaps; one that they cover mostly is
    remembered as an alternative of the one that covers most of it.
    """
    owner = np.full(characters, -1, np.int64)
    standing: list[tuple[Match, float]] = []
    alternatives: list[list[Match]] = []
    for odds, match in sorted(judged, key=lambda pair: (-pair[0], pair[1].start, pair[1].part)):
        covering = owner[match.start : match.end]
        free = covering < 0
        if free.mean() < _MOSTLY:
            alternatives[int(np.bincount(covering[~free]).argmax())].append(match)
            continue
        rest = match if free.all() else _cut(match, free)
        if rest is None:
            continue
        owner[rest.start : rest.end] = len(standing)
        standing.append((rest, odds))
        alternatives.append([])
    chosen = [
        Selected(match, odds, _one_a_part(match, others))
        for (match, odds), others in zip(standing, alternatives, strict=True)
    ]
    return sorted(chosen, key=lambda selected: selected.match.start)


def _cut(match: Match, free: NDArray[np.bool_]) -> Match | None:
    """The longest stretch of a match that is free, its source side cut likewise; None if hardly any is."""
    turns = np.flatnonzero(np.diff(np.concatenate([[False], free, [False]]).astype(np.int8)))
    starts, ends = turns[::2], turns[1::2]
    longest = int(np.argmax(ends - starts))
    start, end = match.start + int(starts[longest]), match.start + int(ends[longest])
    tiles = tuple(
        _clip(tile, start, end) for tile in match.tiles if tile[0] < end and tile[0] + tile[2] > start
    )
    if end - start < _LEAST_REST or not tiles:
        return None
    return replace(
        match,
        start=start,
        end=end,
        source_start=min(source for _, source, _ in tiles),
        source_end=max(source + length for _, source, length in tiles),
        tiles=tiles,
        longest=max(length for _, _, length in tiles),
    )


def _clip(tile: tuple[int, int, int], start: int, end: int) -> tuple[int, int, int]:
    """The part of a common run that lies in [start, end) of the submission."""
    begin, source, length = tile
    skipped = max(0, start - begin)
    return begin + skipped, source + skipped, min(begin + length, end) - (begin + skipped)


def _one_a_part(match: Match, others: list[Match]) -> tuple[Match, ...]:
    """The best alternative of each document besides the match's own."""
    best: dict[int, Match] = {}
    for other in others:
        if other.part != match.part:
            best.setdefault(other.part, other)
    return tuple(best.values())
