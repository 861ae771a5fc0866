"""Find candidate regions, in which hits of rare grams lie close together in the submission and in one source.

Hits are points (position in the submission, position in the source). They are gathered into cells, and cells
that touch are one region, which holds through moved, dropped and inserted clauses where a diagonal would not.

Grams that many documents hold weigh nothing, so a paragraph made of them alone leaves no region. If it is
copied whole, its signature finds it all the same (MinHash, Broder 1997; banding, Leskovec, Rajaraman & Ullman
2014, section 3.4), and the number of documents that hold one like it decides whether it is custom.
"""

from __future__ import annotations

import numpy as np

from dedup.index.index import Index
from dedup.index.postings import expand
from dedup.records import dataclass
from dedup.sketch.arrays import Bools, Codes, Floats, Ints, distinct
from dedup.sketch.hashing import text_hashes
from dedup.sketch.minhash import permutations, sign
from dedup.sketch.shingles import shingle
from dedup.text.stream import MatchText

DRAFT_CELL = 40
SOURCE_CELL = 80
"""Characters of a side of a cell; a gap of up to twice as much is bridged. Condensed text has longer gaps in
the source than in the submission."""

MOST_SAID = 16
"""Times that a run of common grams, or a paragraph, is followed in a submission that repeats it (see
`dedup.align.repeats`)."""

_AXIS_BITS = 20
"""Bits of a cell's number on either axis: enough for texts of 40 million characters."""
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
) -> tuple[Regions, Ints]:
    """Group n hits into regions and keep those that weigh at least `floor`, heaviest first.

    Also returns the number of the region of each hit [n]; -1 where the region was not kept.
    """
    label = _touching_cells(query, part, position)
    count = int(label.max()) + 1 if len(label) else 0
    # A gram that occurs twice in a region counts once.
    grams, first = np.unique(label << _POSITION_BITS | query, return_index=True)
    total = np.bincount(grams >> _POSITION_BITS, weights=weight[first], minlength=count).astype(np.float64)
    order = np.argsort(label, kind="stable")
    bounds = np.searchsorted(label[order], np.arange(count))
    if count == 0:
        none = np.zeros(0, np.int64)
        return Regions(none, none, none, none, none, np.zeros(0)), none
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
    lying_in = np.where(total[label] >= floor, label, -1)
    return regions.take(heavy[np.argsort(-total[heavy], kind="stable")]), lying_in


def _touching_cells(query: Ints, part: Ints, position: Ints) -> Ints:
    """Label of each hit, 0, 1, 2 …: hits whose cells touch, at corners too, share one."""
    cell = (part << 2 * _AXIS_BITS) | (position // SOURCE_CELL + 1) << _AXIS_BITS | (query // DRAFT_CELL + 1)
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
    """Places in `cells` of those with a neighbour at distance `step`, and the places of the neighbours."""
    place = np.minimum(np.searchsorted(cells, cells + step), max(len(cells) - 1, 0))
    one = np.flatnonzero(cells[place] == cells + step)
    return one, place[one]


def worth_aligning(
    regions: Regions, characters: int, weight_at: Floats, *, rivals: int, share: float
) -> Ints:
    """Choose the regions (heaviest first) to align: not those that heavier ones explain much better.

    At most `rivals` regions are kept over any stretch of the submission's `characters`; a region is dropped
    if it weighs less than `share` of what the kept ones explain of its stretch. `weight_at` is the weight of
    the gram at each position of the submission.
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
        # A region is taken to explain its stretch evenly, since the grams it hit are not kept.
        density = weight / max(weight_at[stretch].sum(), 1e-9)
        np.maximum(explained[stretch], density * weight_at[stretch], out=explained[stretch])
    return np.array(kept, np.int64)


# ------------------------------------------------------------------------- paragraphs alike as a whole

_PART_BITS = 32
_STRETCH = 1 << 10
"""Characters of a stretch by which overlaps are found; a paragraph touches one or two."""
_MOST_OF_A_BUCKET = 48
"""Paragraphs of a bucket to compare with one of the submission: wording in more of them is common."""

_MANY = 4
"""Number of documents holding a paragraph from which it is custom, whichever of them it is aligned with."""
OF_MANY = 2
"""Largest number of places with which such a paragraph is aligned."""


def resembling_paragraphs(
    stream: MatchText, index: Index, known: Regions, most: int, of_many: int = OF_MANY
) -> tuple[Regions, Ints]:
    """Regions [m] of paragraphs of submission and corpus that resemble each other, outside known regions.

    At most the `most` regions most alike for each paragraph, `of_many` for one that many documents hold. Also
    returns the number of documents [m] that hold a paragraph like it.
    """
    scheme = index.scheme
    chosen = _first_of_equal(stream)
    codes, starts = _of_paragraphs(stream, chosen)
    shingles = shingle(scheme.shingle, codes, starts, scheme.shingle_size)
    signatures = sign(shingles.hashes, shingles.starts, permutations(scheme.permutations))
    near = index.near_paragraphs(signatures, _MOST_OF_A_BUCKET)
    order = np.lexsort((near.part, -near.resemblance, near.query_paragraph))
    paragraph, part = chosen[near.query_paragraph[order]], near.part[order].astype(np.int64)
    first = np.searchsorted(paragraph, paragraph)
    holders = distinct(paragraph << _PART_BITS | part) >> _PART_BITS
    witnesses = np.bincount(holders, minlength=len(stream.paragraph_numbers))[paragraph]
    start, end = stream.paragraph_starts[paragraph], stream.paragraph_starts[paragraph + 1]
    regions = Regions(part, start, end, near.start[order], near.end[order], np.zeros(len(order)))
    at_most = np.where(witnesses < _MANY, most, min(most, of_many))
    chosen = np.flatnonzero(np.arange(len(order)) - first < at_most)
    chosen = chosen[~overlapping(regions.take(chosen), known)]
    return regions.take(chosen), witnesses[chosen]


def _first_of_equal(stream: MatchText) -> Ints:
    """Numbers of the paragraphs, of equal ones only the first few."""
    begins, ends = stream.paragraph_starts[:-1], stream.paragraph_starts[1:]
    if len(begins) <= MOST_SAID:
        return np.arange(len(begins))
    filled = np.flatnonzero(ends > begins)
    hashes = np.zeros(len(begins), np.uint64)
    hashes[filled] = text_hashes(stream.codes, begins[filled], ends[filled])
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    ranks = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return np.sort(order[ranks < MOST_SAID])


def _of_paragraphs(stream: MatchText, chosen: Ints) -> tuple[Codes, Ints]:
    """The codes of some paragraphs laid end to end, and their starts, of which the last entry is the end."""
    starts = stream.paragraph_starts
    if len(chosen) == len(starts) - 1:
        return stream.codes, starts
    places, _ = expand(starts[chosen], starts[chosen + 1])
    return stream.codes[places], np.concatenate([[0], np.cumsum(starts[chosen + 1] - starts[chosen])])


def overlapping(regions: Regions, known: Regions, stretch: int = _STRETCH) -> Bools:
    """Mask of the regions that overlap a known one on both sides, bool[m].

    Only those are compared that touch the same `stretch` characters of the submission: a document may be one
    part with all of its regions.
    """
    here, one = _stretches(regions, stretch)
    there, other = _stretches(known, stretch)
    order = np.argsort(there, kind="stable")
    there, other = there[order], other[order]
    place, row = expand(np.searchsorted(there, here), np.searchsorted(there, here, side="right"))
    one, other = one[row], other[place]
    across = (known.start[other] < regions.end[one]) & (known.end[other] > regions.start[one])
    across &= known.source_start[other] < regions.source_end[one]
    across &= known.source_end[other] > regions.source_start[one]
    return np.bincount(one[across], minlength=len(regions)) > 0


def _stretches(regions: Regions, stretch: int) -> tuple[Ints, Ints]:
    """Keys (part, stretch) of the stretches of the submission that regions touch, and the region of each."""
    places, number = expand(regions.start // stretch, -(-regions.end // stretch))
    return regions.part[number].astype(np.int64) << _PART_BITS | places, number
