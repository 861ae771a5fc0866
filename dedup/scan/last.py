"""What a scan leaves for the next: its documents, its pairs of near texts, its clusters, its listed pairs.

Everything is named by content, so that it does not matter where a text lies by then. A record of another
threshold, scheme or version is no record, and a damaged one is not trusted: all is compared anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexDamaged, IndexFormatError
from dedup.index.container import Container, NamedArray, write_container
from dedup.messages import Words
from dedup.records import dataclass
from dedup.scan.clusters import Names
from dedup.scan.collection import Collection
from dedup.scan.files import packed, unpacked
from dedup.scan.findings import Findings
from dedup.scan.hashes import combine, sums_between
from dedup.scan.near_texts import NearTexts
from dedup.sketch.arrays import Ints, distinct, places_of

_NO_HASHES = np.empty(0, np.uint64)
NO_NAMES = Names(_NO_HASHES, _NO_HASHES)


@dataclass(frozen=True, slots=True)
class NearByHash:
    """The p pairs of near texts, as `NearTexts` has them, with hashes for the numbers of texts."""

    one: NDArray[np.uint64]
    other: NDArray[np.uint64]
    common: NDArray[np.uint32]
    union: NDArray[np.uint32]
    kind: NDArray[np.uint8]

    @classmethod
    def of(cls, near: NearTexts, texts: NDArray[np.uint64]) -> NearByHash:
        """The pairs of texts with these hashes [T]."""
        one, other = texts[near.one], texts[near.other]
        return cls(one, other, near.common.astype(np.uint32), near.union.astype(np.uint32), near.kind)

    def numbered(self, collection: Collection) -> NearTexts:
        """The pairs of which both texts are still there, as the collection numbers them."""
        one, other = collection.numbers(self.one), collection.numbers(self.other)
        there = np.flatnonzero((one >= 0) & (other >= 0))
        one, other = one[there], other[there]
        common, union = self.common[there].astype(np.int64), self.union[there].astype(np.int64)
        found = NearTexts(np.minimum(one, other), np.maximum(one, other), common, union, self.kind[there])
        return found.where(np.argsort(found.words))


@dataclass(frozen=True, slots=True)
class LastScan:
    """A scan as the next one at the same threshold finds it."""

    started: str
    """ISO 8601."""
    paths: Sequence[str]
    """[f]"""
    file_keys: NDArray[np.uint64]
    """[f] of each path and content."""
    near: NearByHash
    names: Names
    """Which cluster each text was in."""
    clusters: NDArray[np.uint64]
    """[c] ids, ascending."""
    cluster_contents: NDArray[np.uint64]
    """[c] a hash of where each cluster's paragraphs stand."""
    pairs: NDArray[np.uint64]
    """[P] a hash of where each listed pair stands, ascending."""


def this_scan(
    collection: Collection, findings: Findings, ids: NDArray[np.uint64], started: float
) -> LastScan:
    """What the next scan must know of this one; `ids` [c] name the clusters."""
    clusters = findings.clusters
    texts, numbers, _ = clustered_texts(collection, findings)
    by_hash, by_id = np.argsort(texts), np.argsort(ids)
    inside = sums_between(findings.places[clusters.members], clusters.borders)
    contents = combine(findings.places[clusters.representative], inside)
    return LastScan(
        started=datetime.fromtimestamp(started).astimezone().isoformat(timespec="seconds"),
        paths=collection.files.paths,
        file_keys=collection.files.keys,
        near=NearByHash.of(findings.near, collection.texts),
        names=Names(texts[by_hash], ids[numbers[by_hash]]),
        clusters=ids[by_id],
        cluster_contents=contents[by_id],
        pairs=np.sort(findings.pairs.identity),
    )


def clustered_texts(
    collection: Collection, findings: Findings
) -> tuple[NDArray[np.uint64], Ints, NDArray[np.uint64]]:
    """Hashes of the texts in clusters with the cluster of each, and hashes of the representatives."""
    clusters, occurrences = findings.clusters, findings.occurrences
    heads = occurrences.text[clusters.representative]
    texts = np.concatenate((heads, occurrences.text[clusters.members]))
    members = np.repeat(np.arange(len(clusters)), np.diff(clusters.borders))
    numbers = np.concatenate((np.arange(len(clusters)), members))
    texts, first = np.unique(texts, return_index=True)
    return collection.texts[texts], numbers[first], collection.texts[heads]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one scan has and another lacks."""

    new_documents: tuple[str, ...]
    changed_documents: tuple[str, ...]
    gone_documents: tuple[str, ...]
    new_pairs: NDArray[np.uint64]
    gone_pairs: NDArray[np.uint64]
    new_clusters: NDArray[np.uint64]
    changed_clusters: NDArray[np.uint64]
    """Of which paragraphs came or went."""
    gone_clusters: NDArray[np.uint64]


def difference(last: LastScan, now: LastScan) -> Difference:
    """What came, went and changed from one scan to the next."""
    came, went = _paths_beyond(now, last), _paths_beyond(last, now)
    place = places_of(now.clusters, last.clusters)
    kept = np.flatnonzero(place >= 0)
    altered = kept[now.cluster_contents[kept] != last.cluster_contents[place[kept]]]
    return Difference(
        new_documents=tuple(sorted(came - went)),
        changed_documents=tuple(sorted(came & went)),
        gone_documents=tuple(sorted(went - came)),
        new_pairs=_beyond(now.pairs, last.pairs),
        gone_pairs=_beyond(last.pairs, now.pairs),
        new_clusters=now.clusters[place < 0],
        changed_clusters=now.clusters[altered],
        gone_clusters=_beyond(last.clusters, now.clusters),
    )


def _beyond(values: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.uint64]:
    return values[places_of(values, others) < 0]


def _paths_beyond(one: LastScan, other: LastScan) -> set[str]:
    """Paths of documents that one scan saw, and the other did not, or not with that content."""
    beyond = np.flatnonzero(places_of(one.file_keys, distinct(other.file_keys)) < 0)
    return {one.paths[file] for file in beyond.tolist()}


def read_last(path: str, basis: str) -> LastScan | None:
    """The last scan's record, if there is one made on the same basis (threshold, scheme, version).

    Raises IndexDamaged, IndexUnreadable, or IndexFormatError for one that was made on another basis.
    """
    try:
        kept = Container(path)
    except FileNotFoundError:
        return None
    altered = kept.altered()
    if altered:
        raise IndexDamaged(path, Words("index.altered_in", arrays=", ".join(altered)))
    if "facts" not in kept or (facts := json.loads(kept.array("facts").tobytes()))["basis"] != basis:
        raise IndexFormatError(path, Words("scan.other_basis"))
    return LastScan(
        started=facts["started"],
        paths=unpacked(kept.array("paths").tobytes()),
        file_keys=kept.array("file_keys"),
        near=NearByHash(*(kept.array(f"near.{name}") for name in NearByHash.__slots__)),
        names=Names(kept.array("names.texts"), kept.array("names.ids")),
        clusters=kept.array("clusters"),
        cluster_contents=kept.array("cluster_contents"),
        pairs=kept.array("pairs"),
    )


def write_last(path: str, basis: str, scan: LastScan) -> None:
    """Keep the record of a scan, in one step. Raises OSError."""
    facts = json.dumps({"basis": basis, "started": scan.started}, ensure_ascii=False)
    near = [(f"near.{name}", getattr(scan.near, name)) for name in NearByHash.__slots__]
    arrays: list[NamedArray] = [
        ("facts", np.frombuffer(facts.encode(), np.uint8)),
        ("paths", np.frombuffer(packed(scan.paths), np.uint8)),
        ("file_keys", scan.file_keys),
        ("names.texts", scan.names.texts),
        ("names.ids", scan.names.ids),
        ("clusters", scan.clusters),
        ("cluster_contents", scan.cluster_contents),
        ("pairs", scan.pairs),
    ]
    write_container(path, arrays + near)
