"""Near-duplicate texts: candidates from the bands, sifted by their signatures, and verified."""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.scan.banding import short_keys
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
from dedup.scan.verifying import NearTexts, texts_of_pairs, verified
from dedup.scan.work import Arrays, Work
from dedup.sketch.arrays import distinct, places_of

_STANDARD_ERRORS = 4.0
"""A candidate whose estimate lies so far under the threshold is not verified; one in 30,000 is lost."""
_ESTIMATES_AT_ONCE = 1 << 13
_SIFTED_AT_ONCE = 1 << 20


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
    collection: Collection, threshold: float, past: Past | None, work: Work
) -> tuple[NearTexts, LargeBuckets, NDArray[np.bool_]]:
    """The pairs with Jaccard ≥ threshold, the large buckets, and which texts [T] were compared for them.

    Whether two texts are candidates depends on the two alone, except in large buckets. So from a `past` on
    only the buckets of texts that came, went or moved are looked at: fresh texts are compared, and where a
    bucket became large, is no longer, or has another leader, all that it holds.
    """
    candidates, large, renewed = _candidates(collection, threshold, past, work)
    found = verified(collection, candidates, threshold, work)
    if past is None:
        return found, large, collection.multiplicities > 0
    kept = past.near.where(_still_candidates(collection, past.near, renewed, large))
    return NearTexts.joined(kept, found), large, past.changes.fresh | renewed


def _candidates(
    collection: Collection, threshold: float, past: Past | None, work: Work
) -> tuple[NDArray[np.uint64], LargeBuckets, NDArray[np.bool_]]:
    """Candidate pairs one << 32 | other, the large buckets, and texts [T] that had to be compared anew."""
    kept = work.found("candidates")
    if kept is not None:
        return kept["pairs"], LargeBuckets(kept["band"], kept["key"], kept["leader"]), kept["renewed"]
    search = _Search(collection, threshold, past)
    bands = collection.banding.bands
    with work.stage("compare") as progress:
        for band, asked in enumerate(search.all_asked()):
            progress(band, bands)
            search.band(band, asked)
        search.sift()
        progress(bands, bands)
    large = search.large()
    buckets: Arrays = {"band": large.band, "key": large.key, "leader": large.leader}
    work.keep("candidates", {"pairs": search.found, "renewed": search.renewed} | buckets)
    return search.found, large, search.renewed


class _Asked(NamedTuple):
    """What is looked at of one band."""

    buckets: Buckets
    keys: NDArray[np.uint64] | None
    """Of the buckets that may be otherwise than before, ascending; None for all."""


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
        self._waiting: list[NDArray[np.uint64]] = []
        """Pairs that are yet to be sifted."""
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

    def all_asked(self) -> Iterator[_Asked]:
        """What is asked of each band.

        After changes that is a little of each, and the next is read beside the interpreter while one is gone
        through. In a full scan it is all, and two at a time would take twice the memory.
        """
        bands = range(self._collection.banding.bands)
        if self._past is None:
            yield from map(self._asked, bands)
            return
        with ThreadPoolExecutor(1) as ahead:
            coming = ahead.submit(self._asked, 0)
            for band in bands[1:]:
                asked, coming = coming.result(), ahead.submit(self._asked, band)
                yield asked
            yield coming.result()

    def _asked(self, band: int) -> _Asked:
        """The buckets of one band that may be otherwise than before."""
        collection, past = self._collection, self._past
        if past is None:
            return _Asked(buckets_of(collection.bucket_words(band, None)), None)
        keys = [self._keys[:, band], collection.keys_of(band, self._gone)]
        if not past.changes.complete:
            keys.append(past.large.of(band)[0])
        looked_at = distinct(np.concatenate(keys))
        return _Asked(buckets_of(collection.bucket_words(band, looked_at)), looked_at)

    def band(self, band: int, asked: _Asked) -> None:
        """Find the candidates of one band."""
        past, buckets = self._past, asked.buckets
        if past is None or asked.keys is None:
            self._keep_large(band, *self._led(buckets))
            self._find(pairs_within(buckets, self._ranks, None))
            return
        keys_before, leaders_before = past.large.of(band)
        large, leaders = self._led(buckets)
        changed = select(buckets, _changed(buckets.keys, large, leaders, keys_before, leaders_before))
        self.renewed[texts_of(changed)] = True
        self._find(pairs_within(buckets, self._ranks, past.changes.fresh))
        self._find(pairs_within(changed, self._ranks, None))
        untouched = places_of(keys_before, asked.keys) < 0
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
            self._waiting.append(pairs)
            if sum(map(len, self._waiting)) >= _SIFTED_AT_ONCE:
                self.sift()

    def sift(self) -> None:
        """Add to what is found those of the waiting pairs that may reach the threshold."""
        pairs = distinct(np.concatenate([np.empty(0, np.uint64), *self._waiting]))
        self._waiting = []
        unseen = pairs[(places_of(pairs, self.found) < 0) & (places_of(pairs, self._known) < 0)]
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
    one, other = texts_of_pairs(pairs)
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
