"""Find blocks of sources that may say in other words what a few sentences of the submission say.

They are chosen by the grams that the index holds anyway: in a collection of 334 documents, the source of each
of 228 rewritten passages was among the fourteen blocks that share most with a few sentences.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.align.draft import Draft
from dedup.index.index import Index
from dedup.index.lookup import GramHits
from dedup.sketch.arrays import Bools, Codes, Floats, Ints, distinct, pack, run_begins, unpack

BLOCK = 1024
"""Characters of a block of a source."""
MARGIN = 200
"""Characters added on both sides of a block: a passage may lie across its border."""
_LOOKED_AT = 14
"""Number of blocks looked at for a few sentences."""
WINDOWS = (1, 2, 3, 4)
"""Numbers of sentences of a window. Blocks are sought for the longest."""
_COMMON_SHARE = 0.3
"""Weight of a gram of a set phrase when blocks are sought."""


class Blocks(NamedTuple):
    """b blocks of sources, each read with a margin around it; c characters in all."""

    collection: Index
    parts: Ints
    """[b] part number of the document of each block."""
    origins: Ints
    """[b] start of the text read for each block, in normalised characters of its document."""
    ends: Ints
    """[b] end of that text."""
    buckets: NDArray[np.uint16]
    """[c] bucket of the bigram that begins with each character; without meaning for the last of a block."""
    digits: NDArray[np.uint8]
    """[c] the code of each character that is a digit, 0 for others."""
    bounds: Ints
    """[b + 1] start of each block among the c characters, and c."""

    def __len__(self) -> int:
        return len(self.parts)

    @classmethod
    def of(cls, index: Index, block: Ints) -> Blocks:
        """Read blocks given as the part in the upper and the block's number in the lower 32 bits."""
        parts, number = block >> 32, block & 0xFFFFFFFF
        origins = np.maximum(number * BLOCK - MARGIN, 0)
        buckets, digits, bounds = index.bigrams(parts, origins, (number + 1) * BLOCK + MARGIN)
        return cls(index, parts, origins, origins + np.diff(bounds), buckets, digits, bounds)

    def codes(self, number: Ints, starts: Ints, ends: Ints) -> tuple[Codes, Ints]:
        """Codes of characters [start, end) of some of the blocks, cut to their ends; see `Index.codes`."""
        origins = self.origins[number]
        return self.collection.codes(
            self.parts[number], origins + starts, np.minimum(origins + ends, self.ends[number])
        )


def candidate_blocks(draft: Draft, index: Index, hits: GramHits, free: Bools) -> tuple[Ints, Ints]:
    """The blocks that share most with the sentences of each window, as (sentence, block), by block first."""
    reach = WINDOWS[-1]
    sentence_of = np.cumsum(run_begins(draft.sentence)) - 1
    kept = np.flatnonzero(free[hits.query])
    # Hits are in order of part and position, so those of a block are consecutive.
    block = hits.part[kept].astype(np.int64) << 32 | hits.position[kept] // BLOCK
    fresh = run_begins(block)
    known, number = block[fresh], np.cumsum(fresh) - 1
    number, query = unpack(distinct(pack(number, hits.query[kept])))
    samples = max(index.characters / index.scheme.gram_step, 1.0)
    weight = np.log1p(samples / np.maximum(hits.frequency, 1))
    weight[draft.formulaic] *= _COMMON_SHARE
    sentence = sentence_of[query]
    begins = np.flatnonzero(run_begins(number) | run_begins(sentence))
    number, sentence, weight = number[begins], sentence[begins], np.add.reduceat(weight[query], begins)
    # A sentence counts for the windows that begin with it or with one of the sentences before.
    first = (sentence[:, None] - np.arange(reach)).ravel()
    number, weights = np.repeat(number, reach)[first >= 0], np.repeat(weight, reach)[first >= 0]
    first = first[first >= 0]
    # They are in the order of the blocks already; NumPy sorts 16 bits by radix, eight times as fast.
    small = np.uint16 if len(draft.sentence) <= 1 << 16 else np.int64
    order = np.argsort(first.astype(small), kind="stable")
    first, number, weights = first[order], number[order], weights[order]
    begins = np.flatnonzero(run_begins(first) | run_begins(number))
    first, number, weights = first[begins], number[begins], np.add.reduceat(weights, begins)
    heaviest = _heaviest(first, weights, _LOOKED_AT)
    first, number = first[heaviest], number[heaviest]
    sentence = np.minimum(first[:, None] + np.arange(reach), sentence_of[-1]).ravel()
    number, sentence = unpack(distinct(pack(np.repeat(number, reach), sentence)))
    return sentence, known[number]


def _heaviest(groups: Ints, weights: Floats, most: int) -> Ints:
    """Places of the `most` heaviest elements of each group, heaviest first; a group is consecutive.

    Among equally heavy ones the first come first.
    """
    # Sorting values alone is ten times as fast as `argsort`. It gives the lightest wanted weight of each
    # group; only the few elements at least as heavy are sorted with their places.
    lightness = np.uint32(0xFFFFFFFF) - weights.astype(np.float32).view(np.uint32)
    words = pack(groups, lightness)
    opens = np.flatnonzero(run_begins(groups))
    sizes = np.diff(opens, append=len(groups))
    last = np.sort(words)[opens + np.minimum(sizes, most) - 1]
    some = np.flatnonzero(words <= np.repeat(last, sizes))
    some = some[np.lexsort((-weights[some], groups[some]))]
    opens = np.flatnonzero(run_begins(groups[some]))
    rank = np.arange(len(some)) - np.repeat(opens, np.diff(opens, append=len(some)))
    return some[rank < most]
