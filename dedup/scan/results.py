"""The result files: `pairs.jsonl`, `clusters.jsonl`, `documents.jsonl`, and `summary.json` last of all.

They are written beside their places and renamed when all are written, the summary on its own. Whoever finds
a `summary.json` newer than it knew finds the other three complete.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import pairwise
from json.encoder import encode_basestring
from pathlib import Path

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
from dedup.scan.relations import FILE_NAME as DUPLICATES
from dedup.scan.relations import RELATIONS, Relations
from dedup.sketch.arrays import Ints, distinct, portions

PAIRS, CLUSTERS, DOCUMENTS, SUMMARY = "pairs.jsonl", "clusters.jsonl", "documents.jsonl", "summary.json"
_BEGINNINGS = {
    PAIRS: (b'{"a": {"document": ',),
    CLUSTERS: (b'{"cluster": "',),
    DOCUMENTS: (b'{"a": "',),
    DUPLICATES: ("\ufeff".encode(),),
}
_LONGEST_BEGINNING = 20
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

        Beside the results of a scan lies a summary that says so; what a scan left that was interrupted before
        it wrote one begins as results do.
        """
        if _is_summary(self._folder / SUMMARY):
            return
        for path in (self._folder / name for name in files):
            if path.exists() and not _begins_as_results(path):
                raise UsageError(str(path), Words("scan.foreign"), Words("output.inside.cure"))

    def _remove_remains(self) -> None:
        """Remove what killed scans left half written."""
        names = "|".join(map(re.escape, (PAIRS, CLUSTERS, DOCUMENTS, DUPLICATES, SUMMARY)))
        for name in os.listdir(self._folder):
            if re.fullmatch(rf"({names})\.\d+\.tmp", name):
                with suppress(FileNotFoundError):
                    os.remove(self._folder / name)


def _begins_as_results(path: Path) -> bool:
    """Tell whether a file is empty, or begins as the result file of its name does."""
    try:
        with open(path, "rb") as file:
            beginning = file.read(_LONGEST_BEGINNING)
    except OSError:
        return False
    return not beginning or beginning.startswith(_BEGINNINGS.get(path.name, ()))


def _is_summary(path: Path) -> bool:
    """Tell whether a file is the summary of a scan."""
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
    """The contents of the lines of some pairs."""
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
