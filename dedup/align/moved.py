"""Find equal runs in the gaps of a match that come from elsewhere in its source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from dedup.align.draft import Draft
from dedup.align.match import Match, Tile
from dedup.align.short_runs import equal_runs
from dedup.index.index import Index
from dedup.index.lookup import GramHits
from dedup.sketch.arrays import distinct
from dedup.sketch.scheme import GUARANTEED_RUN


def moved_tiles(pieces: Sequence[Match], hits: GramHits, draft: Draft, index: Index) -> list[list[Tile]]:
    """Equal runs in the gaps of each match that come from elsewhere in its source: text moved far."""
    owner = np.full(len(draft.codes), -1, np.int64)
    part_of = np.array([piece.part for piece in pieces], np.int64)
    for number, piece in enumerate(pieces):
        for start, end in _gaps(piece):
            owner[start:end] = number
    moved: list[list[Tile]] = [[] for _ in pieces]
    of_gap = owner[hits.query]
    own = np.flatnonzero(of_gap >= 0)
    own = own[part_of[of_gap[own]] == hits.part[own]]
    if not len(own):
        return moved
    hits = GramHits(hits.query[own], hits.part[own], hits.position[own], hits.frequency)
    for run in equal_runs(draft, hits, index, owner < 0):
        for number in distinct(owner[run.start : run.end]).tolist():
            if number < 0 or part_of[number] != run.part:
                continue
            held = run.start + np.flatnonzero(owner[run.start : run.end] == number)
            for stretch in np.split(held, np.flatnonzero(np.diff(held) > 1) + 1):
                start = int(stretch[0])
                moved[number].append((start, run.source_start + start - run.start, len(stretch)))
    return moved


def _gaps(match: Match) -> Iterator[tuple[int, int]]:
    """Ranges of a match in which nothing matches and which are long enough for an equal run."""
    end = match.start
    for begin, _, length in (*match.tiles, (match.end, 0, 0)):
        if begin - end >= GUARANTEED_RUN:
            yield end, begin
        end = max(end, begin + length)
