"""Measure windows of a submission, each with the run of source sentences most like it.

All windows are measured together: each step is over all of their pairs, or all of their characters.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from dedup.align.draft import Draft
from dedup.align.likeness import Likeness
from dedup.align.sentence_pairs import FIGURE_KEY, Sentences, Surprise, pairs
from dedup.align.source_blocks import Blocks
from dedup.index.postings import expand
from dedup.sketch.arrays import Bools, Codes, Floats, Ints, Words, places_of, run_begins
from dedup.text.normalize import fold_slots

_NEAR = 30
"""Largest distance, in characters of the source, at which neighbouring pairs are near."""
_CODE_BITS = np.uint64(21)
_PAIR_BITS = np.uint64(42)
_SPREAD, _SPREAD_ROWS = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)


class Runs(NamedTuple):
    """The best runs of r (window, block) pairs; those of a window are consecutive."""

    window: Ints
    """[r] number of the window."""
    block: Ints
    """[r] number of the block."""
    start: Ints
    """[r] start and end of the best run in the block, in characters."""
    end: Ints
    alike: Floats
    """[r] Dice coefficient of window and run."""
    pair: Ints
    """[h] numbers of the pairs that both window and run hold, ascending, run after run."""
    pair_starts: Ints
    """[r + 1] start of each run's pairs in `pair`."""


class Windows(NamedTuple):
    """w windows, each with the number of the run most like it."""

    first: Ints
    """[w] number of the first sentence of each."""
    last: Ints
    """[w] number of the sentence after the last of each."""
    start: Ints
    """[w] range in normalised characters, from the first to the last free one."""
    end: Ints
    lead: Floats
    """[w] surprise that its block holds of it, as a multiple of that of the best other block."""
    run: Ints
    """[w] number of its run."""

    def __len__(self) -> int:
        return len(self.run)


class Rivals(NamedTuple):
    """Measurements of rivals: the best runs of other documents, compared with windows and their own runs."""

    strongest: Floats
    """[w] surprise of the shared pairs that the strongest rival holds."""
    second: Floats
    alike: Floats
    """[w] Dice coefficient of the rival most like the window."""
    held: Bools
    """[s] mask of the shared pairs that at least one rival holds."""


def measured(
    draft: Draft,
    sentences: Sentences,
    scales: Surprise,
    blocks: Blocks,
    runs: Runs,
    windows: Windows,
    rivals: Ints,
    rival_of: Ints,
) -> list[Likeness]:
    """Measure windows and the runs most like them.

    `rivals` [v] are numbers of the best runs of other documents, those of a window consecutive and the most
    alike first; `rival_of` [v] is the window of each.
    """
    count = len(windows)
    at, of = expand(runs.pair_starts[windows.run], runs.pair_starts[windows.run + 1])
    shared = runs.pair[at]
    in_region = scales.in_region[sentences.buckets]
    surprise, places, keys = in_region[shared], sentences.places[shared], sentences.keys[shared]

    def summed(chosen: Bools | None = None) -> Floats:
        """Sum of the surprise of each window's shared pairs, or of the chosen ones, float[w]."""
        sums = np.bincount(of, surprise if chosen is None else surprise * chosen, count)
        return sums.astype(np.float64, copy=False)

    total, alike = np.maximum(summed(), 1e-9), runs.alike[windows.run]
    before = np.append(0.0, np.cumsum(in_region))[sentences.pair_starts]
    own = before[windows.last] - before[windows.first]
    others = _rivals(runs, shared, of, surprise, rivals, rival_of, count)
    block, is_pair = runs.block[windows.run], keys < FIGURE_KEY
    run_starts = runs.start[windows.run]
    source, bounds = blocks.codes(block, run_starts, runs.end[windows.run] + 1)
    source_starts = blocks.origins[block] + run_starts
    source, source_of = fold_slots(source), np.repeat(np.arange(count), np.diff(bounds))
    order, near = _in_order(
        keys[is_pair], places[is_pair], surprise[is_pair], of[is_pair], source, source_of, count
    )
    at, window_of = expand(windows.start, windows.end)
    triples = _common_triples(draft.folded[at], window_of, source, source_of, count)
    columns = {
        "start": windows.start,
        "end": windows.end,
        "part": blocks.parts[block],
        "source_start": source_starts,
        "source_end": source_starts + np.diff(bounds),
        "alike": alike,
        "shared": total,
        "held": total / np.maximum(own, 1e-9),
        "source_held": total / np.maximum(2 * total / np.maximum(alike, 1e-9) - own, total),
        "rival": others.strongest / total,
        "second_rival": others.second / total,
        "rivals": summed(others.held) / total,
        "rival_alike": others.alike,
        "order": order,
        "near": near,
        "triples": triples / np.maximum(np.bincount(of, minlength=count), 1),
        "figures": summed(~is_pair & ~others.held),
        "formulaic": summed(draft.formulaic[places]) / total,
        "lead": windows.lead,
    }
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [Likeness(**dict(zip(columns, row, strict=True))) for row in rows]


def _rivals(
    runs: Runs, shared: Ints, of: Ints, surprise: Floats, rivals: Ints, rival_of: Ints, count: int
) -> Rivals:
    """Compare rivals with the best runs, which share the pairs `shared` [s] with the windows `of` [s]."""
    at, rival = expand(runs.pair_starts[rivals], runs.pair_starts[rivals + 1])
    place = places_of(rival_of[rival] << 32 | runs.pair[at], of << 32 | shared)
    rival, place = rival[place >= 0], place[place >= 0]
    held = np.zeros(len(shared), bool)
    held[place] = True
    holds = np.bincount(rival, surprise[place], len(rivals))
    order = np.lexsort((-holds, rival_of))
    begins = np.flatnonzero(run_begins(rival_of))
    strongest, second, alike = (np.zeros(count) for _ in range(3))
    window = rival_of[begins]
    strongest[window], alike[window] = holds[order[begins]], runs.alike[rivals[begins]]
    several = np.diff(begins, append=len(rivals)) > 1
    second[window[several]] = holds[order[begins[several] + 1]]
    return Rivals(strongest, second, alike, held)


def _in_order(
    keys: Words, places: Ints, surprise: Floats, of: Ints, source: Codes, source_of: Ints, count: int
) -> tuple[Floats, Floats]:
    """Shares of neighbouring shared pairs that are in order in the source, and that are also near, float[w].

    The first share is by surprise, the second by number. Pairs [p] belong to the windows `of` [p], the
    characters `source` [c] to the runs of the windows `source_of` [c].
    """
    whole = np.flatnonzero(source_of[1:] == source_of[:-1])
    theirs = source_of[whole].astype(np.uint64) << _PAIR_BITS | pairs(source)[whole]
    order = np.argsort(theirs, kind="stable")
    # A pair that only shares a bucket with one of the source is not found; its insertion place stands for it.
    found = np.searchsorted(theirs[order], of.astype(np.uint64) << _PAIR_BITS | keys)
    found = whole[order[np.minimum(found, len(order) - 1)]] if len(order) else found
    by_place = np.lexsort((places, of))
    of = of[by_place]
    neighbours = of[1:] == of[:-1]
    steps = np.diff(found[by_place])[neighbours]
    weight = surprise[by_place]
    weight = (np.minimum(weight[1:], weight[:-1]) + 1e-9)[neighbours]
    of = of[1:][neighbours]
    all_of_it = np.bincount(of, weight, count)
    none = all_of_it == 0
    order_share = np.bincount(of, weight * (steps > 0), count) / np.where(none, 1.0, all_of_it)
    near = np.bincount(of, (steps > 0) & (steps < _NEAR), count) / np.maximum(np.bincount(of, None, count), 1)
    return np.where(none, 0.5, order_share), np.where(none, 0.5, near)


def _common_triples(codes: Codes, of: Ints, others: Codes, others_of: Ints, count: int) -> Ints:
    """Number of distinct triples of codes that two texts share, int64[count]; codes are of the texts `of`."""
    (ours, window), (theirs, _) = _triples(codes, of), _triples(others, others_of)
    return np.bincount(window[places_of(ours, theirs) >= 0], minlength=count)


def _triples(codes: Codes, of: Ints) -> tuple[Words, Ints]:
    """The distinct (text, triple) keys, ascending, and the text of each; triples do not cross texts."""
    whole = np.flatnonzero(of[2:] == of[:-2])
    triples = pairs(codes)[:-1][whole] << _CODE_BITS | codes[2:][whole].astype(np.uint64)
    triples = triples * _SPREAD + of[whole].astype(np.uint64) * _SPREAD_ROWS
    order = np.argsort(triples)
    triples = triples[order]
    begins = run_begins(triples)
    return triples[begins], of[whole[order]][begins]
