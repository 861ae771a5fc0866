"""What the summary says: what changed since the last scan, and what a reader should look at first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.scan.collection import Collection
from dedup.scan.comparing import Findings
from dedup.scan.dates import iso
from dedup.scan.files import unpacked
from dedup.scan.record import ClusterSample, DocumentPair, Scan, Since
from dedup.scan.relations import RELATIONS, Relations
from dedup.scan.results import described_pairs
from dedup.scan.state import State
from dedup.sketch.arrays import Ints, places_of, run_begins

SAMPLES = 200
"""Clusters and document pairs that are handed to a page, which may show fewer."""
MOST_NEW_PAIRS = 500
"""Pairs that the summary tells of one by one; in very many nobody looks for the one that matters."""
SAMPLE_CHARACTERS = 120
HEADING = 20
"""Characters that count for nothing: what is repeated most would be 第一章　总则."""


def with_samples(collection: Collection, findings: Findings, scan: Scan) -> Scan:
    """The scan with what is worth showing."""
    since = scan.since
    new = _read(since.new_clusters) if since else set()
    changed = _read(since.changed_clusters) if since else set()
    samples = partial(_largest_clusters, collection, findings, new, changed)
    return replace(
        scan,
        largest_clusters=samples(),
        changed_clusters=samples(only_news=True) if new or changed else (),
        closest_documents=_closest_documents(collection, findings, since),
    )


def since_last(collection: Collection, findings: Findings, state: State, last: State) -> Since:
    """What differs between two states, the first that of these findings."""
    place = places_of(state.clusters, last.clusters)
    kept = place >= 0
    changed = kept.copy()
    changed[kept] = state.cluster_contents[kept] != last.cluster_contents[place[kept]]
    gone = places_of(last.clusters, state.clusters) < 0
    new_documents, changed_documents, gone_documents = _documents_since(state, last)
    new_pairs = state.listed[places_of(state.listed, last.listed) < 0]
    return Since(
        finished=last.facts["started"],
        new_documents=new_documents,
        changed_documents=changed_documents,
        gone_documents=gone_documents,
        new_pairs=len(new_pairs),
        gone_pairs=int((places_of(last.listed, state.listed) < 0).sum()),
        new_clusters=_written(state.clusters[~kept]),
        changed_clusters=_written(state.clusters[changed]),
        gone_clusters=_written(last.clusters[gone]),
        first_new_pairs=_first_pairs(collection, findings, new_pairs),
    )


def _first_pairs(
    collection: Collection, findings: Findings, identities: NDArray[np.uint64]
) -> tuple[dict[str, Any], ...]:
    if not len(identities):
        return ()
    listing = findings.listing
    numbers = np.flatnonzero(places_of(listing.pairs.identity, identities) >= 0)[:MOST_NEW_PAIRS]
    return described_pairs(collection.files.paths, listing, numbers)


def _documents_since(state: State, last: State) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Paths that are new, that hold another text, and that are gone, each by name."""
    came, went = _paths_beyond(state, last), _paths_beyond(last, state)
    return tuple(sorted(came - went)), tuple(sorted(came & went)), tuple(sorted(went - came))


def _paths_beyond(state: State, other: State) -> set[str]:
    """Paths of files of a state that are not, or not with that content, in the other."""
    beyond = np.flatnonzero(places_of(state.file_keys, np.sort(other.file_keys)) < 0)
    if not len(beyond):
        return set()
    paths = unpacked(state.paths.tobytes())
    return {paths[file] for file in beyond.tolist()}


def _written(ids: NDArray[np.uint64]) -> tuple[str, ...]:
    return tuple(f"{identity:016x}" for identity in ids.tolist())


def _read(ids: Iterable[str]) -> set[int]:
    return {int(written, 16) for written in ids}


def _largest_clusters(
    collection: Collection, findings: Findings, new: set[int], changed: set[int], *, only_news: bool = False
) -> tuple[ClusterSample, ...]:
    """Those that hold most characters beyond their representative's, so what was written once too often."""
    listing = findings.listing
    clusters, occurrences = listing.clusters, listing.occurrences
    sizes = np.diff(clusters.borders)
    weights = sizes * np.maximum(occurrences.characters[clusters.representative] - HEADING, 0)
    order = np.argsort(-weights, kind="stable")
    if only_news:
        wanted = np.array(sorted(new | changed), dtype=np.uint64)
        order = order[places_of(findings.ids[order], wanted) >= 0]
    samples = []
    for number in order[:SAMPLES].tolist():
        head = int(clusters.representative[number])
        members = slice(int(clusters.borders[number]), int(clusters.borders[number + 1]))
        files = _distinct_files(
            np.append(occurrences.file[clusters.members[members]], occurrences.file[head])
        )
        identity = int(findings.ids[number])
        file = int(occurrences.file[head])
        samples.append(
            ClusterSample(
                cluster=f"{identity:016x}",
                paragraphs=int(sizes[number]) + 1,
                documents=files,
                weakest_jaccard=float(listing.jaccard(clusters.near[members]).min()),
                representative=collection.files.paths[file],
                date=iso(int(collection.dates[file])),
                text=_beginning(collection, findings, head),
                new=identity in new,
                changed=identity in changed,
            )
        )
    return tuple(samples)


def _distinct_files(files: Ints) -> int:
    return int(run_begins(np.sort(files)).sum())


def _beginning(collection: Collection, findings: Findings, occurrence: int) -> str:
    occurrences = findings.listing.occurrences
    file, row = int(occurrences.file[occurrence]), int(occurrences.row[occurrence])
    segment = collection.files.segments[int(collection.files.segment[file])]
    begin = int(segment.paragraph_bytes[int(segment.signature_paragraphs[row])])
    length = min(int(occurrences.end[occurrence] - occurrences.start[occurrence]), SAMPLE_CHARACTERS)
    written = segment.text[begin : begin + 4 * length].tobytes()
    return written.decode("utf-8", "ignore")[:length]


def _closest_documents(
    collection: Collection, findings: Findings, since: Since | None
) -> tuple[DocumentPair, ...]:
    """What is new or changed first, then by how much is shared."""
    relations, paths = findings.relations, collection.files.paths
    new = _with_one_of(relations, paths, since.new_documents if since else ())
    changed = _with_one_of(relations, paths, since.changed_documents if since else ())
    shared = np.minimum(relations.characters_one, relations.characters_other)
    order = np.lexsort((-shared, ~(new | changed)))[:SAMPLES]
    return tuple(
        DocumentPair(
            one=paths[int(relations.one[place])],
            other=paths[int(relations.other[place])],
            containment_one=float(relations.containment_one[place]),
            containment_other=float(relations.containment_other[place]),
            relation=RELATIONS[int(relations.relation[place])],
            new=bool(new[place]),
            changed=bool(changed[place] and not new[place]),
        )
        for place in order.tolist()
    )


def _with_one_of(relations: Relations, paths: Sequence[str], some: Sequence[str]) -> NDArray[np.bool_]:
    """[r] which of the pairs of files hold one of some paths."""
    if not some or not len(relations):
        return np.zeros(len(relations), dtype=np.bool_)
    wanted = set(some)
    marked = np.array([path in wanted for path in paths], dtype=np.bool_)
    result: NDArray[np.bool_] = marked[relations.one] | marked[relations.other]
    return result
