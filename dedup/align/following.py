"""Where a submission follows one source: its paragraphs beside what the source has of them.

Whoever carries over a whole law or report changes it paragraph by paragraph. What was changed most is hardly
alike any more, or says what many documents say, so by itself it is no evidence of anything. But a submission
most of which came from one source is a version of it, and what is left to ask of each paragraph is where the
source has it. Candidates are those of the source's paragraphs that hold most of its rarer bigrams, and those
beside candidates of its neighbours. Of all candidates those are taken that are most alike and go on where the
ones before ended (dynamic programming, Viterbi 1967): a sentence that the source says ten times then stands
beside the one that it was made from, and what was moved far is found where it was.

A paragraph has a counterpart if half of the two together is the same (Dice 1945). One without was put in, and
is no part of a passage.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from dedup.align.borders import SOURCE, best_run, spread, trim
from dedup.align.draft import Draft
from dedup.align.match import Match, Tile
from dedup.align.selection import MUCH_OF_DRAFT
from dedup.align.tiling import tile
from dedup.align.weighing import Scales
from dedup.index.index import Index, Region
from dedup.index.postings import expand
from dedup.sketch.arrays import Codes, Ints, distinct
from dedup.text.folding import code_points
from dedup.text.looks import Expression
from dedup.text.normalize import fold_slots
from dedup.text.sentences import boundaries

_MOST_OF_DRAFT = 0.5
"""Share of a submission whose paragraphs have a counterpart in a source from which it follows that source."""
_MOST_OF_SOURCE = 0.5
"""Or MUCH_OF_DRAFT, and this share of the source: a version may have grown to twice its length and more."""
_MOST_PARAGRAPHS = 10_000
"""Each takes a tenth of a millisecond for every candidate; the longest law has some three thousand."""
_ALIKE = 0.5
"""Share of a paragraph and its counterpart together that is the same."""
_ALIKE_ALONE = 0.6
"""And of one that stands elsewhere in the source than its neighbours do."""
_BETTER = 0.75
"""Share of what another document has of a paragraph that the source must have to be named for it."""
_TELLING = 16
"""Times at most that a bigram which tells paragraphs apart stands in the source."""
_CANDIDATES = 3
"""Paragraphs of the source that one of the submission is compared with, besides neighbours of those."""
_WHOLE = 0.8
"""Share of a paragraph found in one of the source from which it was not made of two of them."""
_GOES_ON = 6.0
"""Characters that it is worth to go on where the paragraph before ended."""
_UNMATCHED = 0.5
"""Characters that one of the source costs if it stands among what matches, and matches nothing."""
_NEXT, _NEAR = 200, 400
"""Characters of the source that may lie between a paragraph and the next one, and between neighbours."""
_OVERLAP = 2
"""Characters of the source that may lie in both."""
_NEIGHBOURS = 3
"""Paragraphs from one to a neighbour: one or two may have been put in between."""
_LEAST = 12
"""Characters that are some evidence by themselves; the heading of a chapter has fewer."""
_NUMBER = 12
"""Characters at the border of a paragraph, its number or a last word, without which it is whole."""
_OPENING = Expression(
    r"\n[ \t\u3000]*(?=第[一二三四五六七八九十百千零〇0-9]{1,8}[编章节条]|[一二三四五六七八九十]{1,3}、)",
    "编 章 节 条 、",
)
"""The beginning of a chapter or an article of a law, or of a section of a report."""


def follow(part: int, copied: Iterable[Match], draft: Draft, scales: Scales, index: Index) -> list[Match]:
    """Find what a submission has of a source, paragraph by paragraph; nothing if it does not follow it.

    The matches are in order of start and none overlap. Each is of whole paragraphs, those of one section if
    any of them was changed. `copied` are all matches that are called copied: a paragraph of which another
    document has clearly more is left to it. A text of more than 10,000 paragraphs follows nothing.
    """
    if len(draft.stream.paragraph_numbers) > _MOST_PARAGRAPHS:
        return []
    region = index.region(part, 0, index.part(part).characters)
    pairs = list(_answered(_in_sequence(_candidates(draft, region, scales))))
    ours = sum(pair.end - pair.start for pair in pairs) / len(draft.codes)
    theirs = sum(pair.source_end - pair.source_start for pair in pairs) / len(region)
    if ours < _MOST_OF_DRAFT and (ours < MUCH_OF_DRAFT or theirs < _MOST_OF_SOURCE):
        return []
    others = [match for match in copied if match.part != part]
    return list(_matches(_kept(pairs, others), part, draft))


class _Pair(NamedTuple):
    """A paragraph of the submission, and a stretch of the source that may be its counterpart."""

    paragraph: int
    start: int
    """In normalised characters, half-open."""
    end: int
    source_start: int
    source_end: int
    tiles: tuple[Tile, ...]
    """Common runs as those of a match."""
    worth: float
    """Characters in them, each by what its match is worth."""

    @property
    def share(self) -> float:
        """Share of the paragraph that stands in the source."""
        return self.worth / (self.end - self.start)

    @property
    def alike(self) -> float:
        """Share of both sides together that is the same."""
        return 2 * self.worth / (self.end - self.start + self.source_end - self.source_start)


# ------------------------------------------------------------------------- candidates


class _Text(NamedTuple):
    """n normalised characters, figures and masks made one, in paragraphs."""

    codes: Codes
    starts: Ints
    """Where each paragraph begins; the last entry is n."""

    @property
    def paragraphs(self) -> int:
        """How many there are."""
        return len(self.starts) - 1


class _Source(NamedTuple):
    """The text of a source, and where its clauses begin."""

    text: _Text
    clauses: Ints


class _Stretches(NamedTuple):
    """m stretches of a source, each with the number of the paragraph that it may be the counterpart of."""

    paragraph: Ints
    start: Ints
    end: Ints


def _candidates(draft: Draft, region: Region, scales: Scales) -> list[list[_Pair]]:
    """For each paragraph of the submission that has any in the source, in order, its candidates."""
    own, source = _Text(draft.folded, _paragraph_starts(draft)), _source_of(region)
    starts = source.text.starts
    one, other = _likely(own, source.text)
    pairs = list(_compared(own, source, _Stretches(one, starts[other], starts[other + 1]), scales))
    shares = np.zeros(own.paragraphs)
    for pair in pairs:
        shares[pair.paragraph] = max(shares[pair.paragraph], pair.share)
    made_of_two = shares[one] < _WHOLE
    one, other = one[made_of_two], other[made_of_two]
    before, behind = np.maximum(other - 1, 0), np.minimum(other + 2, source.text.paragraphs)
    pairs += _compared(own, source, _Stretches(one, starts[before], starts[behind]), scales)
    pairs.sort(key=attrgetter("paragraph"))
    return [list(group) for _, group in groupby(pairs, attrgetter("paragraph"))]


def _paragraph_starts(draft: Draft) -> Ints:
    """Where the paragraphs of a submission that have characters begin, and its end."""
    return distinct(draft.stream.paragraph_starts)


def _source_of(region: Region) -> _Source:
    places = region.offsets - region.offsets[0]
    breaks = np.searchsorted(places, np.flatnonzero(code_points(region.text) == ord("\n")))
    starts = distinct(np.concatenate([[0], breaks, [len(region)]]))
    clauses = distinct(np.searchsorted(places, boundaries(region.text).clauses))
    return _Source(_Text(fold_slots(region.codes), starts), clauses)


def _likely(own: _Text, source: _Text) -> tuple[Ints, Ints]:
    """Numbers of paragraphs of the submission and of the source that share most, by the first."""
    ours, here = _bigrams(own)
    theirs, there = _bigrams(source)
    order = np.argsort(theirs, kind="stable")
    theirs, there = theirs[order], there[order]
    first, last = np.searchsorted(theirs, ours), np.searchsorted(theirs, ours, side="right")
    telling = np.flatnonzero((last > first) & (last - first <= _TELLING))
    place, row = expand(first[telling], last[telling])
    pair, of_pair = np.unique(here[telling][row] * source.paragraphs + there[place], return_inverse=True)
    weight = np.bincount(of_pair, weights=(1 / np.sqrt(last - first)[telling])[row], minlength=len(pair))
    one, other = np.divmod(pair, source.paragraphs)
    order = np.lexsort((-weight, one))
    one, other = one[order], other[order]
    best = np.searchsorted(one, one) == np.arange(len(one))
    kept = np.arange(len(one)) - np.searchsorted(one, one) < _CANDIDATES
    # What everybody says, and the source many times, tells no place; its neighbours do.
    ones = np.concatenate([one[kept], one[best] + 1, one[best] - 1])
    others = np.concatenate([other[kept], other[best] + 1, other[best] - 1])
    inside = (ones >= 0) & (ones < own.paragraphs) & (others >= 0) & (others < source.paragraphs)
    one, other = np.divmod(distinct(ones[inside] * source.paragraphs + others[inside]), source.paragraphs)
    return one, other


def _bigrams(text: _Text) -> tuple[Ints, Ints]:
    """The bigrams inside paragraphs, each as one number, and the number of the paragraph of each."""
    paragraph = np.repeat(np.arange(text.paragraphs), np.diff(text.starts))
    inside = np.flatnonzero(paragraph[1:] == paragraph[:-1])
    codes = text.codes.astype(np.int64)
    return codes[inside] << 32 | codes[inside + 1], paragraph[inside]


def _compared(own: _Text, source: _Source, stretches: _Stretches, scales: Scales) -> Iterator[_Pair]:
    """Find what each stretch shares with its paragraph; a stretch that shares too little gives no pair."""
    starts, ends = own.starts[stretches.paragraph], own.starts[stretches.paragraph + 1]
    tiles = tile(
        [own.codes[start:end] for start, end in zip(starts, ends, strict=True)],
        [source.text.codes[start:end] for start, end in zip(stretches.start, stretches.end, strict=True)],
    )
    values, _ = scales.values(tiles.draft + starts[tiles.region], tiles.length)
    columns = np.stack([tiles.draft, tiles.source, tiles.length], axis=1)
    bounds = np.searchsorted(tiles.region, np.arange(len(starts) + 1)).tolist()
    clauses = np.searchsorted(source.clauses, np.stack([stretches.start, stretches.end])).T.tolist()
    matched = np.bincount(tiles.region, weights=values * tiles.length, minlength=len(starts))
    most = np.zeros(own.paragraphs)
    np.maximum.at(most, stretches.paragraph, matched)
    # The counterpart is as long as what matches at least, so of less it could never be half of both. What its
    # neighbours may add on both sides does not make good for less.
    enough = matched * (2 - _ALIKE) >= _ALIKE * (ends - starts)
    enough &= matched + 2 * _GOES_ON >= _WHOLE * most[stretches.paragraph]
    for number in np.flatnonzero(enough).tolist():
        first, last = bounds[number], bounds[number + 1]
        runs, value = columns[first:last], values[first:last]
        start, origin = int(starts[number]), int(stretches.start[number])
        length = int(stretches.end[number]) - origin
        begins = distinct(np.append(0, source.clauses[slice(*clauses[number])] - origin))
        bounds_of_run = best_run(spread(runs[:, 1], runs[:, 2], value, length), begins, SOURCE)
        runs = trim(runs, (0, int(ends[number]) - start), bounds_of_run)
        kept = runs[:, 2] >= 2
        if not kept.any():
            continue
        runs, value = runs[kept] + (start, origin, 0), value[kept]
        low, high = int(runs[:, 1].min()), int((runs[:, 1] + runs[:, 2]).max())
        yield _Pair(
            int(stretches.paragraph[number]),
            start,
            int(ends[number]),
            *_to_borders(low, high, source.text.starts),
            tuple(map(tuple, runs.tolist())),
            float((runs[:, 2] * value).sum()),
        )


def _to_borders(start: int, end: int, starts: Ints) -> tuple[int, int]:
    """A stretch of the source with the numbers and last words that make its paragraphs whole."""
    first = int(starts[np.searchsorted(starts, start, side="right") - 1])
    last = int(starts[np.searchsorted(starts, end)])
    return first if start - first <= _NUMBER else start, last if last - end <= _NUMBER else end


# ------------------------------------------------------------------------- choice


def _in_sequence(candidates: Sequence[Sequence[_Pair]]) -> list[_Pair]:
    """One candidate of each paragraph, so that all together are most alike and go on with one another."""
    totals: list[float] = []
    steps: list[list[int]] = []
    before: Sequence[_Pair] = ()
    for row in candidates:
        best = max(range(len(totals)), key=totals.__getitem__, default=-1)
        step, total = [], []
        for pair in row:
            chosen, value = best, totals[best] if totals else 0.0
            for number, one in enumerate(before):
                if _follows(one, pair, 1, _NEXT) and totals[number] + _GOES_ON > value:
                    chosen, value = number, totals[number] + _GOES_ON
            step.append(chosen)
            total.append(value + _score(pair))
        steps.append(step)
        totals, before = total, row
    place = max(range(len(totals)), key=totals.__getitem__, default=-1)
    chosen_pairs: list[_Pair] = []
    for row, step in zip(reversed(candidates), reversed(steps), strict=True):
        chosen_pairs.append(row[place])
        place = step[place]
    return chosen_pairs[::-1]


def _score(pair: _Pair) -> float:
    matched = sum(length for _, _, length in pair.tiles)
    return pair.worth - _UNMATCHED * (pair.source_end - pair.source_start - matched)


def _follows(before: _Pair, after: _Pair, paragraphs: int, gap: int) -> bool:
    """Tell if one comes so many paragraphs behind another, in the source with no more than a gap between."""
    between = after.source_start - before.source_end
    return after.paragraph - before.paragraph <= paragraphs and -_OVERLAP <= between <= gap


def _answered(pairs: Iterable[_Pair]) -> Iterator[_Pair]:
    """The pairs that are alike enough for where they stand; of short paragraphs half must be the same."""
    alike = [
        pair for pair in pairs if pair.alike >= _ALIKE and (pair.worth >= _LEAST or pair.share >= _ALIKE)
    ]
    beside = [_follows(one, other, _NEIGHBOURS, _NEAR) for one, other in pairwise(alike)]
    for pair, before, behind in zip(alike, [False, *beside], [*beside, False], strict=False):
        if before or behind or pair.alike >= _ALIKE_ALONE:
            yield pair


def _kept(pairs: Sequence[_Pair], others: Iterable[Match]) -> Iterator[_Pair]:
    """The pairs but those of paragraphs of which one of some other matches has clearly more."""
    starts = np.array([pair.start for pair in pairs], np.int64)
    ends = np.array([pair.end for pair in pairs], np.int64)
    most = np.zeros(len(pairs))
    for match in others:
        begins, _, lengths = np.array(match.tiles, np.int64).T
        edges = np.stack([begins, begins + lengths], axis=1).ravel()
        matched = np.stack([np.cumsum(lengths) - lengths, np.cumsum(lengths)], axis=1).ravel()
        held = np.interp(ends, edges, matched) - np.interp(starts, edges, matched)
        np.maximum(most, held, out=most)
    for pair, held in zip(pairs, most.tolist(), strict=True):
        if sum(length for _, _, length in pair.tiles) >= _BETTER * held:
            yield pair


# ------------------------------------------------------------------------- matches


def _matches(pairs: Iterable[_Pair], part: int, draft: Draft) -> Iterator[Match]:
    """Pairs that go on with one another as matches: those of a section, and sections that were not changed.

    Without sections, paragraphs that were changed and those that were not are told apart.
    """
    section, numbered = _sections(draft)
    of_sections: list[list[_Pair]] = []
    for pair in pairs:
        last = of_sections[-1][-1] if of_sections else None
        if last and section[last.paragraph] == section[pair.paragraph] and _continues(last, pair):
            of_sections[-1].append(pair)
        else:
            of_sections.append([pair])
    changed = [not all(map(_is_unchanged, one)) for one in of_sections]
    joined: list[list[_Pair]] = []
    for number, one in enumerate(of_sections):
        alike = number and changed[number - 1] == changed[number] and not (numbered and changed[number])
        if alike and _continues(joined[-1][-1], one[0]):
            joined[-1] += one
        else:
            joined.append(one)
    return (_as_match(one, part) for one in joined if sum(pair.worth for pair in one) >= _LEAST)


def _sections(draft: Draft) -> tuple[Ints, bool]:
    """The number of the section of each paragraph, and if there are any; without, each is its own."""
    starts = _paragraph_starts(draft)[:-1]
    opening = np.array([found.end() for found in _OPENING.finditer(draft.text)], np.int64)
    opens = np.isin(starts, np.searchsorted(draft.offsets, opening))
    numbered = bool(opens.any())
    return np.cumsum(opens) if numbered else np.arange(len(starts)), numbered


def _continues(before: _Pair, after: _Pair) -> bool:
    return _follows(before, after, 1, _NUMBER)


def _is_unchanged(pair: _Pair) -> bool:
    """Tell if a paragraph is one run on both sides, its number apart."""
    start, source, length = pair.tiles[0]
    closed = start + length == pair.end and source + length == pair.source_end
    return len(pair.tiles) == 1 and start - pair.start <= _NUMBER and closed


def _as_match(pairs: Sequence[_Pair], part: int) -> Match:
    """The match of some paragraphs; its source side may have them in another order, or hold more."""
    source = min(pair.source_start for pair in pairs), max(pair.source_end for pair in pairs)
    tiles = tuple(chain.from_iterable(pair.tiles for pair in pairs))
    return Match.unweighed(part, (pairs[0].start, pairs[-1].end), source, tiles)
