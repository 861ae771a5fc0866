"""Where the corpus holds the runs of a submission that are made of common grams only.

Following the postings of common grams would cost what the corpus is large, and a run that the whole genre
writes need not be found everywhere. A run of GUARANTEED_RUN codes holds a chain of sampled grams, whichever
of its places the corpus has sampled. Of each chain the adjacent pair with the rarest gram is its anchor (the
idea of winnowing: Schleimer, Wilkerson & Aiken 2003), and the least of the anchors around, the lead, is
looked up: the postings of its rarer gram, in portions that grow, beside those of the other. What is found
there is compared with the submission as far as it reaches, which mostly answers the neighbours' question
too. An anchor is left as soon as enough occurrences of its runs are known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.index.comparing import Comparison
from dedup.index.postings import Ints, expand
from dedup.index.repeats import Repeats
from dedup.index.view import Found, View
from dedup.sketch.arrays import distinct, run_begins
from dedup.sketch.scheme import GUARANTEED_RUN, Scheme

MOST_OF_A_RUN = 16
"""Occurrences that are looked for of one run: what stands in more places is what everybody writes, and which
of them are named no longer matters (see `dedup.align.evidence.common_from`)."""
_FIRST_PORTION = 64
"""Postings of a lead looked at first; then as many times more as _GROWTH."""
_GROWTH = 3
_MOST_POSTINGS = 1 << 20
"""Of all leads looked at in one go; bounds memory."""
_NONE = np.empty(0, dtype=np.int64)
_LEADS_AT_ONCE = 24
"""After so many, what was mapped of their postings is let go."""
_REACH = 24
"""Codes on each side of a pair that are compared."""


def common_runs(
    views: Sequence[View],
    ranges: Sequence[tuple[Ints, Ints]],
    scheme: Scheme,
    folded: NDArray[np.uint32],
    frequency: Ints,
    monotone: NDArray[np.bool_],
    cap: int,
) -> Iterator[Found]:
    """Occurrences of runs whose sampled grams are not followed: too common, or of one character.

    `folded` are the submission's codes [n]; for the gram at each place, `ranges` tell its postings in every
    view, `frequency` their number and `monotone` whether it is one character repeated. A run is found as
    often as it occurs, but not more than MOST_OF_A_RUN times (or `cap`, if that is less); all grams of an
    occurrence that the corpus has sampled are hits. So are pairs of grams with at most `cap` occurrences.
    """
    unfollowed = (frequency > cap) | (monotone & (frequency > 0))
    starts = _chains(unfollowed, scheme.gram_step, scheme.chain_length)
    nothing_else = np.zeros(len(frequency), dtype=np.bool_)
    nothing_else[_chains(monotone, scheme.gram_step, scheme.chain_length)] = True
    starts = starts[~nothing_else[starts]]
    if not len(starts):
        return
    # Any other pair of a chain promises less than one of a single character.
    promise = _promise(np.where(monotone, np.iinfo(np.int32).max, frequency), scheme)
    repeats = Repeats(folded, GUARANTEED_RUN, scheme.gram_size)
    demand = _Demand(starts, promise, repeats.is_first, scheme, min(cap, MOST_OF_A_RUN))
    alone = []
    for view, (first, last) in zip(views, ranges, strict=True):
        search = _Search(view, first, last, demand, Comparison(view, folded, scheme.gram_step), cap)
        for found in search.runs():
            yield found
            yield repeats.repeated(found)
        alone.append(search.pairs())
    total = sum((np.bincount(pairs.query, minlength=len(folded)) for pairs in alone), np.zeros(1, np.int64))
    few = demand.fully_known & (total <= cap)
    for pairs in alone:
        found = pairs.where(few[pairs.query])
        yield found
        yield repeats.repeated(found)


def _chains(common: NDArray[np.bool_], step: int, length: int) -> Ints:
    """Positions from which `length` grams, `step` apart, are all common."""
    count = len(common) - (length - 1) * step
    if count <= 0:
        return np.empty(0, dtype=np.int64)
    all_common = np.ones(count, dtype=np.bool_)
    for link in range(length):
        all_common &= common[link * step : link * step + count]
    return np.flatnonzero(all_common)


def _promise(frequency: Ints, scheme: Scheme) -> Ints:
    """How soon the pair of grams at each place promises to be done, as ranks: no two are the same."""
    if scheme.chain_length == 1:
        first = second = frequency
    else:
        first, second = frequency[: -scheme.gram_step], frequency[scheme.gram_step :]
    # The rarer gram says how many places are looked at, the other how many are left of them.
    order = np.lexsort((np.maximum(first, second), np.minimum(first, second)))
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks


class _Demand:
    """Of which runs how many occurrences are still wanted.

    The corpus has sampled one of `step` places, so an occurrence belongs to one of `step` classes: the
    places of the submission, modulo `step`, whose grams are hits in it.
    """

    def __init__(
        self, starts: Ints, promise: Ints, counting: NDArray[np.bool_], scheme: Scheme, most: int
    ) -> None:
        """For chains that begin at `starts`; `promise` ranks the pairs of grams.

        `counting` [n - GUARANTEED_RUN + 1] tells which runs of the n codes are to be looked for at all.
        """
        codes = len(counting) + GUARANTEED_RUN - 1
        self.scheme = scheme
        links = max(scheme.chain_length - 1, 1)
        pairs = starts[:, None] + scheme.gram_step * np.arange(links)
        self._starts = starts
        self._anchors: Ints = pairs[np.arange(len(pairs)), np.argmin(promise[pairs], axis=1)]
        self._promise = promise
        self.known = scheme.gram_size + (scheme.gram_step if scheme.chain_length > 1 else 0)
        """Codes of a pair."""
        self.slack = GUARANTEED_RUN - self.known
        self.missing = np.zeros((scheme.gram_step, codes), dtype=np.int64)
        """[class, w] of the run that begins at w."""
        # A chain serves the runs that begin with it or up to a step earlier.
        for back in range(scheme.gram_step):
            begin = starts - back
            fits = (begin >= 0) & (begin < len(counting))
            fits[fits] = counting[begin[fits]]
            self.missing[starts[fits] % scheme.gram_step, begin[fits]] = most
        self._before = self.missing
        """What was missing before the present segment."""
        self._found_by = self.missing
        """[class, w] the lead whose finds in the present segment count; -1 while there is none."""
        self.fully_known = np.zeros(codes, dtype=np.bool_)
        """[q] whether every occurrence of the pair at q, in all segments so far, was looked at."""
        self.fully_known[self._anchors] = True

    def leads(self, complete: NDArray[np.bool_]) -> Ints:
        """The most promising of the anchors around which something is wanted that is not `complete`.

        None is nearer than _REACH to another of its class.
        """
        step = self.scheme.gram_step
        wanted = (self.missing > 0) & ~complete
        waiting = np.zeros(len(self._starts), dtype=np.bool_)
        for begin in self._served():
            waiting |= wanted[self._starts % step, begin]
        pending = self._anchors[waiting]
        ranks = np.full(self.missing.shape[1], len(self._promise))
        ranks[pending] = self._promise[pending]
        least, shift, covered = ranks, step, 0
        while covered < _REACH:
            around = least.copy()
            np.minimum(around[shift:], least[:-shift], out=around[shift:])
            np.minimum(around[:-shift], least[shift:], out=around[:-shift])
            least, covered, shift = around, covered + shift, 2 * shift
        return distinct(pending[ranks[pending] == least[pending]])

    def _served(self) -> Iterator[Ints]:
        """[starts] a run that each chain serves: the one that begins with it, then earlier ones."""
        for back in range(self.scheme.gram_step):
            yield np.maximum(self._starts - back, 0)

    def complete(self, anchors: Ints, complete: NDArray[np.bool_]) -> None:
        """Mark the runs looked for at some anchors."""
        of_them = np.isin(self._anchors, anchors)
        for begin in self._served():
            complete[self._starts[of_them] % self.scheme.gram_step, begin[of_them]] = True

    def extent(self, complete: NDArray[np.bool_]) -> tuple[Ints, Ints]:
        """[q] how many codes before and behind the pair at an anchor all runs wanted there have in common."""
        step, codes = self.scheme.gram_step, self.missing.shape[1]
        wanted = (self.missing > 0) & ~complete
        before, behind = np.full(codes, self.slack), np.full(codes, self.slack)
        for begin in self._served():
            open_ = wanted[self._starts % step, begin]
            anchors, begins = self._anchors[open_], begin[open_]
            np.minimum.at(before, anchors, anchors - begins)
            np.minimum.at(behind, anchors, begins + GUARANTEED_RUN - self.known - anchors)
        return before, behind

    def enter(self) -> None:
        """Begin with another segment."""
        self._before = self.missing.copy()
        self._found_by = np.full(self.missing.shape, -1)

    def begin(self, leads: Ints) -> None:
        """Want again what neighbours found of the leads' runs: they will find that themselves.

        No occurrence must count twice, so what is found of a run counts if it is found by one lead.
        """
        step, codes = self.scheme.gram_step, self.missing.shape[1]
        around, row = expand(
            np.maximum(leads - _REACH, 0),
            np.minimum(leads + self.known + _REACH - GUARANTEED_RUN, codes - GUARANTEED_RUN) + 1,
        )
        sampled, lead = leads[row] % step, leads[row]
        free = self._found_by[sampled, around] < 0
        self._found_by[sampled[free], around[free]] = lead[free]
        own = (around >= lead - self.slack) & (around <= lead) & (self.missing[sampled, around] > 0)
        place = sampled[own], around[own]
        self._found_by[place] = lead[own]
        self.missing[place] = self._before[place]

    def choose(self, found: Found, to_left: Ints, to_right: Ints) -> NDArray[np.bool_]:
        """Which occurrences, in ascending order of their place in the submission, to keep.

        `to_left` and `to_right` tell how many codes around an occurrence of its pair are the same.
        """
        chosen = np.zeros(len(found.query), dtype=np.bool_)
        for reach in range(self.slack + 1):
            whole = np.flatnonzero((to_left >= reach) & (to_right >= self.slack - reach))
            query = found.query[whole]
            missing = self.missing[query % self.scheme.gram_step, query - reach]
            chosen[whole[_ranks(query) < missing]] = True
        return chosen

    def meet(self, query: Ints, begin: Ints, end: Ints) -> None:
        """Note occurrences, found at `query`, of all runs within [begin, end)."""
        run, row = expand(begin, np.maximum(end - GUARANTEED_RUN + 1, begin))
        lead = query[row]
        sampled = lead % self.scheme.gram_step
        counting = self._found_by[sampled, run] == lead
        np.subtract.at(self.missing, (sampled[counting], run[counting]), 1)
        np.maximum(self.missing, 0, out=self.missing)


class _Search:
    """The search for what is wanted in one segment."""

    def __init__(
        self, view: View, first: Ints, last: Ints, demand: _Demand, comparison: Comparison, cap: int
    ) -> None:
        self._view, self._first, self._last = view, first, last
        self._demand, self._comparison, self._cap = demand, comparison, cap
        codes = demand.missing.shape[1]
        self._done = np.zeros(codes, dtype=np.int64)
        """[q] postings of the pair at q that were looked at."""
        self._count = np.zeros(codes, dtype=np.int64)
        """[q] how often the pair at q was found."""
        self._known = np.zeros(codes, dtype=np.bool_)
        """[q] whether all its postings were looked at."""
        self._pairs = [Found(view, _NONE, _NONE)]

    def pairs(self) -> Found:
        """All occurrences of pairs that were looked at, whatever stands around them."""
        queries, positions = zip(*((pairs.query, pairs.position) for pairs in self._pairs), strict=True)
        return Found(self._view, np.concatenate(queries), np.concatenate(positions))

    def runs(self) -> Iterator[Found]:
        """Occurrences of runs, each with all its sampled grams, until nothing is wanted or to be had."""
        demand = self._demand
        demand.enter()
        complete = np.zeros(demand.missing.shape, dtype=np.bool_)
        while len(leads := demand.leads(complete)):
            demand.begin(leads[self._done[leads] == 0])
            found, exhausted = self._follow(leads, complete)
            self._pairs.append(found)
            around = self._comparison.around(found, demand.known, demand.slack)
            chosen = np.flatnonzero(demand.choose(found, *around))
            kept = found.where(chosen)
            to_left, to_right = self._comparison.around(kept, demand.known, _REACH)
            begin, end = kept.query - to_left, kept.query + demand.known + to_right
            demand.meet(kept.query, begin, end)
            demand.complete(exhausted, complete)
            self._known[exhausted] = True
            yield self._all_grams(kept, to_left, to_right)
        self._view.release()
        demand.fully_known &= self._known

    def _follow(self, leads: Ints, complete: NDArray[np.bool_]) -> tuple[Found, Ints]:
        """The next occurrences of the leads' pairs, and those leads that have no more.

        Of pairs found more than `cap` times already, only what a wanted run can be around.
        """
        values, step = self._view.segment.grams.values, self._demand.scheme.gram_step
        before, behind = self._demand.extent(complete)
        share = max(_MOST_POSTINGS // len(leads), 1)
        queries, samples, exhausted = [_NONE], [_NONE], []
        for number, lead in enumerate(leads.tolist(), 1):
            rarer, other, second = self._rarer(lead)
            done = int(self._done[lead])
            begin, end = int(self._first[rarer]) + done, int(self._last[rarer])
            sample = values[begin : min(end, begin + min(max(_FIRST_PORTION, _GROWTH * done), share))]
            self._done[lead] += len(sample)
            if begin + len(sample) == end:
                exhausted.append(lead)
            if self._count[lead] > self._cap:
                # A run that ends one code behind a set phrase is looked for among all occurrences of the
                # phrase: its outermost codes tell soonest.
                for place in (lead + self._demand.known - 1 + int(behind[lead]), lead - int(before[lead])):
                    distance = place - lead - second * step
                    sample = sample[self._comparison.code_at(place, sample, distance)]
            if other != rarer:
                beside = values[int(self._first[other]) : int(self._last[other])]
                sample = _beside(sample, beside, -1 if second else 1) - np.uint32(second)
            self._count[lead] += len(sample)
            queries.append(np.full(len(sample), lead))
            samples.append(sample.astype(np.int64))
            if number % _LEADS_AT_ONCE == 0:
                self._view.release()
        found = Found(self._view, np.concatenate(queries), np.concatenate(samples) * step)
        return found.living(), np.array(exhausted, np.int64)

    def _rarer(self, lead: int) -> tuple[int, int, bool]:
        """The places of the rarer gram of a lead's pair and of the other, and whether it is the second."""
        second = lead + self._demand.scheme.gram_step
        if self._demand.scheme.chain_length == 1:
            return lead, lead, False
        counts = [int(self._last[place] - self._first[place]) for place in (lead, second)]
        return (lead, second, False) if counts[0] <= counts[1] else (second, lead, True)

    def _all_grams(self, kept: Found, to_left: Ints, to_right: Ints) -> Found:
        """Every sampled gram of occurrences that reach so far to both sides of their pair."""
        scheme = self._demand.scheme
        back = to_left // scheme.gram_step
        ahead = (to_right + self._demand.known - scheme.gram_size) // scheme.gram_step
        link, row = expand(-back, ahead + 1)
        distance = link * scheme.gram_step
        return Found(self._view, kept.query[row] + distance, kept.position[row] + distance)


def _beside(samples: NDArray[np.uint32], others: NDArray[np.uint32], distance: int) -> NDArray[np.uint32]:
    """Those ascending samples that have one of the ascending `others` at a distance."""
    if not len(others):
        return samples[:0]
    # Of the others' own type, or the whole list would be converted; what wraps around is not among them.
    wanted = samples + np.uint32(distance % (1 << 32))
    places = np.searchsorted(others, wanted)
    found: NDArray[np.uint32] = samples[others[np.minimum(places, len(others) - 1)] == wanted]
    return found


def _ranks(groups: Ints) -> Ints:
    """For each element of a list in which equals stand together, how many of its equals precede it."""
    begins = np.flatnonzero(run_begins(groups))
    return np.arange(len(groups)) - np.repeat(begins, np.diff(begins, append=len(groups)))
