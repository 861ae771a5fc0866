"""Where a submission says in other words what a document of the collection says.

The words of a rewritten sentence are others, but not all, and what is left is spread over the whole of
it. So windows of one to a few sentences of the submission are compared with runs of sentences of a source, by
the pairs of characters that both hold, wherever they stand::

    gram hits ─ by sentences and block ─→ blocks ─ pairs anywhere in one ─→ windows of which one
        block holds far more than the others ─ best run of sentences of each block ─→ Likeness

Which blocks are looked at follows from the grams that the index holds anyway: among the fourteen that share
most with a few sentences the source of a rewritten passage was for each of 228 of them, in a collection of
334 documents. A pair weighs as much as it is surprising to meet in a text of some length. How alike window
and run are is the weighted Dice coefficient of their pairs. All other blocks but those beside it are its
rivals. A figure of three digits or more is one more thing that both may hold, and weighs as much as it is
unlikely: whoever rewrites a line of a report keeps its figures.
Everything here is measured, nothing is judged: see `dedup.align.suspicion`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.draft import Draft
from dedup.align.evidence import REGION_CHARACTERS, surprises
from dedup.align.figures import LEAST_DIGITS, telling_figures
from dedup.index.index import Index
from dedup.index.lookup import GramHits
from dedup.index.postings import expand
from dedup.records import dataclass
from dedup.sketch.arrays import distinct, run_begins
from dedup.sketch.background import BUCKETS, bigram_buckets
from dedup.text.normalize import fold_slots

Codes = NDArray[np.uint32]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Words = NDArray[np.uint64]

BLOCK = 1024
"""Characters of a source that are looked at together."""
_MARGIN = 200
"""Characters added on both sides of a block: a passage may lie across its border."""
_LOOKED_AT = 14
"""Blocks looked at for a few sentences."""
_COMPARED = 14
"""Of these, blocks of which the best run is sought: a source that is first among five is often second among
more, so with fewer less is found at equal false alarms."""
WINDOWS = (1, 2, 3, 4)
"""Sentences of a window. Blocks are sought for the longest."""
_CELL, _LONGEST_RUN = 24, 11
"""Characters of a piece of a block, and pieces of a run: sentences of a source are not looked for."""
_CELLS = -(-(BLOCK + 2 * _MARGIN) // _CELL)
_PLACE_BITS, _BUCKET_BITS = 11, 17
"""Of a place in a block, and of a bucket: with the block's number they fit one word."""
_AT_ONCE = 96
"""Sentences compared together; bounds memory."""
_CHAPTER, _AROUND = 4, 1
"""Blocks of a chapter, and blocks around the source of a window that belong to it. Other chapters of the same
document are rivals as other documents are: what stands in several of them is the topic of them all."""
_SHORTEST, _LONGEST = 12, 450
"""Characters of a window; one sentence may be longer."""
_LEAST_SHARED, _LEAST_HELD, _LEAST_LEAD = 10.0, 0.1, 1.35
"""Surprise that the best block must hold of a window, as a share of the window, and times what the best of
its rivals holds. Of what is found in the end 97 of 100 have more, of all windows 15."""
_LEAST_ALIKE, _LEAST_MARGIN, _UNLIKE = 0.12, 1.35, 0.02
"""Dice coefficient of a window and its best run, and how many times as alike it must be as any run of a
rival, both with what unlike texts have added; hardly anything is found with less."""
_COMMON_SHARE = 0.3
"""Weight of a gram of a set phrase when blocks are sought."""
_NEAR = 30
"""Characters of the source that lie between neighbouring pairs at the most for these to be near."""
_MOST_DIGITS = 5
"""A figure of more digits is worth no more."""
_FIGURE_BITS = 12
"""Of a bucket among those for figures of so many digits."""
_CHARACTERS_A_FIGURE = 30
"""Of reports full of figures, for one telling figure; each of so many digits is taken to be as likely."""
_NO_PAIR = BUCKETS + (_MOST_DIGITS - LEAST_DIGITS + 1 << _FIGURE_BITS)
"""The bucket behind all others, which tells nothing."""
_FIGURE_KEY = np.uint64(1 << 63)


@dataclass(frozen=True, slots=True)
class Likeness:
    """A window of the submission and the run of sentences most like it, with what was measured of them.

    Shares run from 0 to 1; of surprise, unless something else is said.
    """

    start: int
    """In normalised characters, half-open."""
    end: int
    part: int
    source_start: int
    source_end: int
    alike: float
    """Dice coefficient: what both hold of what either holds."""
    shared: float
    """Surprise of the pairs that both hold."""
    held: float
    """Share of the window that the run holds."""
    source_held: float
    """Share of the run that the window holds."""
    rival: float
    """Share of what they share that the strongest rival holds in its best run."""
    second_rival: float
    rivals: float
    """Share that any of the rivals holds."""
    rival_alike: float
    """Dice coefficient of the rival most like the window."""
    order: float
    """Share of neighbouring shared pairs that stand in the same order in the source."""
    near: float
    """Share, by number, of those that are in order and near one another there."""
    triples: float
    """Triples of characters that both hold, a shared pair."""
    figures: float
    """Surprise of the telling figures that both hold and no rival does."""
    formulaic: float
    """Share of what they share that stands in set phrases of the submission."""
    lead: float
    """How many times as much of the window stands anywhere in the block of its source as in any rival's."""

    def __len__(self) -> int:
        return self.end - self.start


class _Sentences(NamedTuple):
    """The sentences of a submission and the distinct pairs of each, one sentence after the other."""

    starts: Ints
    """[sentences + 1]"""
    pair_starts: Ints
    """[sentences + 1] where the pairs of each begin."""
    keys: Words
    """[pairs] ascending within a sentence."""
    places: Ints
    """[pairs] where each stands first."""
    buckets: Ints
    """[pairs]"""

    @classmethod
    def of(cls, draft: Draft, free: NDArray[np.bool_]) -> _Sentences:
        starts = np.append(np.flatnonzero(run_begins(draft.sentence)), len(draft.sentence))
        number = np.cumsum(run_begins(draft.sentence)) - 1
        whole = np.flatnonzero((number[:-1] == number[1:]) & free[1:] & free[:-1])
        figures, written = _figures_in(draft.codes)
        figures, written = figures[free[written]], written[free[written]]
        places = np.concatenate([whole, written])
        keys = np.concatenate([_pairs(draft.folded)[whole], _FIGURE_KEY | figures.astype(np.uint64)])
        buckets = np.concatenate([bigram_buckets(draft.folded)[whole], figures])
        order = np.lexsort((places, keys, number[places]))
        order = order[run_begins(keys[order]) | run_begins(number[places[order]])]
        keys, places, buckets = keys[order], places[order], buckets[order]
        pair_starts = np.searchsorted(number[places], np.arange(len(starts)))
        return cls(starts, pair_starts, keys, places, buckets)

    def __len__(self) -> int:
        return len(self.starts) - 1

    def pairs_of(self, first: int, last: int) -> slice:
        """The pairs of sentences [first, last)."""
        return slice(int(self.pair_starts[first]), int(self.pair_starts[last]))


def _figures_in(codes: Codes, ends: Ints | None = None) -> tuple[Ints, Ints]:
    """The telling figures of texts that end at `ends`, as buckets behind those of pairs, and their places."""
    places, digits, values = telling_figures(codes, ends)
    kind = np.minimum(digits, _MOST_DIGITS) - LEAST_DIGITS
    mixed = values.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - _FIGURE_BITS)
    return BUCKETS + (kind << _FIGURE_BITS) + mixed.astype(np.int64), places


def _pairs(folded: Codes) -> Words:
    """Each two neighbouring codes as one number."""
    wide = folded.astype(np.uint64)
    return wide[:-1] << np.uint64(21) | wide[1:]


def _candidates(
    sentences: _Sentences, draft: Draft, index: Index, hits: GramHits, free: NDArray[np.bool_]
) -> tuple[Ints, Ints]:
    """The blocks that share most with each few sentences: sentence, block; by block, then by sentence."""
    reach = WINDOWS[-1]
    sentence_of = np.cumsum(run_begins(draft.sentence)) - 1
    kept = np.flatnonzero(free[hits.query])
    block, query = (
        hits.part[kept].astype(np.int64) << 32 | hits.position[kept] // BLOCK,
        hits.query[kept].astype(np.int64),
    )
    order = np.lexsort((query, block))
    block, query = block[order], query[order]
    fresh = run_begins(block) | run_begins(query)
    block, query = block[fresh], query[fresh]
    samples = max(index.characters / index.scheme.gram_step, 1.0)
    weight = np.log1p(samples / np.maximum(hits.frequency[query], 1))
    weight[draft.formulaic[query]] *= _COMMON_SHARE
    sentence = sentence_of[query]
    begins = np.flatnonzero(run_begins(block) | run_begins(sentence))
    block, sentence, weight = block[begins], sentence[begins], np.add.reduceat(weight, begins)
    # A sentence counts for what begins with it and with those before.
    first = (sentence[:, None] - np.arange(reach)).ravel()
    blocks, weights = np.repeat(block, reach), np.repeat(weight, reach)
    real = first >= 0
    first, blocks, weights = first[real], blocks[real], weights[real]
    order = np.lexsort((blocks, first))
    first, blocks, weights = first[order], blocks[order], weights[order]
    begins = np.flatnonzero(run_begins(first) | run_begins(blocks))
    first, blocks, weights = first[begins], blocks[begins], np.add.reduceat(weights, begins)
    order = np.lexsort((-weights, first))
    first, blocks, weights = first[order], blocks[order], weights[order]
    opens = np.flatnonzero(run_begins(first))
    rank = np.arange(len(first)) - np.repeat(opens, np.diff(np.append(opens, len(first))))
    first, blocks = first[rank < _LOOKED_AT], blocks[rank < _LOOKED_AT]
    sentence = np.minimum(first[:, None] + np.arange(reach), len(sentences) - 1).ravel()
    both = distinct(np.searchsorted(known := distinct(blocks), np.repeat(blocks, reach)) << 32 | sentence)
    return both & 0xFFFFFFFF, known[both >> 32]


class _Runs(NamedTuple):
    """Windows, each compared with some blocks: r pairs, those of a window one after the other."""

    window: Ints
    """[r] number of the window."""
    block: Ints
    """[r] number of the block."""
    start: Ints
    """[r] where the best run begins in the block, and ends."""
    end: Ints
    alike: Floats
    """[r] Dice coefficient of window and run."""
    pair: Ints
    """[h] numbers of the window's pairs that a run holds, ascending, run after run."""
    pair_starts: Ints
    """[r + 1] where those of each run begin."""


def find_likenesses(
    draft: Draft, index: Index, hits: GramHits, free: NDArray[np.bool_] | None = None
) -> list[Likeness]:
    """The windows of a submission that are like some run of a document of the collection.

    `hits` are its grams in the collection. Windows may overlap, and each has the one run most like it. Only
    characters that are `free` [n] count, and half of those of a window must be; None: all are.
    """
    if not len(hits.query):
        return []
    background = index.background()
    scales = _Scales.of(background)
    if free is None:
        free = np.ones(len(draft.codes), bool)
    sentences = _Sentences.of(draft, free)
    sentence, block = _candidates(sentences, draft, index, hits, free)
    found: list[Likeness] = []
    for first in range(0, len(sentences), _AT_ONCE):
        # The windows of the last sentences of a lot reach into the next one.
        last = min(first + _AT_ONCE + WINDOWS[-1] - 1, len(sentences))
        lot = (sentence >= first) & (sentence < last)
        if lot.any():
            begun = range(first, first + _AT_ONCE)
            asked = (sentence[lot], block[lot])
            comparison = _Comparison(draft, index, sentences, scales, asked, free)
            found += comparison.likenesses(begun)
    return found


class _Scales(NamedTuple):
    """[buckets] how surprising it is to meet a pair in a text of a few sentences, and in a block."""

    in_region: Floats
    in_block: Floats

    @classmethod
    def of(cls, background: Ints) -> _Scales:
        total = int(background.sum())
        kinds = np.repeat(np.arange(LEAST_DIGITS, _MOST_DIGITS + 1), 1 << _FIGURE_BITS)
        return cls(
            *(
                np.concatenate(
                    [
                        surprises(background, total, characters),
                        -np.log(characters / _CHARACTERS_A_FIGURE / (0.9 * 10.0**kinds)),
                        [0.0],
                    ]
                )
                for characters in (REGION_CHARACTERS, BLOCK + 2 * _MARGIN)
            )
        )


class _Comparison:
    """Compares some sentences of a submission with blocks of sources."""

    def __init__(
        self,
        draft: Draft,
        index: Index,
        sentences: _Sentences,
        scales: _Scales,
        asked: tuple[Ints, Ints],
        free: NDArray[np.bool_],
    ) -> None:
        """`asked` are the sentences and the block to be looked at for each, by block, then by sentence."""
        self._draft, self._sentences, self._scales, self._free = draft, sentences, scales, free
        self._bucket = sentences.buckets
        self._sentence, block = asked
        fresh = run_begins(block)
        self._number = np.cumsum(fresh) - 1
        self._parts = block[fresh] >> 32
        self._place_in_part = block[fresh] & 0xFFFFFFFF
        self._origins = np.maximum(self._place_in_part * BLOCK - _MARGIN, 0)
        ends = (self._place_in_part + 1) * BLOCK + _MARGIN
        self._chapter = self._parts << 32 | self._place_in_part // _CHAPTER
        self._codes = [
            index.region(part, start, end).codes
            for part, start, end in zip(
                self._parts.tolist(), self._origins.tolist(), ends.tolist(), strict=True
            )
        ]
        codes = np.concatenate(self._codes)
        ends = np.cumsum([len(one) for one in self._codes])
        begins = np.append(0, ends[:-1])
        figures, written = _figures_in(codes, ends)
        # A pair is told by its first character; none begins with the last one of a block.
        known = np.append(bigram_buckets(fold_slots(codes)), _NO_PAIR)
        known[ends[ends > begins] - 1] = _NO_PAIR
        of_block = np.repeat(np.arange(len(ends)), ends - begins)
        place = np.arange(len(codes)) - np.repeat(begins, ends - begins)
        self._of_block = np.concatenate([of_block, of_block[written]])
        self._place = np.concatenate([place, place[written]])
        self._known = np.concatenate([known, figures])
        # Most of what stands in a block does not stand in the submission; what does is numbered from 1.
        held = distinct(self._bucket)
        self._number_of = np.zeros(len(scales.in_block), np.int64)
        self._number_of[held] = np.arange(1, len(held) + 1)
        self._shared = np.flatnonzero(self._number_of[self._known])

    def likenesses(self, begun: range) -> Iterator[Likeness]:
        """What is found of the windows that begin with one of some sentences."""
        first, last, lead, blocks = self._promising(begun)
        if not len(first):
            return
        runs = self._best_runs(first, last, blocks)
        order = np.lexsort((runs.block, -runs.alike, runs.window))
        # Of each window the best run of all first, then the best of each chapter that is not around it.
        opens = run_begins(runs.window[order])
        first_of = order[np.flatnonzero(opens)[np.cumsum(opens) - 1]]
        order = order[opens | ~self._around(runs.block[order], runs.block[first_of])]
        chapter = np.unique(self._chapter, return_inverse=True)[1][runs.block]
        _, best = np.unique(runs.window[order] << 32 | chapter[order], return_index=True)
        order = order[np.sort(best)]
        window, alike = runs.window[order], runs.alike[order]
        borders = np.flatnonzero(run_begins(window))
        ends = np.append(borders[1:], len(window))
        second = np.where(ends - borders > 1, alike[np.minimum(borders + 1, len(alike) - 1)], 0.0)
        apart = alike[borders] + _UNLIKE >= _LEAST_MARGIN * (second + _UNLIKE)
        for number in np.flatnonzero(apart & (alike[borders] >= _LEAST_ALIKE)).tolist():
            some = order[borders[number] : ends[number]]
            own = int(window[borders[number]])
            yield self._measured(int(first[own]), int(last[own]), float(lead[own]), runs, some)

    def _promising(self, begun: range) -> tuple[Ints, Ints, Floats, list[Ints]]:
        """The windows of which one block holds far more than its rivals do.

        Their first sentences and those behind the last; how many times as much; the blocks that hold most.
        All pairs are counted that stand anywhere in a block.
        """
        sentences, held = self._sentences, self._held_by_blocks(begun)
        surprise = self._scales.in_block[self._bucket]
        own = np.concatenate([[0.0], np.cumsum(surprise)])[sentences.pair_starts]
        own = own[begun.start : begun.start + held.shape[1] + 1]
        starts = sentences.starts[begun.start : begun.start + held.shape[1] + 1]
        free_sums = np.append(0, np.cumsum(self._free))
        sums = np.zeros((len(self._parts), held.shape[1] + 1))
        np.cumsum(held, axis=1, out=sums[:, 1:])
        firsts, lasts, leads, blocks = [], [], [], []
        every = np.arange(len(self._parts))
        for size in WINDOWS[: held.shape[1]]:
            shared = sums[:, size:] - sums[:, :-size]
            shared = shared[:, : len(begun)]
            row = np.arange(shared.shape[1])
            best = shared.argmax(axis=0)
            most = shared[best, row]
            others = np.where(self._around(every[:, None], best), 0.0, shared).max(axis=0)
            length = starts[row + size] - starts[row]
            promising = (most >= _LEAST_SHARED) & (most >= _LEAST_HELD * (own[row + size] - own[row]))
            promising &= (most >= _LEAST_LEAD * others) & (length >= _SHORTEST)
            promising &= (length <= _LONGEST) | (size == 1)
            promising &= 2 * (free_sums[starts[row + size]] - free_sums[starts[row]]) >= length
            chosen = np.flatnonzero(promising)
            firsts.append(begun.start + chosen)
            lasts.append(begun.start + chosen + size)
            leads.append(most[chosen] / np.maximum(others[chosen], 1.0))
            order = np.argsort(-shared[:, chosen], axis=0, kind="stable")[:_COMPARED]
            blocks += [column[shared[column, one] > 0] for column, one in zip(order.T, chosen, strict=True)]
        return np.concatenate(firsts), np.concatenate(lasts), np.concatenate(leads), blocks

    def _around(self, block: Ints, source: Ints) -> NDArray[np.bool_]:
        """Which of some blocks lie around a window's source, and so are no rivals of it."""
        near = np.abs(self._place_in_part[block] - self._place_in_part[source]) <= _AROUND
        same: NDArray[np.bool_] = near & (self._parts[block] == self._parts[source])
        return same

    def _held_by_blocks(self, begun: range) -> Floats:
        """[blocks, sentences] surprise of the pairs of each sentence that stand anywhere in a block.

        0 where the block was not looked at for the sentence.
        """
        sentences = self._sentences
        number_of = self._number_of
        holds = np.zeros((len(self._parts), int(number_of.max()) + 1), bool)
        holds[self._of_block[self._shared], number_of[self._known[self._shared]]] = True
        first, last = sentences.pair_starts[self._sentence], sentences.pair_starts[self._sentence + 1]
        pair, row = expand(first, last)
        bucket = self._bucket[pair]
        weight = np.where(holds[self._number[row], number_of[bucket]], self._scales.in_block[bucket], 0.0)
        reach = min(len(begun) + WINDOWS[-1] - 1, len(sentences) - begun.start)
        held = np.zeros((len(self._parts), reach))
        held[self._number, self._sentence - begun.start] = np.bincount(
            row, weights=weight, minlength=len(first)
        )
        return held

    def _best_runs(self, first: Ints, last: Ints, blocks: list[Ints]) -> _Runs:
        """Of each window the best run of some blocks, all at once."""
        window = np.repeat(np.arange(len(first)), [len(some) for some in blocks])
        block = np.concatenate(blocks)
        needed = np.zeros(len(self._parts), bool)
        needed[block] = True
        there = self._shared[needed[self._of_block[self._shared]]]
        shift = _PLACE_BITS + _BUCKET_BITS
        words = self._of_block[there] << shift | self._known[there] << _PLACE_BITS | self._place[there]
        words.sort()
        pair_first, pair_last = self._sentences.pair_starts[first], self._sentences.pair_starts[last]
        pair, row = expand(pair_first[window], pair_last[window])
        wanted = block[row] << shift | self._bucket[pair] << _PLACE_BITS
        begin = np.searchsorted(words, wanted)
        there_at_all = np.flatnonzero(
            words[np.minimum(begin, len(words) - 1)] >> _PLACE_BITS == wanted >> _PLACE_BITS
        )
        begin, pair, row = begin[there_at_all], pair[there_at_all], row[there_at_all]
        end = np.searchsorted(words, wanted[there_at_all] + (1 << _PLACE_BITS))
        occurrence, asked = expand(begin, end)
        place = words[occurrence] & (1 << _PLACE_BITS) - 1
        surprise = self._scales.in_region[self._bucket]
        weight = surprise[pair[asked]]
        shared = np.bincount(
            row[asked] * _CELLS + place // _CELL, weights=weight, minlength=len(block) * _CELLS
        )
        cells = self._of_block * _CELLS + self._place // _CELL
        totals = np.bincount(
            cells, weights=self._scales.in_region[self._known], minlength=len(self._parts) * _CELLS
        )
        own = np.concatenate([[0.0], np.cumsum(surprise)])
        own = own[pair_last[window]] - own[pair_first[window]]
        by_cell = totals.reshape(-1, _CELLS).astype(np.float64)
        start, end = _densest(shared.reshape(-1, _CELLS).astype(np.float64), by_cell[block], own)
        inside = (place >= start[row[asked]]) & (place < end[row[asked]])
        held = np.bincount(asked[inside], minlength=len(pair)) > 0
        pair, row = pair[held], row[held]
        total = np.concatenate(
            [np.zeros((len(self._parts), 1)), np.cumsum(totals.reshape(-1, _CELLS), axis=1)], axis=1
        )
        total = total[block, end // _CELL] - total[block, start // _CELL]
        alike = (
            2 * np.bincount(row, weights=surprise[pair], minlength=len(block)) / np.maximum(own + total, 1e-9)
        )
        return _Runs(window, block, start, end, alike, pair, np.searchsorted(row, np.arange(len(block) + 1)))

    def _measured(self, first: int, last: int, lead: float, runs: _Runs, some: Ints) -> Likeness:
        """What is to be known of a window and the run most like it, the first of some; others are rivals."""
        number = int(some[0])
        pairs = self._sentences.pairs_of(first, last)
        shared = runs.pair[runs.pair_starts[number] : runs.pair_starts[number + 1]]
        surprise = self._scales.in_region[self._bucket[shared]]
        total = max(float(surprise.sum()), 1e-9)
        own = float(self._scales.in_region[self._bucket[pairs]].sum())
        held, row = expand(runs.pair_starts[some[1:]], runs.pair_starts[some[1:] + 1])
        theirs = np.zeros((len(some) - 1, pairs.stop - pairs.start), bool)
        theirs[row, runs.pair[held] - pairs.start] = True
        theirs = theirs[:, shared - pairs.start]
        rivals = np.sort(theirs @ surprise)[::-1] / total
        block, run_start = int(runs.block[number]), int(runs.start[number])
        source = fold_slots(self._codes[block][run_start : int(runs.end[number]) + 1])
        start, stop = self._sentences.starts[[first, last]].tolist()
        inside = np.flatnonzero(self._free[start:stop])
        start, stop = start + int(inside[0]), start + int(inside[-1]) + 1
        places = self._sentences.places[shared]
        pair = self._sentences.keys[shared] < _FIGURE_KEY
        order, near = _in_order(self._sentences.keys[shared][pair], places[pair], surprise[pair], source)
        return Likeness(
            start=start,
            end=stop,
            part=int(self._parts[block]),
            source_start=int(self._origins[block]) + run_start,
            source_end=int(self._origins[block]) + run_start + len(source),
            alike=float(runs.alike[number]),
            shared=total,
            held=total / max(own, 1e-9),
            source_held=total / max(2 * total / max(float(runs.alike[number]), 1e-9) - own, total),
            rival=float(rivals[0]) if len(rivals) else 0.0,
            second_rival=float(rivals[1]) if len(rivals) > 1 else 0.0,
            rivals=float(surprise[theirs.any(axis=0)].sum()) / total,
            rival_alike=float(runs.alike[some[1]]) if len(rivals) else 0.0,
            order=order,
            near=near,
            triples=_triples(self._draft.folded[start:stop], source) / max(len(shared), 1),
            figures=float(surprise[~pair & ~theirs.any(axis=0)].sum()),
            formulaic=float(surprise[self._draft.formulaic[places]].sum()) / total,
            lead=lead,
        )


def _densest(shared: Floats, totals: Floats, own: Floats) -> tuple[Ints, Ints]:
    """Where the best run of each row begins and ends, in characters.

    `shared` [r, cells] is what each cell holds of a window, `totals` [r, cells] what it holds in all,
    `own` [r] what the window does.
    """
    sums, all_sums = (
        np.concatenate([np.zeros((len(one), 1)), np.cumsum(one, axis=1)], axis=1) for one in (shared, totals)
    )
    best = np.full(len(shared), -1.0)
    start, length = np.zeros(len(shared), np.int64), np.ones(len(shared), np.int64)
    row = np.arange(len(shared))
    for cells in range(1, _LONGEST_RUN + 1):
        held = np.minimum(sums[:, cells:] - sums[:, :-cells], own[:, None])
        alike = 2 * held / (own[:, None] + all_sums[:, cells:] - all_sums[:, :-cells] + 1e-9)
        place = alike.argmax(axis=1)
        better = alike[row, place] > best
        best[better], start[better], length[better] = alike[row, place][better], place[better], cells
    return start * _CELL, (start + length) * _CELL


def _in_order(keys: Words, places: Ints, surprise: Floats, source: Codes) -> tuple[float, float]:
    """Share of neighbouring shared pairs in order in the source, by their surprise, and of those near too."""
    theirs = _pairs(source)
    order = np.argsort(theirs, kind="stable")
    found = order[np.minimum(np.searchsorted(theirs[order], keys), len(order) - 1)]
    by_place = np.argsort(places, kind="stable")
    steps = np.diff(found[by_place])
    if not len(steps):
        return 0.5, 0.5
    weight = surprise[by_place]
    weight = np.minimum(weight[1:], weight[:-1]) + 1e-9
    return float((weight * (steps > 0)).sum() / weight.sum()), float(((steps > 0) & (steps < _NEAR)).mean())


def _triples(window: Codes, source: Codes) -> int:
    """How many distinct triples of codes two texts share."""
    if min(len(window), len(source)) < 3:
        return 0
    ours, theirs = (
        distinct(_pairs(codes)[:-1] << np.uint64(21) | codes[2:].astype(np.uint64))
        for codes in (window, source)
    )
    place = np.minimum(np.searchsorted(theirs, ours), len(theirs) - 1)
    return int((theirs[place] == ours).sum())
