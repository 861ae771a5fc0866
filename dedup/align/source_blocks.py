"""Blocks of sources that may hold in other words what a few sentences of the submission say.

Which are looked at follows from the grams that the index holds anyway: among the fourteen that share most
with a few sentences the source of a rewritten passage was for each of 228 of them, in a collection of 334
documents.
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
"""Characters of a source that are looked at together."""
MARGIN = 200
"""Characters added on both sides of a block: a passage may lie across its border."""
_LOOKED_AT = 14
"""Blocks looked at for a few sentences."""
WINDOWS = (1, 2, 3, 4)
"""Sentences of a window. Blocks are sought for the longest."""
_COMMON_SHARE = 0.3
"""Weight of a gram of a set phrase when blocks are sought."""


class Blocks(NamedTuple):
    """Blocks of sources, each with what lies around it."""

    collection: Index
    parts: Ints
    """[b] number of the document of each."""
    origins: Ints
    """[b] where what was read of each begins, in normalised characters of its document."""
    ends: Ints
    """[b] and ends."""
    buckets: NDArray[np.uint16]
    """[c] of each character with the next, block after block; the last of a block begins none."""
    digits: NDArray[np.uint8]
    """[c] the code of each character that is a digit, 0 for others."""
    bounds: Ints
    """[b + 1] where each begins among those characters."""

    def __len__(self) -> int:
        return len(self.parts)

    @classmethod
    def of(cls, index: Index, block: Ints) -> Blocks:
        """Read blocks, told by the part in the upper and the number of the block in the lower 32 bits."""
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
    """The blocks that share most with each few sentences: sentence, block; by block, then by sentence."""
    reach = WINDOWS[-1]
    sentence_of = np.cumsum(run_begins(draft.sentence)) - 1
    kept = np.flatnonzero(free[hits.query])
    # Hits are in order of part and position, so those of a block stand together.
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
    # A sentence counts for what begins with it and with those before.
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
    """Of each group, whose elements stand together, the heaviest ones, at most so many, heaviest first.

    Of several as heavy the first come first.
    """
    # A sort of values alone is ten times as fast as `argsort`. It tells the lightest that is wanted of each
    # group, and few are as heavy: only these are sorted with their places.
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
