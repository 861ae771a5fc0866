"""Compare texts in executors: texts → bands → candidates → verified pairs, on Arrow batches.

A text is identified by the place of its earliest paragraph, which is lower the earlier that is. So texts are
ordered by their identifiers, and the first text of a bucket is its earliest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.index.postings import expand
from dedup.scan.banding import SHINGLE_SIZE, Banding, text_keys
from dedup.scan.candidates import buckets_of, least_agreeing, pairs_within
from dedup.scan.findings import representatives
from dedup.scan.near_texts import PAIRS_AT_ONCE, are_near, kinds_of, overlaps, shingle_sets
from dedup.scan.short_texts import SHORT, differ_little
from dedup.sketch.arrays import Ints, distinct, pack, portions, run_begins, unpack
from dedup.sketch.minhash import permutations, sign
from dedup.sketch.shingles import shingle
from dedup.spark.columns import batch_of, binaries, hashes, integers, normalised

WORDS = "bucket bigint, text bigint"
CANDIDATES = "one bigint, other bigint"
NEAR = "one bigint, other bigint, common int, total int, kind tinyint"

_KEY_BITS = 55
"""Bits of a key; the other 9 are for the band and the sign."""
_TEXTS_AT_ONCE = 1 << 12
_BYTES_AT_ONCE = 1 << 22


def band_words(
    batches: Iterable[pa.RecordBatch], *, banding: Banding, functions: int
) -> Iterator[pa.RecordBatch]:
    """Texts (text, content) → WORDS: one row for each text and band. A bucket is band << 55 | key.

    The local scan keeps 32 bits of a key, which is enough for ten million texts; with a billion, each text
    would share seven buckets by chance. Such candidates only cost time, since verifying drops them.
    """
    bands = np.arange(banding.all_bands, dtype=np.uint64) << np.uint64(_KEY_BITS)
    for batch in batches:
        for first in range(0, batch.num_rows, _TEXTS_AT_ONCE):
            part = batch.slice(first, _TEXTS_AT_ONCE)
            codes, starts = normalised(part.column("content"))
            short = np.diff(starts) < SHORT
            ends = _selected(codes, starts, np.flatnonzero(short))
            keys = text_keys(_signatures(codes, starts, functions), short, *ends, banding)
            keys >>= np.uint64(64 - _KEY_BITS)
            texts = np.repeat(integers(part, "text"), banding.all_bands)
            yield batch_of({"bucket": (keys | bands).ravel(), "text": texts})


def _signatures(codes: NDArray[np.uint32], starts: Ints, functions: int) -> NDArray[np.uint32]:
    shingles = shingle("char", codes, starts, SHINGLE_SIZE)
    return sign(shingles.hashes, shingles.starts, permutations(functions))


def candidate_pairs(batches: Iterable[pa.RecordBatch], *, largest: int) -> Iterator[pa.RecordBatch]:
    """WORDS, sorted, with no bucket in two partitions → CANDIDATES, some of them repeated.

    Texts of a bucket of more than `largest` are paired with its earliest only. Memory: a batch.
    """
    buckets, texts = np.empty(0, np.int64), np.empty(0, np.int64)
    leader: tuple[int, int] | None = None
    for batch in batches:
        buckets = np.concatenate((buckets, integers(batch, "bucket")))
        texts = np.concatenate((texts, integers(batch, "text")))
        if leader is not None:  # a large bucket continues
            same = int(np.searchsorted(buckets, leader[0], side="right"))
            yield _with_leader(leader[1], texts[:same])
            buckets, texts = buckets[same:], texts[same:]
        if not len(buckets):
            continue
        last = int(np.searchsorted(buckets, buckets[-1]))
        yield from _pairs(buckets[:last], texts[:last], largest)
        buckets, texts, leader = buckets[last:], texts[last:], None
        if len(buckets) > largest:
            leader = int(buckets[0]), int(texts[0])
            yield _with_leader(leader[1], texts[1:])
            buckets, texts = buckets[:0], texts[:0]
    yield from _pairs(buckets, texts, largest)


def _with_leader(leader: int, others: Ints) -> pa.RecordBatch:
    return batch_of({"one": np.full(len(others), leader), "other": others})


def _pairs(keys: Ints, texts: Ints, largest: int) -> Iterator[pa.RecordBatch]:
    if not len(keys):
        return
    names, numbers = np.unique(texts, return_inverse=True)
    buckets = buckets_of(pack(np.cumsum(run_begins(keys)) - 1, numbers))
    for pairs in pairs_within(buckets, np.arange(len(names)), largest):
        one, other = unpack(distinct(pairs))
        yield batch_of({"one": names[one], "other": names[other]})


def near_pairs(
    batches: Iterable[pa.RecordBatch], *, threshold: float, functions: int
) -> Iterator[pa.RecordBatch]:
    """Candidates with hash and content of either text → NEAR: those that are near, verified."""
    for batch in batches:
        sizes = np.diff(binaries(batch.column("content_one"))[1])
        sizes += np.diff(binaries(batch.column("content_other"))[1])
        for part in portions(sizes, _BYTES_AT_ONCE, PAIRS_AT_ONCE):
            yield _verified(batch.slice(part.start, part.stop - part.start), threshold, functions)


def _verified(batch: pa.RecordBatch, threshold: float, functions: int) -> pa.RecordBatch:
    names = np.concatenate((integers(batch, "one"), integers(batch, "other")))
    _, first, number = np.unique(names, return_index=True, return_inverse=True)
    codes, starts = _texts(batch, first)
    one, other = number[: batch.num_rows], number[batch.num_rows :]
    common, union = overlaps(*shingle_sets(codes, starts, SHINGLE_SIZE), one, other)
    near = np.flatnonzero(are_near(codes, starts, one, other, common / union, threshold))
    little = differ_little(codes, starts, one[near], other[near])
    near = near[little | _estimated(codes, starts, one[near], other[near], threshold, functions)]
    one, other = one[near], other[near]
    # The kind depends on the order of a pair; the local scan orders texts by their hashes.
    swapped = hashes(batch, "hash_one")[near] > hashes(batch, "hash_other")[near]
    kinds = kinds_of(codes, starts, np.where(swapped, other, one), np.where(swapped, one, other))
    return batch_of(
        {
            "one": names[: batch.num_rows][near],
            "other": names[batch.num_rows :][near],
            "common": common[near].astype(np.int32),
            "total": union[near].astype(np.int32),
            "kind": kinds.astype(np.int8),
        }
    )


def _texts(batch: pa.RecordBatch, chosen: Ints) -> tuple[NDArray[np.uint32], Ints]:
    """Codes and borders of some of the texts in the columns content_one and content_other."""
    left, left_starts = normalised(batch.column("content_one"))
    right, right_starts = normalised(batch.column("content_other"))
    starts = np.concatenate((left_starts, right_starts[1:] + left_starts[-1]))
    return _selected(np.concatenate((left, right)), starts, chosen)


def _selected(codes: NDArray[np.uint32], starts: Ints, chosen: Ints) -> tuple[NDArray[np.uint32], Ints]:
    places, _ = expand(starts[chosen], starts[chosen + 1])
    return codes[places], np.concatenate(([0], np.cumsum(starts[chosen + 1] - starts[chosen])))


def _estimated(
    codes: NDArray[np.uint32], starts: Ints, one: Ints, other: Ints, threshold: float, functions: int
) -> NDArray[np.bool_]:
    """Mask of the pairs that the local scan would verify, by the estimate from their signatures."""
    texts = distinct(np.concatenate((one, other)))
    signatures = _signatures(*_selected(codes, starts, texts), functions)
    left, right = signatures[np.searchsorted(texts, one)], signatures[np.searchsorted(texts, other)]
    agreeing: NDArray[np.int64] = (left == right).sum(axis=1)
    return agreeing >= least_agreeing(threshold, functions)


def dominated_texts(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Edges (one, other) of a whole graph → texts (text) that are no representatives. All in memory."""
    held = list(batches)
    one = np.concatenate([np.empty(0, np.int64), *(integers(batch, "one") for batch in held)])
    other = np.concatenate([np.empty(0, np.int64), *(integers(batch, "other") for batch in held)])
    names, numbers = np.unique(np.concatenate((one, other)), return_inverse=True)
    count = np.arange(len(names))
    leaders = representatives(len(names), numbers[: len(one)], numbers[len(one) :], count)
    yield batch_of({"text": names[leaders != count]})
