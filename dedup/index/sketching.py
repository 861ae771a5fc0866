"""Signing paragraphs batch by batch, on a second core while the first one reads and parses files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.index.background_work import one_thread
from dedup.sketch.minhash import permutations, sign
from dedup.sketch.scheme import Scheme
from dedup.sketch.shingles import shingle

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

_BATCH = 1 << 19
"""Codes signed at once. A corpus that has fewer needs no second thread."""
_MOST_WAITING = 3
"""Batches handed over and not yet signed; more would only take memory."""

_Signed = tuple[NDArray[np.uint32], NDArray[np.int64]]


class Sketcher:
    """Takes the paragraphs of files and signs them; NumPy leaves the interpreter free meanwhile."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._gathered: list[tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]] = []
        self._gathered_codes = 0
        self._worker: ThreadPoolExecutor | None = None
        self._handed_over: list[Future[_Signed]] = []

    def add(self, codes: NDArray[np.uint32], starts: NDArray[np.int64], numbers: NDArray[np.int64]) -> None:
        """Paragraphs of one file: their codes [n], borders [m + 1] and numbers [m]."""
        self._gathered.append((codes, starts, numbers))
        self._gathered_codes += len(codes)
        if self._gathered_codes >= _BATCH:
            self._hand_over()

    def finish(self) -> list[_Signed]:
        """Batches of signatures [s, permutations] and the numbers [s] of the paragraphs they are of.

        In the order of `add`; a batch holds whole files. Paragraphs without a shingle have no signature.
        """
        signed = [batch.result() for batch in self._handed_over]
        if self._gathered:
            signed.append(self._sign(self._take()))
        if self._worker is not None:
            self._worker.shutdown()
        return signed

    def _hand_over(self) -> None:
        if self._worker is None:
            self._worker = one_thread()
        if len(self._handed_over) >= _MOST_WAITING:
            self._handed_over[-_MOST_WAITING].result()
        self._handed_over.append(self._worker.submit(self._sign, self._take()))

    def _take(self) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]:
        codes = np.concatenate([codes for codes, _, _ in self._gathered])
        lengths = np.concatenate([np.diff(starts) for _, starts, _ in self._gathered])
        numbers = np.concatenate([numbers for _, _, numbers in self._gathered])
        self._gathered, self._gathered_codes = [], 0
        return codes, np.concatenate(([0], np.cumsum(lengths))), numbers

    def _sign(self, batch: tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]) -> _Signed:
        codes, starts, numbers = batch
        shingles = shingle(self._scheme.shingle, codes, starts, self._scheme.shingle_size)
        filled = np.diff(shingles.starts) > 0
        functions = permutations(self._scheme.permutations)
        return sign(shingles.hashes, shingles.starts, functions)[filled], numbers[filled]
