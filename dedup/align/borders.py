"""Borders of a match: the best run of clauses, with a border inside a clause where needed.

Every character scores the worth of its match less a constant; the run of clauses with the largest sum is the
passage (a maximal scoring subsequence, Ruzzo & Tompa 1999, over clauses instead of characters). It may span
clauses that do not match, as long as the sum does not fall too far. Copiers take whole clauses, so borders
lie between clauses unless a long match stops inside one.
"""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

import numpy as np

from dedup.sketch.arrays import Bools, Floats, Ints, Numbers

Bounds = tuple[int, int]


class Tolerance(NamedTuple):
    """Tolerance of one side of a match for text that does not match."""

    cost: float
    """Score taken from every character."""
    drop: float
    """Fall of the sum below its peak that ends a passage."""
    edge: float
    """Least score of the matching end of a clause taken without the rest of the clause."""


DRAFT = Tolerance(cost=0.35, drop=12.0, edge=3.0)
SOURCE = Tolerance(cost=0.22, drop=20.0, edge=3.0)
"""Condensed text leaves out much of its source: gaps there cost less."""


def best_run(
    values: Floats, clause_starts: Ints, tolerance: Tolerance, weights: Floats | float = 1.0
) -> tuple[int, int]:
    """The half-open range of characters that scores best; (0, 0) when nothing scores above 0.

    `values` (float[n], 0 to 1) are the worth of each character's match, `clause_starts` (int64[m], the first
    0) the starts of the clauses, `weights` (float[n]) the weight of each character.
    """
    scores = (values - tolerance.cost) * weights
    best, peak, total = 0.0, 0.0, 0.0
    first, bounds = 0, None
    for number, score in enumerate(np.add.reduceat(scores, clause_starts).tolist()):
        if total <= 0 or total < peak - tolerance.drop:
            first, total, peak = number, 0.0, 0.0
        total += score
        peak = max(peak, total)
        if total > best:
            best, bounds = total, (first, number)
    if bounds is None:
        return 0, 0
    start = int(clause_starts[bounds[0]])
    end = int(clause_starts[bounds[1] + 1]) if bounds[1] + 1 < len(clause_starts) else len(values)
    start -= _matching_edge(scores[_clause(clause_starts, bounds[0] - 1, len(values))][::-1], tolerance)
    end += _matching_edge(scores[_clause(clause_starts, bounds[1] + 1, len(values))], tolerance)
    return start, end


def _clause(clause_starts: Ints, number: int, length: int) -> slice:
    """The characters of a clause; none where there is no such clause."""
    if not 0 <= number < len(clause_starts):
        return slice(0, 0)
    end = int(clause_starts[number + 1]) if number + 1 < len(clause_starts) else length
    return slice(int(clause_starts[number]), end)


def _matching_edge(scores: Floats, tolerance: Tolerance) -> int:
    """Number of characters of the neighbouring clause, next to the passage, that belong to it."""
    if not len(scores):
        return 0
    # Clauses are short: a list is faster than an array here.
    sums = list(accumulate(scores.tolist()))
    peak = max(sums)
    return sums.index(peak) + 1 if peak >= tolerance.edge else 0


# ------------------------------------------------------------------------- runs within borders


def sums(values: Floats, bounds: Ints) -> Floats:
    """The sum of values in each range [bounds[i], bounds[i + 1])."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    result: Floats = sums[bounds[1:]] - sums[bounds[:-1]]
    return result


def spread(starts: Ints, lengths: Ints, values: Floats, characters: int) -> Floats:
    """Value of the run that covers each character, 0 where none does, float[characters]."""
    steps = np.zeros(characters + 1)
    # Runs never overlap: their value goes up where they begin and down where they end.
    np.add.at(steps, starts, values)
    np.add.at(steps, starts + lengths, -values)
    return np.cumsum(steps[:-1])


def inside(starts: Ints, lengths: Ints, bounds: Bounds) -> Bools:
    """Mask of the runs that overlap a range."""
    touching: Bools = (starts < bounds[1]) & (starts + lengths > bounds[0])
    return touching


def clip(tiles: Ints, bounds: Bounds, source_bounds: Bounds) -> Ints:
    """Tiles cut to the bounds on both sides; those of a single character are dropped."""
    trimmed = trim(tiles, bounds, source_bounds)
    return trimmed[trimmed[:, 2] >= 2]


def trim(tiles: Ints, bounds: Bounds, source_bounds: Bounds) -> Ints:
    """Tiles cut to the bounds on both sides."""
    skipped = np.maximum(np.maximum(bounds[0] - tiles[:, 0], source_bounds[0] - tiles[:, 1]), 0)
    lengths = np.minimum(tiles[:, 2], np.minimum(bounds[1] - tiles[:, 0], source_bounds[1] - tiles[:, 1]))
    trimmed = tiles.copy()
    trimmed[:, 0] += skipped
    trimmed[:, 1] += skipped
    np.maximum(lengths - skipped, 0, out=trimmed[:, 2])
    return trimmed


def at_borders(sentence: Numbers, bounds: Bounds) -> int:
    """Number of a range's two ends that lie between sentences, 0 to 2."""
    start, end = bounds
    opens = start == 0 or sentence[start] != sentence[start - 1]
    closes = end == len(sentence) or sentence[end] != sentence[end - 1]
    return int(opens) + int(closes)
