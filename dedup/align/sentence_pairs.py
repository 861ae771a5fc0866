"""The pairs of characters and the figures of sentences, and how surprising it is to meet each.

A pair stands for what a sentence says, wherever in it the pair stands. Pairs are counted in buckets, which
those of telling figures follow: a figure of so many digits is taken to be as likely as any other.
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
"""A figure of more digits is worth no more."""
_FIGURE_BITS = 12
"""Of a bucket among those for figures of so many digits."""
_CHARACTERS_A_FIGURE = 30
"""Of reports full of figures, for one telling figure; each of so many digits is taken to be as likely."""
FIGURE_KEY = np.uint64(1 << 63)
"""Set in the keys of figures, which so lie behind those of all pairs."""


class Sentences(NamedTuple):
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
    def of(cls, draft: Draft, free: Bools) -> Sentences:
        """Those of a draft; pairs and figures with a character that is not `free` [n] are left out."""
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
    """The telling figures of texts that end at `ends`, as buckets behind those of pairs, and their places.

    Of the codes only those of digits matter.
    """
    places, digits, values = telling_figures(codes, ends)
    kind = np.minimum(digits, _MOST_DIGITS) - LEAST_DIGITS
    mixed = values.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) >> np.uint64(64 - _FIGURE_BITS)
    return BUCKETS + (kind << _FIGURE_BITS) + mixed.astype(np.int64), places


def pairs(folded: Codes) -> Words:
    """Each two neighbouring codes as one number."""
    return _joined(folded[:-1], folded[1:])


def _joined(first: Codes, second: Codes) -> Words:
    return first.astype(np.uint64) << np.uint64(21) | second


class Surprise(NamedTuple):
    """[buckets] how surprising a pair or a figure is in a text of a few sentences, and in a block."""

    in_region: Floats
    in_block: Floats

    @classmethod
    def of(cls, index: Index) -> Surprise:
        """As a collection has it; computed once for an index that is open."""
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
"""Of the indexes that are open: a resident process checks many drafts with one."""
