"""Find equal runs too short to be judged reuse: each is shown, so that a reader can trust unmarked text.

Readers who know the folk rule of 13 equal characters look for such runs, even in one document only. They are
kept apart from reuse: a single sentence may have them by chance, by custom or from memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from dedup.align.diagonals import Diagonals
from dedup.align.draft import Draft
from dedup.align.matching import POSTINGS_CAP
from dedup.index.index import Index
from dedup.index.lookup import GramHits
from dedup.index.postings import expand
from dedup.sketch.arrays import Bools, Codes, Ints, portions, run_begins
from dedup.sketch.scheme import GUARANTEED_RUN, Scheme

Chains = tuple[Ints, Ints, Ints, Ints]
"""Start, end, part and source start of each chain."""

_FIRST_PORTION = 64
"""Characters compared at first beyond the hits; then twice as many, and so on."""
_AT_ONCE, _CHAINS_AT_ONCE = 1 << 16, 256
"""Characters, and chains, compared together."""
_DIGITS = (ord("0"), ord("9"))


class EqualRun(NamedTuple):
    """A stretch of the submission that a document holds unchanged, in normalised characters."""

    start: int
    end: int
    part: int
    source_start: int


def equal_runs(draft: Draft, hits: GramHits, index: Index, covered: Bools) -> Iterator[EqualRun]:
    """Find runs of GUARANTEED_RUN equal units that hold characters not `covered` [n]; those become covered.

    A Latin word and a number are one unit each. Runs of one repeated character and of figures alone are left
    out, as they are no evidence. The longest come first.
    """
    if covered.all() or not len(hits.query):
        return
    shown = _Shown.of(draft)
    for chain in _compared(draft.codes, _chains(hits, index.scheme, ~covered), index, covered):
        if covered[chain.first : chain.last].all():
            continue
        for start, stop, source_start in chain.runs:
            end = stop
            if stop == chain.compared:
                end += _equal_on(draft.codes, stop, index, chain.part, source_start + stop - start)
            if shown.worth(start, end) and not covered[start:end].all():
                covered[start:end] = True
                yield EqualRun(start, end, chain.part, source_start)


class _Compared(NamedTuple):
    """The surroundings of a chain, compared with the source."""

    first: int
    """Start and end of the surroundings in the submission."""
    last: int
    part: int
    compared: int
    """Position at which the comparison ended: the source may end before `last`."""
    runs: list[tuple[int, int, int]]
    """Start, end and source start of each run of GUARANTEED_RUN equal characters or more."""


def _compared(codes: Codes, chains: Chains, index: Index, covered: Bools) -> Iterator[_Compared]:
    """Compare chains and their surroundings with their sources; yields those with an equal run, in order.

    Covered text is left out; `covered` grows meanwhile, so later chains may be left out too.
    """
    start, end, part, source_start = chains
    first, last = np.maximum(start - GUARANTEED_RUN, 0), np.minimum(end + GUARANTEED_RUN, len(codes))
    for lot in portions(last - first, _AT_ONCE, _CHAINS_AT_ONCE):
        before = _before(covered)
        open_ones = lot.start + np.flatnonzero(
            before[last[lot]] - before[first[lot]] < last[lot] - first[lot]
        )
        if not len(open_ones):
            continue
        begins = np.maximum(first, start - source_start)[open_ones]
        source_begins = begins + (source_start - start)[open_ones]
        theirs, bounds = index.codes(part[open_ones], source_begins, source_begins + last[open_ones] - begins)
        compared = begins + np.diff(bounds)
        ours, row = expand(begins, compared)
        run_starts, run_ends = _runs_of(codes[ours] == theirs, row)
        runs = zip(
            row[run_starts].tolist(), ours[run_starts].tolist(), (run_ends - run_starts).tolist(), strict=True
        )
        for number, some in groupby(runs, key=itemgetter(0)):
            one = int(open_ones[number])
            shift = int(source_start[one] - start[one])
            yield _Compared(
                int(first[one]),
                int(last[one]),
                int(part[one]),
                int(compared[number]),
                [(begin, begin + length, begin + shift) for _, begin, length in some],
            )


def _equal_on(codes: Codes, start: int, index: Index, part: int, source_start: int) -> int:
    """Number of equal characters from two positions on."""
    done, portion = 0, _FIRST_PORTION
    while True:
        ours = codes[start + done : start + done + portion]
        theirs = index.region(part, source_start + done, source_start + done + len(ours)).codes
        differing = np.flatnonzero(ours[: len(theirs)] != theirs)
        if len(differing):
            return done + int(differing[0])
        done += len(theirs)
        if len(theirs) < portion:
            return done
        portion *= 2


class _Shown(NamedTuple):
    """Running counts over the n characters of a submission that decide whether a run of it is shown."""

    units: Ints
    unit_starts: Bools
    changes: Ints
    """[n + 1] number of characters so far that differ from the one before."""
    words: Ints
    """[n + 1] number of characters so far that are no figures."""

    @classmethod
    def of(cls, draft: Draft) -> _Shown:
        """Count for a submission."""
        codes, starts = draft.codes, draft.units.opens
        changed = np.append(False, codes[1:] != codes[:-1])
        no_figure = (codes < _DIGITS[0]) | (codes > _DIGITS[1])
        return cls(_before(starts), starts, _before(changed), _before(no_figure))

    def worth(self, start: int, end: int) -> bool:
        """True if a run has enough units, not all of them figures or one repeated character."""
        units = int(self.units[end] - self.units[start]) + int(not self.unit_starts[start])
        changes = int(self.changes[end] - self.changes[start + 1])
        return units >= GUARANTEED_RUN and changes > 0 and self.words[end] > self.words[start]


def _before(flags: Bools) -> Ints:
    """Number of flags set before each position, int64[n + 1]."""
    return np.concatenate([[0], np.cumsum(flags)])


def _chains(hits: GramHits, scheme: Scheme, wanted: Bools) -> Chains:
    """Chains of hits on one diagonal that may lie in a run near `wanted` characters, the longest first.

    Grams with too many postings are not followed, so a chain is continued over such grams, and a run may
    continue through them beyond its ends.
    """
    size, step = scheme.gram_size, scheme.gram_step
    near = np.convolve(wanted, np.ones(2 * GUARANTEED_RUN + 1), "same")[hits.query] > 0.5
    if not near.any():
        none = np.zeros(0, np.int64)
        return none, none, none, none
    _, query, part, position, opening = Diagonals.of(hits, near)
    before, behind = _unfollowed(hits, step)
    opening[1:] |= np.diff(query) > step + behind[query[:-1]]
    first = np.flatnonzero(opening)
    last = np.append(first[1:], len(query)) - 1
    start, stop = query[first], query[last]
    reach = stop + size - start + before[start] + behind[stop]
    chosen = np.flatnonzero(reach >= GUARANTEED_RUN - 2 * (step - 1))
    length = (stop - start)[chosen]
    chosen = chosen[np.lexsort((position[first[chosen]], part[first[chosen]], start[chosen], -length))]
    return start[chosen], stop[chosen] + size, part[first[chosen]], position[first[chosen]]


def _unfollowed(hits: GramHits, step: int) -> tuple[Ints, Ints]:
    """Number of characters before and after each position in sampled grams not followed, int64[n] each."""
    followed = np.zeros(len(hits.frequency), np.bool_)
    followed[hits.query] = True
    skipped = (hits.frequency > POSTINGS_CAP) | ((hits.frequency > 0) & ~followed)
    before, behind = np.zeros(len(skipped), np.int64), np.zeros(len(skipped), np.int64)
    for _ in range(GUARANTEED_RUN // step):
        before[step:] = np.where(skipped[:-step], before[:-step] + step, 0)
        behind[:-step] = np.where(skipped[step:], behind[step:] + step, 0)
    return before, behind


def _runs_of(equal: Bools, row: Ints) -> tuple[Ints, Ints]:
    """Starts and ends of runs of at least GUARANTEED_RUN equal characters; no run crosses from row to row."""
    border = np.append(run_begins(row), True)
    begins = np.flatnonzero(equal & (border[:-1] | ~np.append(False, equal[:-1])))
    ends = np.flatnonzero(equal & (border[1:] | ~np.append(equal[1:], False))) + 1
    long_enough = ends - begins >= GUARANTEED_RUN
    return begins[long_enough], ends[long_enough]
