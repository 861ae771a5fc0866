"""The result files: `pairs.jsonl`, `clusters.jsonl`, `documents.jsonl`, and `summary.json` last of all.

They are written beside their places and renamed when all are written, the summary on its own. Whoever finds
a `summary.json` newer than it knew finds the other three complete. It says what is new since the last scan,
and what to look at first.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.errors import UsageError
from dedup.limits import LIMITS, Limits
from dedup.messages import Words, system
from dedup.progress import Advance
from dedup.scan.collection import Collection
from dedup.scan.findings import Findings
from dedup.scan.near_texts import KINDS
from dedup.scan.provenance import iso
from dedup.scan.record import ClusterSample, Counts, DocumentPair, Echo, Since
from dedup.scan.relations import FILE_NAME as DUPLICATES
from dedup.scan.relations import RELATIONS, Relations
from dedup.scan.state import Difference
from dedup.sketch.arrays import Ints, distinct, places_of, portions

PAIRS, CLUSTERS, DOCUMENTS, SUMMARY = "pairs.jsonl", "clusters.jsonl", "documents.jsonl", "summary.json"
_BUFFER = 1 << 20
_RELATIONS_AT_ONCE = 1 << 14


class ResultFolder:
    """The folder that the user named for the results."""

    def __init__(self, folder: Path) -> None:
        """Take the folder as it is, or make it when the first file is written."""
        self._folder = folder

    def write(self, files: Mapping[str, Iterable[str]]) -> None:
        """Write files of pieces of text, by name; they take their places when all are written, or not at all.

        Those of one scan beside those of another would be taken for one. Raises UsageError when the folder
        cannot be written.
        """
        with _telling_of(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            self._demand_own(files)
            self._remove_remains()
            asides = {name: self._folder / f"{name}.{os.getpid()}.tmp" for name in files}
            try:
                for name, pieces in files.items():
                    with open(asides[name], "wb", buffering=_BUFFER) as file:
                        file.writelines(piece.encode("utf-8", "backslashreplace") for piece in pieces)
                for name, aside in asides.items():
                    os.replace(aside, self._folder / name)
            finally:
                for aside in asides.values():
                    with suppress(OSError):
                        os.remove(aside)

    def _demand_own(self, files: Iterable[str]) -> None:
        """Raise UsageError where a file that would be written over is none of ours.

        Beside the results of a scan lies a summary that says so.
        """
        there = [name for name in files if (self._folder / name).exists()]
        if there and not _is_summary(self._folder / SUMMARY):
            place = str(self._folder / there[0])
            raise UsageError(place, Words("scan.foreign"), Words("output.inside.cure"))

    def _remove_remains(self) -> None:
        """Remove what killed scans left half written."""
        names = "|".join(map(re.escape, (PAIRS, CLUSTERS, DOCUMENTS, DUPLICATES, SUMMARY)))
        for name in os.listdir(self._folder):
            if re.fullmatch(rf"({names})\.\d+\.tmp", name):
                with suppress(FileNotFoundError):
                    os.remove(self._folder / name)


def _is_summary(path: Path) -> bool:
    """Whether a file is the summary of a scan."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            content = json.load(file)
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(content, dict) and {"format_version", "corpus", "counts"} <= content.keys()


@contextmanager
def _telling_of(folder: Path) -> Iterator[None]:
    """Make an error of the system one that names the folder the user named."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"--output {folder}", system(error), Words("output.other.cure")) from error


def result_lines(
    collection: Collection,
    findings: Findings,
    ids: NDArray[np.uint64],
    relations: Relations,
    progress: Advance,
    limits: Limits,
) -> dict[str, Iterator[str]]:
    """The lines of all files but the summary, many in one piece; `progress` is told how many are made."""
    names = _written_names(collection)
    total = len(findings.pairs) + len(findings.clusters) + len(relations)
    progress(0, total)
    done = 0

    def counted(pieces: Iterable[str]) -> Iterator[str]:
        nonlocal done
        for piece in pieces:
            done += piece.count("\n")
            progress(done, total)
            yield piece

    return {
        PAIRS: counted(_pair_lines(names, findings, np.arange(len(findings.pairs)), limits)),
        CLUSTERS: counted(_cluster_lines(names, collection.dates, findings, ids, limits)),
        DOCUMENTS: counted(document_lines(names, relations)),
    }


def _written_names(collection: Collection) -> list[str]:
    """[files] paths as JSON writes them."""
    return [encode_basestring(path) for path in collection.files.paths]


def _pair_lines(names: Sequence[str], findings: Findings, chosen: Ints, limits: Limits) -> Iterator[str]:
    pairs = findings.pairs
    for first in range(0, len(chosen), limits.lines_at_once):
        numbers = chosen[first : first + limits.lines_at_once]
        one, other = pairs.one[numbers], pairs.other[numbers]
        used = distinct(np.concatenate((one, other)))
        places = _places(names, findings, used)
        left, right = np.searchsorted(used, one).tolist(), np.searchsorted(used, other).tolist()
        jaccards, kinds = rounded(findings.jaccard(pairs.near[numbers])), pairs.kind[numbers].tolist()
        yield pairs_written([places[a] for a in left], [places[b] for b in right], jaccards, kinds)


def described_pairs(
    collection: Collection, findings: Findings, numbers: Ints
) -> tuple[dict[str, object], ...]:
    """What the lines of some pairs say."""
    written = "".join(_pair_lines(_written_names(collection), findings, numbers, LIMITS))
    return tuple(json.loads(line) for line in written.split("\n")[:-1])


def pairs_written(
    ones: Sequence[str], others: Sequence[str], jaccards: Sequence[float], kinds: Sequence[int]
) -> str:
    """Lines for pairs of places as `places_written` writes them."""
    return "".join(
        f'{{"a": {one}, "b": {other}, "jaccard": {jaccard}, "kind": "{KINDS[kind]}"}}\n'
        for one, other, jaccard, kind in zip(ones, others, jaccards, kinds, strict=True)
    )


def _cluster_lines(
    names: Sequence[str],
    dates: NDArray[np.uint32],
    findings: Findings,
    ids: NDArray[np.uint64],
    limits: Limits,
) -> Iterator[str]:
    clusters = findings.clusters
    sizes = np.diff(clusters.borders)
    # Thousands of clusters may have thousands of members each.
    for block in portions(sizes, limits.lines_at_once, limits.lines_at_once):
        inside = slice(int(clusters.borders[block.start]), int(clusters.borders[block.stop]))
        jaccards = rounded(findings.jaccard(clusters.near[inside]))
        members = _places(names, findings, clusters.members[inside])
        heads = clusters.representative[block]
        columns = (
            ids[block].tolist(),
            _places(names, findings, heads),
            dates[findings.occurrences.file[heads]].tolist(),
            clusters.boilerplate[block].tolist(),
            clusters.earliest[block].tolist(),
            pairwise(np.concatenate(([0], np.cumsum(sizes[block]))).tolist()),
        )
        yield "".join(
            cluster_written(
                identity,
                head,
                date,
                members[first:last],
                jaccards[first:last],
                boilerplate=common,
                surely_first=surely,
            )
            for identity, head, date, common, surely, (first, last) in zip(*columns, strict=True)
        )


def cluster_written(
    identity: int,
    representative: str,
    date: int,
    members: Sequence[str],
    jaccards: Sequence[float],
    *,
    boilerplate: bool,
    surely_first: bool,
) -> str:
    """The line of one cluster, its places as `places_written` writes them."""
    verified = ", ".join(
        f'{place[:-1]}, "jaccard": {jaccard}}}' for place, jaccard in zip(members, jaccards, strict=True)
    )
    return (
        f'{{"cluster": "{identity:016x}", "representative": {representative}, "date": {_quoted(iso(date))}, '
        f'"earliest": {_document_of(representative) if surely_first else "null"}, '
        f'"members": [{verified}], "weakest_jaccard": {min(jaccards)}, '
        f'"boilerplate": {"true" if boilerplate else "false"}}}\n'
    )


def _document_of(place: str) -> str:
    """The name of the document of a place, as JSON writes both."""
    return place[len('{"document": ') : place.rindex(', "start": ')]


def _quoted(text: str | None) -> str:
    return f'"{text}"' if text else "null"


def document_lines(names: Sequence[str], relations: Relations) -> Iterator[str]:
    """Lines of `documents.jsonl`, the names written as JSON already."""
    for first in range(0, len(relations), _RELATIONS_AT_ONCE):
        some = slice(first, first + _RELATIONS_AT_ONCE)
        columns = (
            relations.one[some],
            relations.other[some],
            relations.containment_one[some].round(4),
            relations.containment_other[some].round(4),
            relations.characters_one[some],
            relations.characters_other[some],
            relations.relation[some],
            relations.earliest[some],
        )
        yield "".join(
            f'{{"a": {names[one]}, "b": {names[other]}, "containment_a": {in_one}, '
            f'"containment_b": {in_other}, "relation": "{RELATIONS[relation]}", '
            f'"earliest": {("null", names[one], names[other])[first]}, '
            f'"shared_characters_a": {shared_one}, "shared_characters_b": {shared_other}}}\n'
            for one, other, in_one, in_other, shared_one, shared_other, relation, first in zip(
                *(column.tolist() for column in columns), strict=True
            )
        )


def _places(names: Sequence[str], findings: Findings, occurrences: Ints) -> list[str]:
    table = findings.occurrences
    return places_written(
        [names[file] for file in table.file[occurrences].tolist()],
        table.start[occurrences].tolist(),
        table.end[occurrences].tolist(),
    )


def places_written(names: Sequence[str], starts: Sequence[int], ends: Sequence[int]) -> list[str]:
    """Places in documents whose names are written as JSON already."""
    return [
        f'{{"document": {name}, "start": {start}, "end": {end}}}'
        for name, start, end in zip(names, starts, ends, strict=True)
    ]


def rounded(jaccards: NDArray[np.float64]) -> list[float]:
    """Rounded down, so that none is shown above what it is."""
    values: list[float] = (np.floor(jaccards * 1_000_000 + 1e-6) / 1_000_000).tolist()
    return values


# ---------------------------------------------------------------------------------------- the summary

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
    """What differs from the last scan, and the first of the new pairs; in very many nobody looks for one."""
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
    """What is new or changed first, then by relation, then by how much is shared.

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
