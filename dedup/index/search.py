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

from dedup.index.postings import Ints, expand
from dedup.index.segment import Segment
from dedup.sketch.arrays import distinct, portions
from dedup.sketch.grams import gram_keys
from dedup.sketch.scheme import GUARANTEED_RUN, Scheme
from dedup.text.normalize import fold_slots

_PAIRS_AT_ONCE = 1 << 21
"""Postings intersected in one go; bounds memory."""
_QUERY_BITS = 31
_SAMPLE_BITS = 33  # one more than a sample number has, for the one behind the last


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
    """All hits of grams with at most `cap` postings, and up to `cap` of each run made of other grams only.

    `folded` are slot-folded codes [n]. If a run of GUARANTEED_RUN codes occurs in the corpus at most `cap`
    times, every occurrence is hit, otherwise at least `cap` of them.
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
    anchors = _anchors(starts, promised, scheme)
    found = [
        _pair_occurrences(view, first, last, anchors, scheme)
        for view, (first, last) in zip(views, ranges, strict=True)
    ]
    # Pairs with few occurrences are hits as they are, the others only where the whole run is the same.
    total = np.zeros(len(frequency), dtype=np.int64)
    for hits in found:
        total += np.bincount(hits.query, minlength=len(frequency))
    few = [_where(hits, total[hits.query] <= cap) for hits in found]
    many = [_where(hits, total[hits.query] > cap) for hits in found]
    return few + _whole_runs(many, scheme, folded, cap)


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
    """For every chain the first gram of its most promising pair (or its one gram), each once."""
    if scheme.chain_length == 1:
        return starts
    step = scheme.gram_step
    promise = np.full(len(frequency), np.inf)
    promise[:-step] = frequency[:-step].astype(np.float64) * frequency[step:]
    # The rightmost of equals, so that neighbouring chains choose the same.
    pairs = starts[:, None] + step * np.arange(scheme.chain_length - 2, -1, -1)
    best = np.argmin(promise[pairs], axis=1)
    return distinct(pairs[np.arange(len(pairs)), best])


def _pair_occurrences(view: View, first: Ints, last: Ints, anchors: Ints, scheme: Scheme) -> _Found:
    """Positions in a segment at which both grams of the anchors' pairs occur."""
    values = view.segment.grams.values
    if scheme.chain_length == 1:
        places, rows = expand(first[anchors], last[anchors])
        return _living(view, anchors[rows], values[places].astype(np.int64) * scheme.gram_step)
    seconds = anchors + scheme.gram_step
    queries: list[Ints] = []
    positions: list[Ints] = []
    postings = last[anchors] - first[anchors] + last[seconds] - first[seconds]
    for portion in portions(postings, _PAIRS_AT_ONCE):
        left, right = anchors[portion], seconds[portion]
        # One word holds the pair and the sample, so both lists ascend, and sampled neighbours differ by one.
        wanted = _words(values, first[left], last[left]) + 1
        there = _words(values, first[right], last[right])
        # The shorter list is looked up in the longer one.
        both = wanted[_among(wanted, there)] if len(wanted) < len(there) else there[_among(there, wanted)]
        queries.append(left[both >> _SAMPLE_BITS])
        positions.append(((both & ((1 << _SAMPLE_BITS) - 1)) - 1) * scheme.gram_step)
    none = np.empty(0, dtype=np.int64)
    return _living(view, np.concatenate([none, *queries]), np.concatenate([none, *positions]))


def _words(values: NDArray[np.uint32], first: Ints, last: Ints) -> Ints:
    places, rows = expand(first, last)
    return rows << _SAMPLE_BITS | values[places]


def _among(needles: Ints, haystack: Ints) -> NDArray[np.bool_]:
    """Which of some ascending words are among others."""
    places = np.minimum(np.searchsorted(haystack, needles), len(haystack) - 1)
    found: NDArray[np.bool_] = haystack[places] == needles
    return found


def _where(hits: _Found, mask: NDArray[np.bool_]) -> _Found:
    return _Found(hits.view, hits.query[mask], hits.position[mask])


def _whole_runs(
    found: Sequence[_Found], scheme: Scheme, folded: NDArray[np.uint32], cap: int
) -> list[_Found]:
    """Of the occurrences of pairs, up to `cap` for each run of GUARANTEED_RUN codes around each pair."""
    known = scheme.gram_size + (scheme.gram_step if scheme.chain_length > 1 else 0)
    slack = GUARANTEED_RUN - known
    # missing[r, q]: occurrences still wanted of the run that begins r codes before the pair at q.
    missing = np.full((slack + 1, len(folded)), cap, dtype=np.int64)
    kept = []
    for hits in found:
        to_left, to_right = _equal_around(hits, folded, known, slack)
        chosen = np.zeros(len(hits.query), dtype=np.bool_)
        for reach in range(slack + 1):
            whole = np.flatnonzero((to_left >= reach) & (to_right >= slack - reach))
            rank, query = _ranks(hits.query[whole]), hits.query[whole]
            within = rank < missing[reach, query]
            chosen[whole[within]] = True
            missing[reach] -= np.bincount(query[within], minlength=len(folded))
        kept.append(_where(hits, chosen))
    return kept


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
