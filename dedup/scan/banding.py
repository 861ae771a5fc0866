"""Bands of a scan: how many of how many signature values, and the keys that texts have in them.

The index keeps bands for a check, where a candidate is only one of several ways to a source. A scan has no
other way, so it cuts the same signatures into more bands of fewer rows: the pairs it misses are counted in
tens of thousandths. Two sets of similarity J share a band of r rows with probability J**r (Leskovec,
Rajaraman, Ullman, ch. 3).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.records import dataclass
from dedup.sketch.arrays import Ints
from dedup.sketch.bands import band_keys
from dedup.sketch.hashing import window_hashes

SHINGLE_SIZE = 5
"""Characters in a shingle of a scan, whatever else the index may be made of."""
END_CHARACTERS = 10
ENDS = 2
WANTED_RECALL = 0.999
_FEWEST_ROWS = 3
"""With two rows, texts that share a tenth of their shingles would be candidates every other time."""
_MOST_ROWS = 8
_STREAM = 7


@dataclass(frozen=True, slots=True)
class Banding:
    """`bands` bands of `rows` signature values each."""

    bands: int
    rows: int

    @property
    def all_bands(self) -> int:
        """Bands in all: those of the signatures, and those of how short texts begin and end."""
        return self.bands + ENDS

    def recall(self, jaccard: float) -> float:
        """Probability that two texts of this similarity share a band."""
        return 1.0 - (1.0 - jaccard**self.rows) ** self.bands


def choose_banding(threshold: float, permutations: int) -> Banding:
    """The most rows, so the fewest false candidates, that still reach WANTED_RECALL at the threshold."""
    for rows in range(_MOST_ROWS, _FEWEST_ROWS, -1):
        banding = Banding(permutations // rows, rows)
        if banding.bands and banding.recall(threshold) >= WANTED_RECALL:
            return banding
    rows = min(_FEWEST_ROWS, permutations)
    return Banding(permutations // rows, rows)


def short_keys(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The top 32 bits of keys."""
    return keys >> np.uint64(32)


def text_keys(
    signatures: NDArray[np.uint32],
    short: NDArray[np.bool_],
    codes: NDArray[np.uint32],
    starts: Ints,
    banding: Banding,
) -> NDArray[np.uint64]:
    """Keys [n, bands] of n texts: their signatures, which are `short` [n], and the codes of those.

    A character altered in a short text alters a great share of its shingles. So two more bands hold how short
    texts begin and end: of two that differ in one place, either is equal. Text i of the short ones is
    `codes[starts[i]:starts[i + 1]]`. Longer texts have the key of their first band there once more.
    """
    keys = band_keys(signatures, banding.bands, banding.rows)
    ends = np.repeat(keys[:, :1], ENDS, axis=1)
    if short.any():
        windows = window_hashes(codes, END_CHARACTERS, 1, _STREAM)
        ends[short, 0] = windows[starts[:-1]]
        ends[short, 1] = windows[starts[1:] - END_CHARACTERS]
    return np.concatenate((keys, ends), axis=1)
