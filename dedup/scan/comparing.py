"""From a collection and the last scan's state to findings, and from findings to the next state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from dedup.scan.clusters import Names, name_clusters
from dedup.scan.collection import Collection
from dedup.scan.files import packed
from dedup.scan.lines import NO_LINES
from dedup.scan.listing import NOTHING_KNOWN, KnownKinds, Listing, list_findings
from dedup.scan.near import LargeBuckets, Past, near_texts
from dedup.scan.record import Counts
from dedup.scan.relations import RELATIONS, Relations, relate
from dedup.scan.state import State
from dedup.scan.texthash import combine, sums_between
from dedup.scan.verifying import NearTexts
from dedup.scan.work import Work
from dedup.sketch.arrays import distinct


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
            texts=collection.live,
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
    work: Work,
    *,
    full: bool = False,
) -> Findings:
    """Find the pairs, clusters and relations; without a `last` scan, or when `full`, from nothing."""
    past, known = None, NOTHING_KNOWN
    if last is not None and not full:
        changes = collection.changes(distinct(last.file_keys))
        past = Past(changes, _kept(collection, last, changes.fresh), last.large_buckets)
        known = KnownKinds(last.listed, last.listed_kinds, distinct(last.file_keys))
    near, large, compared = near_texts(collection, threshold, past, work)
    listing = list_findings(collection, near, known, work)
    ids = name_clusters(*_clustered(collection, listing), last.names if last else _no_names())
    relations = relate(collection, listing)
    compared &= collection.multiplicities > 0
    return Findings(past is None, int(compared.sum()), listing.near, large, listing, ids, relations)


def _kept(collection: Collection, last: State, fresh: NDArray[np.bool_]) -> NearTexts:
    """What the last scan found of texts that are still there and are not fresh."""
    one, other = collection.numbers(last.near_one), collection.numbers(last.near_other)
    there = np.flatnonzero((one >= 0) & (other >= 0))
    there = there[~(fresh[one[there]] | fresh[other[there]])]
    one, other = np.minimum(one[there], other[there]), np.maximum(one[there], other[there])
    order = np.argsort(one << 32 | other)
    there = there[order]
    common, union = last.near_common[there].astype(np.int64), last.near_union[there].astype(np.int64)
    return NearTexts(one[order], other[order], common, union, last.near_kind[there])


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
    """What the next scan must know of this one, but for the lines that are written."""
    listing, near = findings.listing, findings.near
    texts, numbers, _ = _clustered(collection, listing)
    by_hash = np.argsort(texts)  # the texts of a second batch are numbered after those of the first
    contents = _cluster_contents(listing)
    order, listed = np.argsort(findings.ids), np.argsort(listing.pairs.identity)
    return State(
        facts={"started": datetime.fromtimestamp(started).astimezone().isoformat(timespec="seconds")},
        paths=np.frombuffer(packed(collection.files.paths), dtype=np.uint8),
        file_keys=collection.files.keys,
        near_one=collection.texts[near.one],
        near_other=collection.texts[near.other],
        near_common=near.common.astype(np.uint32),
        near_union=near.union.astype(np.uint32),
        near_kind=near.kind,
        bucket_band=findings.large.band,
        bucket_key=findings.large.key,
        bucket_leader=findings.large.leader,
        clustered_texts=texts[by_hash],
        clustered_ids=findings.ids[numbers[by_hash]],
        clusters=findings.ids[order],
        cluster_contents=contents[order],
        listed=listing.pairs.identity[listed],
        listed_kinds=listing.pairs.kind[listed],
        pair_lines=NO_LINES.identities,
        pair_sizes=NO_LINES.sizes,
        cluster_lines=NO_LINES.identities,
        cluster_sizes=NO_LINES.sizes,
        checksums=np.zeros(2, dtype=np.uint32),
    )


def _cluster_contents(listing: Listing) -> NDArray[np.uint64]:
    """[c] a hash of where the paragraphs of each cluster stand."""
    inside = sums_between(listing.places[listing.clusters.members], listing.clusters.borders)
    return combine(listing.places[listing.clusters.representative], inside)
