"""Near-duplicate texts: candidates verified by their shingles, exactly, and what differs between them.

Thousands of pairs are verified at once. A shingle is told from others by 50 bits of its hash: two different
ones of a pair of texts with a thousand shingles are taken for one with probability 5e-10.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, repeat
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq
from rapidfuzz.process import cpdist

from dedup.align.kinds import compared_by_rapidfuzz, is_refilled, is_reordered, many_moved
from dedup.align.tiling import tile
from dedup.index.postings import expand
from dedup.limits import Limits
from dedup.passage import Kind
from dedup.progress import Observer
from dedup.records import dataclass
from dedup.scan.banding import SHINGLE_SIZE
from dedup.scan.short_texts import differ_little
from dedup.sketch.arrays import Ints, distinct, pack, portions, run_begins, unpack
from dedup.sketch.hashing import window_hashes
from dedup.text.folding import as_text

if TYPE_CHECKING:
    from dedup.scan.checkpoint import Checkpoint
    from dedup.scan.collection import Collection

KINDS: tuple[Kind, ...] = get_args(Kind)
"""A kind's number is its place here."""
VERBATIM, REFORMATTED, REFILLED, EDITED, REORDERED = map(
    KINDS.index, ("verbatim", "reformatted", "refilled", "edited", "reordered")
)
NOT_ASKED = 255

LEAST_OF_SHORT = 0.3
"""Jaccard below which even short texts that differ in two places at most do not fall."""

PAIRS_AT_ONCE = 1 << 13
"""At most: the two texts of so many pairs can be numbered in the 14 bits that the hashes leave."""
_HASH_BITS = np.uint64(50)
_STREAM = 6
_CODES_AT_ONCE = 1 << 20
_CODES_ALIGNED_AT_ONCE = 1 << 18
_LONGEST_IN_ORDER = 1 << 12
"""Characters of the shorter of two texts up to which all that stands in both in order is counted."""


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
    """[p] numbers of KINDS; NOT_ASKED where nobody wanted to know yet."""

    def __len__(self) -> int:
        return len(self.one)

    @property
    def words(self) -> NDArray[np.uint64]:
        """[p] one << 32 | other, ascending."""
        return pack(self.one, self.other)

    @property
    def columns(self) -> dict[str, NDArray[Any]]:
        """The arrays by name."""
        return {name: getattr(self, name) for name in NearTexts.__slots__}

    def where(self, chosen: NDArray[np.bool_] | Ints) -> NearTexts:
        """Some of the pairs."""
        return NearTexts(*(column[chosen] for column in self.columns.values()))

    @staticmethod
    def joined(pieces: Sequence[NearTexts]) -> NearTexts:
        """The pairs of all pieces, of which none is in two."""
        columns = (np.concatenate([getattr(p, name) for p in pieces]) for name in NearTexts.__slots__)
        joined = NearTexts(*columns)
        return joined.where(np.argsort(joined.words))


_NO_NUMBERS = np.empty(0, np.int64)
NO_PAIRS = NearTexts(_NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS, _NO_NUMBERS, np.empty(0, np.uint8))


def verified(
    collection: Collection,
    pairs: NDArray[np.uint64],
    threshold: float,
    checkpoint: Checkpoint,
    *,
    observer: Observer,
    limits: Limits,
) -> NearTexts:
    """Those of candidate pairs one << 32 | other, ascending, whose texts have Jaccard ≥ threshold."""
    one, other = unpack(pairs)
    lengths = collection.lengths(one) + collection.lengths(other)
    kept = checkpoint.found("near")
    done = int(kept.pop("done")[0]) if kept else 0
    pieces = [NearTexts(**kept) if kept else NO_PAIRS]
    with observer.stage("verify") as progress:
        progress(done, len(pairs))
        for part in portions(lengths[done:], _CODES_AT_ONCE, min(limits.pairs_at_once, PAIRS_AT_ONCE)):
            here = slice(done + part.start, done + part.stop)
            pieces.append(_verified_block(collection, one[here], other[here], threshold))
            progress(here.stop, len(pairs))
            if checkpoint.is_due:
                pieces = [NearTexts.joined(pieces)]
                checkpoint.keep("near", pieces[0].columns | {"done": np.array([here.stop])})
    near = NearTexts.joined(pieces)
    checkpoint.keep("near", near.columns | {"done": np.array([len(pairs)])})
    return near


def _verified_block(collection: Collection, one: Ints, other: Ints, threshold: float) -> NearTexts:
    texts = distinct(np.concatenate((one, other)))
    codes, starts = collection.codes(texts)
    left, right = np.searchsorted(texts, one), np.searchsorted(texts, other)
    common, union = overlaps(*shingle_sets(codes, starts, SHINGLE_SIZE), left, right)
    near = are_near(codes, starts, left, right, common / union, threshold)
    kinds = np.full(int(near.sum()), NOT_ASKED, dtype=np.uint8)
    return NearTexts(one[near], other[near], common[near], union[near], kinds)


def are_near(
    codes: NDArray[np.uint32],
    starts: Ints,
    one: Ints,
    other: Ints,
    jaccards: NDArray[np.float64],
    threshold: float,
) -> NDArray[np.bool_]:
    """[p] which pairs of the texts `codes[starts[i]:starts[i + 1]]` are near-duplicates.

    Those of Jaccard ≥ threshold; and short ones that differ in one place, a character or a figure (from 25
    characters on in two), which takes their Jaccard far below: of 22 characters one makes 0.57 of it.
    """
    near: NDArray[np.bool_] = jaccards >= threshold
    doubtful = np.flatnonzero(~near & (jaccards >= LEAST_OF_SHORT))
    near[doubtful] = differ_little(codes, starts, one[doubtful], other[doubtful])
    return near


def shingle_sets(codes: NDArray[np.uint32], starts: Ints, size: int) -> tuple[NDArray[np.uint64], Ints]:
    """Hashes of the distinct shingles of m texts, ascending within each, and their borders [m + 1].

    Text i is `codes[starts[i]:starts[i + 1]]`; m is at most 2**14.
    """
    counts = np.maximum(np.diff(starts) - size + 1, 0)
    places, text = expand(starts[:-1], starts[:-1] + counts)
    words = window_hashes(codes, size, 1, _STREAM)[places] >> (np.uint64(64) - _HASH_BITS)
    words |= text.astype(np.uint64) << _HASH_BITS
    words.sort()
    words = words[run_begins(words)]
    sizes = np.bincount((words >> _HASH_BITS).astype(np.int64), minlength=len(counts))
    words &= np.uint64((1 << int(_HASH_BITS)) - 1)
    return words, np.concatenate(([0], np.cumsum(sizes)))


def overlaps(hashes: NDArray[np.uint64], borders: Ints, one: Ints, other: Ints) -> tuple[Ints, Ints]:
    """For p pairs of the sets `hashes[borders[i]:borders[i + 1]]` the sizes [p] of intersection and union."""
    sizes = np.diff(borders)
    left, pair = expand(borders[one], borders[one + 1])
    right, again = expand(borders[other], borders[other + 1])
    words = np.concatenate((hashes[left], hashes[right]))
    words |= np.concatenate((pair, again)).astype(np.uint64) << _HASH_BITS
    words.sort()
    twice = words[1:][words[1:] == words[:-1]] >> _HASH_BITS
    common = np.bincount(twice.astype(np.int64), minlength=len(one))
    return common, sizes[one] + sizes[other] - common


def with_kinds(
    collection: Collection,
    near: NearTexts,
    wanted: NDArray[np.bool_],
    checkpoint: Checkpoint,
    *,
    observer: Observer,
    limits: Limits,
) -> NearTexts:
    """The pairs with the kinds of those that are wanted [p] filled in: they cost more than all the rest."""
    kept = checkpoint.found("kinds")
    kinds = near.kind.copy() if kept is None else kept["kind"].copy()
    asked = np.flatnonzero(wanted & (kinds == NOT_ASKED))
    one, other = near.one[asked], near.other[asked]
    lengths = collection.lengths(one) + collection.lengths(other)
    with observer.stage("kinds") as progress:
        progress(0, len(asked))
        for part in portions(lengths, _CODES_AT_ONCE, min(limits.pairs_at_once, PAIRS_AT_ONCE)):
            texts = distinct(np.concatenate((one[part], other[part])))
            codes, starts = collection.codes(texts)
            # Which of the two is taken for the original must not depend on how texts are numbered today.
            turned = collection.texts[one[part]] > collection.texts[other[part]]
            left = np.searchsorted(texts, np.where(turned, other[part], one[part]))
            right = np.searchsorted(texts, np.where(turned, one[part], other[part]))
            kinds[asked[part]] = kinds_of(codes, starts, left, right)
            progress(part.stop, len(asked))
            checkpoint.keep("kinds", {"kind": kinds})
    return replace(near, kind=kinds)


def kinds_of(codes: NDArray[np.uint32], starts: Ints, one: Ints, other: Ints) -> NDArray[np.uint8]:
    """Numbers [p] of the kinds of p pairs of the texts `codes[starts[i]:starts[i + 1]]`, none two equal.

    They are those of `dedup.align.kinds.kind_of`.
    """
    whole, borders = as_text(codes), starts.tolist()
    texts = [whole[begin:end] for begin, end in pairwise(borders)]
    lefts, rights = [texts[text] for text in one.tolist()], [texts[text] for text in other.tolist()]
    refilled = np.fromiter(map(is_refilled, lefts, rights, repeat(compared_by_rapidfuzz)), np.bool_, len(one))
    kinds = np.where(refilled, REFILLED, EDITED).astype(np.uint8)
    doubtful = np.flatnonzero(~refilled & _out_of_order(lefts, rights))
    lengths = np.diff(starts)
    for block in portions(lengths[one[doubtful]] + lengths[other[doubtful]], _CODES_ALIGNED_AT_ONCE):
        some = doubtful[block]
        ones = [codes[borders[text] : borders[text + 1]] for text in one[some].tolist()]
        others = [codes[borders[text] : borders[text + 1]] for text in other[some].tolist()]
        kinds[some[_reordered(ones, others)]] = REORDERED
    return kinds


def _out_of_order(lefts: Sequence[str], rights: Sequence[str]) -> NDArray[np.bool_]:
    """[p] for which pairs of texts so little stands in both in order that much may stand in another order."""
    shorter = np.array(
        [min(len(left), len(right)) for left, right in zip(lefts, rights, strict=True)], np.int64
    )
    many = np.array([many_moved(len(left)) for left in lefts], np.int64)
    result = np.ones(len(lefts), dtype=np.bool_)
    few = np.flatnonzero(shorter <= _LONGEST_IN_ORDER)  # the time grows with the square
    ones, others = [lefts[pair] for pair in few.tolist()], [rights[pair] for pair in few.tolist()]
    in_order = cpdist(ones, others, scorer=LCSseq.similarity, dtype=np.int64)
    result[few] = in_order <= shorter[few] - many[few]
    return result


def _reordered(ones: Sequence[NDArray[np.uint32]], others: Sequence[NDArray[np.uint32]]) -> NDArray[np.bool_]:
    tiles = tile(ones, others)
    borders = np.searchsorted(tiles.region, np.arange(len(ones) + 1)).tolist()
    runs = list(zip(tiles.draft.tolist(), tiles.source.tolist(), tiles.length.tolist(), strict=True))
    return np.array(
        [
            is_reordered(one, other, runs[first:last])
            for one, other, (first, last) in zip(ones, others, pairwise(borders), strict=True)
        ],
        dtype=np.bool_,
    )
