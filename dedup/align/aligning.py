"""Turn regions into matches: find the common runs of both texts and the borders of the best ones.

::

    region of both texts ─ tile ─→ tiles ─ best run of clauses, both sides ─→ Match
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from dedup.align.borders import DRAFT, SOURCE, at_borders, best_run, clip, inside, spread, sums, trim
from dedup.align.draft import Draft
from dedup.align.figures import FigureTable
from dedup.align.match import Match
from dedup.align.regions import Regions
from dedup.align.tiling import Tiles, tile
from dedup.align.units import Units
from dedup.align.weighing import LONG_RUN, MOST_RIVALS, Scales, Stretch
from dedup.index.index import Index, Region
from dedup.sketch.arrays import Floats, Ints, distinct
from dedup.text.normalize import fold_slots
from dedup.text.sentences import boundaries

Bounds = tuple[int, int]

MARGIN = 50
"""Characters added on both sides of a region, on both texts, before it is tiled."""
LEAST_EVIDENCE = 0.9
LEAST_WORTH = 14.0
"""Least sum over the runs of a region whose borders are sought: all of 1,117 regions that held a
planted passage had more, of the others a third had less."""
LEAST_MATCHED = 12
"""Units that must match for anything to be said of a passage."""
LONGEST_CLAUSE = 60
"""Characters from which a clause is treated as text whose punctuation was removed."""
PASSAGES_A_REGION = 100
"""A bound for whole documents carried over in pieces; an ordinary region holds one passage."""
_ALIGNED_AT_ONCE = 2048
"""Regions whose sources are in memory together: a copied book has tens of thousands."""
TABLE_SHARE = 0.3
"""Share of a region in rows of a table from which figures match only equal ones."""


class _SourceSide(NamedTuple):
    """A source region, prepared: n normalised characters."""

    region: Region
    clause_starts: Ints
    """Positions at which clauses begin, ascending."""
    sentence: Ints
    """[n] number of the sentence each character lies in."""
    weights: Floats
    """[n] the share of a unit that each character is."""


class _Cut(NamedTuple):
    """A match before it is weighed."""

    part: int
    start: int
    end: int
    source: _SourceSide
    source_bounds: Bounds
    """Start and end within the source's region."""
    tiles: Ints
    """[m, 3] start, source start and length of each run, in the order of the starts."""
    borders: int
    witnesses: int = 0


class Aligner:
    """Tiles regions and cuts matches out of them."""

    def __init__(self, draft: Draft, index: Index, scales: Scales) -> None:
        self._draft = draft
        self._index = index
        self._scales = scales

    def align(self, regions: Regions, witnesses: Ints | None = None) -> Iterator[Match]:
        """All matches of all regions.

        `witnesses` [regions] is the number of documents that hold each region's text, where it is known by
        signatures; such regions are aligned whatever the evidence of their grams.
        """
        for first in range(0, len(regions), _ALIGNED_AT_ONCE):
            some = np.arange(first, min(first + _ALIGNED_AT_ONCE, len(regions)))
            yield from self._aligned(regions.take(some), None if witnesses is None else witnesses[some])

    def _aligned(self, regions: Regions, witnesses: Ints | None) -> Iterator[Match]:
        length = len(self._draft.codes)
        starts = np.maximum(regions.start - MARGIN, 0)
        ends = np.minimum(regions.end + MARGIN, length)
        source_starts, source_ends = regions.source_start - MARGIN, regions.source_end + MARGIN
        sources = self._index.regions(regions.part, source_starts, source_ends)
        ours, theirs = [], []
        for start, end, source in zip(starts, ends, sources, strict=True):
            # Two tables with other figures are no match, however alike they are filled in.
            of_table = self._draft.tabular[start:end].mean() >= TABLE_SHARE
            ours.append(self._draft.codes[start:end] if of_table else self._draft.folded[start:end])
            theirs.append(source.codes if of_table else fold_slots(source.codes))
        tiles = tile(ours, theirs)
        if self._draft.units.any_words:
            tiles = self._of_whole_words(tiles, starts)
        bounds = np.searchsorted(tiles.region, np.arange(len(regions) + 1))
        values, evidence = self._scales.values(tiles.draft + starts[tiles.region], tiles.length)
        matched = values * self._scales.units(tiles.draft + starts[tiles.region], tiles.length)
        columns = np.stack([tiles.draft, tiles.source, tiles.length], axis=1)
        worth_cutting = bounds[:-1] < bounds[1:]
        if witnesses is None:
            worth_cutting &= sums(evidence, bounds) >= LEAST_EVIDENCE
            worth_cutting &= sums(matched, bounds) >= LEAST_WORTH
        chosen = np.flatnonzero(worth_cutting)
        self._index.verify_paragraphs(regions.part[chosen])
        sides = self._source_sides([sources[number] for number in chosen])
        cuts: list[_Cut] = []
        for number, side in zip(chosen.tolist(), sides, strict=True):
            own = slice(bounds[number], bounds[number + 1])
            found = self._cut(
                int(regions.part[number]),
                int(starts[number]),
                int(ends[number]),
                side,
                columns[own],
                values[own],
            )
            if witnesses is not None:
                found = (one._replace(witnesses=int(witnesses[number])) for one in found)
            cuts += found
        yield from self._matches(cuts)

    def _of_whole_words(self, tiles: Tiles, starts: Ints) -> Tiles:
        """Runs cut to whole words; `starts` [regions] are the positions at which the regions begin."""
        origin = starts[tiles.region]
        begin, end = self._draft.units.trim(tiles.draft + origin, tiles.draft + origin + tiles.length)
        begin -= origin
        length = end - origin - begin
        kept = np.flatnonzero(length >= 2)
        source = tiles.source + begin - tiles.draft
        return Tiles(tiles.region[kept], begin[kept], source[kept], length[kept])

    def _cut(
        self,
        part: int,
        start: int,
        end: int,
        source: _SourceSide,
        tiles: Ints,
        values: Floats,
    ) -> Iterator[_Cut]:
        """Cut up to PASSAGES_A_REGION matches out of a tiled region, best first."""
        clause = self._draft.clause[start:end]
        clause_starts = np.flatnonzero(np.append(True, clause[1:] != clause[:-1]))
        clause_starts = _divided(clause_starts, tiles, end - start)
        weights = self._draft.units.weight[start:end]
        sentence = self._draft.sentence[start:end]
        left = np.ones(len(tiles), bool)
        for _ in range(PASSAGES_A_REGION):
            chosen, bounds, source_bounds = np.flatnonzero(left), (0, 0), (0, 0)
            # Borders on one side decide which runs count on the other. If the source's side drops no run,
            # both agree; after two rounds they nearly always do.
            for _ in range(2):
                run = tiles[chosen]
                bounds = best_run(
                    spread(run[:, 0], run[:, 2], values[chosen], end - start), clause_starts, DRAFT, weights
                )
                chosen = chosen[inside(run[:, 0], run[:, 2], bounds)]
                # A run that began in the clause before must not draw in its source's clause before.
                run = trim(tiles[chosen], bounds, (0, len(source.weights)))
                source_bounds = best_run(
                    spread(run[:, 1], run[:, 2], values[chosen], len(source.weights)),
                    source.clause_starts,
                    SOURCE,
                    source.weights,
                )
                agreeing = inside(run[:, 1], run[:, 2], source_bounds)
                chosen = chosen[agreeing]
                if not len(chosen):
                    return
                if agreeing.all():
                    break
            borders = at_borders(sentence, bounds) + at_borders(source.sentence, source_bounds)
            clipped = clip(tiles[chosen], bounds, source_bounds)
            if self._scales.units(clipped[:, 0] + start, clipped[:, 2]).sum() >= LEAST_MATCHED:
                tiles_in_texts = clipped + np.array([start, source.region.start, 0])
                own = start + bounds[0], start + bounds[1]
                yield _Cut(part, *own, source, source_bounds, tiles_in_texts, borders)
            left &= ~inside(tiles[:, 0], tiles[:, 2], bounds)
            long_left = tiles[left & (tiles[:, 2] >= LONG_RUN)]
            if self._scales.units(long_left[:, 0] + start, long_left[:, 2]).sum() < LEAST_MATCHED:
                return

    def _source_sides(self, sources: Sequence[Region]) -> list[_SourceSide]:
        """Prepare some regions.

        The texts of all regions are laid end to end, a line each, so that one pass finds all borders.
        """
        if not sources:
            return []
        origins = np.cumsum([0, *(len(source.text) + 1 for source in sources)])
        text = "\n".join(source.text for source in sources)
        places = np.concatenate(
            [
                source.offsets - source.offsets[0] + origin
                for source, origin in zip(sources, origins, strict=False)
            ]
        )
        borders = boundaries(text)
        clause = np.searchsorted(borders.clauses, places, side="right")
        sentence = np.searchsorted(borders.sentences, places, side="right")
        weight = Units.of(np.concatenate([source.codes for source in sources]), places, text).weight
        opens = np.append(True, clause[1:] != clause[:-1])
        found, end = [], 0
        for source in sources:
            own = slice(end, end := end + len(source))
            found.append(_SourceSide(source, np.flatnonzero(opens[own]), sentence[own], weight[own]))
        return found

    def _matches(self, cuts: Sequence[_Cut]) -> Iterator[Match]:
        """Weigh the cuts as matches."""
        draft = self._draft
        weighed = self._scales.weigh([self._stretch(cut) for cut in cuts])
        for cut, weights in zip(cuts, weighed, strict=True):
            own_units = float(draft.units.weight[cut.start : cut.end].sum())
            source_units = float(cut.source.weights[slice(*cut.source_bounds)].sum())
            match = Match(
                part=cut.part,
                start=cut.start,
                end=cut.end,
                source_start=cut.source.region.start + cut.source_bounds[0],
                source_end=cut.source.region.start + cut.source_bounds[1],
                tiles=tuple(map(tuple, cut.tiles.tolist())),
                source_telling=source_units - own_units + weights.telling,
                sentence_borders=cut.borders,
                witnesses=0,
                **weights._asdict(),
            )
            yield _witnessed(match, cut.witnesses) if cut.witnesses else match

    def _stretch(self, cut: _Cut) -> Stretch:
        region = cut.source.region
        figures = FigureTable.of(region.text, region.offsets, int(region.offsets[0]))
        return Stretch(cut.part, cut.start, cut.end, cut.tiles, figures.within(*cut.source_bounds))


def reweighed(piece: Match, scales: Scales, index: Index) -> Match:
    """A piece of a match with the weights of the piece alone; it begins and ends with whole sections."""
    draft = scales.draft
    region = index.region(piece.part, piece.source_start, piece.source_end)
    origin = int(region.offsets[0])
    figures = FigureTable.of(region.text, region.offsets, origin).within(0, len(region))
    tiles = np.array(piece.tiles, np.int64).reshape(-1, 3)
    (weights,) = scales.weigh([Stretch(piece.part, piece.start, piece.end, tiles, figures)])
    own_units = float(draft.units.weight[piece.start : piece.end].sum())
    source_units = float(Units.of(region.codes, region.offsets, region.text, origin).weight.sum())
    alone = replace(
        piece,
        source_telling=source_units - own_units + weights.telling,
        sentence_borders=2 * at_borders(draft.sentence, (piece.start, piece.end)),
        **weights._asdict(),
    )
    return _witnessed(alone, piece.witnesses) if piece.witnesses else alone


def _divided(clause_starts: Ints, tiles: Ints, length: int) -> Ints:
    """Starts of the clauses of a text; long clauses are divided where common runs begin and end.

    A text without punctuation is one clause, of which a copier may have taken any part.
    """
    lengths = np.diff(np.append(clause_starts, length))
    if lengths.max() <= LONGEST_CLAUSE:
        return clause_starts
    long = tiles[tiles[:, 2] >= LEAST_MATCHED]
    borders = distinct(np.concatenate([long[:, 0], long[:, 0] + long[:, 2]]))
    borders = borders[borders < length]
    clause = np.searchsorted(clause_starts, borders, side="right") - 1
    return distinct(np.concatenate([clause_starts, borders[lengths[clause] > LONGEST_CLAUSE]]))


def _witnessed(match: Match, documents: int) -> Match:
    """A match of text that `documents` documents hold; the others count as rivals as strong as itself."""
    strength = max(match.evidence, 1.0)
    return replace(match, witnesses=documents, rivals=(strength,) * min(documents - 1, MOST_RIVALS))
