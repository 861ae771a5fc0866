"""What differs between two near-duplicate paragraphs, in the words of a check's report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from dedup.align.kinds import kind_of
from dedup.align.tiling import tile
from dedup.model import Kind
from dedup.sketch.arrays import Ints, portions

KINDS: tuple[Kind, ...] = get_args(Kind)
"""A kind's number is its place here."""
VERBATIM, REFORMATTED = KINDS.index("verbatim"), KINDS.index("reformatted")

_CODES_AT_ONCE = 1 << 18


def kinds_of(codes: NDArray[np.uint32], starts: Ints, one: Ints, other: Ints) -> NDArray[np.uint8]:
    """Numbers [p] of the kinds of p pairs of the texts `codes[starts[i]:starts[i + 1]]`, none two equal."""
    kinds = np.empty(len(one), dtype=np.uint8)
    lengths = np.diff(starts)
    for block in portions(lengths[one] + lengths[other], _CODES_AT_ONCE, len(one)):
        kinds[block] = _aligned_kinds(
            [codes[starts[text] : starts[text + 1]] for text in one[block].tolist()],
            [codes[starts[text] : starts[text + 1]] for text in other[block].tolist()],
        )
    return kinds


def _aligned_kinds(ones: Sequence[NDArray[np.uint32]], others: Sequence[NDArray[np.uint32]]) -> list[int]:
    tiles = tile(ones, others)
    borders = np.searchsorted(tiles.region, np.arange(len(ones) + 1)).tolist()
    runs = list(zip(tiles.draft.tolist(), tiles.source.tolist(), tiles.length.tolist(), strict=True))
    return [
        KINDS.index(kind_of("", " ", one, other, runs[borders[number] : borders[number + 1]]))
        for number, (one, other) in enumerate(zip(ones, others, strict=True))
    ]
