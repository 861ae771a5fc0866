"""Relations of documents: the share of each that stands in the other (containment, Broder 1997), both ways.

A copy is a document whose whole text is equal to another's after folding, and nothing else: a law and its
amended version are versions, however much of them is equal. Of copies one is kept, and the reason told.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import pairwise
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import expand
from dedup.messages import Language, say
from dedup.records import dataclass
from dedup.scan.collection import Collection
from dedup.scan.findings import Findings
from dedup.scan.provenance import date_of, iso, surely_before
from dedup.sketch.arrays import Ints, distinct, pack, places_of, run_begins, unpack

Relation = Literal["copy", "version", "near-copy", "part", "same-model", "shared-boilerplate"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)
"""In order: a keeper of a collection looks at the first ones first."""

LEAST_CONTAINMENT = 0.1
"""Documents of which less is shared, both ways, are not listed."""
_VERSION = 0.3
"""Of documents of one name: the share of either, both ways, from which they are versions of one."""
_NEAR_COPY = 0.8
_PART = 0.8
MANY = 5
"""A paragraph with so many near-duplicates is no witness that one document was made from the other."""
PAIRED_COPIES = 64
"""Equal documents up to which each is related to each; of more each is related to the first only."""


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
    earliest: NDArray[np.uint8]
    """[r] 1 where `one` was first, 2 where `other` was, 0 where their dates do not say."""

    def __len__(self) -> int:
        return len(self.one)


def relate(collection: Collection, findings: Findings) -> Relations:
    """The pairs of files that are equal, or share much, by (one, other)."""
    alike, equal = _alike(collection, findings), _equal(collection)
    unequal = collection.folded[alike.one] != collection.folded[alike.other]
    columns = [
        np.concatenate((getattr(alike, field.name)[unequal], getattr(equal, field.name)))
        for field in fields(Relations)
    ]
    order = np.argsort(pack(columns[0], columns[1]))
    return Relations(*(column[order] for column in columns))


def _alike(collection: Collection, findings: Findings) -> Relations:
    """Those that share paragraphs."""
    pairs, occurrences = findings.pairs, findings.occurrences
    # Pairs with the representative of a boilerplate cluster say nothing of the two files.
    telling = ~(findings.crowded[pairs.one] | findings.crowded[pairs.other])
    ones, others = pairs.one[telling], pairs.other[telling]
    couples = pack(occurrences.file[ones], occurrences.file[others])
    known = distinct(couples)
    couple = np.searchsorted(known, couples)
    one, other = unpack(known)
    in_one, many_one = _shared(couple, ones, findings, len(known))
    in_other, many_other = _shared(couple, others, findings, len(known))
    characters = weighed_characters(collection.paired_characters, collection.files.characters)
    return judged(
        one,
        other,
        Shared(in_one, many_one, _common(findings, one, other), characters[one]),
        Shared(in_other, many_other, _common(findings, other, one), characters[other]),
        Facts(collection.works[one], collection.dates[one]),
        Facts(collection.works[other], collection.dates[other]),
    )


def weighed_characters(paired: Ints, all_characters: Ints) -> Ints:
    """[f] what shares of files are of: what may be in pairs, or half of all characters where that is less."""
    return np.maximum(paired, all_characters // 2)


def _equal(collection: Collection) -> Relations:
    """Those whose whole texts are equal after folding."""
    files = np.flatnonzero(collection.folded != 0)
    order = files[np.lexsort((files, collection.folded[files]))]
    begins = np.flatnonzero(run_begins(collection.folded[order]))
    ends = np.append(begins[1:], len(order)).astype(np.int64)
    few = ends - begins <= PAIRED_COPIES
    places, group = expand(begins[few], ends[few])
    others, left = expand(places + 1, ends[few][group])
    # Of very many, each with the first.
    beyond, group = expand(begins[~few] + 1, ends[~few])
    one = order[np.concatenate((places[left], begins[~few][group]))]
    other = order[np.concatenate((others, beyond))]
    return copies(
        one,
        other,
        collection.files.characters[one],
        Facts(collection.works[one], collection.dates[one]),
        Facts(collection.works[other], collection.dates[other]),
    )


def copies(one: Ints, other: Ints, characters: Ints, left: Facts, right: Facts) -> Relations:
    """Pairs of equal files of so many characters [r]."""
    whole, relation = np.ones(len(one)), np.full(len(one), RELATIONS.index("copy"), np.uint8)
    return Relations(one, other, whole, whole, characters, characters, relation, earliest(left, right))


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts that the first, or the second files of r pairs tell of themselves."""

    work: NDArray[np.uint32]
    """[r] hashes of what they are called, 0 where that says little."""
    date: NDArray[np.uint32]


def earliest(left: Facts, right: Facts) -> NDArray[np.uint8]:
    """[r] 1 where the first of two files is surely earlier, 2 where the second is, else 0."""
    first, second = surely_before(left.date, right.date), surely_before(right.date, left.date)
    return (first + 2 * second).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Shared:
    """Characters of the first, or of the second files of r pairs that stand in the other file."""

    near: Ints
    """[r] in paragraphs that have a near-duplicate in the other file, boilerplate not counted."""
    many: Ints
    """[r] of those, in paragraphs with MANY near-duplicates and more."""
    common: Ints
    """[r] in boilerplate whose very text stands in the other file."""
    all: Ints
    """[r] characters of the file; see `weighed_characters`."""


def judged(one: Ints, other: Ints, left: Shared, right: Shared, said: Facts, replied: Facts) -> Relations:
    """The pairs of files that share much, of pairs (one[i], other[i]), which say this of themselves."""
    many = (left.many + left.common + right.many + right.common) * 2 > (
        left.near + left.common + right.near + right.common
    )
    # Copies repeat the boilerplate of what they were copied from, too.
    in_one, in_other = left.near + left.common, right.near + right.common
    share_one = np.minimum(in_one / np.maximum(left.all, 1), 1.0)
    share_other = np.minimum(in_other / np.maximum(right.all, 1), 1.0)
    same_work = (said.work == replied.work) & (said.work != 0)
    relation = _relation(share_one, share_other, many, same_work)
    much = np.maximum(share_one, share_other) >= LEAST_CONTAINMENT
    first = earliest(said, replied)
    columns: tuple[NDArray[Any], ...] = (
        *(one, other, share_one, share_other, in_one, in_other, relation, first),
    )
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
    places = np.flatnonzero(findings.crowded)
    # Occurrences are ordered by file.
    files, texts = occurrences.file[places], occurrences.text[places]
    held = distinct(pack(files, texts))
    begins, ends = np.searchsorted(files, one), np.searchsorted(files, one, side="right")
    found, couple = expand(begins, ends)
    inside = places_of(pack(other[couple], texts[found]), held) >= 0
    characters = occurrences.characters[places[found[inside]]]
    return np.bincount(couple[inside], weights=characters, minlength=len(one)).astype(np.int64)


def _relation(
    share_one: NDArray[np.float64],
    share_other: NDArray[np.float64],
    many: NDArray[np.bool_],
    same_work: NDArray[np.bool_],
) -> NDArray[np.uint8]:
    less, more = np.minimum(share_one, share_other), np.maximum(share_one, share_other)
    conditions = [same_work & (less >= _VERSION), less >= _NEAR_COPY, more >= _PART, many]
    names: list[Relation] = ["version", "near-copy", "part", "shared-boilerplate"]
    otherwise = RELATIONS.index("same-model")
    return np.select(conditions, [RELATIONS.index(name) for name in names], otherwise).astype(np.uint8)


# ------------------------------------------------------------------------------------ duplicates

FILE_NAME = "duplicates.csv"
COLUMNS = ("delete", "keep", "reason", "date", "characters")

Reason = Literal["copy_name", "undated_name", "deeper", "longer_name", "order"]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""Why one of two equal documents is kept rather than the other; the first that tells them apart."""

_COPY_NAME = re.compile(
    r"副本|复件|拷贝|备份|新建|临时|(?<![a-z])(?:copy|backup|bak|tmp)(?![a-z])|[（(]\d{1,2}[）)]$|~$|_\d$",
    re.IGNORECASE,
)
"""Names that programs and hurried people give to copies."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A document that can be deleted."""

    path: str
    keep: str
    """The document with the same text that is best kept."""
    reason: Reason
    date: str | None
    """That the text carries, ISO 8601."""
    characters: int


def duplicates(
    paths: Sequence[str], folded: NDArray[np.uint64], dates: NDArray[Any], characters: NDArray[Any]
) -> tuple[Duplicate, ...]:
    """The documents beyond the best of each set of equal texts, by their hashes `folded` [f] (0: no text)."""
    found = []
    order = np.argsort(folded, kind="stable")
    order = order[folded[order] != 0]
    borders = [*np.flatnonzero(run_begins(folded[order])).tolist(), len(order)]
    for first, last in pairwise(borders):
        if last - first > 1:
            group = sorted((_rank(paths[file]), file) for file in order[first:last].tolist())
            kept_rank, kept = group[0]
            for rank, file in group[1:]:
                differs = next(place for place, _ in enumerate(REASONS) if rank[place] != kept_rank[place])
                date = iso(int(dates[file]))
                found.append(
                    Duplicate(paths[file], paths[kept], REASONS[differs], date, int(characters[file]))
                )
    return tuple(sorted(found, key=lambda one: (one.keep, one.path)))


def _rank(path: str) -> tuple[bool, bool, int, int, str]:
    """A key by which one of equal documents is kept, in the order of REASONS; the least is the best."""
    name = path.rpartition("/")[2]
    stem = name.rpartition(".")[0] or name
    return bool(_COPY_NAME.search(stem)), iso(date_of(stem)) is None, path.count("/"), len(name), path


def duplicate_lines(found: Iterable[Duplicate], language: Language) -> Iterator[str]:
    """The table for spreadsheets: UTF-8 with a byte order mark, lines ending in CRLF."""
    page = io.StringIO(newline="")
    writer = csv.writer(page)
    yield _BYTE_ORDER_MARK
    writer.writerow([say(f"scan.duplicates.{name}", language) for name in COLUMNS])
    for one in found:
        reason = say(f"scan.keep.{one.reason}", language)
        writer.writerow((_harmless(one.path), _harmless(one.keep), reason, one.date or "", one.characters))
    yield page.getvalue()


def _harmless(path: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{path}" if path.startswith(_FORMULA) else path
