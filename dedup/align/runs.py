"""Small steps on common runs, kept as arrays of starts and lengths."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bounds = tuple[int, int]


def sums(values: Floats, bounds: Ints) -> Floats:
    """The sum of values in each range [bounds[i], bounds[i + 1])."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    result: Floats = sums[bounds[1:]] - sums[bounds[:-1]]
    return result


def spread(starts: Ints, lengths: Ints, values: Floats, characters: int) -> Floats:
    """[characters] the value of the run that covers each character, 0 where none does."""
    steps = np.zeros(characters + 1)
    # Runs never overlap: their value goes up where they begin and down where they end.
    np.add.at(steps, starts, values)
    np.add.at(steps, starts + lengths, -values)
    return np.cumsum(steps[:-1])


def inside(starts: Ints, lengths: Ints, bounds: Bounds) -> NDArray[np.bool_]:
    """Which runs touch a range."""
    touching: NDArray[np.bool_] = (starts < bounds[1]) & (starts + lengths > bounds[0])
    return touching


def clip(tiles: Ints, bounds: Bounds, source_bounds: Bounds) -> Ints:
    """Tiles without what reaches out of the bounds on either side; single characters left are dropped."""
    trimmed = trim(tiles, bounds, source_bounds)
    return trimmed[trimmed[:, 2] >= 2]


def trim(tiles: Ints, bounds: Bounds, source_bounds: Bounds) -> Ints:
    """Tiles without what reaches out of the bounds on either side."""
    skipped = np.maximum(np.maximum(bounds[0] - tiles[:, 0], source_bounds[0] - tiles[:, 1]), 0)
    lengths = np.minimum(tiles[:, 2], np.minimum(bounds[1] - tiles[:, 0], source_bounds[1] - tiles[:, 1]))
    trimmed = tiles.copy()
    trimmed[:, 0] += skipped
    trimmed[:, 1] += skipped
    np.maximum(lengths - skipped, 0, out=trimmed[:, 2])
    return trimmed


def at_borders(sentence: Ints, bounds: Bounds) -> int:
    """How many of a range's two ends lie between sentences."""
    start, end = bounds
    opens = start == 0 or sentence[start] != sentence[start - 1]
    closes = end == len(sentence) or sentence[end] != sentence[end - 1]
    return int(opens) + int(closes)
