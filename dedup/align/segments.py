"""Where a match begins and ends: the best run of clauses, with a border inside a clause where needed.

Every character scores what its match is worth less a constant; the run of clauses with the largest sum is the
passage (a maximal scoring subsequence, Ruzzo & Tompa 1999, over clauses instead of characters). It may bridge
clauses that do not match, up to a drop. Copiers take whole clauses, so borders lie between clauses unless
a long match stops inside one.
"""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Tolerance(NamedTuple):
    """What one side of a match forgives."""

    cost: float
    """Score taken from every character."""
    drop: float
    """How far the sum may fall below its peak before a passage is ended."""
    edge: float
    """What the matching end of a clause must score to be taken without the rest of the clause."""


SUSPICIOUS = Tolerance(cost=0.35, drop=12.0, edge=3.0)
SOURCE = Tolerance(cost=0.22, drop=20.0, edge=3.0)
"""Condensed text leaves out much of its source: gaps there cost less."""


def best_run(values: Floats, clause_starts: Ints, tolerance: Tolerance) -> tuple[int, int]:
    """The half-open range of characters that scores best; (0, 0) when nothing scores above 0.

    `values` (float[n], 0 to 1) tell what each character's match is worth; `clause_starts` (int64[m],
    the first 0) where clauses begin.
    """
    scores = values - tolerance.cost
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
    """How many characters of the neighbouring clause, counted from the passage, belong to it."""
    if not len(scores):
        return 0
    # Clauses are short: a list is faster than an array here.
    sums = list(accumulate(scores.tolist()))
    peak = max(sums)
    return sums.index(peak) + 1 if peak >= tolerance.edge else 0
