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
from dedup.sketch.arrays import distinct
from dedup.sketch.grams import gram_keys
from dedup.sketch.scheme import Scheme

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
    found: list[Found] = []
    monotone = _monotone(folded, len(keys), scheme.gram_size)
    rare = np.flatnonzero((frequency[: len(keys)] > 0) & (frequency[: len(keys)] <= cap) & ~monotone)
    for view, (first, last) in zip(views, ranges, strict=True):
        order = rare[np.argsort(first[rare])]
        places, rows = expand(first[order], last[order])
        samples, values = np.empty(len(places), dtype=np.int64), view.segment.grams.values
        for few in view.nearby(places, values.itemsize):
            samples[few] = values[places[few]]
        found.append(Found(view, order[rows], samples * scheme.gram_step).living())
    found += common_runs(views, ranges, scheme, folded, frequency[: len(keys)], monotone, cap)
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


def _collected(views: Sequence[View], found: Sequence[Found], frequency: Ints) -> GramHits:
    queries, parts, positions = [], [], []
    for view in views:
        # One word holds position and query: the order by part and position is that of the segment.
        words = np.concatenate(
            [hits.position << _QUERY_BITS | hits.query for hits in found if hits.view is view]
            or [np.empty(0, np.int64)]
        )
        words = distinct(words)
        query, position = words & ((1 << _QUERY_BITS) - 1), words >> _QUERY_BITS
        part = view.parts_at(position)
        queries.append(query.astype(np.int32))
        parts.append((part + view.first_part).astype(np.int32))
        positions.append(position - view.segment.part_positions[part])
    return GramHits(
        query=np.concatenate([np.empty(0, np.int32), *queries]),
        part=np.concatenate([np.empty(0, np.int32), *parts]),
        position=np.concatenate([np.empty(0, np.int64), *positions]),
        frequency=frequency.astype(np.int32),
    )
