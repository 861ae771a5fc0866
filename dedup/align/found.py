"""A passage found, with the ranges of it that count as copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dedup.align.draft import Draft
from dedup.align.match import Match
from dedup.document import Span
from dedup.index.index import PartInfo
from dedup.passage import Passage
from dedup.records import replace

LONGEST_GAP = 10
"""Characters between two equal runs of a passage up to which they count as copied too."""


class Found(NamedTuple):
    """A passage, its range in the submission's normalised characters, and its source."""

    passage: Passage
    start: int
    end: int
    source: PartInfo
    runs: tuple[tuple[int, int], ...]
    """Ranges that count as copied, in order: equal runs, with gaps up to LONGEST_GAP between them."""

    @classmethod
    def of(cls, passage: Passage, match: Match, source: PartInfo, draft: Draft) -> Found:
        """Make a found passage from the match it is of."""
        runs = tuple(runs_of(match))
        copied = tuple(draft.stream.span(start, end) for start, end in runs)
        return cls(replace(passage, copied=copied), match.start, match.end, source, runs)

    def said_again(self, start: int, length: int, span: Span, draft: Draft) -> Found:
        """The same passage at another place, as one equal run from `start` on; `span` includes its marks."""
        end = start + length
        copied = (draft.stream.span(start, end),)
        passage = replace(self.passage, start=span.start, end=span.end, copied=copied)
        return Found(passage, start, end, self.source, ((start, end),))


def runs_of(match: Match) -> Iterator[tuple[int, int]]:
    """Ranges that a match copies, in order: its runs, joined where they lie close together."""
    start = end = -1
    for begin, _, length in match.tiles:
        if end >= 0 and begin - end > LONGEST_GAP:
            yield start, end
        if end < 0 or begin - end > LONGEST_GAP:
            start = begin
        end = max(end, begin + length)
    if end >= 0:
        yield start, end


def bridged(found: Sequence[Found], draft: Draft) -> Iterator[Found]:
    """The passages, in order; a short gap between two that continue one source counts as copied too."""
    following = {one.start: one for one in found if one.passage.status == "reuse" and one.runs}
    preceding = {one.end: one for one in following.values()}
    for one in found:
        if following.get(one.start) is not one:
            yield one
            continue
        runs = list(one.runs)
        before, behind = preceding.get(one.start), following.get(one.end)
        if before and _goes_on(before, one):
            runs[0] = (one.start, runs[0][1])
        if behind and _goes_on(one, behind):
            runs[-1] = (runs[-1][0], one.end)
        if tuple(runs) == one.runs:
            yield one
            continue
        copied = tuple(draft.stream.span(start, end) for start, end in runs)
        yield one._replace(runs=tuple(runs), passage=replace(one.passage, copied=copied))


def _goes_on(one: Found, other: Found) -> bool:
    """True if two passages have one source and only a short gap between their runs."""
    same = one.source.number == other.source.number
    return same and other.runs[0][0] - one.runs[-1][1] <= LONGEST_GAP
