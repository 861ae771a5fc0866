"""How documents relate: which share of each stands in the other (containment, Broder 1997), both ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import expand
from dedup.scan.collection import Collection
from dedup.scan.findings import Findings
from dedup.sketch.arrays import Ints, distinct, pack, places_of, unpack

Relation = Literal["copy", "version", "part", "shared passages", "shared boilerplate"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)

LEAST_CONTAINMENT = 0.1
"""Documents of which less is shared, both ways, are not listed."""
_COPY = 0.9
_VERSION = 0.5
_PART = 0.8
MANY = 5
"""A paragraph with so many near-duplicates is no witness that one document was made from the other."""


@dataclass(frozen=True, slots=True)
class Relations:
    """r pairs of files, by (one, other)."""

    one: Ints
    other: Ints
    containment_one: NDArray[np.float64]
    """[r] share of the characters of `one` in paragraphs that have a near-duplicate in `other`."""
    containment_other: NDArray[np.float64]
    characters_one: Ints
    """[r] those characters."""
    characters_other: Ints
    relation: NDArray[np.uint8]
    """[r] places in RELATIONS."""

    def __len__(self) -> int:
        return len(self.one)


def relate(collection: Collection, findings: Findings) -> Relations:
    """The pairs of files that share much."""
    pairs, occurrences = findings.pairs, findings.occurrences
    # Pairs with the representative of a boilerplate cluster say nothing of the two files.
    telling = ~(findings.boilerplate[pairs.one] | findings.boilerplate[pairs.other])
    ones, others = pairs.one[telling], pairs.other[telling]
    couples = pack(occurrences.file[ones], occurrences.file[others])
    known = distinct(couples)
    if not len(known):
        empty, shares = np.empty(0, np.int64), np.empty(0, np.float64)
        return Relations(empty, empty, shares, shares, empty, empty, np.empty(0, np.uint8))
    couple = np.searchsorted(known, couples)
    one, other = unpack(known)
    in_one, many_one = _shared(couple, ones, findings, len(known))
    in_other, many_other = _shared(couple, others, findings, len(known))
    characters = collection.files.characters
    return judged(
        one,
        other,
        Shared(in_one, many_one, _common(findings, one, other), characters[one]),
        Shared(in_other, many_other, _common(findings, other, one), characters[other]),
    )


@dataclass(frozen=True, slots=True)
class Shared:
    """What of the first, or of the second files of r pairs stands in the other file, in characters."""

    near: Ints
    """[r] in paragraphs that have a near-duplicate in the other file, boilerplate not counted."""
    many: Ints
    """[r] of those, in paragraphs with MANY near-duplicates and more."""
    common: Ints
    """[r] in boilerplate whose very text stands in the other file."""
    all: Ints
    """[r] characters of the file."""


def judged(one: Ints, other: Ints, left: Shared, right: Shared) -> Relations:
    """The pairs of files that share much, of pairs (one[i], other[i])."""
    many = (left.many + left.common + right.many + right.common) * 2 > (
        left.near + left.common + right.near + right.common
    )
    # Copies repeat the boilerplate of what they were copied from, too.
    in_one, in_other = left.near + left.common, right.near + right.common
    share_one, share_other = in_one / np.maximum(left.all, 1), in_other / np.maximum(right.all, 1)
    relation = _relation(share_one, share_other, many)
    much = np.maximum(share_one, share_other) >= LEAST_CONTAINMENT
    columns: tuple[NDArray[Any], ...] = (one, other, share_one, share_other, in_one, in_other, relation)
    return Relations(*(column[much] for column in columns))


def _shared(couple: Ints, occurrence: Ints, findings: Findings, couples: int) -> tuple[Ints, Ints]:
    """[couples] characters of the distinct occurrences of each couple, and those of them that many hold."""
    couple, occurrence = unpack(distinct(pack(couple, occurrence)))
    characters = findings.occurrences.characters[occurrence]
    many = characters * (findings.neighbours[occurrence] >= MANY)
    return (
        np.bincount(couple, weights=characters, minlength=couples).astype(np.int64),
        np.bincount(couple, weights=many, minlength=couples).astype(np.int64),
    )


def _common(findings: Findings, one: Ints, other: Ints) -> Ints:
    """[couples] characters of the boilerplate in `one` whose very text stands in `other`."""
    occurrences = findings.occurrences
    places = np.flatnonzero(findings.boilerplate)
    # Occurrences are ordered by file.
    files, texts = occurrences.file[places], occurrences.text[places]
    held = distinct(pack(files, texts))
    begins, ends = np.searchsorted(files, one), np.searchsorted(files, one, side="right")
    found, couple = expand(begins, ends)
    inside = places_of(pack(other[couple], texts[found]), held) >= 0
    characters = occurrences.characters[places[found[inside]]]
    return np.bincount(couple[inside], weights=characters, minlength=len(one)).astype(np.int64)


def _relation(
    share_one: NDArray[np.float64], share_other: NDArray[np.float64], many: NDArray[np.bool_]
) -> NDArray[np.uint8]:
    less, more = np.minimum(share_one, share_other), np.maximum(share_one, share_other)
    conditions = [less >= _COPY, less >= _VERSION, more >= _PART, many]
    names: list[Relation] = ["copy", "version", "part", "shared boilerplate"]
    otherwise = RELATIONS.index("shared passages")
    return np.select(conditions, [RELATIONS.index(name) for name in names], otherwise).astype(np.uint8)
