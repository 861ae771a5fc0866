"""Find natural overlaps: text of a submission that the corpus holds verbatim though nobody planted it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dedup.document import Span
from dedup.text.normalize import normalize

LEAST_RUN = 13
"""Normalised characters from which an equal run counts, after the folk rule 「连续13字」."""

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


class VerbatimRuns:
    """The runs of `LEAST_RUN` normalised characters of some texts, with the number of texts for each."""

    def __init__(self, texts: Iterable[str]) -> None:
        hashes = [np.unique(_run_hashes(normalize(text).codes)) for text in texts]
        joined = np.concatenate([np.empty(0, np.uint64), *hashes])
        self._hashes, self._texts = np.unique(joined, return_counts=True)

    def spans(self, text: str) -> list[Span]:
        """Spans of `text` that are such runs, overlapping ones joined; offsets into `text`, ascending."""
        normalized = normalize(text)
        starts = np.flatnonzero(self._holders(normalized.codes) > 0)
        if not len(starts):
            return []
        gaps = np.flatnonzero(np.diff(starts) > LEAST_RUN)
        firsts = starts[np.concatenate([[0], gaps + 1])]
        lasts = starts[np.concatenate([gaps, [len(starts) - 1]])] + LEAST_RUN
        return [normalized.span(int(first), int(last)) for first, last in zip(firsts, lasts, strict=True)]

    def common_share(self, text: str, texts: int) -> float:
        """Share of the runs of `text` that at least `texts` texts of the collection hold."""
        holders = self._holders(normalize(text).codes)
        return float(np.mean(holders >= texts)) if len(holders) else 0.0

    def _holders(self, codes: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Number of texts that hold the run beginning at each code, int64[n - LEAST_RUN + 1]."""
        hashes = _run_hashes(codes)
        if not len(hashes) or not len(self._hashes):
            return np.zeros(len(hashes), np.int64)
        places = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        return np.where(self._hashes[places] == hashes, self._texts[places], 0)


def _run_hashes(codes: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """A 64-bit hash of every run of `LEAST_RUN` codes, uint64[n - LEAST_RUN + 1]; none for a shorter text.

    Two different runs of a collection of 10^7 share a hash with a chance of about 10^-5.
    """
    count = len(codes) - LEAST_RUN + 1
    if count <= 0:
        return np.empty(0, np.uint64)
    wide = codes.astype(np.uint64)
    hashes = np.zeros(count, np.uint64)
    for place in range(LEAST_RUN):
        hashes = (hashes ^ wide[place : place + count]) * _MULTIPLIER
        hashes ^= hashes >> np.uint64(29)
    return hashes
