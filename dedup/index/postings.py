"""An immutable multi-map from 64-bit keys to 32-bit values, as three sorted arrays.

The top bits of a key choose its bucket (`directory[b]:directory[b + 1]`), the next 16 are its tag; within a
bucket, postings are ordered by tag, then by value. The lower bits are dropped, so two keys are taken for
one with probability 2**-(bucket bits + 16). A look-up touches two or three pages of a mapped file, however
large it is. A segment has three such maps: *grams* and *runs* (longer grams) lead to sampled positions, LSH
*bands* to signatures.

They are made by sorting (Witten, Moffat, Bell 1999, ch. 5). Key and value share one 64-bit word and the words
are sorted: NumPy sorts these ten times faster than it finds an order. Pairs that are too many for memory, or
too wide for one word, are first parted into ranges of keys, which are kept in temporary files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.index.container import Abreast, Array, Stored
from dedup.limits import LIMITS, Limits
from dedup.records import dataclass
from dedup.sketch.arrays import Ints
from dedup.sketch.background import BUCKETS, bigram_buckets
from dedup.sketch.bands import band_keys
from dedup.sketch.grams import gram_keys
from dedup.sketch.scheme import Scheme
from dedup.text.normalize import fold_slots

Words = NDArray[np.uint64]

TAG_BITS = 16
_ORDINARY = 256
"""Postings of a bucket that is read whole: two or three blocks of a file."""


@dataclass(frozen=True, slots=True)
class Postings:
    """n postings in 2**b buckets."""

    directory: Stored
    """uint32[2**b + 1]: number of the first posting of each bucket, and n."""
    tags: Stored
    """uint16[n], ascending within a bucket."""
    values: Stored
    """uint32[n], ascending within a bucket and tag."""

    def __len__(self) -> int:
        return len(self.values)

    @property
    def bucket_bits(self) -> int:
        """Number of top bits of a key that choose the bucket."""
        return len(self.directory).bit_length() - 1

    @property
    def fingerprint_bits(self) -> int:
        """Number of top bits of a key that are kept."""
        return self.bucket_bits + TAG_BITS

    def fingerprints(self, keys: Words) -> Words:
        """The bits of keys that are kept: bucket and tag in one number."""
        return keys >> np.uint64(64 - self.fingerprint_bits)

    def find(self, keys: Words) -> tuple[Ints, Ints]:
        """The range [first, last) of each key's postings; first == last where it has none."""
        fingerprints = self.fingerprints(keys)
        buckets = (fingerprints >> np.uint64(TAG_BITS)).astype(np.int64)
        wanted = (fingerprints & np.uint64((1 << TAG_BITS) - 1)).astype(np.uint16)
        self.directory.verify(buckets, buckets + 2)
        directory = self.directory.unverified
        begin, end = directory[buckets].astype(np.int64), directory[buckets + 1].astype(np.int64)
        sizes = end - begin
        ordinary = np.flatnonzero((sizes > 0) & (sizes <= _ORDINARY))
        self.tags.verify(begin[ordinary], end[ordinary])
        first, last = begin.copy(), begin.copy()
        first[ordinary], last[ordinary] = _equal_range(
            self.tags.unverified, begin[ordinary], end[ordinary], wanted[ordinary]
        )
        large = np.flatnonzero(sizes > _ORDINARY)
        first[large], last[large] = _range_in_much(self.tags, begin[large], end[large], wanted[large])
        return first, last


def expand(first: Ints, last: Ints) -> tuple[Ints, Ints]:
    """The elements of all ranges [first, last), range after range, and the number of the range of each."""
    counts = last - first
    rows = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return first[rows] + within, rows


def _equal_range(
    tags: NDArray[np.uint16], begin: Ints, end: Ints, wanted: NDArray[np.uint16]
) -> tuple[Ints, Ints]:
    """In each range [begin, end) of ascending tags, the range of the tags equal to the wanted one."""
    wanted = wanted.astype(np.uint32)
    both = np.concatenate([wanted, wanted + np.uint32(1)])  # ends where the next tag would begin
    places = lower_bound(tags, np.tile(begin, 2), np.tile(end, 2), both)
    return places[: len(begin)], places[len(begin) :]


def _range_in_much(tags: Stored, begin: Ints, end: Ints, wanted: NDArray[np.uint16]) -> tuple[Ints, Ints]:
    """`_equal_range` for ranges that may be megabytes long; only the tags that decide are verified.

    A binary search ends between two tags that it has read. If these two are intact, the result is right,
    whatever else was read on the way, since tags ascend.
    """
    places = np.concatenate(_equal_range(tags.unverified, begin, end, wanted))
    tags.verify(np.maximum(places - 1, np.tile(begin, 2)), np.minimum(places + 1, np.tile(end, 2)))
    return places[: len(begin)], places[len(begin) :]


def lower_bound(
    values: NDArray[np.integer[Any]], begin: Ints, end: Ints, wanted: NDArray[np.integer[Any]]
) -> Ints:
    """Binary search, one for each row: the first place in [begin, end) with a value ≥ the wanted one."""
    low, size = begin.copy(), end - begin
    # Every row takes as many steps as the longest range needs: leaving rows out would cost more.
    for _ in range(int(size.max(initial=0)).bit_length()):
        half = size >> 1
        right = values.take(low + half, mode="clip") < wanted
        right &= size > 0
        low += np.where(right, half + 1, 0)
        size = np.where(right, size - half - 1, half)
    return low


# ------------------------------------------------------------------------------------------- making

Pairs = Iterable[tuple[Words, NDArray[np.uint32]]]
"""Keys and their values, some at a time."""

_POSTINGS_A_BUCKET = 8
_MOST_BUCKET_BITS = 24
_LEAST_BUCKET_BITS = 12
_MOST_RANGE_BITS = 8
_BUFFER = 1 << 17
"""Bytes of a range that are written at once."""
_PIECE = 1 << 16
"""Postings unpacked at once, within the processor's second-level cache."""
_DIRECTORY, _TAGS, _VALUES = range(3)


class FoldedAt(NamedTuple):
    """Slot-folded codes of a segment from a position on."""

    position: int
    codes: NDArray[np.uint32]


Batches = Callable[[int, int], Iterable[FoldedAt]]
"""(n, m) → the folded codes of a segment, n at a time, each time with up to m of those that follow."""


def folded_batches(alphabet: NDArray[np.uint32], letters: NDArray[np.unsignedinteger[Any]]) -> Batches:
    """The folded codes of a segment whose letters are in memory; folding the alphabet folds the text."""
    folded = fold_slots(alphabet)

    def batches(size: int, ahead: int) -> Iterator[FoldedAt]:
        for first in range(0, len(letters), size):
            yield FoldedAt(first, folded.take(letters[first : first + size + ahead], mode="clip"))

    return batches


@dataclass(frozen=True, slots=True)
class Inverter:
    """Make the postings and the bigram counts of one segment."""

    scheme: Scheme
    folder: str
    """Folder for temporary files."""
    limits: Limits = LIMITS

    def of_codes(self, batches: Batches, positions: Ints, lengths: Ints) -> Iterator[Abreast]:
        """The fields `gram` and `run` of a segment whose parts lie at `positions` [parts + 1].

        The codes ahead of a batch may be missing where no part continues beyond it.
        """
        yield self._sampled("gram", self.scheme.gram_size, batches, positions, lengths)
        yield self._sampled("run", self.scheme.run_size, batches, positions, lengths)

    def _sampled(self, name: str, size: int, batches: Batches, positions: Ints, lengths: Ints) -> Abreast:
        """Postings of the grams of `size` codes that begin at a multiple of the step, within a part."""
        step = self.scheme.gram_step
        samples = np.maximum((lengths - size) // step + 1, 0)
        filled = np.flatnonzero(samples)
        last = int(positions[filled[-1]] // step + samples[filled[-1]] - 1) if len(filled) else 0
        ends = positions[:-1] + lengths
        at_once = max(self.limits.hashed_codes // step, 1)

        def pairs() -> Pairs:
            for position, codes in batches(at_once * step, size - 1):
                keys = gram_keys(codes, size, step)[:at_once]
                near = slice(*np.searchsorted(ends, [position, position + len(codes)], side="right"))
                inside = _whole_grams(len(keys), ends[near] - position, size, step)
                yield keys[inside], (np.flatnonzero(inside) + position // step).astype(np.uint32)

        return self.inverted(name, pairs(), int(samples.sum()), last)

    def of_signatures(self, batches: Iterable[NDArray[np.uint32]], signed: int) -> Abreast:
        """The field `band`: postings of the band keys of `signed` signatures, given in batches."""
        scheme = self.scheme

        def pairs() -> Pairs:
            first = 0
            for batch in batches:
                rows = np.arange(first, first + len(batch), dtype=np.uint32)
                yield band_keys(batch, scheme.bands, scheme.rows).ravel(), np.repeat(rows, scheme.bands)
                first += len(batch)

        return self.inverted("band", pairs(), signed * scheme.bands, max(signed - 1, 0))

    def bigrams(self, batches: Batches, positions: Ints, lengths: Ints) -> NDArray[np.uint32]:
        """Counts of the slot-folded bigrams of the parts, uint32[BUCKETS]; see `dedup.sketch.background`."""
        counts = np.zeros(BUCKETS, dtype=np.int64)
        # No bigram begins with the last code of a part, or in the padding after it.
        none, _ = expand(positions[:-1] + np.maximum(lengths - 1, 0), positions[1:])
        for position, codes in batches(self.limits.hashed_codes, 1):
            buckets = bigram_buckets(codes)
            counts += np.bincount(buckets, minlength=BUCKETS)
            here = slice(*np.searchsorted(none, [position, position + len(buckets)]))
            counts -= np.bincount(buckets[none[here] - position], minlength=BUCKETS)
        return counts.astype(np.uint32)

    def inverted(self, name: str, pairs: Pairs, count: int, most: int) -> Abreast:
        """The arrays of a map of `count` pairs whose values are at most `most`.

        Takes 8 bytes of memory for each of `limits.sorted_words` postings, or for those of one range of keys
        if that is more; further postings take 8 bytes each in temporary files.
        """
        bucket_bits = max((count // _POSTINGS_A_BUCKET).bit_length(), _LEAST_BUCKET_BITS)
        bucket_bits = min(bucket_bits, _MOST_BUCKET_BITS)
        value_bits = max(most.bit_length(), 1)
        for_memory = (max(count - 1, 0) // self.limits.sorted_words).bit_length()
        too_wide = bucket_bits + TAG_BITS + value_bits - 64
        if too_wide == 1 and not for_memory:
            # Buckets twice as large cost a look-up one step more; parting would cost a build of that size
            # a second.
            bucket_bits, too_wide = bucket_bits - 1, 0
        range_bits = min(max(for_memory, too_wide), bucket_bits, _MOST_RANGE_BITS)
        if range_bits:
            words = _parted(pairs, value_bits, range_bits, self.folder)
        else:
            words = _whole(pairs, value_bits, count)
        columns = (
            (f"{name}_directory", np.uint32, (1 << bucket_bits) + 1),
            (f"{name}_tags", np.uint16, count),
            (f"{name}_values", np.uint32, count),
        )
        return Abreast(columns, _ranges(words, value_bits, bucket_bits - range_bits))


def _whole_grams(count: int, ends: NDArray[np.int64], size: int, step: int) -> NDArray[np.bool_]:
    """Mask of the grams at 0, step … that lie within one part, bool[count]; parts begin at such places."""
    whole = np.ones(count, dtype=np.bool_)
    for distance in range(1, size):
        # A gram that begins fewer than `size` places before the end crosses it; none begins in the padding.
        crossing = ends - distance
        crossing = crossing[(crossing >= 0) & (crossing % step == 0)] // step
        whole[crossing[crossing < count]] = False
    return whole


# ------------------------------------------------------------------------------------ sorting


def _ranges(parts: Iterable[Words], value_bits: int, bucket_bits: int) -> Iterator[tuple[int, Array]]:
    """Pieces of the three arrays, from the words of each range of 2**bucket_bits buckets."""
    yield _DIRECTORY, np.zeros(1, dtype=np.uint32)
    before = 0
    for words in parts:
        # The bits between tag and value are not stored, so they must not decide the order of values.
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
    """All pairs as words, in one array in memory."""
    words = np.empty(count, dtype=np.uint64)
    filled = 0
    for keys, values in pairs:
        piece = words[filled : filled + len(keys)]
        np.bitwise_and(keys, _key_bits(value_bits), out=piece)
        piece |= values
        filled += len(keys)
    yield words


def _parted(pairs: Pairs, value_bits: int, range_bits: int, folder: str) -> Iterator[Words]:
    """The pairs as words, range by range: the bits of the key below the range, and the value."""
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
    """Tags and values of sorted words; writes the number of postings of each bucket to `sizes`."""
    bucket_shift = np.uint64(min(loose + TAG_BITS, 63))
    one_bucket = loose + TAG_BITS == 64
    scratch = np.empty(min(len(words), _PIECE), dtype=np.uint64)
    for first in range(0, len(words), _PIECE):
        part = words[first : first + _PIECE]
        shifted = scratch[: len(part)]
        # The conversion drops the bits above the tag.
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
