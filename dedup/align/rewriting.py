"""Find windows of a submission that say in other words what a document of the collection says.

A rewritten sentence keeps some of its words, spread over the whole of it. So windows of one to a few
sentences of the submission are compared with runs of sentences of a source, by the pairs of characters that
both hold anywhere::

    gram hits ─ by sentences and block ─→ blocks ─ pairs anywhere in one ─→ windows of which one
        block holds far more than the others ─ best run of sentences of each block ─→ Likeness

The weight of a pair is its surprise, the negative logarithm of the chance to meet it in a text of some
length. The likeness of window and run is the weighted Dice coefficient of their pairs. All blocks other than
those beside the source are its rivals. A figure of three digits or more counts as one more pair with its own
surprise, since whoever rewrites a line of a report keeps its figures.

Everything here is measured, nothing is judged: see `dedup.align.suspicion`.
"""

from __future__ import annotations

import numpy as np

from dedup.align.draft import Draft
from dedup.align.likeness import Likeness
from dedup.align.measures import Runs, Windows, measured
from dedup.align.sentence_pairs import Sentences, Surprise, figures_in
from dedup.align.source_blocks import BLOCK, MARGIN, WINDOWS, Blocks, candidate_blocks
from dedup.index.index import Index
from dedup.index.lookup import GramHits
from dedup.index.postings import expand
from dedup.sketch.arrays import Bools, Floats, Ints, distinct, portions, run_begins

_COMPARED = 14
"""Number of blocks, of those looked at, in which the best run is sought: a source that is first among five is
often second among more, so with fewer blocks less is found at equal false alarms."""
_CELL, _LONGEST_RUN = 24, 11
"""Characters of a cell of a block, and cells of the longest run; cells stand for sentences of the source."""
_CELLS = -(-(BLOCK + 2 * MARGIN) // _CELL)
_PLACE_BITS = 11
"""Bits of a position in a block."""
_AT_ONCE, _PAIRS_AT_ONCE = 96, 8192
"""Sentences compared together, and the pairs in them; bounds memory."""
_CHAPTER, _AROUND = 4, 1
"""Blocks of a chapter, and blocks around the source of a window that belong to it. Other chapters of the same
document are rivals as other documents are: pairs found in several of them are only their common topic."""
_SHORTEST, _LONGEST = 12, 450
"""Characters of a window; one sentence may be longer."""
_LEAST_SHARED, _LEAST_HELD, _LEAST_LEAD = 10.0, 0.1, 1.35
"""Least surprise that the best block holds of a window: in all, as a share of the window's, and as a multiple
of the best rival's. Of the windows found in the end 97 of 100 have more, of all windows 15."""
_LEAST_ALIKE, _LEAST_MARGIN, _UNLIKE = 0.12, 1.35, 0.02
"""Least Dice coefficient of a window and its best run, and least ratio of it to that of any rival's run, both
increased by that of unlike texts. Hardly anything is found with less."""


def find_likenesses(draft: Draft, index: Index, hits: GramHits, free: Bools | None = None) -> list[Likeness]:
    """Find the windows of a submission that are like some run of a document of the collection.

    `hits` are its grams in the collection. Windows may overlap; each comes with the run most like it. Only
    characters that are `free` [n] count (None: all), and half of a window must be free.
    """
    if free is None:
        free = np.ones(len(draft.codes), bool)
    if not free[hits.query].any():
        return []
    surprise = Surprise.of(index)
    sentences = Sentences.of(draft, free)
    sentence, block = candidate_blocks(draft, index, hits, free)
    found: list[Likeness] = []
    for lot in portions(np.diff(sentences.pair_starts), _PAIRS_AT_ONCE, _AT_ONCE):
        # Windows that begin with the last sentences of a lot reach into the next lot.
        some = (sentence >= lot.start) & (sentence < lot.stop + WINDOWS[-1] - 1)
        if some.any():
            asked = (sentence[some], block[some])
            comparison = _Comparison(draft, index, sentences, surprise, asked, free)
            found += comparison.likenesses(range(lot.start, lot.stop))
    return found


class _Comparison:
    """Compare some sentences of a submission with blocks of sources."""

    def __init__(
        self,
        draft: Draft,
        index: Index,
        sentences: Sentences,
        scales: Surprise,
        asked: tuple[Ints, Ints],
        free: Bools,
    ) -> None:
        """`asked` are pairs of a sentence and a block to compare it with, by block, then by sentence."""
        self._draft, self._sentences, self._scales, self._free = draft, sentences, scales, free
        self._bucket = sentences.buckets
        self._sentence, block = asked
        fresh = run_begins(block)
        self._number = np.cumsum(fresh) - 1
        self._blocks = blocks = Blocks.of(index, block[fresh])
        self._names = block[fresh]
        # Most pairs of a block are not in these sentences; those that are get numbers from 1.
        lot = sentences.pairs_of(int(self._sentence.min()), int(self._sentence.max()) + 1)
        held = distinct(self._bucket[lot])
        number_of = np.zeros(len(scales.in_block), np.int32)
        number_of[held] = np.arange(1, len(held) + 1)
        self._numbers = len(held) + 1
        self._number_of_pair = number_of[self._bucket]
        begins, ends = blocks.bounds[:-1], blocks.bounds[1:]
        numbers = number_of.take(blocks.buckets, mode="clip")
        numbers[ends[ends > begins] - 1] = 0
        pairs = np.flatnonzero(numbers != 0)  # NumPy finds nonzero values of a mask twice as fast
        self._figures, self._written = figures_in(blocks.digits, ends)
        shared = np.flatnonzero(number_of[self._figures])
        at = np.concatenate([pairs, self._written[shared]])
        self._shared = np.concatenate([numbers[pairs], number_of[self._figures[shared]]])
        self._of_block = np.searchsorted(ends, at, side="right")
        self._place = at - begins[self._of_block]

    def likenesses(self, begun: range) -> list[Likeness]:
        """The likenesses of the windows that begin with the sentences `begun`."""
        first, last, lead, blocks = self._promising(begun)
        if not len(first):
            return []
        runs = self._best_runs(first, last, blocks)
        order = np.lexsort((runs.block, -runs.alike, runs.window))
        # For each window the best run of all comes first, then the best of each chapter not around it.
        opens = run_begins(runs.window[order])
        source = order[np.flatnonzero(opens)[np.cumsum(opens) - 1]]
        order = order[opens | ~self._around(runs.block[order], runs.block[source])]
        chapter = np.unique(self._names // _CHAPTER, return_inverse=True)[1][runs.block]
        _, best = np.unique(runs.window[order] << 32 | chapter[order], return_index=True)
        order = order[np.sort(best)]
        window, alike = runs.window[order], runs.alike[order]
        borders = np.flatnonzero(run_begins(window))
        ends = np.append(borders[1:], len(window))
        second = np.where(ends - borders > 1, alike[np.minimum(borders + 1, len(alike) - 1)], 0.0)
        apart = alike[borders] + _UNLIKE >= _LEAST_MARGIN * (second + _UNLIKE)
        chosen = np.flatnonzero(apart & (alike[borders] >= _LEAST_ALIKE))
        if not len(chosen):
            return []
        window = window[borders[chosen]]
        rivals, rival_of = expand(borders[chosen] + 1, ends[chosen])
        first, last = first[window], last[window]
        windows = Windows(first, last, *self._free_ends(first, last), lead[window], order[borders[chosen]])
        return measured(
            self._draft, self._sentences, self._scales, self._blocks, runs, windows, order[rivals], rival_of
        )

    def _free_ends(self, first: Ints, last: Ints) -> tuple[Ints, Ints]:
        """Positions of the first free character of sentences [first, last), and one past the last."""
        free, starts = np.flatnonzero(self._free), self._sentences.starts
        return free[np.searchsorted(free, starts[first])], free[np.searchsorted(free, starts[last]) - 1] + 1

    def _promising(self, begun: range) -> tuple[Ints, Ints, Floats, list[Ints]]:
        """The windows of which one block holds far more than its rivals do, by pairs anywhere in the block.

        Returns the first sentence of each, the sentence after the last, the lead (the block's surprise as a
        multiple of the best rival's), and the blocks that hold most.
        """
        sentences, held = self._sentences, self._held_by_blocks(begun)
        surprise = self._scales.in_block[self._bucket]
        own = np.concatenate([[0.0], np.cumsum(surprise)])[sentences.pair_starts]
        own = own[begun.start : begun.start + held.shape[1] + 1]
        starts = sentences.starts[begun.start : begun.start + held.shape[1] + 1]
        free_sums = np.append(0, np.cumsum(self._free))
        sums = np.zeros((len(self._blocks), held.shape[1] + 1))
        np.cumsum(held, axis=1, out=sums[:, 1:])
        firsts, lasts, leads, blocks = [], [], [], []
        every = np.arange(len(self._blocks))
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

    def _around(self, block: Ints, source: Ints) -> Bools:
        """Mask of the blocks that lie around a window's source, and so are no rivals of it."""
        near: Bools = np.abs(self._names[block] - self._names[source]) <= _AROUND
        return near

    def _held_by_blocks(self, begun: range) -> Floats:
        """Surprise of the pairs of each sentence that are anywhere in a block, float[blocks, sentences].

        0 where the block was not compared with the sentence.
        """
        sentences = self._sentences
        holds = np.zeros((len(self._blocks), self._numbers), bool)
        holds[self._of_block, self._shared] = True
        first, last = sentences.pair_starts[self._sentence], sentences.pair_starts[self._sentence + 1]
        pair, row = expand(first, last)
        surprise = self._scales.in_block[self._bucket]
        weight = np.where(holds[self._number[row], self._number_of_pair[pair]], surprise[pair], 0.0)
        reach = min(len(begun) + WINDOWS[-1] - 1, len(sentences) - begun.start)
        held = np.zeros((len(self._blocks), reach))
        held[self._number, self._sentence - begun.start] = np.bincount(
            row, weights=weight, minlength=len(first)
        )
        return held

    def _best_runs(self, first: Ints, last: Ints, blocks: list[Ints]) -> Runs:
        """The best run of each window in each of its `blocks`, computed together."""
        window = np.repeat(np.arange(len(first)), [len(some) for some in blocks])
        block = np.concatenate(blocks)
        needed = np.zeros(len(self._blocks), bool)
        needed[block] = True
        there = np.flatnonzero(needed[self._of_block])
        words = self._of_block[there] * self._numbers + self._shared[there]
        words = words << _PLACE_BITS | self._place[there]
        words.sort()
        held = words >> _PLACE_BITS
        starts = np.flatnonzero(run_begins(held))
        group = np.zeros(len(self._blocks) * self._numbers, np.int32)
        group[held[starts]] = np.arange(1, len(starts) + 1)
        starts = np.append(starts, len(words))
        pair_first, pair_last = self._sentences.pair_starts[first], self._sentences.pair_starts[last]
        pair, row = expand(pair_first[window], pair_last[window])
        asked_of = group[(block * self._numbers)[row] + self._number_of_pair[pair]]
        there_at_all = np.flatnonzero(asked_of)
        pair, row, asked_of = pair[there_at_all], row[there_at_all], asked_of[there_at_all]
        occurrence, asked = expand(starts[asked_of - 1], starts[asked_of])
        place = words[occurrence] & (1 << _PLACE_BITS) - 1
        surprise = self._scales.in_region[self._bucket]
        weight = surprise[pair[asked]]
        shared = np.bincount(
            row[asked] * _CELLS + place // _CELL, weights=weight, minlength=len(block) * _CELLS
        )
        totals = self._totals(np.flatnonzero(needed))
        own = np.concatenate([[0.0], np.cumsum(surprise)])
        own = own[pair_last[window]] - own[pair_first[window]]
        start, end = _densest(shared.reshape(-1, _CELLS).astype(np.float64), totals[block], own)
        inside = (place >= start[row[asked]]) & (place < end[row[asked]])
        held = np.bincount(asked[inside], minlength=len(pair)) > 0
        pair, row = pair[held], row[held]
        total = np.concatenate([np.zeros((len(totals), 1)), np.cumsum(totals, axis=1)], axis=1)
        total = total[block, end // _CELL] - total[block, start // _CELL]
        alike = (
            2 * np.bincount(row, weights=surprise[pair], minlength=len(block)) / np.maximum(own + total, 1e-9)
        )
        return Runs(window, block, start, end, alike, pair, np.searchsorted(row, np.arange(len(block) + 1)))

    def _totals(self, needed: Ints) -> Floats:
        """Surprise of all pairs in each cell of the needed blocks, 0 for others, float[blocks, cells]."""
        blocks, in_region = self._blocks, self._scales.in_region
        totals = np.zeros((len(blocks), _CELLS))
        begins, ends = blocks.bounds[needed], blocks.bounds[needed + 1]
        lengths = ends - begins
        buckets = [
            blocks.buckets[begin:end] for begin, end in zip(begins.tolist(), ends.tolist(), strict=True)
        ]
        surprise = in_region.take(np.concatenate(buckets), mode="clip")
        borders = np.cumsum(lengths)
        surprise[borders[lengths > 0] - 1] = 0.0
        cell, row = expand(np.zeros_like(lengths), -(-lengths // _CELL))
        totals[needed[row], cell] = np.add.reduceat(surprise, (borders - lengths)[row] + cell * _CELL)
        of_block = np.searchsorted(blocks.bounds[1:], self._written, side="right")
        place = self._written - blocks.bounds[of_block]
        np.add.at(totals, (of_block, place // _CELL), in_region[self._figures])
        return totals


def _densest(shared: Floats, totals: Floats, own: Floats) -> tuple[Ints, Ints]:
    """Start and end of the best run of each row, in characters of the block.

    All arguments are sums of surprise: `shared` [r, cells] of the window's pairs in each cell, `totals`
    [r, cells] of all pairs in it, `own` [r] of all pairs of the window.
    """
    rows = len(shared)
    # Transposed, so that the values compared in one step are contiguous.
    sums, all_sums = np.zeros((2, _CELLS + 1, rows))
    np.cumsum(shared.T, axis=0, out=sums[1:])
    np.cumsum(totals.T, axis=0, out=all_sums[1:])
    best, row = np.full(rows, -1.0), np.arange(rows)
    start, length = np.zeros(rows, np.int64), np.ones(rows, np.int64)
    own_weight = own + 1e-9
    for cells in range(1, _LONGEST_RUN + 1):
        share = sums[cells:] - sums[:-cells]
        np.minimum(share, own, out=share)
        weight = all_sums[cells:] - all_sums[:-cells]
        weight += own_weight
        share /= weight
        place = share.argmax(axis=0)
        alike = share[place, row]
        better = alike > best
        best[better], start[better], length[better] = alike[better], place[better], cells
    return start * _CELL, (start + length) * _CELL
