"""Make the sets of shingles of paragraphs (Broder 1997), each shingle a 32-bit hash."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.sketch.hashing import window_hashes

CHARACTERS = 1
"""Stream of the constants that hash runs of characters."""
_WORDS = 2
_TOP_HALF = np.uint64(32)


class Shingles(NamedTuple):
    """The shingles of m paragraphs: those of paragraph i are `hashes[starts[i]:starts[i + 1]]`, in order."""

    hashes: NDArray[np.uint32]
    starts: NDArray[np.int64]
    """int64[m + 1]; a paragraph shorter than a shingle has none."""


def shingle(kind: str, codes: NDArray[np.uint32], starts: NDArray[np.int64], size: int) -> Shingles:
    """Shingles of the kind the settings name: `char` or `word`."""
    return (word_shingles if kind == "word" else character_shingles)(codes, starts, size)


def character_shingles(codes: NDArray[np.uint32], starts: NDArray[np.int64], size: int) -> Shingles:
    """Every run of `size` normalised characters within a paragraph; `starts` [m + 1] are the borders."""
    hashes = character_hashes(codes, size)
    whole = np.ones(len(hashes), dtype=np.bool_)
    filled = starts[1:] > starts[:-1]
    firsts, ends = starts[:-1][filled], starts[1:][filled]
    for distance in range(1, size):
        # Runs that begin fewer than `size` characters before the paragraph's end cross it.
        crossing = np.maximum(ends - distance, firsts)
        whole[crossing[crossing < len(hashes)]] = False
    return Shingles(hashes[whole], _offsets(np.maximum(np.diff(starts) - size + 1, 0)))


def character_hashes(codes: NDArray[np.uint32], size: int) -> NDArray[np.uint32]:
    """The hash of every run of `size` codes; shape [max(n - size + 1, 0)]."""
    return (window_hashes(codes, size, 1, CHARACTERS) >> _TOP_HALF).astype(np.uint32)


def word_shingles(codes: NDArray[np.uint32], starts: NDArray[np.int64], size: int) -> Shingles:
    """Every run of `size` words within a paragraph; jieba cuts the normalised text, without its HMM."""
    import logging
    import zlib

    import jieba

    jieba.setLogLevel(logging.WARNING)  # it reports the loading of its dictionary on standard error
    words: list[int] = []
    counts: list[int] = []
    for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
        text = codes[start:end].astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
        cut = jieba.lcut(text, HMM=False)
        words.extend(zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in cut)
        counts.append(len(cut))
    word_starts = _offsets(np.array(counts, dtype=np.int64))
    hashed = window_hashes(np.array(words, dtype=np.uint32), size, 1, _WORDS)
    hashes = (hashed >> _TOP_HALF).astype(np.uint32)
    numbers = np.maximum(np.diff(word_starts) - size + 1, 0)
    result = _offsets(numbers)
    within = np.arange(result[-1]) - np.repeat(result[:-1], numbers)
    return Shingles(hashes[np.repeat(word_starts[:-1], numbers) + within], result)


def _offsets(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
