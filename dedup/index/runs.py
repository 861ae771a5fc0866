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

from dedup.index.comparing import Comparison
from dedup.index.demand import REACH, Demand, ranks
from dedup.index.postings import Ints, expand
from dedup.index.repeats import Repeats
from dedup.index.view import Found, View
from dedup.sketch.scheme import GUARANTEED_RUN, Scheme

MOST_OF_A_RUN = 16
"""Occurrences that are looked for of one run: what stands in more places is what everybody writes, and which
of them are named no longer matters (see `dedup.align.evidence.common_from`)."""
MOST_FOLLOWED = 4096
"""Postings looked at in a segment for one anchor: none of the sampled grams of its runs has fewer."""
MOST_OF_A_CHAIN = 256
"""Occurrences of all the sampled grams of a run that are compared in a segment for one anchor: if the run is
not among them, it is a set phrase and a character more."""
MOST_POSTINGS = 1 << 15
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
    often as it occurs, but not more than MOST_OF_A_RUN times (or `cap`, if that is less), among the first
    MOST_FOLLOWED places of its rarest grams and MOST_OF_A_CHAIN of all of them together. All grams of an
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
    demand = Demand(starts, promise, repeats.is_first, scheme, min(cap, MOST_OF_A_RUN))
    alone = []
    for view, (first, last) in zip(views, ranges, strict=True):
        search = _Search(view, first, last - first, demand, Comparison(view, folded), scheme, cap)
        for found in search.runs():
            yield found
            yield repeats.repeated(found)
        alone.append(search.pairs())
    few = demand.fully_known & (sum(count for _, count in alone) <= cap)
    for pairs, _ in alone:
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
        self._grams, self._grams_last = first, first + counts
        self._alone = scheme.chain_length == 1
        self._done = np.zeros(codes, dtype=np.int64)
        """[q] postings of the pair at q that were looked at."""
        self._count = np.zeros(codes, dtype=np.int64)
        """[q] how often the pair at q was found."""
        self._chains = np.zeros(codes, dtype=np.int64)
        """[q] how often all the grams around that were asked for were found."""
        self._known = np.zeros(codes, dtype=np.bool_)
        """[q] whether all its postings were looked at."""
        self._pairs = [Found(view, _NONE, _NONE)]

    def pairs(self) -> tuple[Found, Ints]:
        """Occurrences of pairs whatever stands around them, and how many each has, of those looked at.

        Of pairs with more than `cap` not all are there.
        """
        queries, positions = zip(*((pairs.query, pairs.position) for pairs in self._pairs), strict=True)
        return Found(self._view, np.concatenate(queries), np.concatenate(positions)), self._count

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
            found = self._paired(found, anchors)
            self._pairs.append(found.where(self._count[found.query] <= self._cap))
            found, crowded = self._uncrowded(self._chained(found, anchors))
            near = self._comparison.surroundings(found, REACH, demand.known + REACH)
            near = near.take(demand.choose(near.found, *near.around(demand.known, demand.slack)))
            to_left, to_right = near.around(demand.known, REACH)
            kept = near.found
            demand.meet(kept.query, kept.query - to_left, kept.query + demand.known + to_right)
            demand.finish(np.append(exhausted, crowded))
            self._known[exhausted] = self._done[exhausted] < MOST_FOLLOWED
            self._known[crowded] = False
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

    def _paired(self, found: Found, anchors: Ints) -> Found:
        """Those places of the rarer gram of each anchor's pair that have the other beside it."""
        kept = np.full(len(found.query), self._alone)
        if not self._alone:
            wanted = (found.position // self._step + 1 - self._second[found.query]).astype(np.uint32)
            others = self._other[anchors], self._other_last[anchors]
            for anchor, rows, samples in self._each(found, anchors, *others):
                kept[rows], passed = _among(wanted[rows], samples)
                self._other[anchor] += passed
        self._count += np.bincount(found.query[kept], minlength=len(self._count))
        return found.where(kept)

    def _chained(self, found: Found, anchors: Ints) -> Found:
        """Of the occurrences of pairs those around which all further grams of a wanted run stand.

        Postings tell that for a fraction of what looking at the text all over the segment would cost.
        """
        before, behind = self._demand.extent()
        last = (self._demand.known - self._size) // self._step
        for link in range(-(self._demand.slack // self._step), last + self._demand.slack // self._step + 1):
            if 0 <= link <= last:
                continue  # of the pair itself
            reaching = -link * self._step <= before if link < 0 else (link - last) * self._step <= behind
            asked = anchors[reaching[anchors]]
            kept = np.ones(len(found.query), dtype=np.bool_)
            wanted = (found.position // self._step + link).astype(np.uint32)
            place = asked + link * self._step
            for _, rows, samples in self._each(found, asked, self._grams[place], self._grams_last[place]):
                kept[rows], _ = _among(wanted[rows], samples)
            found = found.where(kept)
        return found

    def _uncrowded(self, found: Found) -> tuple[Found, Ints]:
        """What to compare of occurrences of whole chains, and the anchors that have had their share."""
        before = self._chains[found.query]
        self._chains += np.bincount(found.query, minlength=len(self._chains))
        kept = found.where(before + ranks(found.query) < MOST_OF_A_CHAIN)
        return kept, np.flatnonzero(self._chains >= MOST_OF_A_CHAIN)

    def _each(
        self, found: Found, anchors: Ints, first: Ints, last: Ints
    ) -> Iterator[tuple[int, slice, NDArray[np.uint32]]]:
        """For each anchor the rows of its occurrences, and postings [first, last)."""
        bounds = np.searchsorted(found.query, [anchors, anchors + 1]).tolist()
        columns = zip(anchors.tolist(), *bounds, first.tolist(), last.tolist(), strict=True)
        for number, (anchor, begin, end, some, others) in enumerate(columns):
            yield anchor, slice(begin, end), self._values[some:others]
            if number % _ANCHORS_AT_ONCE == 0:
                self._view.relieve()

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
    places = samples.searchsorted(wanted)
    found: NDArray[np.bool_] = samples.take(places, mode="clip") == wanted
    return found, int(places[-1])
