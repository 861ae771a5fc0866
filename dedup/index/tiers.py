"""Which segments are merged: the size-tiered policy of a log-structured merge tree (O'Neil et al. 1996).

What is new takes in the segments before it that are at most twice as large, smallest first, up to a limit. So
n characters lie in O(log n) segments below the limit and n / limit above it, however they came, each of them
was copied O(log n) times at the most, and a little that is new leaves large segments alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MERGED_POSITIONS = 1 << 30
"""A merged segment holds about so many normalised characters at the most: a check looks into each segment, at
the cost of a few thousand pages. Numbers in it are of 32 bits."""
_WORTH_SHARING = 1 << 22
"""Normalised characters from which what is new becomes several segments, merged side by side."""
_FEW = 2
"""So many new segments may stay as they are."""
_SMALL_SEGMENT = 1 << 17
"""Segments up to this many characters are always taken in: copying them costs less than keeping them."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A segment that could be merged."""

    id: int
    characters: int
    """Of its living files."""
    staged: bool
    """New: part of no snapshot yet."""
    inverted: bool
    """Whether it has postings, without which it must be merged."""
    dying: bool
    """Whether files in it have died since the last snapshot."""
    mostly_dead: bool


def merges(candidates: Sequence[Candidate]) -> list[list[int]]:
    """Groups of segments (ids, ascending) that are to become one each; what is in none stays as it is."""
    new = [one for one in candidates if one.staged]
    old = [one for one in candidates if not one.staged]
    groups: list[list[Candidate]] = []
    if len(new) > _FEW or not all(one.inverted for one in new):
        groups = _shared_out(new)
    last = groups.pop() if groups else new
    total, gathered = (sum(one.characters for one in some) for some in (last, new))
    changing = bool(new) or any(one.dying for one in old)
    taken_in = 0
    for one in sorted(old, key=lambda one: (one.characters, one.id)):
        small = changing and one.characters <= max(2 * gathered, _SMALL_SEGMENT)
        if not (one.mostly_dead or small):
            continue
        if total + one.characters <= MERGED_POSITIONS:
            last = [*last, one]
            total += one.characters
            gathered += one.characters
            taken_in += 1
        elif one.mostly_dead:
            groups.append([one])
    if groups or taken_in or not all(one.inverted for one in last):
        groups.append(last)
    return [sorted(one.id for one in group) for group in groups if _worth_it(group)]


def _worth_it(group: Sequence[Candidate]) -> bool:
    return len(group) > 1 or any(one.mostly_dead or not one.inverted for one in group)


def _shared_out(new: Sequence[Candidate]) -> list[list[Candidate]]:
    """Consecutive segments in groups of about equal size: one for little work, else an even number."""
    total = sum(one.characters for one in new)
    count = 1 if total < min(_WORTH_SHARING, MERGED_POSITIONS) else 2 * -(-total // (2 * MERGED_POSITIONS))
    groups: list[list[Candidate]] = [[]]
    before = 0
    for one in new:
        if groups[-1] and before * count >= len(groups) * total:
            groups.append([])
        groups[-1].append(one)
        before += one.characters
    return [group for group in groups if group]
