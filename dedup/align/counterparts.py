"""Pair the sentences and words of a suspected passage with those of its source, for people to compare."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dedup.align.draft import Draft
from dedup.align.evidence import surprises
from dedup.align.match import Match
from dedup.align.suspicion import Suspicion
from dedup.align.tiling import Tiles, tile
from dedup.index.index import Index, Region
from dedup.passage import Counterpart, CounterpartKind
from dedup.sketch.arrays import Ints, run_begins
from dedup.sketch.background import bigram_buckets
from dedup.text.normalize import SLOT, fold_slots
from dedup.text.sentences import boundaries

_REACH = 120
"""Characters read beyond the stretch of the source, so that the sentences at its borders are whole."""
_LEAST_ANSWERED = 0.5
"""Common share of a sentence at the border relative to that of the sentence with the largest share."""
_TELLING = 2.5
"""Surprise of a pair of characters from which a run that holds it is worth marking: about one stretch of 200
characters in twelve holds such a pair."""
_LEAST_SHARED = 3
"""Common characters from which two sentences are counterparts."""


def counterpart(suspicion: Suspicion, draft: Draft, index: Index) -> Match | None:
    """A suspicion as a match of its common runs with the whole source sentences that hold them.

    None if nothing is common. The match has no weights (see `Match.unweighed`).
    """
    start, end = suspicion.start, suspicion.end
    region = index.region(suspicion.part, suspicion.source_start, suspicion.source_end)
    tiles = tile([draft.folded[start:end]], [fold_slots(region.codes)])
    if not len(tiles):
        return None
    own = draft.sentence[start:end]
    borders = np.append(np.flatnonzero(run_begins(own)), len(own))
    ends = tiles.draft + tiles.length
    turns = np.zeros(len(own) + 1, np.int64)
    np.add.at(turns, tiles.draft, 1)
    np.add.at(turns, ends, -1)
    shares = np.add.reduceat(np.cumsum(turns[:-1]) > 0, borders[:-1], dtype=np.int64) / np.diff(borders)
    # A window may begin or end with a sentence that was not rewritten.
    answered = np.flatnonzero(shares >= _LEAST_ANSWERED * shares.max())
    begin, stop = int(borders[answered[0]]), int(borders[answered[-1] + 1])
    inside = (ends > begin) & (tiles.draft < stop)
    starts = np.maximum(tiles.draft, begin)[inside]  # a run may reach beyond, at either end
    source = tiles.source[inside] + starts - tiles.draft[inside]
    tiles = Tiles(tiles.region[inside], starts, source, np.minimum(ends[inside], stop) - starts)
    first = region.start + int(tiles.source.min())
    last = region.start + int((tiles.source + tiles.length).max())
    around = index.region(suspicion.part, first - _REACH, last + _REACH)
    sentence = sentences_of(around)
    begins = np.append(np.flatnonzero(run_begins(sentence)), len(sentence)) + around.start
    source_start = int(begins[np.searchsorted(begins, first, side="right") - 1])
    source_end = int(begins[np.searchsorted(begins, last, side="left")])
    starts, theirs = tiles.draft + start, tiles.source + region.start
    runs = zip(starts.tolist(), theirs.tolist(), tiles.length.tolist(), strict=True)
    return Match.unweighed(
        suspicion.part, (start + begin, start + stop), (source_start, source_end), tuple(runs)
    )


def counterparts(match: Match, draft: Draft, index: Index) -> Iterator[Counterpart]:
    """Pairs of corresponding sentences and common runs of a match, in order of the submission.

    A run is given if it holds a rare pair of characters, or at least two digits of an equal figure.
    """
    region = index.region(match.part, match.source_start, match.source_end)
    # [n - 1] surprise of each bigram of the match.
    surprise = surprises(
        index.background[bigram_buckets(draft.folded[match.start : match.end])], int(index.background.sum())
    )
    sentence = sentences_of(region)
    shared: dict[tuple[int, int], int] = {}
    marks: list[Counterpart] = []
    for start, source_start, length in match.tiles:
        begin, place = start - match.start, source_start - region.start
        own, theirs = draft.sentence[start : start + length], sentence[place : place + length]
        for first in np.flatnonzero(run_begins(own) | run_begins(theirs)).tolist():
            both = int(own[first]), int(theirs[first])
            shared[both] = shared.get(both, 0) + int(((own == both[0]) & (theirs == both[1])).sum())
        codes = draft.folded[start : start + length]
        figures = (codes == SLOT) & (
            draft.codes[start : start + length] == region.codes[place : place + length]
        )
        if (figures.sum() >= 2) or surprise[begin : begin + length - 1].max(initial=0.0) >= _TELLING:
            kind: CounterpartKind = "figures" if figures.all() else "words"
            marks.append(_marked(draft, region, (start, start + length), (place, place + length), kind))
    yield from sorted([*_lines(match, draft, region, sentence, shared), *marks], key=_by_place)


def _lines(
    match: Match, draft: Draft, region: Region, sentence: Ints, shared: dict[tuple[int, int], int]
) -> Iterator[Counterpart]:
    """The source sentence that shares most with each sentence of the submission's side, as counterparts."""
    best: dict[int, tuple[int, int]] = {}
    for (own, theirs), characters in shared.items():
        if characters >= _LEAST_SHARED and characters > best.get(own, (0, 0))[0]:
            best[own] = characters, theirs
    own_sentences = draft.sentence[match.start : match.end]
    for own, (_, theirs) in best.items():
        first, last = np.searchsorted(own_sentences, (own, own + 1)).tolist()
        source = tuple(np.searchsorted(sentence, (theirs, theirs + 1)).tolist())
        yield _marked(draft, region, (match.start + first, match.start + last), source, "sentence")


def _marked(
    draft: Draft, region: Region, own: tuple[int, ...], theirs: tuple[int, ...], kind: CounterpartKind
) -> Counterpart:
    """A counterpart from two ranges of characters, given in spans of the texts."""
    return Counterpart(
        int(draft.offsets[own[0]]),
        int(draft.offsets[own[1] - 1]) + 1,
        int(region.offsets[theirs[0]]),
        int(region.offsets[theirs[1] - 1]) + 1,
        kind,
    )


def sentences_of(region: Region) -> Ints:
    """Number of the sentence that each character of a region lies in, int64[n]."""
    places = region.offsets - region.offsets[0]
    numbers: Ints = np.searchsorted(boundaries(region.text).sentences, places, side="right")
    return numbers


def _by_place(one: Counterpart) -> tuple[int, int, int]:
    return one.start, -one.end, one.source_start
