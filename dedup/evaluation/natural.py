"""Natural overlaps: text of a submission that the corpus holds verbatim though nobody planted it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dedup.model import Span
from dedup.text.normalize import normalize

LEAST_RUN = 13
"""Normalised characters from which an equal run counts, after the folk rule 「连续13字」."""

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


class VerbatimRuns:
    """The runs of `LEAST_RUN` normalised characters of a collection of texts."""

    def __init__(self, texts: Iterable[str]) -> None:
        hashes = [_run_hashes(normalize(text).codes) for text in texts]
        self._hashes = np.unique(np.concatenate([np.empty(0, np.uint64), *hashes]))

    def spans(self, text: str) -> list[Span]:
        """Where `text` holds such runs, overlapping ones joined; offsets into `text`, ascending."""
        normalized = normalize(text)
        hashes = _run_hashes(normalized.codes)
        if not len(hashes) or not len(self._hashes):
            return []
        places = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        starts = np.flatnonzero(self._hashes[places] == hashes)
        if not len(starts):
            return []
        gaps = np.flatnonzero(np.diff(starts) > LEAST_RUN)
        firsts = starts[np.concatenate([[0], gaps + 1])]
        lasts = starts[np.concatenate([gaps, [len(starts) - 1]])] + LEAST_RUN
        return [normalized.span(int(first), int(last)) for first, last in zip(firsts, lasts, strict=True)]


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
