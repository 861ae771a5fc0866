"""Candidate regions: where hits of rare grams lie close together in the submission and in one source.

Hits are points (position in the submission, position in the source). They are gathered into cells, and cells
that touch are one region, which holds through moved, dropped and inserted clauses where a diagonal would not.

Grams that many documents hold weigh nothing, so a paragraph made of them alone leaves no region. If it is
carried over whole, its signature finds it all the same (MinHash, Broder 1997; banding, Leskovec, Rajaraman &
Ullman 2014, section 3.4), and how many documents hold one like it tells whether it is custom.
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
"""Characters a side of a cell; a gap of up to twice as much is bridged. Condensed text has longer gaps in
the source than in the submission."""

MOST_SAID = 16
"""Times a submission may say a run of common grams, or a paragraph, and have each followed (see
`dedup.align.repeats`)."""

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
) -> tuple[Regions, Ints]:
    """Group n hits into regions and keep those that weigh at least `floor`, heaviest first.

    Also tells a number of the region each hit [n] lies in; -1 where that was not kept.
    """
    label = _touching_cells(query, part, position)
    count = int(label.max()) + 1 if len(label) else 0
    # A gram that stands twice in a region counts once.
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
    """A label for each hit, 0, 1, 2 …: hits whose cells touch, corners included, share it."""
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
    """Places of cells that have a neighbour at distance `step`, and the neighbours' places."""
    place = np.minimum(np.searchsorted(cells, cells + step), max(len(cells) - 1, 0))
    one = np.flatnonzero(cells[place] == cells + step)
    return one, place[one]


def worth_aligning(
    regions: Regions, characters: int, weight_at: Floats, *, rivals: int, share: float
) -> Ints:
    """Choose the regions (heaviest first) to align: not those that heavier ones explain much better.

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


# ------------------------------------------------------------------------- paragraphs alike as a whole

_PART_BITS = 32
_STRETCH = 1 << 10
"""Characters of the submission; a paragraph touches one or two such stretches."""
_MOST_OF_A_BUCKET = 48
"""Paragraphs looked at that share a band with one of the submission: a wording in more is everybody's."""

_MANY = 4
"""Documents holding a paragraph that make it custom, whichever of them it is aligned with."""
OF_MANY = 2
"""Places at most that such a paragraph is aligned with."""


def resembling_paragraphs(
    stream: MatchText, index: Index, known: Regions, most: int, of_many: int = OF_MANY
) -> tuple[Regions, Ints]:
    """Regions [m] of paragraphs that resemble each other and overlap no known region.

    At most `most` a paragraph, the most alike; `of_many` of one that many hold. Also tells how many documents
    [m] hold a paragraph like it.
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
    """Numbers of the paragraphs, of equal ones the first few: the rest is the same again."""
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
    """The codes of some paragraphs one after another, and where each begins; the last entry is their end."""
    starts = stream.paragraph_starts
    if len(chosen) == len(starts) - 1:
        return stream.codes, starts
    places, _ = expand(starts[chosen], starts[chosen + 1])
    return stream.codes[places], np.concatenate([[0], np.cumsum(starts[chosen + 1] - starts[chosen])])


def overlapping(regions: Regions, known: Regions, stretch: int = _STRETCH) -> Bools:
    """[m] which regions overlap a known one on both sides.

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
    """Stretches of the submission that regions touch, by part, and the number of the region that does."""
    places, number = expand(regions.start // stretch, -(-regions.end // stretch))
    return regions.part[number].astype(np.int64) << _PART_BITS | places, number
