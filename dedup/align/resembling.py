"""Paragraphs that resemble one of the corpus as a whole, found by their signatures.

Grams that many documents hold weigh nothing, so a paragraph made of them alone leaves no region. If it is
carried over whole, its signature finds it all the same (MinHash, Broder 1997; banding, Leskovec, Rajaraman &
Ullman 2014, section 3.4), and how many documents hold one like it tells whether it is custom.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.align.regions import Regions
from dedup.index.index import Index
from dedup.index.postings import expand
from dedup.sketch.arrays import distinct
from dedup.sketch.minhash import permutations, sign
from dedup.sketch.shingles import shingle
from dedup.text.stream import MatchText

Ints = NDArray[np.int64]

_PART_BITS = 32
_STRETCH = 1 << 10
"""Characters of the submission; a paragraph touches one or two such stretches."""
_MOST_OF_A_BUCKET = 48
"""Paragraphs looked at that share a band with one of the submission: a wording in more is everybody's."""

_MANY = 4
"""Documents holding a paragraph that make it custom, whichever of them it is aligned with."""
_OF_MANY = 2
"""Places at most that such a paragraph is aligned with."""


def resembling_paragraphs(stream: MatchText, index: Index, known: Regions, most: int) -> tuple[Regions, Ints]:
    """Regions [m] of paragraphs that resemble each other and overlap no known region.

    At most `most` a paragraph, the most alike; fewer of one that many hold. Also tells how many documents [m]
    hold a paragraph like it.
    """
    scheme = index.scheme
    shingles = shingle(scheme.shingle, stream.codes, stream.paragraph_starts, scheme.shingle_size)
    signatures = sign(shingles.hashes, shingles.starts, permutations(scheme.permutations))
    near = index.near_paragraphs(signatures, _MOST_OF_A_BUCKET)
    order = np.lexsort((near.part, -near.resemblance, near.query_paragraph))
    paragraph, part = near.query_paragraph[order].astype(np.int64), near.part[order].astype(np.int64)
    first = np.searchsorted(paragraph, paragraph)
    holders = distinct(paragraph << _PART_BITS | part) >> _PART_BITS
    witnesses = np.bincount(holders, minlength=len(stream.paragraph_numbers))[paragraph]
    start, end = stream.paragraph_starts[paragraph], stream.paragraph_starts[paragraph + 1]
    regions = Regions(part, start, end, near.start[order], near.end[order], np.zeros(len(order)))
    at_most = np.where(witnesses < _MANY, most, min(most, _OF_MANY))
    chosen = np.flatnonzero(np.arange(len(order)) - first < at_most)
    chosen = chosen[~_overlapping(regions.take(chosen), known)]
    return regions.take(chosen), witnesses[chosen]


def _overlapping(regions: Regions, known: Regions) -> NDArray[np.bool_]:
    """[m] whether each region overlaps a known one on both sides.

    Only those are compared that touch the same stretch of the submission: a document may be one part with all
    of its regions.
    """
    here, one = _stretches(regions)
    there, other = _stretches(known)
    order = np.argsort(there, kind="stable")
    there, other = there[order], other[order]
    place, row = expand(np.searchsorted(there, here), np.searchsorted(there, here, side="right"))
    one, other = one[row], other[place]
    across = (known.start[other] < regions.end[one]) & (known.end[other] > regions.start[one])
    across &= known.source_start[other] < regions.source_end[one]
    across &= known.source_end[other] > regions.source_start[one]
    return np.bincount(one[across], minlength=len(regions)) > 0


def _stretches(regions: Regions) -> tuple[Ints, Ints]:
    """Stretches of the submission that regions touch, by part, and the number of the region that does."""
    places, number = expand(regions.start // _STRETCH, -(-regions.end // _STRETCH))
    return regions.part[number].astype(np.int64) << _PART_BITS | places, number
