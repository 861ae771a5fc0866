"""Near-duplicate texts: candidates from the bands, sifted by their signatures, verified by their shingles."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dedup.scan.banding import SHINGLE_SIZE, short_keys
from dedup.scan.candidates import (
    LARGEST_BUCKET,
    Buckets,
    buckets_of,
    leaders_of,
    pairs_within,
    select,
    texts_of,
)
from dedup.scan.collection import Changes, Collection
from dedup.scan.kinds import kinds_of
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

    @property
    def words(self) -> NDArray[np.uint64]:
        """[p] one << 32 | other, ascending."""
        return self.one.astype(np.uint64) << _HALF | self.other.astype(np.uint64)

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
    """Buckets in which texts are paired with the earliest only, so that it matters which that is."""

    band: NDArray[np.uint16]
    key: NDArray[np.uint64]
    leader: NDArray[np.uint64]
    """The hash of the earliest text."""

    def of(self, band: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """Keys, ascending, and leaders of those of one band."""
        here = self.band == band
        return self.key[here], self.leader[here]


@dataclass(frozen=True, slots=True)
class Past:
    """What was found before, as far as it can be built upon."""

    changes: Changes
    near: NearTexts
    """The pairs of which neither text is fresh."""
    large: LargeBuckets


def near_texts(
    collection: Collection, threshold: float, past: Past | None, progress: Progress | None = None
) -> tuple[NearTexts, LargeBuckets, NDArray[np.bool_]]:
    """The pairs with Jaccard ≥ threshold, the large buckets, and which texts [T] were compared for them.

    Whether two texts are candidates depends on the two alone, except in large buckets. So from a `past` on
    only the buckets of texts that came, went or moved are looked at: fresh texts are compared, and where a
    bucket became large, is no longer, or has another leader, all that it holds.
    """
    search = _Search(collection, threshold, past)
    for band in range(collection.banding.bands):
        search.band(band)
        if progress:
            progress(band + 1, collection.banding.bands)
    large = search.large()
    found = verified(collection, search.found, threshold)
    if past is None:
        return found, large, collection.multiplicities > 0
    kept = past.near.where(_still_candidates(collection, past.near, search.renewed, large))
    return NearTexts.joined(kept, found), large, past.changes.fresh | search.renewed


class _Search:
    """Candidates, band by band."""

    def __init__(self, collection: Collection, threshold: float, past: Past | None) -> None:
        self._collection = collection
        self._threshold = threshold
        self._past = past
        self._known = np.empty(0, dtype=np.uint64) if past is None else past.near.words
        self._ranks = np.full(len(collection), -1, dtype=np.int64)
        """[T] of the texts of large buckets, as far as any has been asked for."""
        self._large: list[tuple[NDArray[np.uint16], NDArray[np.uint64], NDArray[np.uint64]]] = []
        self.found = np.empty(0, dtype=np.uint64)
        self.renewed = np.zeros(len(collection), dtype=np.bool_)
        """[T] texts of buckets that are to be compared all anew."""
        if past is not None:
            live = collection.multiplicities > 0
            touched = np.flatnonzero(past.changes.touched & live)
            self._keys = short_keys(collection.signatures(touched), collection.banding)
            self._gone = past.changes.touched & ~live

    def large(self) -> LargeBuckets:
        """The large buckets of all bands."""
        return LargeBuckets(*(np.concatenate(column) for column in zip(*self._large, strict=True)))

    def band(self, band: int) -> None:
        """Find the candidates of one band."""
        collection, past = self._collection, self._past
        if past is None:
            buckets = buckets_of(collection.bucket_words(band, None))
            self._keep_large(band, *self._led(buckets))
            self._find(pairs_within(buckets, self._ranks, None))
            return
        keys_before, leaders_before = past.large.of(band)
        keys = [self._keys[:, band], collection.keys_of(band, self._gone)]
        if not past.changes.complete:
            keys.append(keys_before)
        looked_at = distinct(np.concatenate(keys))
        buckets = buckets_of(collection.bucket_words(band, looked_at))
        large, leaders = self._led(buckets)
        changed = select(buckets, _changed(buckets.keys, large, leaders, keys_before, leaders_before))
        self.renewed[texts_of(changed)] = True
        self._find(pairs_within(buckets, self._ranks, past.changes.fresh))
        self._find(pairs_within(changed, self._ranks, None))
        untouched = places_of(keys_before, looked_at) < 0
        self._keep_large(
            band,
            np.concatenate((large, keys_before[untouched])),
            np.concatenate((leaders, leaders_before[untouched])),
        )

    def _led(self, buckets: Buckets) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """Keys of the large buckets, and the hashes of their earliest texts; their ranks are noted."""
        large = select(buckets, buckets.sizes > LARGEST_BUCKET)
        members = distinct(texts_of(large))
        unranked = members[self._ranks[members] < 0]
        self._ranks[unranked] = self._collection.ranks(unranked)
        return large.keys, self._collection.texts[leaders_of(large, self._ranks)]

    def _keep_large(self, band: int, keys: NDArray[np.uint64], leaders: NDArray[np.uint64]) -> None:
        order = np.argsort(keys)
        self._large.append((np.full(len(keys), band, dtype=np.uint16), keys[order], leaders[order]))

    def _find(self, portions_of_pairs: Iterator[NDArray[np.uint64]]) -> None:
        for pairs in portions_of_pairs:
            unseen = distinct(pairs)
            unseen = unseen[(places_of(unseen, self.found) < 0) & (places_of(unseen, self._known) < 0)]
            more = _sifted(self._collection, unseen, self._threshold)
            self.found = np.sort(np.concatenate((self.found, more))) if len(more) else self.found


def _changed(
    keys: NDArray[np.uint64],
    large: NDArray[np.uint64],
    leaders: NDArray[np.uint64],
    large_before: NDArray[np.uint64],
    leaders_before: NDArray[np.uint64],
) -> NDArray[np.bool_]:
    """[k] which of some buckets are large and were not, or were and are not, or have another leader."""
    now, before = places_of(keys, large), places_of(keys, large_before)
    changed: NDArray[np.bool_] = (now >= 0) != (before >= 0)
    both = (now >= 0) & (before >= 0)
    changed[both] = leaders[now[both]] != leaders_before[before[both]]
    return changed


def _still_candidates(
    collection: Collection, near: NearTexts, renewed: NDArray[np.bool_], large: LargeBuckets
) -> NDArray[np.bool_]:
    """[p] which of some pairs, found before, would be found among the buckets as they are now."""
    result = np.ones(len(near), dtype=np.bool_)
    doubtful = np.flatnonzero(renewed[near.one] & renewed[near.other])
    for first in range(0, len(doubtful), _ESTIMATES_AT_ONCE):
        some = doubtful[first : first + _ESTIMATES_AT_ONCE]
        one, other = near.one[some], near.other[some]
        keys = short_keys(collection.signatures(one), collection.banding)
        equal = keys == short_keys(collection.signatures(other), collection.banding)
        candidates = np.zeros(len(some), dtype=np.bool_)
        for band in range(collection.banding.bands):
            large_keys, leaders = large.of(band)
            place = places_of(keys[:, band], large_keys)
            is_large = place >= 0
            led = np.zeros(len(some), dtype=np.bool_)
            leader = leaders[place[is_large]]
            led[is_large] = (collection.texts[one[is_large]] == leader) | (
                collection.texts[other[is_large]] == leader
            )
            candidates |= equal[:, band] & (~is_large | led)
        result[some] = candidates
    return result


def _sifted(collection: Collection, pairs: NDArray[np.uint64], threshold: float) -> NDArray[np.uint64]:
    """Those of the pairs that may reach the threshold, by their signatures."""
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
        # Which of the two is taken for the original must not depend on how texts are numbered today.
        turned = collection.texts[one[part]] > collection.texts[other[part]]
        left = np.searchsorted(texts, np.where(turned, other[part], one[part]))
        right = np.searchsorted(texts, np.where(turned, one[part], other[part]))
        kinds[asked[part]] = kinds_of(codes, starts, left, right)
    return replace(near, kind=kinds)


def _no_pairs() -> NearTexts:
    empty = np.empty(0, np.int64)
    return NearTexts(empty, empty, empty, empty, np.empty(0, np.uint8))


def _texts(pairs: NDArray[np.uint64]) -> tuple[Ints, Ints]:
    return (pairs >> _HALF).astype(np.int64), (pairs & _LOW_HALF).astype(np.int64)
