"""From a submission's grams to matches: retrieval, tiling and borders, each with its evidence.

::

    hits ─ rarity ─→ regions ─ tile ─→ tiles ─ best run of clauses, both sides ─→ Match

Everything here is measured, nothing is judged: `dedup.align.judge` decides what a match amounts to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.borders import DRAFT, SOURCE, at_borders, best_run, clip, inside, spread, sums, trim
from dedup.align.evidence import Rivals, bigram_surprise, common_from, rarity
from dedup.align.figures import FigureTable
from dedup.align.regions import Regions, find_regions, resembling_paragraphs, worth_aligning
from dedup.align.tiling import tile
from dedup.index.index import Index, Region
from dedup.index.lookup import GramHits
from dedup.sketch.arrays import distinct, run_begins
from dedup.text.normalize import fold_slots
from dedup.text.sentences import boundaries
from dedup.text.stream import MatchText

Codes = NDArray[np.uint32]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bounds = tuple[int, int]

POSTINGS_CAP = 200
"""Grams with more postings are formulaic and not followed (see `dedup.index.lookup`)."""
REGION_FLOOR = 1.2
"""Least weight of the grams of a region that is aligned; heavily rewritten passages keep very few."""
RIVALS_ALIGNED = 8
RIVAL_SHARE = 0.4
RESEMBLING_ALIGNED = 4
"""Documents that hold a paragraph like one of the submission; how many do is known without aligning them."""
MARGIN = 50
"""Characters added on both sides of a region, on both texts, before it is tiled."""
LEAST_EVIDENCE = 0.9
LEAST_WORTH = 14.0
"""Least sums over the runs of a region whose borders are sought: all of 1,117 regions that held a
planted passage had more, of the others a third had less."""
LEAST_MATCHED = 12
"""Characters that must match for anything to be said of a passage."""
PASSAGES_A_REGION = 100
"""A bound for whole documents carried over in pieces; an ordinary region holds one passage."""
FORMULAIC_SHARE = 0.3
"""Weight of a character of a set phrase: two reports may well share a dozen phrases in a row."""
_MOST_RIVALS = 12
_ALIGNED_AT_ONCE = 2048
"""Regions whose sources are in memory together: a book carried over whole has tens of thousands."""
LONG_RUN = 4
"""Runs from this length are weighed by their grams (which have as many characters unless set otherwise),
shorter ones by their bigrams."""
PAIR_VALUE = 0.9
"""Worth of a character of the most surprising pair: less than one of a longer run, however rare."""
TRIPLE_LEAST = 0.2
"""Least worth of a character of a triple: three in a row meet by chance less often than two of them."""
SHORT_RUN_EVIDENCE = 0.5
"""Evidence of the most surprising pair or triple, but for UNSURPRISING: half that of the rarest gram."""
UNSURPRISING = 0.3
"""Surprise of a bigram up to which a pair or triple is no evidence: most regions hold a few of those."""


class Draft(NamedTuple):
    """The submission, prepared: n normalised characters."""

    text: str
    stream: MatchText
    folded: Codes
    """[n] the characters with figures and masks made one code."""
    clause: Ints
    """[n] number of the clause each character lies in, ascending."""
    sentence: Ints
    """[n] likewise for sentences."""
    formulaic: NDArray[np.bool_]
    """[n] covered by a set phrase of the shipped list."""

    @property
    def codes(self) -> Codes:
        """[n] the normalised characters."""
        return self.stream.codes

    @property
    def offsets(self) -> Ints:
        """[n] where they stand in `text`."""
        return self.stream.offsets

    @classmethod
    def prepare(cls, text: str, stream: MatchText, formulaic: NDArray[np.bool_]) -> Draft:
        """From the match text of a document and the set phrases found in it."""
        borders = boundaries(text)
        clause = np.searchsorted(borders.clauses, stream.offsets, side="right")
        sentence = np.searchsorted(borders.sentences, stream.offsets, side="right")
        return cls(text, stream, fold_slots(stream.codes), clause, sentence, formulaic)


@dataclass(frozen=True, slots=True)
class Match:
    """A stretch of the submission matched with one of a source, in normalised characters, half-open."""

    part: int
    start: int
    end: int
    source_start: int
    source_end: int
    tiles: tuple[tuple[int, int, int], ...]
    """(start, source start, length) of each common run, in order of start."""
    telling: float
    """Characters of the submission's side, those of set phrases counted FORMULAIC_SHARE each."""
    worth: float
    """Characters matched, counted likewise, each by what its match is worth (0 to 1)."""
    evidence: float
    """Sum of the rarity of the grams matched, and of the surprise of shorter matches."""
    shared_figures: int
    """Specific figures (three digits or more, no years) that stand on both sides."""
    sentence_borders: int
    """How many of the four borders (start and end, on both sides) lie between sentences."""
    rivals: tuple[float, ...]
    """Strengths of what other families share with the same stretch, strongest first; at most _MOST_RIVALS."""

    def __len__(self) -> int:
        return self.end - self.start

    @property
    def density(self) -> float:
        """Worth a telling character of the submission."""
        return self.worth / self.telling

    @property
    def source_density(self) -> float:
        """Worth a telling character of the source, which has as many set phrases; at most 1."""
        return min(1.0, self.worth / max(1.0, self.source_end - self.source_start - len(self) + self.telling))


class Matches(NamedTuple):
    """All matches of a submission, and the hits they came from."""

    matches: tuple[Match, ...]
    hits: GramHits
    families: dict[int, int]
    """Part number → family, for parts that belong together; a part not named is a family of its own."""


def find_matches(draft: Draft, index: Index) -> Matches:
    """Everything in the index that the submission may have been carried over from."""
    hits = index.gram_hits(draft.folded, POSTINGS_CAP)
    families = index.families(_strongest_parts(hits.query, hits.part))
    regions, weight_at, rivals = _worth_aligning(hits, families, draft, index)
    surprise = bigram_surprise(draft.folded, index.background())
    aligner = _Aligner(draft, index, weight_at, surprise, rivals, families)
    matches = list(aligner.align(regions))
    resembling, witnesses = resembling_paragraphs(draft.stream, index, regions, RESEMBLING_ALIGNED)
    matches += aligner.align(resembling, witnesses)
    return Matches(tuple(matches), hits, families)


def _worth_aligning(
    hits: GramHits, families: dict[int, int], draft: Draft, index: Index
) -> tuple[Regions, Floats, Rivals]:
    """The regions to align, the weight [n] of the gram at each position, and the rivals of all regions.

    What is computed for every hit on the way is let go of: for a book that is hundreds of megabytes.
    """
    gram = index.scheme.gram_size
    family = _replace(hits.part, families)
    weight_at = _gram_weights(hits.query, family, draft, gram, common_from(index.parts))
    telling = np.flatnonzero(weight_at[hits.query] > 0)
    query, part = hits.query[telling].astype(np.int64), hits.part[telling].astype(np.int64)
    family, weight = family[telling], weight_at[query]
    regions, lying_in = find_regions(query, part, hits.position[telling], weight, gram, REGION_FLOOR)
    kept = worth_aligning(regions, len(draft.codes), weight_at, rivals=RIVALS_ALIGNED, share=RIVAL_SHARE)
    return regions.take(kept), weight_at, Rivals.gather(query[lying_in], family[lying_in], weight[lying_in])


def _strongest_parts(query: NDArray[np.int32], part: NDArray[np.int32], most: int = 64) -> list[int]:
    """The parts, given in ascending order, that share most distinct grams with the submission.

    Whether they are kin matters.
    """
    begins = run_begins(part)
    numbers = part[begins]
    pairs = distinct(np.cumsum(begins) - 1 << 32 | query)
    strength = np.bincount(pairs >> 32, minlength=len(numbers))
    return [int(number) for number in numbers[np.argsort(-strength, kind="stable")[:most]]]


def _replace(part: NDArray[np.int32], families: dict[int, int]) -> Ints:
    """Part numbers with those of one family made equal."""
    family = part.astype(np.int64)
    for member, representative in families.items():
        if member != representative:
            family[part == member] = representative
    return family


def _gram_weights(query: NDArray[np.int32], family: Ints, draft: Draft, gram: int, common: float) -> Floats:
    """[n] weight of the gram at each position: its rarity, or 0 where a set phrase covers it."""
    length = len(draft.codes)
    pairs = distinct(family << 32 | query)
    weight = rarity(np.bincount(pairs & 0xFFFFFFFF, minlength=length), common)
    covered = np.convolve(draft.formulaic, np.ones(gram))[gram - 1 :][:length]
    weight[: len(covered)][covered >= gram] = 0
    return weight


class _Aligner:
    """Tiles regions and cuts matches out of them."""

    def __init__(
        self,
        draft: Draft,
        index: Index,
        weight_at: Floats,
        surprise: Floats,
        rivals: Rivals,
        families: dict[int, int],
    ) -> None:
        self._draft = draft
        self._index = index
        self._weight_sums = np.concatenate([[0.0], np.cumsum(weight_at)])
        self._surprise = np.append(surprise, [0.0, 0.0])  # no bigram begins at the last character
        self._rivals = rivals
        self._families = families
        self._figures = FigureTable.of(draft.codes)

    def align(self, regions: Regions, witnesses: Ints | None = None) -> Iterator[Match]:
        """All matches of all regions.

        `witnesses` [regions] are documents known to hold the same without the grams telling; regions that
        have them are aligned whatever their evidence.
        """
        for first in range(0, len(regions), _ALIGNED_AT_ONCE):
            some = np.arange(first, min(first + _ALIGNED_AT_ONCE, len(regions)))
            yield from self._aligned(regions.take(some), None if witnesses is None else witnesses[some])

    def _aligned(self, regions: Regions, witnesses: Ints | None) -> Iterator[Match]:
        length = len(self._draft.codes)
        starts = np.maximum(regions.start - MARGIN, 0)
        ends = np.minimum(regions.end + MARGIN, length)
        sources = [
            self._index.region(int(part), int(start) - MARGIN, int(end) + MARGIN)
            for part, start, end in zip(regions.part, regions.source_start, regions.source_end, strict=True)
        ]
        tiles = tile(
            [self._draft.folded[start:end] for start, end in zip(starts, ends, strict=True)],
            [fold_slots(source.codes) for source in sources],
        )
        bounds = np.searchsorted(tiles.region, np.arange(len(regions) + 1))
        values, evidence = self._values(tiles.draft + starts[tiles.region], tiles.length)
        columns = np.stack([tiles.draft, tiles.source, tiles.length], axis=1)
        worth_cutting = bounds[:-1] < bounds[1:]
        if witnesses is None:
            worth_cutting &= sums(evidence, bounds) >= LEAST_EVIDENCE
            worth_cutting &= sums(values * tiles.length, bounds) >= LEAST_WORTH
        chosen = np.flatnonzero(worth_cutting)
        borders = self._source_borders([(int(regions.part[number]), sources[number]) for number in chosen])
        for number, source_borders in zip(chosen.tolist(), borders, strict=True):
            own = slice(bounds[number], bounds[number + 1])
            cuts = self._cut(
                int(regions.part[number]),
                int(starts[number]),
                int(ends[number]),
                sources[number],
                source_borders,
                columns[own],
                values[own],
            )
            for match in cuts:
                yield match if witnesses is None else _witnessed(match, int(witnesses[number]))

    def _values(self, start: Ints, length: Ints) -> tuple[Floats, Floats]:
        """For each run what a character of it is worth, and its evidence."""
        first, second = self._surprise[start], self._surprise[start + 1]
        best = np.where(length == 2, first, np.maximum(first, second))
        value = np.where(length == 2, PAIR_VALUE * first, TRIPLE_LEAST + (1 - TRIPLE_LEAST) * best)
        value = np.where(length >= LONG_RUN, 1.0, value)
        sums = self._weight_sums
        long_run = sums[np.maximum(start + length - LONG_RUN + 1, start)] - sums[start]
        short_run = SHORT_RUN_EVIDENCE * np.maximum(0.0, best - UNSURPRISING)
        evidence = np.where(length >= LONG_RUN, long_run, short_run)
        return value, evidence

    def _cut(
        self,
        part: int,
        start: int,
        end: int,
        source: Region,
        source_borders: tuple[Ints, Ints],
        tiles: Ints,
        values: Floats,
    ) -> Iterator[Match]:
        """Cut up to PASSAGES_A_REGION matches out of a tiled region, best first."""
        clause = self._draft.clause[start:end]
        clause_starts = np.flatnonzero(np.append(True, clause[1:] != clause[:-1]))
        source_clause_starts, source_sentence = source_borders
        sentence = self._draft.sentence[start:end]
        left = np.ones(len(tiles), bool)
        for _ in range(PASSAGES_A_REGION):
            chosen, bounds, source_bounds = np.flatnonzero(left), (0, 0), (0, 0)
            # Borders on one side decide which runs count on the other. If the source's side drops none, they
            # agree; after two rounds they always nearly do.
            for _ in range(2):
                run = tiles[chosen]
                bounds = best_run(
                    spread(run[:, 0], run[:, 2], values[chosen], end - start), clause_starts, DRAFT
                )
                chosen = chosen[inside(run[:, 0], run[:, 2], bounds)]
                # A run that began in the clause before must not draw in its source's clause before.
                run = trim(tiles[chosen], bounds, (0, len(source)))
                source_bounds = best_run(
                    spread(run[:, 1], run[:, 2], values[chosen], len(source)), source_clause_starts, SOURCE
                )
                agreeing = inside(run[:, 1], run[:, 2], source_bounds)
                chosen = chosen[agreeing]
                if not len(chosen):
                    return
                if agreeing.all():
                    break
            borders = at_borders(sentence, bounds) + at_borders(source_sentence, source_bounds)
            clipped = clip(tiles[chosen], bounds, source_bounds)
            if int(clipped[:, 2].sum()) >= LEAST_MATCHED:
                yield self._match(part, start, source, bounds, source_bounds, clipped, borders)
            left &= ~inside(tiles[:, 0], tiles[:, 2], bounds)
            if int(tiles[left & (tiles[:, 2] >= LONG_RUN), 2].sum()) < LEAST_MATCHED:
                return

    def _source_borders(self, sources: Sequence[tuple[int, Region]]) -> list[tuple[Ints, Ints]]:
        """For each source region where clauses begin in it, and the number of each character's sentence.

        The texts of all regions are laid end to end, a line each, so that one pass finds all borders.
        """
        texts = [
            self._index.text(part, int(source.offsets[0]), int(source.offsets[-1]) + 1)
            for part, source in sources
        ]
        borders = boundaries("\n".join(texts))
        found, origin = [], 0
        for text, (_, source) in zip(texts, sources, strict=True):
            places = source.offsets - source.offsets[0] + origin
            clause = np.searchsorted(borders.clauses, places, side="right")
            sentence = np.searchsorted(borders.sentences, places, side="right")
            found.append((np.flatnonzero(np.append(True, clause[1:] != clause[:-1])), sentence))
            origin += len(text) + 1
        return found

    def _match(
        self,
        part: int,
        start: int,
        source: Region,
        bounds: Bounds,
        source_bounds: Bounds,
        tiles: Ints,
        borders: int,
    ) -> Match:
        """A match from its tiles (start, source start, length), all counted from the region's beginning."""
        begin, stop = start + bounds[0], start + bounds[1]
        values, evidence = self._values(tiles[:, 0] + start, tiles[:, 2])
        counts = np.where(self._draft.formulaic[begin:stop], FORMULAIC_SHARE, 1.0)
        matched = spread(tiles[:, 0] - bounds[0], tiles[:, 2], values, stop - begin)
        family = self._families.get(part, part)
        figures = FigureTable.of(source.codes)
        return Match(
            part=part,
            start=begin,
            end=stop,
            source_start=source.start + source_bounds[0],
            source_end=source.start + source_bounds[1],
            tiles=tuple((start + i, source.start + j, length) for i, j, length in tiles.tolist()),
            telling=float(counts.sum()),
            worth=float((matched * counts).sum()),
            evidence=float(evidence.sum()),
            shared_figures=len(self._figures.specific(begin, stop) & figures.specific(*source_bounds)),
            sentence_borders=borders,
            rivals=tuple(self._rivals.strengths(begin, stop, besides=family)[:_MOST_RIVALS].tolist()),
        )


def _witnessed(match: Match, documents: int) -> Match:
    """A match that as many documents hold as well as the one it is of."""
    strength = max(match.evidence, 1.0)
    return replace(match, rivals=(strength,) * min(documents - 1, _MOST_RIVALS))
