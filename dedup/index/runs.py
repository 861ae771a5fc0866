"""Where the corpus holds the runs of a submission that are made of common grams only.

Following the postings of common grams would cost what the corpus is large, and a run that the whole genre
writes need not be found everywhere. So postings are followed in portions that grow, and only as long as
something is wanted (`dedup.index.demand`). First the most promising anchors are, and what is found there is
compared with the submission as far as it reaches, which answers most of their neighbours' questions too;
then all that are left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

import numpy as np
from numpy.typing import NDArray

from dedup.index.comparing import Comparison, Surroundings
from dedup.index.demand import REACH, Demand
from dedup.index.postings import Ints, expand
from dedup.index.repeats import Repeats
from dedup.index.view import Found, View
from dedup.sketch.scheme import GUARANTEED_RUN, Scheme

MOST_OF_A_RUN = 16
"""Occurrences that are looked for of one run: what stands in more places is what everybody writes, and which
of them are named no longer matters (see `dedup.align.evidence.common_from`)."""
MOST_FOLLOWED = 4096
"""Postings looked at in a segment for one anchor. Where all the sampled grams of a run have more, it is a set
phrase, or one and a character more."""
MOST_POSTINGS = 1 << 16
"""Postings looked at in a segment for one submission, give or take a portion, the first ones of every anchor
first. A text of set phrases from end to end asks for more."""
_TURNS_OF_LEADS = 3
_FIRST_PORTION = 40
"""Postings of an anchor looked at first; then as many times more as _GROWTH."""
_GROWTH = 7
_NONE = np.empty(0, dtype=np.int64)
_ANCHORS_AT_ONCE = 24
"""After so many, what was mapped of their postings may be let go."""


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
    often as it occurs, but not more than MOST_OF_A_RUN times (or `cap`, if that is less), and if none of its
    grams is rarer than that, among the first MOST_FOLLOWED places of one. All grams of an occurrence that the
    corpus has sampled are hits. So are pairs of grams with at most `cap` occurrences.
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
    demand = Demand(starts, promise, repeats.is_first, scheme, min(cap, MOST_OF_A_RUN))
    alone = []
    for view, (first, last) in zip(views, ranges, strict=True):
        search = _Search(view, first, last - first, demand, Comparison(view, folded), scheme, cap)
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


class _Search:
    """The search for what is wanted in one segment."""

    def __init__(
        self,
        view: View,
        first: Ints,
        counts: Ints,
        demand: Demand,
        comparison: Comparison,
        scheme: Scheme,
        cap: int,
    ) -> None:
        """`first` and `counts` tell the postings of the gram at each place."""
        self._view, self._demand, self._comparison, self._cap = view, demand, comparison, cap
        self._step = scheme.gram_step
        self._size = scheme.gram_size
        self._values = view.segment.grams.values
        codes = len(first) + scheme.gram_size - 1
        places = np.arange(len(first))
        beside = np.minimum(places + self._step, len(first) - 1) if scheme.chain_length > 1 else places
        self._second = (counts[beside] < counts).astype(np.int64)
        """[q] 1 where the second gram of the pair at q is the rarer one, else 0."""
        rarer, other = np.where(self._second, beside, places), np.where(self._second, places, beside)
        self._first, self._last = first[rarer], first[rarer] + np.minimum(counts[rarer], MOST_FOLLOWED)
        """[q] which postings of the rarer gram to look at."""
        self._other, self._other_last = first[other].copy(), first[other] + counts[other]
        """[q] which of the other gram are yet to be passed."""
        self._alone = scheme.chain_length == 1
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
        for turn in count():
            anchors = demand.leads() if turn < _TURNS_OF_LEADS else demand.pending()
            if not len(anchors) or self._done.sum() >= MOST_POSTINGS:
                break
            demand.follow(anchors[self._done[anchors] == 0])
            found, exhausted = self._follow(anchors)
            near = self._comparison.surroundings(found, REACH, demand.known + REACH)
            near = self._paired(self._fitting(near), anchors)
            self._pairs.append(near.found)
            near = near.take(demand.choose(near.found, *near.around(demand.known, demand.slack)))
            to_left, to_right = near.around(demand.known, REACH)
            kept = near.found
            demand.meet(kept.query, kept.query - to_left, kept.query + demand.known + to_right)
            demand.finish(exhausted)
            self._known[exhausted] = self._done[exhausted] < MOST_FOLLOWED
            yield self._all_grams(kept, to_left, to_right)
        demand.fully_known &= self._known

    def _follow(self, anchors: Ints) -> tuple[Found, Ints]:
        """Where the pairs at anchors may occur next, by the rarer gram; and which anchors are done then."""
        done, last = self._done[anchors], self._last[anchors]
        begin = self._first[anchors] + done
        end = np.minimum(last, begin + np.maximum(_FIRST_PORTION, _GROWTH * done))
        self._done[anchors] += end - begin
        places, row = expand(begin, end)
        query = anchors[row]
        # Where the pair would begin: a sample earlier if its second gram is the rarer one.
        sample = self._values[places].astype(np.int64) - self._second[query]
        found = Found(self._view, query, sample * self._step).where(sample >= 0)
        return found.living(), anchors[end == last]

    def _fitting(self, near: Surroundings) -> Surroundings:
        """Of pairs found more than `cap` times already, only what a wanted run can be around.

        A run that ends one code behind a set phrase is looked for among all occurrences of the phrase: its
        outermost codes tell soonest.
        """
        before, behind = self._demand.extent()
        query = near.found.query
        fits = self._count[query] <= self._cap
        common = np.flatnonzero(~fits)
        for distance in (self._demand.known - 1 + behind[query], -before[query]):
            common = common[near.same(common, distance[common])]
        fits[common] = True
        return near.take(fits)

    def _paired(self, near: Surroundings, anchors: Ints) -> Surroundings:
        """Those places of the rarer gram of each anchor's pair that have the other beside it."""
        found = near.found
        kept = np.full(len(found.query), self._alone)
        if not self._alone:
            wanted = (found.position // self._step + 1 - self._second[found.query]).astype(np.uint32)
            bounds = np.searchsorted(found.query, np.append(anchors, len(self._done))).tolist()
            others = zip(
                anchors, self._other[anchors].tolist(), self._other_last[anchors].tolist(), strict=True
            )
            for number, (anchor, first, last) in enumerate(others):
                rows = slice(bounds[number], bounds[number + 1])
                kept[rows], passed = _among(wanted[rows], self._values[first:last])
                self._other[anchor] += passed
                if number % _ANCHORS_AT_ONCE == 0:
                    self._view.relieve()
        self._count += np.bincount(found.query[kept], minlength=len(self._count))
        return near.take(kept)

    def _all_grams(self, kept: Found, to_left: Ints, to_right: Ints) -> Found:
        """Every sampled gram of occurrences that reach so far to both sides of their pair."""
        back = to_left // self._step
        ahead = (to_right + self._demand.known - self._size) // self._step
        link, row = expand(-back, ahead + 1)
        distance = link * self._step
        return Found(self._view, kept.query[row] + distance, kept.position[row] + distance)


def _among(wanted: NDArray[np.uint32], samples: NDArray[np.uint32]) -> tuple[NDArray[np.bool_], int]:
    """Which ascending values are among ascending samples; also how many samples lie before the last value."""
    if not len(samples) or not len(wanted):
        return np.zeros(len(wanted), dtype=np.bool_), 0
    # What lies behind the last is not even touched.
    reach = 2 * len(wanted)
    while reach < len(samples) and samples[reach - 1] < wanted[-1]:
        reach *= 4
    samples = samples[:reach]
    places = np.searchsorted(samples, wanted)
    found: NDArray[np.bool_] = samples[np.minimum(places, len(samples) - 1)] == wanted
    return found, int(places[-1])
