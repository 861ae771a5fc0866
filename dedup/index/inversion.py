"""Making postings: the inversion of (key, value) pairs by sorting (Witten, Moffat, Bell 1999, ch. 5).

Key and value share one 64-bit word and the words are sorted: NumPy sorts these ten times faster than it
finds an order. What does not fit in memory, or in one word, is made in several ranges of keys, one after the
other, going through the pairs once for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from dedup.index.container import Abreast, Array
from dedup.index.postings import TAG_BITS

Pairs = Iterable[tuple[NDArray[np.uint64], NDArray[np.uint32]]]

_POSTINGS_A_BUCKET = 8
_MOST_BUCKET_BITS = 24
_LEAST_BUCKET_BITS = 4
_MOST_WORDS = 44_000_000
"""Postings sorted at once, about: 8 bytes each."""
_PIECE = 1 << 16
"""Postings unpacked at once, within the processor's second-level cache."""

_DIRECTORY, _TAGS, _VALUES = range(3)


def inverted(name: str, pairs: Callable[[], Pairs], count: int, most: int) -> Abreast:
    """The arrays of `dedup.index.postings.Postings`, of `count` pairs of which no value is above `most`.

    `pairs` gives the same pairs in pieces each time it is called. Needs 8 bytes for each of 44 million
    postings, and as many more as one range of keys may hold by chance or custom.
    """
    bucket_bits = min(max((count // _POSTINGS_A_BUCKET).bit_length(), _LEAST_BUCKET_BITS), _MOST_BUCKET_BITS)
    value_bits = max(most.bit_length(), 1)
    for_memory = max(count - 1, 0) // _MOST_WORDS
    range_bits = max(for_memory.bit_length(), bucket_bits + TAG_BITS + value_bits - 64)
    columns = (
        (f"{name}_directory", np.uint32, (1 << bucket_bits) + 1),
        (f"{name}_tags", np.uint16, count),
        (f"{name}_values", np.uint32, count),
    )
    return Abreast(columns, _ranges(pairs, count, value_bits, bucket_bits, min(range_bits, bucket_bits)))


def _ranges(
    pairs: Callable[[], Pairs], count: int, value_bits: int, bucket_bits: int, range_bits: int
) -> Iterator[tuple[int, Array]]:
    yield _DIRECTORY, np.zeros(1, dtype=np.uint32)
    before = 0
    for number in range(1 << range_bits):
        words = _words(pairs(), count, value_bits, number, range_bits)
        # The bits between tag and value take part in no comparison later, so they must not order values now.
        loose = 64 - (bucket_bits - range_bits) - TAG_BITS
        if loose > value_bits:
            words &= np.uint64(((1 << 64) - 1) >> loose << loose | (1 << value_bits) - 1)
        words.sort()
        sizes = np.zeros(1 << (bucket_bits - range_bits), dtype=np.int64)
        yield from _unpacked(words, sizes, value_bits, loose)
        yield _DIRECTORY, (before + np.cumsum(sizes)).astype(np.uint32)
        before += len(words)


def _words(pairs: Pairs, count: int, value_bits: int, number: int, range_bits: int) -> NDArray[np.uint64]:
    """The pairs of one range of keys as words: what follows the range in the key, cut off, and the value."""
    words = np.empty(
        count if not range_bits else (count >> range_bits) + (count >> range_bits + 4), np.uint64
    )
    kept = np.uint64(((1 << 64) - 1) >> value_bits << value_bits)
    filled = 0
    for all_keys, all_values in pairs:
        keys, values = all_keys, all_values
        if range_bits:
            inside = all_keys >> np.uint64(64 - range_bits) == number
            keys, values = all_keys[inside] << np.uint64(range_bits), all_values[inside]
        if filled + len(keys) > len(words):  # some key is in very many pairs
            words = np.concatenate([words[:filled], np.empty(filled // 4 + len(keys), np.uint64)])
        piece = words[filled : filled + len(keys)]
        np.bitwise_and(keys, kept, out=piece)
        piece |= values
        filled += len(keys)
    return words[:filled]


def _unpacked(
    words: NDArray[np.uint64], sizes: NDArray[np.int64], value_bits: int, loose: int
) -> Iterator[tuple[int, Array]]:
    """Tags and values of sorted words, and (into `sizes`) how many there are of each bucket."""
    bucket_shift = np.uint64(min(loose + TAG_BITS, 63))
    one_bucket = loose + TAG_BITS == 64
    scratch = np.empty(min(len(words), _PIECE), dtype=np.uint64)
    for first in range(0, len(words), _PIECE):
        part = words[first : first + _PIECE]
        shifted = scratch[: len(part)]
        # Turning into fewer bits drops the ones above.
        yield _TAGS, np.right_shift(part, np.uint64(loose), out=shifted).astype(np.uint16)
        yield _VALUES, np.bitwise_and(part, np.uint64((1 << value_bits) - 1), out=shifted).astype(np.uint32)
        if one_bucket:
            sizes[0] += len(part)
            continue
        buckets = np.right_shift(part, bucket_shift, out=shifted).view(np.int64)
        lowest = int(buckets[0])
        buckets -= lowest
        found = np.bincount(buckets)
        sizes[lowest : lowest + len(found)] += found
