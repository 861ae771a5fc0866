"""Find equal runs that many documents hold: copying by the folk rule of 13 characters, but really custom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np

from dedup.align.diagonals import Diagonals
from dedup.align.draft import Draft
from dedup.index.index import Index
from dedup.index.lookup import GramHits
from dedup.sketch.arrays import Bools, Ints, runs_where
from dedup.sketch.scheme import GUARANTEED_RUN, Scheme
from dedup.text.normalize import fold_slots


class CommonRun(NamedTuple):
    """A stretch of the submission that several documents hold unchanged, in normalised characters."""

    start: int
    end: int
    part: int
    """The document that holds the longest piece of it."""
    source_start: int
    documents: int
    """Number of independent documents that hold some of it."""


def common_runs(
    hits: GramHits, scheme: Scheme, taken: Bools, families: Mapping[int, int]
) -> Iterator[CommonRun]:
    """Stretches of GUARANTEED_RUN characters or more that runs of hits cover and `taken` [n] does not.

    Each comes with the longest run in it. Runs are as long as their sampled grams show: up to a gram step
    shorter than a comparison of the texts would give. `families` (part number → family) group the parts that
    are not independent documents.
    """
    if not len(hits.query):
        return
    # Hits farther from free text than GUARANTEED_RUN cover none of it.
    free_before = np.zeros(len(taken) + 1, np.int32)
    np.cumsum(~taken, out=free_before[1:])
    begin = np.maximum(hits.query - GUARANTEED_RUN, 0)
    near = free_before[np.minimum(hits.query + GUARANTEED_RUN + 1, len(taken))] > free_before[begin]
    start, end, part, source = _runs(hits, near, scheme)
    cover = np.zeros(len(taken) + 1, np.int32)
    np.add.at(cover, start, 1)
    np.add.at(cover, end, -1)
    free = (np.cumsum(cover[:-1], out=cover[:-1]) > 0) & ~taken
    order = np.argsort(start, kind="stable")
    ordered, longest = start[order], int(np.max(end - start, initial=0))
    for first, last in runs_where(free).tolist():
        if last - first < GUARANTEED_RUN:
            continue
        # No run that begins earlier reaches so far. Sorting restores the order given.
        near_by = np.sort(order[slice(*np.searchsorted(ordered, (first - longest, last)))])
        begins, ends = np.maximum(start[near_by], first), np.minimum(end[near_by], last)
        inside = np.flatnonzero(ends > begins)
        best = inside[np.argmax(ends[inside] - begins[inside])]
        if ends[best] - begins[best] < GUARANTEED_RUN:
            continue
        here = inside[(begins[inside] < ends[best]) & (ends[inside] > begins[best])]
        run = near_by[best]
        yield CommonRun(
            start=int(begins[best]),
            end=int(ends[best]),
            part=int(part[run]),
            source_start=int(source[run] + begins[best] - start[run]),
            documents=len({families.get(holder, holder) for holder in part[near_by[here]].tolist()}),
        )


def extended(run: CommonRun, taken: Bools, draft: Draft, index: Index) -> CommonRun:
    """A run extended by the equal characters at both ends that its sampled grams do not show."""
    reach = min(index.scheme.gram_step, run.start, run.source_start)
    first, last = run.start - reach, min(run.end + index.scheme.gram_step, len(taken))
    source_first = run.source_start - reach
    source = fold_slots(index.region(run.part, source_first, source_first + last - first).codes)
    differs = taken[first:last].copy()
    differs[: len(source)] |= draft.folded[first : first + len(source)] != source
    differs[len(source) :] = True
    before = np.flatnonzero(differs[:reach])
    behind = np.flatnonzero(differs[run.end - first :])
    begin = first + int(before[-1]) + 1 if len(before) else first
    end = run.end + int(behind[0]) if len(behind) else last
    return run._replace(start=begin, end=end, source_start=source_first + begin - first)


def _runs(hits: GramHits, chosen: Bools, scheme: Scheme) -> tuple[Ints, Ints, Ints, Ints]:
    """Long enough chains of chosen hits on one diagonal: start, end, part and source start of each."""
    _, query, part, position, opening = Diagonals.of(hits, chosen)
    opening[1:] |= np.diff(query) > scheme.gram_step
    first = np.flatnonzero(opening)
    last = np.append(first[1:], len(query)) - 1
    start, end = query[first], query[last] + scheme.gram_size if len(query) else query[first]
    long_enough = end - start >= GUARANTEED_RUN - 2 * (scheme.gram_step - 1)
    return start[long_enough], end[long_enough], part[first][long_enough], position[first][long_enough]
