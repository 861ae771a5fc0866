"""Candidate regions: where hits of rare grams lie close together in the submission and in one source.

Hits are points (position in the submission, position in the source). They are gathered into cells, and cells
that touch are one region, which holds through moved, dropped and inserted clauses where a diagonal would not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SUSPICIOUS_CELL = 40
SOURCE_CELL = 80
"""Characters a side of a cell; a gap of up to twice as much is bridged. Condensed text has longer gaps in
the source than in the submission."""

_AXIS_BITS = 20
"""Of the number of a cell on either side: texts of 40 million characters."""
_POSITION_BITS = 32


@dataclass(frozen=True, slots=True)
class Regions:
    """m candidate regions; all spans are half-open in normalised characters."""

    part: Ints
    start: Ints
    end: Ints
    source_start: Ints
    source_end: Ints
    weight: Floats
    """Sum of the weights of the distinct grams of the submission that were hit."""

    def __len__(self) -> int:
        return len(self.part)

    def take(self, chosen: Ints) -> Regions:
        """The chosen regions, in the order given."""
        return Regions(
            self.part[chosen],
            self.start[chosen],
            self.end[chosen],
            self.source_start[chosen],
            self.source_end[chosen],
            self.weight[chosen],
        )


def find_regions(
    query: Ints, part: Ints, position: Ints, weight: Floats, gram: int, floor: float
) -> tuple[Regions, NDArray[np.bool_]]:
    """Group n hits into regions and keep those that weigh at least `floor`, heaviest first.

    Also tells which hits [n] lie in a region that was kept.
    """
    label = _touching_cells(query, part, position)
    count = int(label.max()) + 1 if len(label) else 0
    # A gram that stands twice in a region counts once.
    distinct, first = np.unique(label << _POSITION_BITS | query, return_index=True)
    total = np.bincount(distinct >> _POSITION_BITS, weights=weight[first], minlength=count).astype(np.float64)
    order = np.argsort(label, kind="stable")
    bounds = np.searchsorted(label[order], np.arange(count))
    if count == 0:
        none = np.zeros(0, np.int64)
        return Regions(none, none, none, none, none, np.zeros(0)), np.zeros(0, bool)
    ordered_query, ordered_position = query[order], position[order]
    regions = Regions(
        part[order][bounds],
        np.minimum.reduceat(ordered_query, bounds),
        np.maximum.reduceat(ordered_query, bounds) + gram,
        np.minimum.reduceat(ordered_position, bounds),
        np.maximum.reduceat(ordered_position, bounds) + gram,
        total,
    )
    heavy = np.flatnonzero(total >= floor)
    return regions.take(heavy[np.argsort(-total[heavy], kind="stable")]), total[label] >= floor


def _touching_cells(query: Ints, part: Ints, position: Ints) -> Ints:
    """A label for each hit, 0, 1, 2 …: hits whose cells touch, corners included, share it."""
    cell = (
        (part << 2 * _AXIS_BITS)
        | (position // SOURCE_CELL + 1) << _AXIS_BITS
        | (query // SUSPICIOUS_CELL + 1)
    )
    cells, of_hit = np.unique(cell, return_inverse=True)
    label = np.arange(len(cells))
    pairs = [
        _neighbours(cells, step)
        for step in (1, (1 << _AXIS_BITS) - 1, 1 << _AXIS_BITS, (1 << _AXIS_BITS) + 1)
    ]
    one, other = (np.concatenate(side) for side in zip(*pairs, strict=True))
    while True:
        lower = np.minimum(label[one], label[other])
        joined = label.copy()
        np.minimum.at(joined, one, lower)
        np.minimum.at(joined, other, lower)
        joined = joined[joined]
        if np.array_equal(joined, label):
            break
        label = joined
    return np.unique(label, return_inverse=True)[1][of_hit]


def _neighbours(cells: Ints, step: int) -> tuple[Ints, Ints]:
    """Places of cells that have a neighbour at distance `step`, and the neighbours' places."""
    place = np.minimum(np.searchsorted(cells, cells + step), max(len(cells) - 1, 0))
    one = np.flatnonzero(cells[place] == cells + step)
    return one, place[one]


def worth_aligning(
    regions: Regions, characters: int, weight_at: Floats, *, rivals: int, share: float
) -> Ints:
    """Which regions (heaviest first) to align: not those that heavier ones explain much better.

    At most `rivals` regions are kept over any stretch of the submission's `characters`; a region that weighs
    less than `share` of what already kept ones explain of its stretch is dropped. `weight_at` is the weight
    of the gram at each position of the submission.
    """
    kept: list[int] = []
    cover = np.zeros(characters, np.int64)
    explained = np.zeros(characters)
    for number in range(len(regions)):
        stretch = slice(int(regions.start[number]), int(regions.end[number]))
        if cover[stretch].min() >= rivals:
            continue
        weight = regions.weight[number]
        if explained[stretch].sum() * share > weight:
            continue
        kept.append(number)
        cover[stretch] += 1
        # A region explains its stretch evenly: which grams it hit is not kept.
        density = weight / max(weight_at[stretch].sum(), 1e-9)
        np.maximum(explained[stretch], density * weight_at[stretch], out=explained[stretch])
    return np.array(kept, np.int64)
