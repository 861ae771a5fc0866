"""Where the grams of a submission occur in the segments of a snapshot.

Grams with more postings than a cap are formulaic text and are not followed, except where a run of
GUARANTEED_RUN characters is made of nothing else. In such a run the adjacent pair of grams that promises
the fewest occurrences is chosen (the idea of winnowing: Schleimer, Wilkerson, Aiken 2003) and the two
lists of postings are intersected at their fixed distance.

Grams of one character repeated are not followed, nor are runs of nothing else: they stand in such a run
everywhere. Figures and masks are one character once slots are folded, so two tables of figures share them
in millions of places.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import Ints, expand, lower_bound
from dedup.index.segment import Segment
from dedup.sketch.arrays import distinct
from dedup.sketch.grams import gram_keys
from dedup.sketch.scheme import GUARANTEED_RUN, Scheme
from dedup.text.normalize import fold_slots

MOST_OF_A_RUN = 32
"""Occurrences that are looked for of a run of common grams: one that has more is what everybody says, and
which of those who say it are named no longer matters."""
_FIRST_PORTION = 64
"""Postings of an anchor looked at first."""
_POSTINGS_AT_ONCE = 1 << 20
"""Postings looked at in one go, of all anchors; bounds memory."""
_NONE = np.empty(0, dtype=np.int64)
_QUERY_BITS = 31


class GramHits(NamedTuple):
    """h places where the submission and the corpus hold the same gram, by (part, position, query)."""

    query: NDArray[np.int32]
    """[h] where the gram begins in the submission's codes."""
    part: NDArray[np.int32]
    """[h] number of the part."""
    position: NDArray[np.int64]
    """[h] where it begins in that part's match text."""
    frequency: NDArray[np.int32]
    """[n] for each position of the submission, how many sampled postings its gram has in the corpus."""


class View(NamedTuple):
    """A segment as one snapshot sees it."""

    segment: Segment
    first_part: int
    """Number of its first part in the snapshot."""
    live_parts: NDArray[np.bool_] | None
    """Which of its parts are there; None when all are."""
    dead_grams: NDArray[np.uint64] | None
    """Fingerprints of the sampled grams of its dead parts, ascending, one a posting."""


class _Found(NamedTuple):
    """Hits in one segment: positions in its own coordinates."""

    view: View
    query: Ints
    position: Ints


def gram_hits(views: Sequence[View], scheme: Scheme, folded: NDArray[np.uint32], cap: int) -> GramHits:
    """All hits of grams with at most `cap` postings, and some of each run made of other grams only.

    `folded` are slot-folded codes [n]. If a run of GUARANTEED_RUN codes occurs in the corpus at most
    MOST_OF_A_RUN times (or `cap`, if that is less), every occurrence is hit, otherwise at least so many.
    """
    keys = gram_keys(folded, scheme.gram_size)
    ranges = [view.segment.grams.find(keys) for view in views]
    counts = [last - first - _dead(view, keys) for view, (first, last) in zip(views, ranges, strict=True)]
    frequency = np.zeros(len(folded), dtype=np.int64)
    frequency[: len(keys)] = sum(counts, np.zeros(len(keys), dtype=np.int64))
    found: list[_Found] = []
    monotone = _monotone(folded, len(keys), scheme.gram_size)
    rare = np.flatnonzero((frequency[: len(keys)] > 0) & (frequency[: len(keys)] <= cap) & ~monotone)
    for view, (first, last) in zip(views, ranges, strict=True):
        places, rows = expand(first[rare], last[rare])
        samples = view.segment.grams.values[places].astype(np.int64)
        found.append(_living(view, rare[rows], samples * scheme.gram_step))
    found += _common_runs(views, ranges, scheme, folded, frequency[: len(keys)], monotone, cap)
    return _collected(views, found, frequency)


def _monotone(folded: NDArray[np.uint32], count: int, size: int) -> NDArray[np.bool_]:
    """[count] whether the gram at each position is one character repeated."""
    sums = np.concatenate([[0], np.cumsum(folded[1:] == folded[:-1])])
    repeated: NDArray[np.bool_] = sums[size - 1 : size - 1 + count] - sums[:count] == size - 1
    return repeated


def _dead(view: View, keys: NDArray[np.uint64]) -> Ints | int:
    if view.dead_grams is None:
        return 0
    wanted = view.segment.grams.fingerprints(keys)
    before = np.searchsorted(view.dead_grams, wanted, side="left")
    return np.searchsorted(view.dead_grams, wanted, side="right") - before


def _living(view: View, query: Ints, position: Ints) -> _Found:
    if view.live_parts is not None and len(position):
        alive = view.live_parts[_parts_at(view, position)]
        query, position = query[alive], position[alive]
    return _Found(view, query, position)


def _parts_at(view: View, positions: Ints) -> Ints:
    return np.searchsorted(view.segment.part_positions, positions, side="right") - 1


def _collected(views: Sequence[View], found: Sequence[_Found], frequency: Ints) -> GramHits:
    queries, parts, positions = [], [], []
    for view in views:
        # One word holds position and query: the order by part and position is that of the segment.
        words = np.concatenate(
            [hits.position << _QUERY_BITS | hits.query for hits in found if hits.view is view]
            or [np.empty(0, np.int64)]
        )
        words.sort()
        query, position = words & ((1 << _QUERY_BITS) - 1), words >> _QUERY_BITS
        part = _parts_at(view, position)
        queries.append(query.astype(np.int32))
        parts.append((part + view.first_part).astype(np.int32))
        positions.append(position - view.segment.part_positions[part])
    return GramHits(
        query=np.concatenate([np.empty(0, np.int32), *queries]),
        part=np.concatenate([np.empty(0, np.int32), *parts]),
        position=np.concatenate([np.empty(0, np.int64), *positions]),
        frequency=frequency.astype(np.int32),
    )


# ------------------------------------------------------------------------------- runs of common grams


def _common_runs(
    views: Sequence[View],
    ranges: Sequence[tuple[Ints, Ints]],
    scheme: Scheme,
    folded: NDArray[np.uint32],
    frequency: Ints,
    monotone: NDArray[np.bool_],
    cap: int,
) -> list[_Found]:
    """Occurrences of the runs whose sampled grams are not followed: too common, or of one character."""
    unfollowed = (frequency > cap) | (monotone & (frequency > 0))
    starts = _chains(unfollowed, scheme.gram_step, scheme.chain_length)
    nothing_else = np.zeros(len(frequency), dtype=np.bool_)
    nothing_else[_chains(monotone, scheme.gram_step, scheme.chain_length)] = True
    starts = starts[~nothing_else[starts]]
    if not len(starts):
        return []
    # Any other pair of a chain promises less than one of a single character.
    promised = np.where(monotone, np.iinfo(np.int32).max, frequency)
    wanted = _Wanted(starts, _anchors(starts, promised, scheme), len(folded), scheme, min(cap, MOST_OF_A_RUN))
    found = [
        _occurrences(view, first, last, wanted, folded, scheme)
        for view, (first, last) in zip(views, ranges, strict=True)
    ]
    # Pairs with few occurrences are hits as they are, the others only where the whole run is the same.
    total = np.zeros(len(folded), dtype=np.int64)
    for hits, _ in found:
        total += np.bincount(hits.query, minlength=len(folded))
    few = (total <= cap) & ~wanted.cut_short
    return [_where(hits, chosen | few[hits.query]) for hits, chosen in found]


def _chains(common: NDArray[np.bool_], step: int, length: int) -> Ints:
    """Positions from which `length` grams, `step` apart, are all common."""
    count = len(common) - (length - 1) * step
    if count <= 0:
        return np.empty(0, dtype=np.int64)
    all_common = np.ones(count, dtype=np.bool_)
    for link in range(length):
        all_common &= common[link * step : link * step + count]
    return np.flatnonzero(all_common)


def _anchors(starts: Ints, frequency: Ints, scheme: Scheme) -> Ints:
    """For every chain the first gram of its most promising pair (or its one gram)."""
    if scheme.chain_length == 1:
        return starts
    step = scheme.gram_step
    promise = np.full(len(frequency), np.inf)
    rarer = np.minimum(frequency[:-step], frequency[step:])
    # The rarer gram says how many places are looked at, the other how many are left of them.
    promise[:-step] = rarer + np.maximum(frequency[:-step], frequency[step:]) / (1 << 32)
    # The rightmost of equals, so that neighbouring chains choose the same.
    pairs = starts[:, None] + step * np.arange(scheme.chain_length - 2, -1, -1)
    best: Ints = pairs[np.arange(len(pairs)), np.argmin(promise[pairs], axis=1)]
    return best


class _Wanted:
    """How many occurrences are still wanted of the runs of GUARANTEED_RUN codes around each anchor."""

    def __init__(self, starts: Ints, anchors: Ints, codes: int, scheme: Scheme, most: int) -> None:
        """For chains that begin at `starts` and are looked for at `anchors`, in `codes` codes."""
        self.anchors = distinct(anchors)
        self.known = scheme.gram_size + (scheme.gram_step if scheme.chain_length > 1 else 0)
        """Codes that an occurrence of an anchor's pair is known to have in common."""
        self.slack = GUARANTEED_RUN - self.known
        self._missing = np.zeros((self.slack + 1, codes), dtype=np.int64)
        """[r, q] of the run that begins r codes before the pair at q."""
        # A chain serves the runs that begin with it or up to a step earlier: the corpus is sampled in steps.
        for back in range(scheme.gram_step):
            first = starts - back
            fits = (first >= 0) & (first + GUARANTEED_RUN <= codes)
            self._missing[(anchors - first)[fits], anchors[fits]] = most
        self.cut_short = np.zeros(codes, dtype=np.bool_)
        """[q] whether there may be occurrences of the pair at q that were not looked at."""

    def left(self, anchors: Ints) -> Ints:
        """Those of some anchors around which anything is wanted."""
        return anchors[(self._missing[:, anchors] > 0).any(axis=0)]

    def choose(self, query: Ints, to_left: Ints, to_right: Ints) -> NDArray[np.bool_]:
        """Which occurrences to keep, in the order given; `query` ascends.

        `to_left` and `to_right` tell how many codes around an occurrence of its pair are the same.
        """
        chosen = np.zeros(len(query), dtype=np.bool_)
        for reach in range(self.slack + 1):
            whole = np.flatnonzero((to_left >= reach) & (to_right >= self.slack - reach))
            rank, at = _ranks(query[whole]), query[whole]
            within = rank < self._missing[reach, at]
            chosen[whole[within]] = True
            self._missing[reach] -= np.bincount(at[within], minlength=self._missing.shape[1])
        return chosen


def _occurrences(
    view: View, first: Ints, last: Ints, wanted: _Wanted, folded: NDArray[np.uint32], scheme: Scheme
) -> tuple[_Found, NDArray[np.bool_]]:
    """Where the pairs of grams at the anchors occur in a segment, and which of that is part of a whole run.

    What the whole genre says stands in every tenth document, so the postings of an anchor are followed in
    portions that grow, and no further than until enough is found.
    """
    values = view.segment.grams.values
    active = wanted.left(wanted.anchors)
    done = np.zeros(len(folded), dtype=np.int64)
    portion = _FIRST_PORTION
    queries, positions, choices = [_NONE], [_NONE], [np.empty(0, np.bool_)]
    while True:
        # An anchor's run lies where its pair lies: the rarer gram is looked up beside the other.
        begin, end, other, other_end, behind = _rarer(first, last, active, scheme)
        waiting = begin + done[active] < end
        active = active[waiting]
        begin, end, other, other_end, behind = (
            column[waiting] for column in (begin, end, other, other_end, behind)
        )
        if not len(active):
            break
        begin = begin + done[active]
        count = max(1, min(portion, _POSTINGS_AT_ONCE // len(active)))
        places, rows = expand(begin, np.minimum(begin + count, end))
        samples = values[places].astype(np.int64)
        if scheme.chain_length > 1:
            neighbours = samples + 1 - 2 * behind[rows]
            at = lower_bound(values, other[rows], other_end[rows], neighbours)
            both = np.flatnonzero(at < other_end[rows])
            both = both[values[at[both]] == neighbours[both]]
            rows, samples = rows[both], samples[both] - behind[rows[both]]
        hits = _living(view, active[rows], samples * scheme.gram_step)
        chosen = wanted.choose(hits.query, *_equal_around(hits, folded, wanted.known, wanted.slack))
        queries.append(hits.query)
        positions.append(hits.position)
        choices.append(chosen)
        done[active] += count
        portion *= 4
        still = wanted.left(active)
        wanted.cut_short[active] = True
        wanted.cut_short[still] = False
        active = still
    return _Found(view, np.concatenate(queries), np.concatenate(positions)), np.concatenate(choices)


def _rarer(first: Ints, last: Ints, anchors: Ints, scheme: Scheme) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """The range of postings of the rarer gram of each anchor's pair, that of the other, and which it is.

    The last array is 0 where the rarer gram is the first of the two and 1 where it is the second.
    """
    left, right = anchors, np.minimum(anchors + scheme.gram_step, len(first) - 1)
    if scheme.chain_length == 1:
        right = left
    second = (last[right] - first[right] < last[left] - first[left]).astype(np.int64)
    rarer, other = np.where(second, right, left), np.where(second, left, right)
    return first[rarer], last[rarer], first[other], last[other], second


def _where(hits: _Found, mask: NDArray[np.bool_]) -> _Found:
    return _Found(hits.view, hits.query[mask], hits.position[mask])


def _ranks(groups: Ints) -> Ints:
    """For each element of a list in which equals stand together, how many of its equals precede it."""
    places = np.arange(len(groups))
    begins = np.flatnonzero(np.diff(groups, prepend=-1))
    return places - np.repeat(begins, np.diff(begins, append=len(groups)))


def _equal_around(hits: _Found, folded: NDArray[np.uint32], known: int, slack: int) -> tuple[Ints, Ints]:
    """How many codes (up to `slack`) before and behind each occurrence of a pair equal the submission's."""
    segment = hits.view.segment
    part = _parts_at(hits.view, hits.position)
    begin = segment.part_positions[part].astype(np.int64)
    end = begin + segment.part_lengths[part]
    # How far either text reaches; comparing stops there.
    before = np.minimum(np.minimum(hits.query, hits.position - begin), slack)
    behind = np.minimum(np.minimum(len(folded) - hits.query, end - hits.position) - known, slack)
    alphabet = fold_slots(segment.alphabet)

    def reach(query: Ints, position: Ints, direction: int, limit: Ints) -> Ints:
        counts = np.zeros(len(query), dtype=np.int64)
        going = np.flatnonzero(limit > 0)
        for step in range(slack):
            distance = direction * step
            letters = segment.letters[position[going] + distance]
            equal = np.take(alphabet, letters) == folded[query[going] + distance]
            going = going[equal]
            counts[going] += 1
            going = going[limit[going] > step + 1]
        return counts

    return (
        reach(hits.query - 1, hits.position - 1, -1, before),
        reach(hits.query + known, hits.position + known, 1, behind),
    )
