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
from dedup.sketch.arrays import distinct, run_begins

Codes = NDArray[np.uint32]
Ints = NDArray[np.int64]

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

    parts: Ints
    """[b] number of the document of each."""
    origins: Ints
    """[b] where what was read of each begins, in normalised characters of its document."""
    codes: Codes
    """What was read, block after block; slots not folded."""
    bounds: Ints
    """[b + 1] where each begins in `codes`."""

    def __len__(self) -> int:
        return len(self.parts)

    @classmethod
    def of(cls, index: Index, block: Ints) -> Blocks:
        """Read blocks, told by the part in the upper and the number of the block in the lower 32 bits."""
        parts, number = block >> 32, block & 0xFFFFFFFF
        origins = np.maximum(number * BLOCK - MARGIN, 0)
        return cls(parts, origins, *index.codes(parts, origins, (number + 1) * BLOCK + MARGIN))


def candidate_blocks(
    draft: Draft, index: Index, hits: GramHits, free: NDArray[np.bool_]
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
    sentence = np.minimum(first[:, None] + np.arange(reach), sentence_of[-1]).ravel()
    both = distinct(np.searchsorted(known := distinct(blocks), np.repeat(blocks, reach)) << 32 | sentence)
    return both & 0xFFFFFFFF, known[both >> 32]
