"""Candidates → near texts: verified by their shingles, and what differs between them; thousands at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from dedup.scan.banding import SHINGLE_SIZE
from dedup.scan.collection import Collection
from dedup.scan.kinds import kinds_of
from dedup.scan.verify import PAIRS_AT_ONCE, overlaps, shingle_sets
from dedup.scan.work import Arrays, Work
from dedup.sketch.arrays import Ints, distinct, portions

NOT_ASKED = 255

_CODES_AT_ONCE = 1 << 20
_HALF = np.uint64(32)
_LOW_HALF = np.uint64(0xFFFFFFFF)


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


def verified(collection: Collection, pairs: NDArray[np.uint64], threshold: float, work: Work) -> NearTexts:
    """Those of candidate pairs one << 32 | other, ascending, whose texts have Jaccard ≥ threshold."""
    one, other = texts_of_pairs(pairs)
    lengths = collection.lengths(one) + collection.lengths(other)
    begin, pieces = _resumed(work)
    with work.stage("verify") as progress:
        progress(begin, len(pairs))
        for part in portions(lengths[begin:], _CODES_AT_ONCE, PAIRS_AT_ONCE):
            here = slice(begin + part.start, begin + part.stop)
            pieces.append(_verified_block(collection, one[here], other[here], threshold))
            progress(here.stop, len(pairs))
            if work.is_time():
                pieces = [_together(pieces)]
                work.keep("near", _columns(pieces[0], here.stop))
    near = _together(pieces)
    work.keep("near", _columns(near, len(pairs)))
    return near


def _resumed(work: Work) -> tuple[int, list[NearTexts]]:
    """How many pairs an interrupted scan has verified, and what it found."""
    kept = work.found("near")
    if kept is None:
        return 0, [_no_pairs()]
    return int(kept.pop("done")[0]), [NearTexts(**kept)]


def _columns(near: NearTexts, done: int) -> Arrays:
    return {"done": np.array([done])} | {name: getattr(near, name) for name in NearTexts.__slots__}


def _together(pieces: Sequence[NearTexts]) -> NearTexts:
    return NearTexts(*(np.concatenate([getattr(p, name) for p in pieces]) for name in NearTexts.__slots__))


def _verified_block(collection: Collection, one: Ints, other: Ints, threshold: float) -> NearTexts:
    texts = distinct(np.concatenate((one, other)))
    codes, starts = collection.codes(texts)
    left, right = np.searchsorted(texts, one), np.searchsorted(texts, other)
    common, union = overlaps(*shingle_sets(codes, starts, SHINGLE_SIZE), left, right)
    near = common / union >= threshold
    kinds = np.full(int(near.sum()), NOT_ASKED, dtype=np.uint8)
    return NearTexts(one[near], other[near], common[near], union[near], kinds)


def with_kinds(collection: Collection, near: NearTexts, wanted: NDArray[np.bool_], work: Work) -> NearTexts:
    """The pairs with the kinds of those that are wanted [p] filled in: they cost more than all the rest."""
    kept = work.found("kinds")
    kinds = near.kind.copy() if kept is None else kept["kind"].copy()
    asked = np.flatnonzero(wanted & (kinds == NOT_ASKED))
    one, other = near.one[asked], near.other[asked]
    lengths = collection.lengths(one) + collection.lengths(other)
    with work.stage("kinds") as progress:
        progress(0, len(asked))
        for part in portions(lengths, _CODES_AT_ONCE, PAIRS_AT_ONCE):
            texts = distinct(np.concatenate((one[part], other[part])))
            codes, starts = collection.codes(texts)
            # Which of the two is taken for the original must not depend on how texts are numbered today.
            turned = collection.texts[one[part]] > collection.texts[other[part]]
            left = np.searchsorted(texts, np.where(turned, other[part], one[part]))
            right = np.searchsorted(texts, np.where(turned, one[part], other[part]))
            kinds[asked[part]] = kinds_of(codes, starts, left, right)
            progress(part.stop, len(asked))
            work.keep("kinds", {"kind": kinds})
    return replace(near, kind=kinds)


def _no_pairs() -> NearTexts:
    empty = np.empty(0, np.int64)
    return NearTexts(empty, empty, empty, empty, np.empty(0, np.uint8))


def texts_of_pairs(pairs: NDArray[np.uint64]) -> tuple[Ints, Ints]:
    """The two texts of pairs one << 32 | other."""
    return (pairs >> _HALF).astype(np.int64), (pairs & _LOW_HALF).astype(np.int64)
