"""Align the paragraphs of a submission with those of the one source that it follows.

A copier of a whole law or report changes it paragraph by paragraph. The most changed paragraphs are hardly
alike any more, or say what many documents say, and are no evidence by themselves. But a submission that came
mostly from one source is a version of it, and for each paragraph it only remains to find its counterpart
there. Candidates are the source's paragraphs that hold most of its rarer bigrams, and those beside candidates
of its neighbours. Of these the sequence is chosen that is most alike and continues where the paragraph before
ended (dynamic programming, Viterbi 1967): a sentence that the source repeats ten times is then aligned with
the one that it was made from, and text that was moved far is found as well.

A paragraph has a counterpart if half of the two together is the same (Dice 1945). One without was inserted,
and is no part of a passage.
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
"""Alternatively MUCH_OF_DRAFT and this share of the source: a version may be over twice as long as it."""
_MOST_PARAGRAPHS = 10_000
"""Paragraphs compared at most: each takes 0.1 ms for each candidate; the longest law has about 3,000."""
_ALIKE = 0.5
"""Share of a paragraph and its counterpart together that is the same."""
_ALIKE_ALONE = 0.6
"""The same share for a paragraph whose counterpart is apart from those of its neighbours."""
_BETTER = 0.75
"""Matched characters of a paragraph with the source, as a share of those with another document, at least."""
_TELLING = 16
"""Occurrences in the source up to which a bigram distinguishes paragraphs."""
_CANDIDATES = 3
"""Paragraphs of the source that one of the submission is compared with, besides their neighbours."""
_WHOLE = 0.8
"""Share of a paragraph in one paragraph of the source from which it is not tried against two together."""
_GOES_ON = 6.0
"""Score, in characters, for continuing where the paragraph before ended."""
_UNMATCHED = 0.5
"""Cost, in characters, of each source character of a counterpart that does not match."""
_NEXT, _NEAR = 200, 400
"""Characters of the source that may lie between a paragraph and the next one, and between neighbours."""
_OVERLAP = 2
"""Characters of the source that two counterparts may share."""
_NEIGHBOURS = 3
"""Distance of a neighbour in paragraphs: one or two may have been inserted between."""
_LEAST = 12
"""Matched characters that are evidence by themselves; the heading of a chapter has fewer."""
_NUMBER = 12
"""Characters at a border of a paragraph (its number, a last word) that may be missing in a whole one."""
_OPENING = Expression(
    r"\n[ \t\u3000]*(?=第[一二三四五六七八九十百千零〇0-9]{1,8}[编章节条]|[一二三四五六七八九十]{1,3}、)",
    "编 章 节 条 、",
)
"""The beginning of a chapter or an article of a law, or of a section of a report."""


def follow(part: int, copied: Iterable[Match], draft: Draft, scales: Scales, index: Index) -> list[Match]:
    """Match a submission with a source paragraph by paragraph; empty if it does not follow the source.

    The matches are in order of start and none overlap. Each is of whole paragraphs, those of one section if
    any of them was changed. `copied` are all matches judged copied: a paragraph of which another document has
    clearly more is left to that one. A text of more than 10,000 paragraphs is taken to follow no source.
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
    """In normalised characters; ranges are half-open."""
    end: int
    source_start: int
    source_end: int
    tiles: tuple[Tile, ...]
    """Common runs as those of a match."""
    worth: float
    """Characters in the runs, each weighted by the worth of its match."""

    @property
    def share(self) -> float:
        """Share of the paragraph found in the source."""
        return self.worth / (self.end - self.start)

    @property
    def alike(self) -> float:
        """Share of both sides together that is the same."""
        return 2 * self.worth / (self.end - self.start + self.source_end - self.source_start)


# ------------------------------------------------------------------------- candidates


class _Text(NamedTuple):
    """n normalised and slot-folded characters, in paragraphs."""

    codes: Codes
    starts: Ints
    """Start of each paragraph; the last entry is n."""

    @property
    def paragraphs(self) -> int:
        """Number of paragraphs."""
        return len(self.starts) - 1


class _Source(NamedTuple):
    """The text of a source, and the starts of its clauses."""

    text: _Text
    clauses: Ints


class _Stretches(NamedTuple):
    """m stretches of a source, each with the number of the submission's paragraph to compare it with."""

    paragraph: Ints
    start: Ints
    end: Ints


def _candidates(draft: Draft, region: Region, scales: Scales) -> list[list[_Pair]]:
    """The candidates of each paragraph of the submission that has any, in order of the submission."""
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
    """Starts of the submission's paragraphs that have characters, and the end of the last."""
    return distinct(draft.stream.paragraph_starts)


def _source_of(region: Region) -> _Source:
    places = region.offsets - region.offsets[0]
    breaks = np.searchsorted(places, np.flatnonzero(code_points(region.text) == ord("\n")))
    starts = distinct(np.concatenate([[0], breaks, [len(region)]]))
    clauses = distinct(np.searchsorted(places, boundaries(region.text).clauses))
    return _Source(_Text(fold_slots(region.codes), starts), clauses)


def _likely(own: _Text, source: _Text) -> tuple[Ints, Ints]:
    """Pairs of paragraphs, of the submission and the source, that share most, ordered by the submission's."""
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
    # A paragraph of common text, which the source repeats, is located by its neighbours only.
    ones = np.concatenate([one[kept], one[best] + 1, one[best] - 1])
    others = np.concatenate([other[kept], other[best] + 1, other[best] - 1])
    inside = (ones >= 0) & (ones < own.paragraphs) & (others >= 0) & (others < source.paragraphs)
    one, other = np.divmod(distinct(ones[inside] * source.paragraphs + others[inside]), source.paragraphs)
    return one, other


def _bigrams(text: _Text) -> tuple[Ints, Ints]:
    """The bigrams within paragraphs, each packed in one number, and the paragraph number of each."""
    paragraph = np.repeat(np.arange(text.paragraphs), np.diff(text.starts))
    inside = np.flatnonzero(paragraph[1:] == paragraph[:-1])
    codes = text.codes.astype(np.int64)
    return codes[inside] << 32 | codes[inside + 1], paragraph[inside]


def _compared(own: _Text, source: _Source, stretches: _Stretches, scales: Scales) -> Iterator[_Pair]:
    """Tile each stretch with its paragraph; yields no pair for a stretch that shares too little."""
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
    # The counterpart is at least as long as its matched part, so with fewer matches it can never be half of
    # both. Whole paragraphs at its borders do not make up for that.
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
    """A range of the source extended to paragraph borders where only a number or a last word is missing."""
    first = int(starts[np.searchsorted(starts, start, side="right") - 1])
    last = int(starts[np.searchsorted(starts, end)])
    return first if start - first <= _NUMBER else start, last if last - end <= _NUMBER else end


# ------------------------------------------------------------------------- choice


def _in_sequence(candidates: Sequence[Sequence[_Pair]]) -> list[_Pair]:
    """Choose one candidate for each paragraph, so that the total of likeness and continuity is largest."""
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
    """True if `after` is at most `paragraphs` behind `before`, and at most `gap` characters in the source."""
    between = after.source_start - before.source_end
    return after.paragraph - before.paragraph <= paragraphs and -_OVERLAP <= between <= gap


def _answered(pairs: Iterable[_Pair]) -> Iterator[_Pair]:
    """The pairs that are alike enough; those apart from their neighbours must be more alike."""
    alike = [
        pair for pair in pairs if pair.alike >= _ALIKE and (pair.worth >= _LEAST or pair.share >= _ALIKE)
    ]
    beside = [_follows(one, other, _NEIGHBOURS, _NEAR) for one, other in pairwise(alike)]
    for pair, before, behind in zip(alike, [False, *beside], [*beside, False], strict=False):
        if before or behind or pair.alike >= _ALIKE_ALONE:
            yield pair


def _kept(pairs: Sequence[_Pair], others: Iterable[Match]) -> Iterator[_Pair]:
    """The pairs without paragraphs of which a match with another document has clearly more."""
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
    """Join pairs that continue one another into matches, one for each section; unchanged sections share one.

    Without sections, changed and unchanged paragraphs become separate matches.
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
    """Section number of each paragraph, and True if there are sections; else each paragraph is its own."""
    starts = _paragraph_starts(draft)[:-1]
    opening = np.array([found.end() for found in _OPENING.finditer(draft.text)], np.int64)
    opens = np.isin(starts, np.searchsorted(draft.offsets, opening))
    numbered = bool(opens.any())
    return np.cumsum(opens) if numbered else np.arange(len(starts)), numbered


def _continues(before: _Pair, after: _Pair) -> bool:
    return _follows(before, after, 1, _NUMBER)


def _is_unchanged(pair: _Pair) -> bool:
    """True if a paragraph is one run on both sides, apart from its number."""
    start, source, length = pair.tiles[0]
    closed = start + length == pair.end and source + length == pair.source_end
    return len(pair.tiles) == 1 and start - pair.start <= _NUMBER and closed


def _as_match(pairs: Sequence[_Pair], part: int) -> Match:
    """The match of some paragraphs; the source may have them in another order, with others between."""
    source = min(pair.source_start for pair in pairs), max(pair.source_end for pair in pairs)
    tiles = tuple(chain.from_iterable(pair.tiles for pair in pairs))
    return Match.unweighed(part, (pairs[0].start, pairs[-1].end), source, tiles)
