"""Candidate pairs of near-duplicates: texts that share a bucket of a band, and whose signatures agree enough.

Whether two texts are candidates depends on the two alone, except in buckets of very many texts. So after the
last scan only the buckets of texts that came, went or moved are looked into.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import expand
from dedup.limits import Limits
from dedup.progress import Advance
from dedup.records import dataclass
from dedup.scan.collection import Collection
from dedup.scan.near_texts import NearTexts
from dedup.scan.short_texts import SHORT, differ_little
from dedup.sketch.arrays import Ints, distinct, pack, places_of, portions, run_begins, unpack

_STANDARD_ERRORS = 4.0
"""A candidate whose estimate lies so far under the threshold is not verified; one in 30,000 is lost."""
_ESTIMATES_AT_ONCE = 1 << 13
_PAIRS_AT_ONCE = 1 << 21


def least_agreeing(threshold: float, permutations: int) -> float:
    """The number of equal values of two signatures from which verifying them is worth its time."""
    deviation = math.sqrt(threshold * (1 - threshold) / permutations)
    return permutations * (threshold - _STANDARD_ERRORS * deviation)


@dataclass(frozen=True, slots=True)
class Buckets:
    """The buckets of one band that hold at least two texts."""

    keys: Ints
    """Key of each bucket, ascending."""
    texts: Ints
    """The texts of all words of the band, by key, ascending in a bucket."""
    begins: Ints
    """Into `texts`, of each bucket."""
    sizes: Ints

    def where(self, chosen: NDArray[np.bool_]) -> Buckets:
        """Some of the buckets."""
        return Buckets(self.keys[chosen], self.texts, self.begins[chosen], self.sizes[chosen])

    @property
    def members(self) -> Ints:
        """The texts of the buckets, one bucket after the other."""
        return self.texts[expand(self.begins, self.begins + self.sizes)[0]]

    def leaders(self, ranks: Ints) -> Ints:
        """The text of lowest rank in each bucket; `ranks` [T] of texts of a bucket are distinct."""
        if not len(self.sizes):
            return np.empty(0, dtype=np.int64)
        texts = self.members
        found = ranks[texts]
        lowest = np.minimum.reduceat(found, np.cumsum(self.sizes) - self.sizes)
        leaders: Ints = texts[found == np.repeat(lowest, self.sizes)]
        return leaders


def buckets_of(words: NDArray[np.uint64]) -> Buckets:
    """The buckets in the words key << 32 | text of a band, ascending."""
    keys, texts = unpack(words)
    begins = np.flatnonzero(run_begins(keys))
    sizes = np.diff(begins, append=len(words))
    shared = sizes > 1
    return Buckets(keys[begins[shared]], texts, begins[shared], sizes[shared])


def pairs_within(buckets: Buckets, ranks: Ints, largest: int) -> Iterator[NDArray[np.uint64]]:
    """Candidate pairs smaller text << 32 | larger text, in portions; a pair may come from several buckets.

    The texts of a bucket of more than `largest` are paired with its earliest only, by `ranks` [T]: they are
    one wording that very many documents hold in as many variants, and pairing all would be quadratic.
    """
    large = buckets.sizes > largest
    small, crowds = buckets.where(~large), buckets.where(large)
    for part in portions(small.sizes * (small.sizes - 1) // 2, _PAIRS_AT_ONCE, len(small.sizes)):
        begins, ends = small.begins[part], small.begins[part] + small.sizes[part]
        places, bucket = expand(begins, ends)
        others, left = expand(places + 1, ends[bucket])
        yield _joined(small.texts[places[left]], small.texts[others])
    members, leaders = crowds.members, np.repeat(crowds.leaders(ranks), crowds.sizes)
    others = members != leaders
    yield _joined(leaders[others], members[others])


def _joined(one: Ints, other: Ints) -> NDArray[np.uint64]:
    return pack(np.minimum(one, other), np.maximum(one, other))


# ---- the search


@dataclass(frozen=True, slots=True)
class Past:
    """Findings of the last scan, of texts that are still there."""

    fresh: NDArray[np.bool_]
    """[T] texts that are there now and were not then."""
    touched: NDArray[np.bool_]
    """[T] texts of documents that came or went since; some are gone."""
    near: NearTexts
    """[p] the pairs of which both texts are still there."""


def find_candidates(
    collection: Collection, threshold: float, past: Past | None, limits: Limits, progress: Advance
) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """Pairs of texts to verify, ascending, and which pairs of the past [p] still are candidates.

    Without a past all candidates are to be verified.
    """
    search = _Search(collection, threshold, past, limits)
    bands = collection.banding.all_bands
    for band in range(bands):
        progress(band, bands)
        search.look_into(band)
    search.sift()
    progress(bands, bands)
    return search.found, search.still_candidates()


class _Search:
    """Candidates, band by band."""

    def __init__(self, collection: Collection, threshold: float, past: Past | None, limits: Limits) -> None:
        self._collection, self._threshold, self._past, self._limits = collection, threshold, past, limits
        self._known = np.empty(0, np.uint64) if past is None else past.near.words
        self._waiting: list[NDArray[np.uint64]] = []
        """Pairs that are yet to be sifted."""
        self.found = np.empty(0, dtype=np.uint64)
        self._crowded = np.zeros(len(collection), dtype=np.bool_)
        """[T] texts of large buckets that may be otherwise than at the last scan."""
        if past is not None:
            there = np.flatnonzero(past.touched & collection.alive)
            self._keys = collection.keys(there)
            self._gone = past.touched & ~collection.alive
        self._fresh = None if past is None or self._gone.any() else past.fresh
        """[T] where texts only came: two that are not among them were compared, unless in a large bucket."""

    def look_into(self, band: int) -> None:
        """Find the candidates of one band, in the buckets that may be otherwise than at the last scan."""
        buckets = self._buckets(band, None if self._past is None else self._touched_keys(band))
        self._crowded[self._large(buckets).members] = True
        for pairs in pairs_within(buckets, self._collection.ranks, self._limits.largest_bucket):
            self._waiting.append(self._undecided(pairs))
            if sum(map(len, self._waiting)) >= self._limits.sifted_pairs:
                self.sift()

    def _undecided(self, pairs: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Those of the pairs that the last scan cannot have looked at."""
        if self._fresh is None:
            return pairs
        one, other = unpack(pairs)
        crowded = self._crowded[one] & self._crowded[other]
        return pairs[self._fresh[one] | self._fresh[other] | crowded]

    def _touched_keys(self, band: int) -> NDArray[np.uint64]:
        """Keys, ascending, of the buckets that touched texts are in, or were in before they went."""
        keys = self._keys[:, band]
        if self._gone.any():
            words = self._collection.words(band)
            keys = np.concatenate((keys, words[self._gone[unpack(words)[1]]] >> np.uint64(32)))
        return distinct(keys)

    def _buckets(self, band: int, keys: NDArray[np.uint64] | None) -> Buckets:
        """The buckets of some keys, ascending, or all, without the texts that are gone."""
        words = self._collection.words(band, keys)
        if not self._collection.all_alive:
            words = words[self._collection.alive[unpack(words)[1]]]
        return buckets_of(words)

    def _large(self, buckets: Buckets) -> Buckets:
        return buckets.where(buckets.sizes > self._limits.largest_bucket)

    def sift(self) -> None:
        """Add to what is found those of the waiting pairs that may reach the threshold."""
        pairs = distinct(np.concatenate([np.empty(0, np.uint64), *self._waiting]))
        self._waiting = []
        unseen = pairs[(places_of(pairs, self.found) < 0) & (places_of(pairs, self._known) < 0)]
        more = _sifted(self._collection, unseen, self._threshold)
        self.found = np.sort(np.concatenate((self.found, more))) if len(more) else self.found

    def still_candidates(self) -> NDArray[np.bool_]:
        """[p] which pairs of the past would be found among the buckets as they are now.

        That is in doubt only where both texts are in a large bucket that may have got another leader.
        """
        one, other = unpack(self._known)
        result = np.ones(len(one), dtype=np.bool_)
        doubtful = np.flatnonzero(self._crowded[one] & self._crowded[other])
        for first in range(0, len(doubtful), _ESTIMATES_AT_ONCE):
            some = doubtful[first : first + _ESTIMATES_AT_ONCE]
            result[some] = self._share_a_bucket(one[some], other[some])
        return result

    def _share_a_bucket(self, one: Ints, other: Ints) -> NDArray[np.bool_]:
        """[n] which pairs are in a bucket that is not large, or that one of them leads."""
        collection = self._collection
        keys = collection.keys(one)
        equal = keys == collection.keys(other)
        result = np.zeros(len(one), dtype=np.bool_)
        for band in range(collection.banding.all_bands):
            large = self._large(self._buckets(band, distinct(keys[equal[:, band], band])))
            place = places_of(keys[:, band].astype(np.int64), large.keys)
            leader = np.append(large.leaders(collection.ranks), -1)[place]
            result |= equal[:, band] & ((place < 0) | (leader == one) | (leader == other))
        return result


def _sifted(collection: Collection, pairs: NDArray[np.uint64], threshold: float) -> NDArray[np.uint64]:
    """Those of the pairs that may be near: by their signatures, or as short texts that differ little."""
    one, other = unpack(pairs)
    kept = np.zeros(len(pairs), dtype=np.bool_)
    for first in range(0, len(pairs), _ESTIMATES_AT_ONCE):
        block = slice(first, first + _ESTIMATES_AT_ONCE)
        signatures = collection.signatures(one[block])
        agreeing = (signatures == collection.signatures(other[block])).sum(axis=1)
        kept[block] = agreeing >= least_agreeing(threshold, signatures.shape[1])
    short = (collection.lengths(one) < SHORT) & (collection.lengths(other) < SHORT)
    doubtful = np.flatnonzero(short & ~kept)
    for first in range(0, len(doubtful), _ESTIMATES_AT_ONCE):
        some = doubtful[first : first + _ESTIMATES_AT_ONCE]
        texts = distinct(np.concatenate((one[some], other[some])))
        left, right = np.searchsorted(texts, one[some]), np.searchsorted(texts, other[some])
        kept[some] = differ_little(*collection.codes(texts), left, right)
    return pairs[kept]
