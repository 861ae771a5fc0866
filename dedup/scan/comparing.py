"""From a collection and the last scan's state to findings, and from findings to the next state."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from dedup.scan.clusters import Names, name_clusters
from dedup.scan.collection import Collection
from dedup.scan.listing import Listing, list_findings
from dedup.scan.near import NO_BUCKETS, LargeBuckets, NearTexts, near_texts
from dedup.scan.record import Counts
from dedup.scan.relations import RELATIONS, Relations, relate
from dedup.scan.state import State
from dedup.scan.texthash import combine
from dedup.sketch.arrays import places_of

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Findings:
    """What a scan found."""

    full: bool
    compared: int
    """Texts compared anew."""
    near: NearTexts
    large: LargeBuckets
    listing: Listing
    ids: NDArray[np.uint64]
    """[clusters]"""
    relations: Relations

    def counts(self, collection: Collection) -> Counts:
        """The figures of the summary."""
        clusters = self.listing.clusters
        kinds = np.bincount(self.relations.relation, minlength=len(RELATIONS)).tolist()
        return Counts(
            documents=len(collection.files),
            paragraphs=collection.paragraphs,
            characters=int(collection.files.characters.sum()),
            texts=len(collection),
            compared_texts=self.compared,
            pairs=len(self.listing.pairs),
            clusters=len(clusters),
            clustered_paragraphs=len(clusters) + len(clusters.members),
            boilerplate_clusters=int(clusters.boilerplate.sum()),
            document_pairs=dict(zip(RELATIONS, kinds, strict=True)),
        )


def compare(
    collection: Collection,
    threshold: float,
    last: State | None,
    *,
    full: bool = False,
    progress: Progress | None = None,
) -> Findings:
    """Find the pairs, clusters and relations; without a `last` scan, or when `full`, from nothing."""
    if last is None or full:
        near, large, fresh = near_texts(collection, threshold, None, NO_BUCKETS, progress)
    else:
        unseen = places_of(collection.texts, last.texts) < 0
        found, large, fresh = near_texts(collection, threshold, unseen, last.large_buckets, progress)
        near = NearTexts.joined(_kept(collection, last, fresh), found)
    listing = list_findings(collection, near)
    ids = name_clusters(*_clustered(collection, listing), last.names if last else _no_names())
    relations = relate(collection, listing)
    return Findings(last is None or full, int(fresh.sum()), listing.near, large, listing, ids, relations)


def _kept(collection: Collection, last: State, fresh: NDArray[np.bool_]) -> NearTexts:
    """What the last scan found of texts that are still there and were not compared anew."""
    one = places_of(last.near_one, collection.texts)
    other = places_of(last.near_other, collection.texts)
    there = (one >= 0) & (other >= 0)
    there[there] = ~(fresh[one[there]] | fresh[other[there]])
    numbers = (last.near_common.astype(np.int64), last.near_union.astype(np.int64))
    return NearTexts(one, other, *numbers, last.near_kind).where(there)


def _clustered(
    collection: Collection, listing: Listing
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.uint64]]:
    """Hashes of the texts in clusters with the cluster of each, and hashes of the representatives."""
    clusters, occurrences = listing.clusters, listing.occurrences
    heads = occurrences.text[clusters.representative]
    texts = np.concatenate((heads, occurrences.text[clusters.members]))
    members = np.repeat(np.arange(len(clusters)), np.diff(clusters.borders))
    numbers = np.concatenate((np.arange(len(clusters)), members))
    texts, first = np.unique(texts, return_index=True)
    return collection.texts[texts], numbers[first], collection.texts[heads]


def _no_names() -> Names:
    return Names(np.empty(0, np.uint64), np.empty(0, np.uint64))


def remember(collection: Collection, findings: Findings, started: float) -> State:
    """What the next scan must know of this one."""
    listing, near = findings.listing, findings.near
    texts, numbers, _ = _clustered(collection, listing)
    contents = _cluster_contents(collection, listing)
    order = np.argsort(findings.ids)
    return State(
        facts={
            "started": datetime.fromtimestamp(started).astimezone().isoformat(timespec="seconds"),
            "documents": {
                path: digest.hex()
                for path, digest in zip(collection.files.paths, collection.files.digests, strict=True)
            },
        },
        texts=collection.texts,
        near_one=collection.texts[near.one],
        near_other=collection.texts[near.other],
        near_common=near.common.astype(np.uint32),
        near_union=near.union.astype(np.uint32),
        near_kind=near.kind,
        bucket_band=findings.large.band,
        bucket_key=findings.large.key,
        bucket_members=findings.large.members,
        clustered_texts=texts,
        clustered_ids=findings.ids[numbers],
        clusters=findings.ids[order],
        cluster_contents=contents[order],
        listed=_listed(collection, listing),
    )


def _places(collection: Collection, listing: Listing) -> NDArray[np.uint64]:
    """[occurrences] a hash of what stands where, the same from scan to scan."""
    digests = [hashlib.blake2b(path.encode(), digest_size=8).digest() for path in collection.files.paths]
    paths = np.frombuffer(b"".join(digests), dtype="<u8")
    occurrences = listing.occurrences
    starts, ends = occurrences.start.astype(np.uint64), occurrences.end.astype(np.uint64)
    return combine(paths[occurrences.file], starts, ends, collection.texts[occurrences.text])


def _cluster_contents(collection: Collection, listing: Listing) -> NDArray[np.uint64]:
    clusters = listing.clusters
    places = _places(collection, listing)
    sums = np.concatenate(([0], np.cumsum(places[clusters.members], dtype=np.uint64))).astype(np.uint64)
    inside = sums[clusters.borders[1:]] - sums[clusters.borders[:-1]]
    return combine(places[clusters.representative], inside)


def _listed(collection: Collection, listing: Listing) -> NDArray[np.uint64]:
    places, pairs = _places(collection, listing), listing.pairs
    hashes = combine(places[pairs.one], places[pairs.other])
    hashes.sort()
    return hashes
