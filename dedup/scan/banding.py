"""Which bands a scan looks for candidates in, and what they find.

The index keeps bands for a check, where a candidate is only one of several ways to a source. A scan has no
other way, so it cuts the same signatures into more bands of fewer rows: the pairs it misses are counted in
tens of thousandths. Two sets of similarity J share a band of r rows with probability J**r (Leskovec,
Rajaraman, Ullman, ch. 3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.sketch.bands import band_keys

SHINGLE_SIZE = 5
"""Characters in a shingle of a scan, whatever else the index may be made of."""

WANTED_RECALL = 0.999
_FEWEST_ROWS = 3
"""With two rows, texts that share a tenth of their shingles would be candidates every other time."""
_MOST_ROWS = 8


@dataclass(frozen=True, slots=True)
class Banding:
    """`bands` bands of `rows` signature values each."""

    bands: int
    rows: int

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


def short_keys(signatures: NDArray[np.uint32], banding: Banding) -> NDArray[np.uint64]:
    """The top 32 bits of the band keys of signatures [m, permutations]; shape [m, bands]."""
    return band_keys(signatures, banding.bands, banding.rows) >> np.uint64(32)
