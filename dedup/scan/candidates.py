"""Which texts may be near-duplicates: they share a bucket of a band, and their signatures agree enough.

The index keeps bands for a check, where a candidate is only one of several ways to a source. A scan has no
other way, so it cuts the same signatures into more bands of fewer rows: the pairs it misses are counted in
tens of thousandths. Two sets of similarity J share a band of r rows with probability J**r (Leskovec,
Rajaraman, Ullman, ch. 3).

Whether two texts are candidates depends on the two alone, except in buckets of very many texts. So after the
last scan only the buckets of texts that came, went or moved are looked into.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from dedup.index.postings import expand
from dedup.limits import Limits
from dedup.progress import Advance
from dedup.records import dataclass
from dedup.sketch.arrays import Ints, distinct, pack, places_of, portions, run_begins, unpack
from dedup.sketch.bands import band_keys
from dedup.sketch.hashing import window_hashes
from dedup.text.folding import as_text

if TYPE_CHECKING:
    from dedup.scan.collection import Collection
    from dedup.scan.near_texts import NearTexts

SHINGLE_SIZE = 5
"""Characters in a shingle of a scan, whatever else the index may be made of."""

LEAST_CHARACTERS = 20
"""Normalised characters of a paragraph that may be in a pair: less is a heading, a label, a name."""
SHORT = 40
"""Characters below which a paragraph is short: one that is altered makes a great difference in shingles."""
TWO_PLACES_FROM = 25
"""Characters from which a short text may differ in two places."""
_FIGURE = re.compile(r"\d")
_UNITS = re.compile(r"\d+|\D")
END_CHARACTERS = 10
ENDS = 2

WANTED_RECALL = 0.999
_FEWEST_ROWS = 3
"""With two rows, texts that share a tenth of their shingles would be candidates every other time."""
_MOST_ROWS = 8
_STANDARD_ERRORS = 4.0
"""A candidate whose estimate lies so far under the threshold is not verified; one in 30,000 is lost."""
_ESTIMATES_AT_ONCE = 1 << 13
_PAIRS_AT_ONCE = 1 << 21
_STREAM = 7


# ---- bands


@dataclass(frozen=True, slots=True)
class Banding:
    """`bands` bands of `rows` signature values each."""

    bands: int
    rows: int

    @property
    def all_bands(self) -> int:
        """Bands in all: those of the signatures, and those of how short texts begin and end."""
        return self.bands + ENDS

    def recall(self, jaccard: float) -> float:
        """Probability that two texts of this similarity share a band."""
        return 1.0 - (1.0 - jaccard**self.rows) ** self.bands


def choose_banding(threshold: float, permutations: int) -> Banding:
    """The most rows, so the fewest false candidates, that still reach WANTED_RECALL at the threshold."""
    for rows in range(_MOST_ROWS, _FEWEST_ROWS, -1):
        banding = Banding(permutations // rows, rows)
        if banding.bands and banding.recall(threshold) >= WANTED_RECALL:
            return banding
    rows = min(_FEWEST_ROWS, permutations)
    return Banding(permutations // rows, rows)


def short_keys(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The top 32 bits of keys."""
    return keys >> np.uint64(32)


def text_keys(
    signatures: NDArray[np.uint32],
    short: NDArray[np.bool_],
    codes: NDArray[np.uint32],
    starts: Ints,
    banding: Banding,
) -> NDArray[np.uint64]:
    """Keys [n, bands] of n texts: their signatures, which are `short` [n], and the codes of those.

    A character altered in a short text alters a great share of its shingles. So two more bands hold how short
    texts begin and end: of two that differ in one place, either is equal. Text i of the short ones is
    `codes[starts[i]:starts[i + 1]]`. Longer texts have the key of their first band there once more.
    """
    keys = band_keys(signatures, banding.bands, banding.rows)
    ends = np.repeat(keys[:, :1], ENDS, axis=1)
    if short.any():
        windows = window_hashes(codes, END_CHARACTERS, 1, _STREAM)
        ends[short, 0] = windows[starts[:-1]]
        ends[short, 1] = windows[starts[1:] - END_CHARACTERS]
    return np.concatenate((keys, ends), axis=1)


def least_agreeing(threshold: float, permutations: int) -> float:
    """How many values of two signatures agree at least where verifying is worth its time."""
    deviation = math.sqrt(threshold * (1 - threshold) / permutations)
    return permutations * (threshold - _STANDARD_ERRORS * deviation)


# ---- buckets


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
    """What the last scan found, of texts that are still there."""

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


def differ_little(codes: NDArray[np.uint32], starts: Ints, one: Ints, other: Ints) -> NDArray[np.bool_]:
    """[p] which pairs of short texts differ in one place, or from TWO_PLACES_FROM characters on in two.

    A place is a character, or a figure of any length where that is all that differs. Text i is
    `codes[starts[i]:starts[i + 1]]`; a pair of which one is not short does not count.
    """
    lengths = np.diff(starts)
    result = np.zeros(len(one), dtype=np.bool_)
    chosen = np.flatnonzero((lengths[one] < SHORT) & (lengths[other] < SHORT))
    one, other = one[chosen], other[chosen]
    most = np.where(np.minimum(lengths[one], lengths[other]) >= TWO_PLACES_FROM, 2, 1)
    whole, borders = as_text(codes), starts.tolist()
    texts = [whole[begin:end] for begin, end in pairwise(borders)]
    near = _distances(texts, one, other) <= most
    figures = np.array([_FIGURE.search(text) is not None for text in texts], dtype=np.bool_)
    left = np.flatnonzero(~near & figures[one] & figures[other])
    for spelled in (partial(_FIGURE.sub, ""), _UNITS.findall):
        numbers = distinct(np.concatenate((one[left], other[left])))
        respelled = [spelled(texts[number]) for number in numbers.tolist()]
        places = (np.searchsorted(numbers, side[left]) for side in (one, other))
        left = left[_distances(respelled, *places) <= most[left]]
    near[left] = True
    result[chosen] = near
    return result


def _distances(texts: Sequence[Sequence[str]], one: Ints, other: Ints) -> NDArray[np.uint8]:
    """[p] how many units differ between the texts of each pair (Levenshtein); 3 stands for more than 2."""
    lefts, rights = [texts[text] for text in one.tolist()], [texts[text] for text in other.tolist()]
    return cpdist(lefts, rights, scorer=Levenshtein.distance, score_cutoff=2, dtype=np.uint8)
