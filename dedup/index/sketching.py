"""Signing the paragraphs of many files at once: arrays long enough that NumPy's own start-up does not count.

Not in a thread: NumPy signs by thousands of short array operations, and after each of them a thread would
wait for the interpreter that the parser holds. Several cores are used by whole processes
(`dedup.index.workers`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.sketch.compiled import Signer, character_signer
from dedup.sketch.minhash import EMPTY, permutations, sign
from dedup.sketch.scheme import Scheme
from dedup.sketch.shingles import shingle

_BATCH = 1 << 20
"""Codes signed at once."""
COMPILING_PAYS = 25_000_000
"""Bytes of text from which compiled code (0.4 s to load, a second to make) pays."""

_Signed = tuple[NDArray[np.uint32], NDArray[np.int64]]


class Sketcher:
    """Takes the paragraphs of files and signs them."""

    def __init__(self, scheme: Scheme, ahead: int = 0) -> None:
        """`ahead`: bytes of text to come, about; of many, paragraphs are signed by compiled code."""
        self._signer = _signer(scheme, ahead)
        self._gathered: list[tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]] = []
        self._gathered_codes = 0
        self._signed: list[_Signed] = []

    def add(self, codes: NDArray[np.uint32], starts: NDArray[np.int64], numbers: NDArray[np.int64]) -> None:
        """Paragraphs of one file: their codes [n], borders [m + 1] and numbers [m]."""
        self._gathered.append((codes, starts, numbers))
        self._gathered_codes += len(codes)
        if self._gathered_codes >= _BATCH:
            self._sign()

    def finish(self) -> list[_Signed]:
        """Batches of signatures [s, permutations] and the numbers [s] of the paragraphs they are of.

        In the order of `add`; a batch holds whole files. Paragraphs without a shingle have no signature.
        """
        if self._gathered:
            self._sign()
        return self._signed

    def _sign(self) -> None:
        codes = np.concatenate([codes for codes, _, _ in self._gathered])
        lengths = np.concatenate([np.diff(starts) for _, starts, _ in self._gathered])
        numbers = np.concatenate([numbers for _, _, numbers in self._gathered])
        self._gathered, self._gathered_codes = [], 0
        starts = np.concatenate(([0], np.cumsum(lengths)))
        signatures = self._signer(codes, starts)
        filled = (signatures != EMPTY).any(axis=1)
        if not filled.all():
            signatures, numbers = signatures[filled], numbers[filled]
        self._signed.append((signatures, numbers))


def _signer(scheme: Scheme, ahead: int) -> Signer:
    def signed(codes: NDArray[np.uint32], starts: NDArray[np.int64]) -> NDArray[np.uint32]:
        shingles = shingle(scheme.shingle, codes, starts, scheme.shingle_size)
        return sign(shingles.hashes, shingles.starts, functions)

    functions = permutations(scheme.permutations)
    compiled = None
    if scheme.shingle == "char" and ahead >= COMPILING_PAYS:
        compiled = character_signer(scheme.shingle_size, scheme.permutations)
    return compiled or signed
