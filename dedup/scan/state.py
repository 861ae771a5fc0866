"""Files that scans keep in the index: a lock, and what the last scan found.

A scan leaves for the next its documents, its pairs of near texts, its clusters and its listed pairs.
Everything is named by content, so that it does not matter where a text lies by then. A record of another
threshold, scheme or version is no record, and a damaged one is not trusted: all is compared anew.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dedup.errors import IndexDamaged, IndexError_, IndexFormatError, ScanRunning
from dedup.index.container import Container, NamedArray, write_container
from dedup.index.folder import locked, make_room, unwritable
from dedup.messages import Words
from dedup.records import dataclass
from dedup.scan.near_texts import NearTexts
from dedup.sketch.arrays import Ints, distinct, places_of, run_begins
from dedup.sketch.hashing import combine, spread, sums_between

if TYPE_CHECKING:
    from dedup.scan.collection import Collection
    from dedup.scan.findings import Findings

_FOLDER = "scan"
_LAST = "last-"
_OURS = re.compile(r"(last|unfinished)-[0-9.e-]+\.scan|[0-9.e-]+-\d+\.texts")


@dataclass(frozen=True, slots=True)
class ScanFiles:
    """Paths of what scans of one threshold keep."""

    folder: str
    threshold: float

    def texts(self, number: int) -> str:
        """A table of texts: number 0 is of all documents there were when it was made, others of what came."""
        return os.path.join(self.folder, f"{self.threshold:g}-{number}.texts")

    @property
    def last(self) -> str:
        """The file that the last scan leaves for the next."""
        return self._path("last")

    @property
    def unfinished(self) -> str:
        """The file of what an interrupted scan has found out so far."""
        return self._path("unfinished")

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, f"{name}-{self.threshold:g}.scan")


@contextmanager
def locked_folder(index_folder: str) -> Iterator[str]:
    """The folder, this process being the only scan in it. Raises ScanRunning or IndexUnwritable."""
    folder = os.path.join(index_folder, _FOLDER)
    with ExitStack() as stack:
        try:
            make_room(index_folder, _FOLDER)
            got = stack.enter_context(locked(folder, patience=0))
        except OSError as error:
            raise unwritable(folder, error) from error
        if not got:
            raise ScanRunning(index_folder, Words("scan.running"))
        yield folder


def tidy(folder: str) -> None:
    """Remove what killed scans left half written. Other files are not touched, whoever put them there."""
    for name in os.listdir(folder):
        whole = name.removesuffix(".tmp")
        if whole != name and _OURS.fullmatch(whole):
            remove(os.path.join(folder, name))


def remove(path: str) -> None:
    """Remove a file that may be gone already, or open elsewhere (Windows): the next scan tries again."""
    with suppress(OSError):
        os.remove(path)


def verify_scans(index_folder: str) -> int:
    """Read all that scans keep; say how many files that were. Raises IndexDamaged."""
    folder = os.path.join(index_folder, _FOLDER)
    try:
        names = sorted(name for name in os.listdir(folder) if _OURS.fullmatch(name))
    except FileNotFoundError:
        return 0
    for name in names:
        path = os.path.join(folder, name)
        try:
            Container(path).verify()
        except IndexError_ as error:
            raise IndexDamaged(path, error.problem, _cure(name, path)) from error
    return len(names)


def _cure(name: str, path: str) -> Words:
    return Words("scan.delete_last.cure" if name.startswith(_LAST) else "scan.delete.cure", path=path)


# ------------------------------------------------------------------------------------------ the last scan


@dataclass(frozen=True, slots=True)
class Names:
    """The cluster that each clustered text belonged to: ids by text hash, ascending."""

    texts: NDArray[np.uint64]
    ids: NDArray[np.uint64]


def name_clusters(
    texts: NDArray[np.uint64], clusters: Ints, founders: NDArray[np.uint64], last: Names
) -> NDArray[np.uint64]:
    """Ids [c] of c clusters that hold `texts` [n], text i being in cluster `clusters[i]`.

    A cluster keeps the id of the last scan's cluster that it shares most texts with (of several such the
    smallest id, and of several that want one the first). A cluster without a past is called after the hash
    of its representative, `founders` [c].
    """
    ids = np.zeros(len(founders), dtype=np.uint64)
    named = np.zeros(len(founders), dtype=np.bool_)
    place = places_of(texts, last.texts)
    known = place >= 0
    past, heir = last.ids[place[known]], clusters[known]
    order = np.lexsort((heir, past))
    past, heir = past[order], heir[order]
    begins = np.flatnonzero(run_begins(past) | run_begins(heir))
    shared = np.diff(begins, append=len(past))
    past, heir = past[begins], heir[begins]
    # Most clusters are what they were: their claim is the only one from either side.
    sole = (np.bincount(heir, minlength=len(founders))[heir] == 1) & _sole(past)
    ids[heir[sole]], named[heir[sole]] = past[sole], True
    used = set(past[sole].tolist())
    past, heir, shared = past[~sole], heir[~sole], shared[~sole]
    for claim in np.lexsort((heir, past, -shared)).tolist():
        identity, cluster = int(past[claim]), int(heir[claim])
        if not named[cluster] and identity not in used:
            ids[cluster], named[cluster] = identity, True
            used.add(identity)
    for cluster in np.flatnonzero(~named).tolist():
        wanted = founders[cluster : cluster + 1].copy()
        # The text that an elder cluster was called after may represent another one today.
        while int(wanted[0]) in used:
            wanted = spread(wanted + np.uint64(1))
        ids[cluster] = wanted[0]
        used.add(int(wanted[0]))
    return ids


def _sole(ordered: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """[n] whether an element of a sorted array has no equal."""
    begins = run_begins(ordered)
    begins[:-1] &= begins[1:].copy()
    return begins


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
    """The cluster that each text was in."""
    clusters: NDArray[np.uint64]
    """[c] ids, ascending."""
    cluster_contents: NDArray[np.uint64]
    """[c] a hash of where each cluster's paragraphs stand."""
    pairs: NDArray[np.uint64]
    """[P] a hash of where each listed pair stands, ascending."""


def this_scan(
    collection: Collection, findings: Findings, ids: NDArray[np.uint64], started: float
) -> LastScan:
    """Facts that the next scan must know of this one; `ids` [c] name the clusters."""
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
    """Things that one scan has and another lacks."""

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
    """The difference of one scan from the one before: what came, went and changed."""
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
    kept.verify()
    if "facts" not in kept or (facts := json.loads(kept.array("facts").tobytes()))["basis"] != basis:
        raise IndexFormatError(path, Words("scan.other_basis"))
    return LastScan(
        started=facts["started"],
        paths=facts["paths"],
        file_keys=kept.array("file_keys"),
        near=NearByHash(*(kept.array(f"near.{name}") for name in NearByHash.__slots__)),
        names=Names(kept.array("names.texts"), kept.array("names.ids")),
        clusters=kept.array("clusters"),
        cluster_contents=kept.array("cluster_contents"),
        pairs=kept.array("pairs"),
    )


def write_last(path: str, basis: str, scan: LastScan) -> None:
    """Keep the record of a scan, in one step. Raises OSError."""
    facts = json.dumps({"basis": basis, "started": scan.started, "paths": scan.paths})
    near = [(f"near.{name}", getattr(scan.near, name)) for name in NearByHash.__slots__]
    arrays: list[NamedArray] = [
        ("facts", np.frombuffer(facts.encode(), np.uint8)),
        ("file_keys", scan.file_keys),
        ("names.texts", scan.names.texts),
        ("names.ids", scan.names.ids),
        ("clusters", scan.clusters),
        ("cluster_contents", scan.cluster_contents),
        ("pairs", scan.pairs),
    ]
    write_container(path, arrays + near)
