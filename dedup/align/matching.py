"""Find the matches of a submission from its grams, each with its evidence.

::

    hits ─ rarity ─→ regions ─ align ─→ matches

Everything here is measured, nothing is judged: `dedup.align.judge` decides what a match amounts to.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from dedup.align.aligning import Aligner
from dedup.align.draft import Draft
from dedup.align.evidence import Holders, Rivals, bigram_surprise, common_from, rarity
from dedup.align.match import Match
from dedup.align.regions import (
    MOST_SAID,
    OF_MANY,
    Regions,
    find_regions,
    resembling_paragraphs,
    worth_aligning,
)
from dedup.align.units import sustained
from dedup.align.weighing import Scales
from dedup.index.index import Index
from dedup.index.lookup import GramHits
from dedup.sketch.arrays import Bools, Codes, Floats, Ints

MOST_ALIGNED = 4
"""Number of equal paragraphs that are aligned with one document that resembles them."""
POSTINGS_CAP = 200
"""Grams with more postings are formulaic and not followed (see `dedup.index.lookup`)."""
RUNS_CAP = 64
"""Places to which a run of formulaic grams is followed: text in a dozen documents is no evidence of
its origin, so they only show that it is custom, with a place where it occurs."""
REGION_FLOOR = 1.2
"""Least weight of the grams of a region that is aligned; heavily rewritten passages keep very few."""
RIVALS_ALIGNED = 8
RIVAL_SHARE = 0.4
RESEMBLING_ALIGNED = 4
"""Documents aligned for a paragraph that resembles theirs; their total number is known without aligning."""
ALL_ALIGNED = 64
"""Documents aligned with a stretch when all of its holders are wanted, not only its source."""
_STRONGEST = 64
"""Documents compared with one another for kinship."""


class Matches(NamedTuple):
    """All matches of a submission, and the hits they came from."""

    matches: tuple[Match, ...]
    hits: GramHits
    holders: Holders
    families: dict[int, int]
    """Part number → family, for parts that belong together; a part not named is a family of its own."""
    scales: Scales
    """The scales with which they were weighed."""


def find_matches(draft: Draft, index: Index, *, independent: bool = True) -> Matches:
    """Find all matches of the submission with documents of the index.

    If the documents are not `independent`, all that hold a stretch are aligned, not only the likeliest
    sources.
    """
    hits = index.gram_hits(draft.folded, POSTINGS_CAP, MOST_SAID, RUNS_CAP)
    holders = Holders.gather(hits.query, hits.part, index.scheme.gram_size)
    # Kinship is asked of the strongest documents only; that of others does not matter.
    strong = sorted({*holders.strongest(_STRONGEST), *holders.strongest_somewhere()})
    families = index.families(strong)
    regions, evidence_at, rivals = _worth_aligning(
        hits, holders, families, draft, index, independent=independent
    )
    surprise = bigram_surprise(draft.folded, index.background)
    surprise[draft.units.lettered[1:] | draft.units.lettered[:-1]] = 0.0
    surprise[draft.tabular[1:] & draft.tabular[:-1]] = 0.0
    scales = Scales(draft, evidence_at, surprise, rivals, families)
    aligner = Aligner(draft, index, scales)
    matches = list(aligner.align(regions))
    most, of_many = (RESEMBLING_ALIGNED, OF_MANY) if independent else (ALL_ALIGNED, ALL_ALIGNED)
    resembling, witnesses = resembling_paragraphs(draft.stream, index, regions, most, of_many)
    kept = _first_said(resembling, draft.codes)
    matches += aligner.align(resembling.take(kept), witnesses[kept])
    return Matches(tuple(matches), hits, holders, families, scales)


def _first_said(regions: Regions, codes: Codes) -> Ints:
    """Numbers of the regions to align: of those of one part with equal text of the submission the first few.

    The others are repeats, which `dedup.align.repeats` finds.
    """
    said: Counter[tuple[int, bytes]] = Counter()
    kept = []
    for number, (part, start, end) in enumerate(
        zip(regions.part.tolist(), regions.start.tolist(), regions.end.tolist(), strict=True)
    ):
        words = (part, codes[start:end].tobytes())
        said[words] += 1
        if said[words] <= MOST_ALIGNED:
            kept.append(number)
    return np.array(kept, np.int64)


def _worth_aligning(
    hits: GramHits,
    holders: Holders,
    families: dict[int, int],
    draft: Draft,
    index: Index,
    *,
    independent: bool,
) -> tuple[Regions, Floats, Rivals]:
    """The regions to align, the evidence [n] of the gram at each position, and the rivals of all regions.

    A function of its own, so that its arrays over all hits are freed: hundreds of megabytes for a book.
    """
    gram = index.scheme.gram_size
    kept = sustained(hits, draft.units, gram, index.scheme.gram_step)
    families_at = holders.families_at(families, len(draft.codes))
    if not kept.all():
        lessened = np.zeros(len(draft.codes), np.bool_)
        lessened[hits.query[~kept]] = True
        rest = np.flatnonzero(kept & lessened[hits.query])
        others = Holders.gather(hits.query[rest], hits.part[rest], gram)
        families_at[lessened] = others.families_at(families, len(draft.codes))[lessened]
    rare = rarity(families_at, common_from(index.parts)) * draft.units.weight
    # The labels of a table are no evidence, but they lead to a possible source.
    weight_at = np.where(_within(draft.formulaic & ~draft.tabular, gram), 0.0, rare)
    evidence_at = np.where(_within(draft.formulaic, gram), 0.0, rare)
    telling = np.flatnonzero((weight_at[hits.query] > 0) & kept)
    query, part = hits.query[telling].astype(np.int64), hits.part[telling].astype(np.int64)
    family, weight = _replace(part, families), weight_at[query]
    regions, lying_in = find_regions(query, part, hits.position[telling], weight, gram, REGION_FLOOR)
    rivals_aligned, share = (RIVALS_ALIGNED, RIVAL_SHARE) if independent else (ALL_ALIGNED, 0.0)
    aligned = worth_aligning(regions, len(draft.codes), weight_at, rivals=rivals_aligned, share=share)
    lying = np.flatnonzero(lying_in >= 0)
    rivals = Rivals.gather(query[lying], family[lying], lying_in[lying], evidence_at[query[lying]])
    return regions.take(aligned), evidence_at, rivals


def _replace(part: Ints, families: dict[int, int]) -> Ints:
    """Part numbers replaced by the numbers of their families."""
    family = part.copy()
    for member, representative in families.items():
        if member != representative:
            family[part == member] = representative
    return family


def _within(covered: Bools, gram: int) -> Bools:
    """Mask of the positions whose gram is wholly covered, bool[n]; at the end as much of it as there is."""
    behind = np.concatenate([covered, np.ones(gram - 1, np.bool_)])
    return np.convolve(behind, np.ones(gram), "valid") > gram - 0.5
