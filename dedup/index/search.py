"""Where the grams of a submission occur in the segments of a snapshot.

Grams with more postings than a cap are formulaic text and are not followed, except where a run of
GUARANTEED_RUN characters is made of nothing else (`dedup.index.runs`).

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
from dedup.index.runs import common_runs
from dedup.index.view import Found, View
from dedup.sketch.arrays import distinct, portions
from dedup.sketch.grams import gram_keys
from dedup.sketch.scheme import Scheme

_QUERY_BITS = 31
_POSTINGS_AT_ONCE = 1 << 20
"""Postings followed together: a book has more of them than memory should hold several arrays of."""


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


def gram_hits(views: Sequence[View], scheme: Scheme, folded: NDArray[np.uint32], cap: int) -> GramHits:
    """All hits of grams with at most `cap` postings, and some of each run made of other grams only.

    `folded` are slot-folded codes [n]. If a run of GUARANTEED_RUN codes occurs in the corpus at most
    MOST_OF_A_RUN times, or `cap` if that is less, every occurrence is hit, otherwise at least so many, as far
    as the limits of `dedup.index.runs` let the postings of grams be followed that stand nearly everywhere.
    """
    keys = gram_keys(folded, scheme.gram_size)
    ranges = [view.ranges(view.segment.grams, keys) for view in views]
    counts = [last - first - _dead(view, keys) for view, (first, last) in zip(views, ranges, strict=True)]
    frequency = np.zeros(len(folded), dtype=np.int64)
    frequency[: len(keys)] = sum(counts, np.zeros(len(keys), dtype=np.int64))
    found: list[tuple[View, Ints]] = []
    monotone = _monotone(folded, len(keys), scheme.gram_size)
    rare = np.flatnonzero((frequency[: len(keys)] > 0) & (frequency[: len(keys)] <= cap) & ~monotone)
    for view, (first, last) in zip(views, ranges, strict=True):
        order = rare[np.argsort(first[rare])]
        for block in portions(last[order] - first[order], _POSTINGS_AT_ONCE):
            hits = _followed(view, order[block], first, last, scheme.gram_step)
            found.append((view, _packed(hits.living())))
    for hits in common_runs(views, ranges, scheme, folded, frequency[: len(keys)], monotone, cap):
        found.append((hits.view, _packed(hits)))
    return _collected(views, found, frequency)


def _followed(view: View, query: Ints, first: Ints, last: Ints, step: int) -> Found:
    """The hits of the grams at some places of the submission, whose postings are `first` to `last`."""
    places, rows = expand(first[query], last[query])
    samples, values = np.empty(len(places), dtype=np.int64), view.segment.grams.values
    for few in view.nearby(places, values.itemsize):
        samples[few] = values[places[few]]
    return Found(view, query[rows], samples * step)


def _packed(hits: Found) -> Ints:
    """Position and query of each hit in one word: their order by part and position is that of the segment."""
    return hits.position << _QUERY_BITS | hits.query


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


def _collected(views: Sequence[View], found: Sequence[tuple[View, Ints]], frequency: Ints) -> GramHits:
    """The distinct hits of all, given packed, in order."""
    none = np.empty(0, np.int64)
    of_view = [distinct(np.concatenate([none, *(w for at, w in found if at is view)])) for view in views]
    count = sum(map(len, of_view))
    hits = GramHits(
        query=np.empty(count, np.int32),
        part=np.empty(count, np.int32),
        position=np.empty(count, np.int64),
        frequency=frequency.astype(np.int32),
    )
    begin = 0
    for view, words in zip(views, of_view, strict=True):
        for first in range(0, len(words), _POSTINGS_AT_ONCE):
            some = words[first : first + _POSTINGS_AT_ONCE]
            place = slice(begin, begin + len(some))
            begin += len(some)
            position = some >> _QUERY_BITS
            part = view.parts_at(position)
            hits.query[place] = some & ((1 << _QUERY_BITS) - 1)
            hits.part[place] = part + view.first_part
            hits.position[place] = position - view.segment.part_positions[part]
    return hits
