"""The pairs of characters and the figures of sentences, and the surprise of each.

A pair of neighbouring characters counts wherever in a sentence it is. Pairs are counted in buckets, followed
by buckets for telling figures: all figures with the same number of digits are taken to be equally likely.
"""

from __future__ import annotations

from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from dedup.align.draft import Draft
from dedup.align.evidence import REGION_CHARACTERS, surprises
from dedup.align.figures import LEAST_DIGITS, telling_figures
from dedup.align.source_blocks import BLOCK, MARGIN
from dedup.index.index import Index
from dedup.sketch.arrays import Bools, Codes, Floats, Ints, Words, run_begins
from dedup.sketch.background import BUCKETS, bigram_buckets

_MOST_DIGITS = 5
"""Number of digits beyond which a figure is worth no more."""
_FIGURE_BITS = 12
"""Bits of a bucket's number among the buckets for one number of digits."""
_CHARACTERS_A_FIGURE = 30
"""Characters for each telling figure in reports full of figures."""
FIGURE_KEY = np.uint64(1 << 63)
"""Bit set in the keys of figures, which thereby come after those of all pairs."""


class Sentences(NamedTuple):
    """The sentences of a submission and the distinct pairs of each, one sentence after the other."""

    starts: Ints
    """[sentences + 1] start of each sentence in normalised characters; the last entry is n."""
    pair_starts: Ints
    """[sentences + 1] start of each sentence's pairs."""
    keys: Words
    """[pairs] key of each pair, ascending within a sentence."""
    places: Ints
    """[pairs] position of its first occurrence in the sentence."""
    buckets: Ints
    """[pairs] bucket of each pair."""

    @classmethod
    def of(cls, draft: Draft, free: Bools) -> Sentences:
        """The sentences of a draft; pairs and figures with a character not `free` [n] are left out."""
        starts = np.append(np.flatnonzero(run_begins(draft.sentence)), len(draft.sentence))
        number = np.cumsum(run_begins(draft.sentence), dtype=np.int32) - 1
        whole = np.flatnonzero((number[:-1] == number[1:]) & free[1:] & free[:-1])
        figures, written = figures_in(draft.codes)
        figures, written = figures[free[written]], written[free[written]]
        places = np.concatenate([whole, written])
        keys = np.concatenate(
            [_joined(draft.folded[whole], draft.folded[whole + 1]), FIGURE_KEY | figures.astype(np.uint64)]
        )
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


def figures_in(codes: Codes | NDArray[np.uint8], ends: Ints | None = None) -> tuple[Ints, Ints]:
    """Buckets (after those of pairs) and positions of the telling figures of texts that end at `ends`.

    Only the codes of digits matter; others may have any other value.
    """
    places, digits, values = telling_figures(codes, ends)
    kind = np.minimum(digits, _MOST_DIGITS) - LEAST_DIGITS
    mixed = values.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - _FIGURE_BITS)
    return BUCKETS + (kind << _FIGURE_BITS) + mixed.astype(np.int64), places


def pairs(folded: Codes) -> Words:
    """Each two neighbouring codes packed into one number, uint64[n - 1]."""
    return _joined(folded[:-1], folded[1:])


def _joined(first: Codes, second: Codes) -> Words:
    return first.astype(np.uint64) << np.uint64(21) | second


class Surprise(NamedTuple):
    """Surprise of the pairs or figures of each bucket: in a text of a few sentences, and in a block."""

    in_region: Floats
    in_block: Floats

    @classmethod
    def of(cls, index: Index) -> Surprise:
        """The surprise by the counts of a collection; computed once for an open index."""
        if (known := _SURPRISE.get(index)) is None:
            known = _SURPRISE[index] = cls._of(index.background)
        return known

    @classmethod
    def _of(cls, background: Ints) -> Surprise:
        total = int(background.sum())
        kinds = np.repeat(np.arange(LEAST_DIGITS, _MOST_DIGITS + 1), 1 << _FIGURE_BITS)
        return cls(
            *(
                np.concatenate(
                    [
                        surprises(background, total, characters),
                        -np.log(characters / _CHARACTERS_A_FIGURE / (0.9 * 10.0**kinds)),
                    ]
                )
                for characters in (REGION_CHARACTERS, BLOCK + 2 * MARGIN)
            )
        )


_SURPRISE: WeakKeyDictionary[Index, Surprise] = WeakKeyDictionary()
"""Cache by open index: a resident process checks many drafts with one."""
