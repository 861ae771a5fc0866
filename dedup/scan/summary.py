"""The summary of a scan: its figures, what is new since the last one, and what to look at first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.limits import Limits
from dedup.scan.collection import Collection
from dedup.scan.findings import Findings
from dedup.scan.provenance import iso
from dedup.scan.record import ClusterSample, Counts, DocumentPair, Echo, Since
from dedup.scan.relations import RELATIONS, Relations
from dedup.scan.results import described_pairs
from dedup.scan.state import Difference
from dedup.sketch.arrays import Ints, distinct, places_of

SAMPLES = 200
"""Clusters and document pairs that are handed to a page, which may show fewer."""
SAMPLE_CHARACTERS = 120
HEADING = 20
"""Characters that count for nothing: what is repeated most would be 第一章　总则."""
LEAST_ECHOED = 3
_STEP = "  "
_written = json.JSONEncoder(ensure_ascii=False).encode


def counts_of(
    collection: Collection, findings: Findings, relations: Relations, compared: int, deletable: int
) -> Counts:
    """The figures of the summary."""
    clusters = findings.clusters
    kinds = np.bincount(relations.relation, minlength=len(RELATIONS)).tolist()
    return Counts(
        documents=len(collection.files),
        paragraphs=collection.paragraphs,
        characters=int(collection.files.characters.sum()),
        texts=int(collection.alive.sum()),
        compared_texts=compared,
        pairs=len(findings.pairs),
        clusters=len(clusters),
        clustered_paragraphs=len(clusters) + len(clusters.members),
        boilerplate_clusters=int(clusters.boilerplate.sum()),
        document_pairs=dict(zip(RELATIONS, kinds, strict=True)),
        duplicates=deletable,
    )


def since_last(
    collection: Collection, findings: Findings, found: Difference, finished: str, limits: Limits
) -> Since:
    """Differences from the last scan, and the first of the new pairs; in very many nobody looks for one."""
    numbers = np.flatnonzero(places_of(findings.pairs.identity, found.new_pairs) >= 0)
    return Since(
        finished=finished,
        new_documents=found.new_documents,
        changed_documents=found.changed_documents,
        gone_documents=found.gone_documents,
        new_pairs=len(found.new_pairs),
        gone_pairs=len(found.gone_pairs),
        new_clusters=_written_ids(found.new_clusters),
        changed_clusters=_written_ids(found.changed_clusters),
        gone_clusters=_written_ids(found.gone_clusters),
        first_new_pairs=described_pairs(collection, findings, numbers[: limits.named_pairs]),
    )


def _written_ids(ids: NDArray[np.uint64]) -> tuple[str, ...]:
    return tuple(f"{identity:016x}" for identity in ids.tolist())


def largest_clusters(
    collection: Collection, findings: Findings, ids: NDArray[np.uint64], since: Since | None
) -> tuple[ClusterSample, ...]:
    """Those that hold most characters beyond their representative's, so what was written once too often."""
    return _samples(collection, findings, ids, since, _by_weight(findings))


def changed_clusters(
    collection: Collection, findings: Findings, ids: NDArray[np.uint64], since: Since | None
) -> tuple[tuple[ClusterSample, ...], tuple[Echo, ...]]:
    """Those that are new or changed since the last scan, the largest first, and what echoes one document.

    Three and more clusters that one new document is in, with old ones, are one piece of news.
    """
    if since is None:
        return (), ()
    news = _ids(since.new_clusters + since.changed_clusters)
    order = _by_weight(findings)
    chosen = order[places_of(ids[order], np.array(sorted(news), dtype=np.uint64)) >= 0]
    came = set(since.new_documents) | set(since.changed_documents)
    fresh = np.array([path in came for path in collection.files.paths], dtype=np.bool_)
    echoed: dict[int, list[int]] = {}
    others: dict[int, Counter[int]] = {}
    for cluster in chosen.tolist():
        files = _files_of(findings, cluster)
        new = files[fresh[files]]
        if len(new) == 1 and len(files) > 1:
            echoed.setdefault(int(new[0]), []).append(cluster)
            others.setdefault(int(new[0]), Counter()).update(files[~fresh[files]].tolist())
    many = {file: clusters for file, clusters in echoed.items() if len(clusters) >= LEAST_ECHOED}
    folded = {cluster for clusters in many.values() for cluster in clusters}
    rest = np.array([cluster for cluster in chosen.tolist() if cluster not in folded], dtype=np.int64)
    paths = collection.files.paths
    echoes = [
        Echo(paths[file], len(clusters), paths[others[file].most_common(1)[0][0]])
        for file, clusters in sorted(many.items(), key=lambda one: (-len(one[1]), paths[one[0]]))
    ]
    return _samples(collection, findings, ids, since, rest), tuple(echoes)


def _files_of(findings: Findings, cluster: int) -> Ints:
    """The distinct files of a cluster, by number."""
    clusters, files = findings.clusters, findings.occurrences.file
    members = clusters.members[int(clusters.borders[cluster]) : int(clusters.borders[cluster + 1])]
    return distinct(np.append(files[members], files[clusters.representative[cluster]]))


def _by_weight(findings: Findings) -> Ints:
    clusters = findings.clusters
    heads = findings.occurrences.characters[clusters.representative]
    return np.argsort(-np.diff(clusters.borders) * np.maximum(heads - HEADING, 0), kind="stable")


def _ids(written: Sequence[str]) -> set[int]:
    return {int(one, 16) for one in written}


def _samples(
    collection: Collection,
    findings: Findings,
    ids: NDArray[np.uint64],
    since: Since | None,
    chosen: Ints,
) -> tuple[ClusterSample, ...]:
    new, changed = (_ids(since.new_clusters), _ids(since.changed_clusters)) if since else (set(), set())
    clusters, occurrences = findings.clusters, findings.occurrences
    sizes = np.diff(clusters.borders)
    samples = []
    for number in chosen[:SAMPLES].tolist():
        head = int(clusters.representative[number])
        members = slice(int(clusters.borders[number]), int(clusters.borders[number + 1]))
        identity = int(ids[number])
        file = int(occurrences.file[head])
        samples.append(
            ClusterSample(
                cluster=f"{identity:016x}",
                paragraphs=int(sizes[number]) + 1,
                documents=len(_files_of(findings, number)),
                weakest_jaccard=float(findings.jaccard(clusters.near[members]).min()),
                representative=collection.files.paths[file],
                date=iso(int(collection.dates[file])),
                text=collection.beginning(occurrences, head, SAMPLE_CHARACTERS),
                new=identity in new,
                changed=identity in changed,
                earliest=bool(clusters.earliest[number]),
            )
        )
    return tuple(samples)


def closest_documents(
    paths: Sequence[str], relations: Relations, since: Since | None
) -> tuple[DocumentPair, ...]:
    """Order: what is new or changed first, then by relation, then by how much is shared.

    All copies, and of each other relation those that share most.
    """
    new = _with_one_of(relations, paths, since.new_documents if since else ())
    changed = _with_one_of(relations, paths, since.changed_documents if since else ())
    shared = np.minimum(relations.characters_one, relations.characters_other)
    order = np.lexsort((-shared, relations.relation, ~(new | changed)))
    # The place of each among those of its relation, in that order.
    kinds = relations.relation[order]
    place = np.empty(len(order), dtype=np.int64)
    for kind in range(len(RELATIONS)):
        of_kind = kinds == kind
        place[of_kind] = np.arange(int(of_kind.sum()))
    copies = kinds == RELATIONS.index("copy")
    chosen = order[copies | (place < SAMPLES)]
    return tuple(
        DocumentPair(
            one=paths[int(relations.one[place])],
            other=paths[int(relations.other[place])],
            containment_one=float(relations.containment_one[place]),
            containment_other=float(relations.containment_other[place]),
            relation=RELATIONS[int(relations.relation[place])],
            new=bool(new[place]),
            changed=bool(changed[place] and not new[place]),
            earliest=_earliest(paths, relations, place),
        )
        for place in chosen.tolist()
    )


def _earliest(paths: Sequence[str], relations: Relations, place: int) -> str | None:
    first = int(relations.earliest[place])
    return (None, paths[int(relations.one[place])], paths[int(relations.other[place])])[first]


def _with_one_of(relations: Relations, paths: Sequence[str], some: Sequence[str]) -> NDArray[np.bool_]:
    """[r] which of the pairs of files hold one of some paths."""
    if not some or not len(relations):
        return np.zeros(len(relations), dtype=np.bool_)
    wanted = set(some)
    marked = np.array([path in wanted for path in paths], dtype=np.bool_)
    result: NDArray[np.bool_] = marked[relations.one] | marked[relations.other]
    return result


def summary_text(summary: Mapping[str, Any]) -> str:
    """The text of `summary.json`."""
    return _text(summary, "") + "\n"


def _text(value: object, indent: str) -> str:
    inner = indent + _STEP
    if isinstance(value, Mapping) and value:
        lines = [f"{inner}{_written(key)}: {_text(one, inner)}" for key, one in value.items()]
        return _between("{", lines, indent + "}")
    if isinstance(value, Sequence) and not isinstance(value, str) and value:
        return _between("[", [inner + _written(one) for one in value], indent + "]")
    return _written(value)


def _between(opening: str, lines: list[str], closing: str) -> str:
    return opening + "\n" + ",\n".join(lines) + "\n" + closing
