"""Near-duplicate texts: candidates from the bands, sifted by their signatures, verified by their shingles."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dedup.scan.banding import SHINGLE_SIZE
from dedup.scan.candidates import LARGEST_BUCKET, Buckets, buckets_of, earliest, pairs_within, select
from dedup.scan.collection import Collection
from dedup.scan.kinds import kinds_of
from dedup.scan.sketches import short_keys
from dedup.scan.texthash import combine
from dedup.scan.verify import PAIRS_AT_ONCE, overlaps, shingle_sets
from dedup.sketch.arrays import Ints, distinct, places_of, portions

Progress = Callable[[int, int], None]

NOT_ASKED = 255

_STANDARD_ERRORS = 4.0
"""A candidate whose estimate lies so far under the threshold is not verified; one in 30,000 is lost."""
_ESTIMATES_AT_ONCE = 1 << 13
_CODES_AT_ONCE = 1 << 20
_LOW_HALF = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)


@dataclass(frozen=True, slots=True)
class NearTexts:
    """p pairs of different texts, each once, by (one, other)."""

    one: Ints
    """[p] numbers of texts; one < other."""
    other: Ints
    common: Ints
    """[p] shingles in both."""
    union: Ints
    """[p] shingles in either."""
    kind: NDArray[np.uint8]
    """[p] numbers of `dedup.scan.kinds.KINDS`; NOT_ASKED where nobody wanted to know yet."""

    def __len__(self) -> int:
        return len(self.one)

    def where(self, mask: NDArray[np.bool_]) -> NearTexts:
        """Some of the pairs."""
        return NearTexts(*(getattr(self, name)[mask] for name in NearTexts.__slots__))

    @staticmethod
    def joined(one: NearTexts, other: NearTexts) -> NearTexts:
        """The pairs of both, of which none is in both."""
        columns = [np.concatenate((getattr(one, n), getattr(other, n))) for n in NearTexts.__slots__]
        order = np.lexsort((columns[1], columns[0]))
        return NearTexts(*(column[order] for column in columns))


@dataclass(frozen=True, slots=True)
class LargeBuckets:
    """Buckets in which texts are paired with the earliest only, so that what joins or leaves one matters."""

    band: NDArray[np.uint16]
    key: NDArray[np.uint64]
    members: NDArray[np.uint64]
    """A hash of which texts are in it and which is the earliest."""


NO_BUCKETS = LargeBuckets(np.empty(0, np.uint16), np.empty(0, np.uint64), np.empty(0, np.uint64))


def near_texts(
    collection: Collection,
    threshold: float,
    fresh: NDArray[np.bool_] | None,
    before: LargeBuckets,
    progress: Progress | None = None,
) -> tuple[NearTexts, LargeBuckets, NDArray[np.bool_]]:
    """The pairs with Jaccard ≥ threshold of which a text is fresh ([T]; None: all are).

    Also the large buckets there are now, and which texts were compared anew: the fresh ones, and those of
    large buckets that are not what they were `before`.
    """
    found, large, renewed = _candidates(collection, threshold, fresh, before, progress)
    if fresh is not None and len(renewed):
        fresh = fresh.copy()
        fresh[renewed] = True
        # What joined or left a large bucket may have changed its earliest: all of it is compared anew.
        found, large, _ = _candidates(collection, threshold, fresh, large, progress)
    compared = np.ones(len(collection), dtype=np.bool_) if fresh is None else fresh
    return verified(collection, found, threshold), large, compared


def _candidates(
    collection: Collection,
    threshold: float,
    fresh: NDArray[np.bool_] | None,
    before: LargeBuckets,
    progress: Progress | None,
) -> tuple[NDArray[np.uint64], LargeBuckets, Ints]:
    bands = collection.banding.bands
    wanted = (
        None
        if fresh is None
        else short_keys(collection.signatures(np.flatnonzero(fresh)), collection.banding)
    )
    found = np.empty(0, dtype=np.uint64)
    large: list[tuple[NDArray[np.uint16], NDArray[np.uint64], NDArray[np.uint64]]] = []
    renewed: list[Ints] = []
    for band in range(bands):
        once_large = before.key[before.band == band]
        keys = None if wanted is None else distinct(np.concatenate((wanted[:, band], once_large)))
        buckets = buckets_of(collection.bucket_words(band, keys))
        members = _large(buckets, collection)
        large.append((np.full(len(members[0]), band, dtype=np.uint16), *members))
        if fresh is not None:
            renewed.append(_renewed(buckets, members, once_large, before.members[before.band == band]))
        for pairs in pairs_within(buckets, collection.text_ranks, fresh):
            found = _merged(found, _sifted(collection, pairs, found, threshold))
        if progress:
            progress(band + 1, bands)
    columns = [np.concatenate(column) for column in zip(*large, strict=True)]
    return found, LargeBuckets(*columns), distinct(np.concatenate([np.empty(0, np.int64), *renewed]))


def _large(buckets: Buckets, collection: Collection) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Keys of the large buckets, and hashes of what they hold."""
    large = select(buckets, buckets.sizes > LARGEST_BUCKET)
    texts = large.texts
    contents = []
    for begin, size in zip(large.begins.tolist(), large.sizes.tolist(), strict=True):
        members = texts[begin : begin + size]
        total = combine(collection.texts[members]).sum(dtype=np.uint64)
        leader = collection.texts[earliest(members, collection.text_ranks)]
        contents.append(combine(np.array([total]), np.array([leader]))[0])
    return large.keys, np.array(contents, dtype=np.uint64)


def _renewed(
    buckets: Buckets,
    large: tuple[NDArray[np.uint64], NDArray[np.uint64]],
    keys_before: NDArray[np.uint64],
    members_before: NDArray[np.uint64],
) -> Ints:
    """The texts of buckets that are large now or were before, and do not hold what they held."""
    keys, members = large
    place = places_of(keys, keys_before)
    same = (place >= 0) & (members_before[place] == members) if len(keys_before) else place >= 0
    changed = np.concatenate((keys[~same], keys_before[places_of(keys_before, keys) < 0]))
    chosen = np.isin(buckets.keys, changed)
    texts = buckets.texts
    pieces = [
        texts[begin : begin + size]
        for begin, size in zip(buckets.begins[chosen].tolist(), buckets.sizes[chosen].tolist(), strict=True)
    ]
    return np.concatenate([np.empty(0, np.int64), *pieces])


def _merged(ordered: NDArray[np.uint64], more: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return np.sort(np.concatenate((ordered, more))) if len(more) else ordered


def _sifted(
    collection: Collection, pairs: NDArray[np.uint64], known: NDArray[np.uint64], threshold: float
) -> NDArray[np.uint64]:
    """Those of the pairs that are not known yet and may reach the threshold, by size and by signature."""
    pairs = distinct(pairs)
    pairs = pairs[places_of(pairs, known) < 0]
    one, other = _texts(pairs)
    kept = []
    for first in range(0, len(pairs), _ESTIMATES_AT_ONCE):
        block = slice(first, first + _ESTIMATES_AT_ONCE)
        left, right = one[block], other[block]
        signatures = collection.signatures(left)
        agreeing = (signatures == collection.signatures(right)).sum(axis=1)
        kept.append(pairs[block][agreeing >= least_agreeing(threshold, signatures.shape[1])])
    return np.concatenate([np.empty(0, np.uint64), *kept])


def least_agreeing(threshold: float, permutations: int) -> float:
    """How many values of two signatures agree at least where verifying is worth its time."""
    deviation = math.sqrt(threshold * (1 - threshold) / permutations)
    return permutations * (threshold - _STANDARD_ERRORS * deviation)


def verified(collection: Collection, pairs: NDArray[np.uint64], threshold: float) -> NearTexts:
    """The candidate pairs, ascending, whose texts have Jaccard ≥ threshold."""
    one, other = _texts(pairs)
    lengths = collection.lengths(one) + collection.lengths(other)
    pieces = [_no_pairs()]
    for part in portions(lengths, _CODES_AT_ONCE, PAIRS_AT_ONCE):
        pieces.append(_verified_block(collection, one[part], other[part], threshold))
    columns = [np.concatenate([getattr(p, name) for p in pieces]) for name in NearTexts.__slots__]
    return NearTexts(*columns)


def _verified_block(collection: Collection, one: Ints, other: Ints, threshold: float) -> NearTexts:
    texts = distinct(np.concatenate((one, other)))
    codes, starts = collection.codes(texts)
    left, right = np.searchsorted(texts, one), np.searchsorted(texts, other)
    common, union = overlaps(*shingle_sets(codes, starts, SHINGLE_SIZE), left, right)
    near = common / union >= threshold
    kinds = np.full(int(near.sum()), NOT_ASKED, dtype=np.uint8)
    return NearTexts(one[near], other[near], common[near], union[near], kinds)


def with_kinds(collection: Collection, near: NearTexts, wanted: NDArray[np.bool_]) -> NearTexts:
    """The pairs with the kinds of those that are wanted [p] filled in: they cost more than all the rest."""
    kinds = near.kind.copy()
    asked = np.flatnonzero(wanted & (kinds == NOT_ASKED))
    one, other = near.one[asked], near.other[asked]
    lengths = collection.lengths(one) + collection.lengths(other)
    for part in portions(lengths, _CODES_AT_ONCE, PAIRS_AT_ONCE):
        texts = distinct(np.concatenate((one[part], other[part])))
        codes, starts = collection.codes(texts)
        left, right = np.searchsorted(texts, one[part]), np.searchsorted(texts, other[part])
        kinds[asked[part]] = kinds_of(codes, starts, left, right)
    return replace(near, kind=kinds)


def _no_pairs() -> NearTexts:
    empty = np.empty(0, np.int64)
    return NearTexts(empty, empty, empty, empty, np.empty(0, np.uint8))


def _texts(pairs: NDArray[np.uint64]) -> tuple[Ints, Ints]:
    return (pairs >> _HALF).astype(np.int64), (pairs & _LOW_HALF).astype(np.int64)
