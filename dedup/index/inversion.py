"""Making postings: the inversion of (key, value) pairs by sorting (Witten, Moffat, Bell 1999, ch. 5).

Key and value share one 64-bit word and the words are sorted: NumPy sorts these ten times faster than it
finds an order. Pairs that are too many for memory, or too wide for one word, are first parted into ranges of
keys, which wait in passing files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.index.container import Abreast, Array
from dedup.index.postings import TAG_BITS

Words = NDArray[np.uint64]
Pairs = Iterable[tuple[Words, NDArray[np.uint32]]]

_POSTINGS_A_BUCKET = 8
_MOST_BUCKET_BITS = 24
_LEAST_BUCKET_BITS = 4
_MOST_WORDS = 44_000_000
"""Postings sorted at once, about: 8 bytes each."""
_MOST_RANGE_BITS = 8
_BUFFER = 1 << 17
"""Bytes of a range that are written at once."""
_PIECE = 1 << 16
"""Postings unpacked at once, within the processor's second-level cache."""

_DIRECTORY, _TAGS, _VALUES = range(3)


def inverted(name: str, pairs: Pairs, count: int, most: int, folder: str) -> Abreast:
    """The arrays of `dedup.index.postings.Postings`, of `count` pairs of which no value is above `most`.

    Needs 8 bytes for each of 44 million postings, or of what one range of keys may hold by chance or custom;
    more wait in `folder`, 8 bytes each.
    """
    bucket_bits = min(max((count // _POSTINGS_A_BUCKET).bit_length(), _LEAST_BUCKET_BITS), _MOST_BUCKET_BITS)
    value_bits = max(most.bit_length(), 1)
    for_memory = (max(count - 1, 0) // _MOST_WORDS).bit_length()
    too_wide = bucket_bits + TAG_BITS + value_bits - 64
    if too_wide == 1 and not for_memory:
        # Buckets of twice the size cost a look-up one step more; parting costs a build of that size a second.
        bucket_bits, too_wide = bucket_bits - 1, 0
    range_bits = min(max(for_memory, too_wide), bucket_bits, _MOST_RANGE_BITS)
    words = _parted(pairs, value_bits, range_bits, folder) if range_bits else _whole(pairs, value_bits, count)
    columns = (
        (f"{name}_directory", np.uint32, (1 << bucket_bits) + 1),
        (f"{name}_tags", np.uint16, count),
        (f"{name}_values", np.uint32, count),
    )
    return Abreast(columns, _ranges(words, value_bits, bucket_bits - range_bits))


def _ranges(parts: Iterable[Words], value_bits: int, bucket_bits: int) -> Iterator[tuple[int, Array]]:
    """Pieces of the three arrays, from the words of each range of 2**bucket_bits buckets."""
    yield _DIRECTORY, np.zeros(1, dtype=np.uint32)
    before = 0
    for words in parts:
        # The bits between tag and value take part in no comparison later, so they must not order values now.
        loose = 64 - bucket_bits - TAG_BITS
        if loose > value_bits:
            kept = np.uint64(((1 << 64) - 1) >> loose << loose | (1 << value_bits) - 1)
            np.bitwise_and(words, kept, out=words)
        words.sort()
        sizes = np.zeros(1 << bucket_bits, dtype=np.int64)
        yield from _unpacked(words, sizes, value_bits, loose)
        yield _DIRECTORY, (before + np.cumsum(sizes)).astype(np.uint32)
        before += len(words)


def _whole(pairs: Pairs, value_bits: int, count: int) -> Iterator[Words]:
    """All pairs as words, in memory."""
    words = np.empty(count, dtype=np.uint64)
    filled = 0
    for keys, values in pairs:
        piece = words[filled : filled + len(keys)]
        np.bitwise_and(keys, _key_bits(value_bits), out=piece)
        piece |= values
        filled += len(keys)
    yield words


def _parted(pairs: Pairs, value_bits: int, range_bits: int, folder: str) -> Iterator[Words]:
    """The pairs as words, range by range: what follows the range in the key, and the value."""
    from tempfile import TemporaryFile

    with ExitStack() as stack:
        files: list[Any] = [
            stack.enter_context(TemporaryFile(dir=folder, buffering=_BUFFER)) for _ in range(1 << range_bits)
        ]
        for keys, values in pairs:
            ranges = (keys >> np.uint64(64 - range_bits)).astype(np.uint8)
            words = keys << np.uint64(range_bits)
            words &= _key_bits(value_bits)
            words |= values
            words = words[np.argsort(ranges, kind="stable")]  # a radix sort, for numbers of a byte
            borders = np.cumsum(np.bincount(ranges, minlength=len(files))).tolist()
            for file, first, last in zip(files, [0, *borders], borders, strict=False):
                file.write(words[first:last].data)
        for file in files:
            words = np.empty(file.tell() // 8, dtype=np.uint64)
            file.seek(0)
            if file.readinto(words.view(np.uint8).data) != words.nbytes:
                raise OSError("a passing file ended too soon")
            file.close()
            yield words


def _key_bits(value_bits: int) -> np.uint64:
    return np.uint64(((1 << 64) - 1) >> value_bits << value_bits)


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
