"""The result files: `pairs.jsonl`, `clusters.jsonl`, `documents.jsonl`, and `summary.json` last of all.

They are written beside their places and renamed when all are written, the summary on its own. Whoever finds
a `summary.json` newer than it knew finds the other three complete.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from json.encoder import encode_basestring
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import expand
from dedup.scan.collection import Collection
from dedup.scan.dates import iso
from dedup.scan.kinds import KINDS
from dedup.scan.lines import LastFile, LineTable, Together, Told, write_lines
from dedup.scan.listing import Listing
from dedup.scan.relations import RELATIONS, Relations
from dedup.scan.summary import summary_text
from dedup.scan.texthash import combine, sums_between
from dedup.scan.work import Progress
from dedup.sketch.arrays import Ints, distinct, portions

PAIRS, CLUSTERS, DOCUMENTS, SUMMARY = "pairs.jsonl", "clusters.jsonl", "documents.jsonl", "summary.json"
_MEMBERS_AT_ONCE = 1 << 16
"""Of clusters whose lines are made together: thousands of clusters may have thousands of members each."""
_RELATIONS_AT_ONCE = 1 << 14


@dataclass(frozen=True, slots=True)
class LastResults:
    """The result files that lines may be copied from."""

    pairs: LastFile
    clusters: LastFile

    @classmethod
    def of(cls, folder: str, tables: tuple[LineTable, LineTable]) -> LastResults:
        """Those in a folder, as far as they are as they were written. Reads them whole."""
        pairs, clusters = tables
        return cls(
            LastFile.of(os.path.join(folder, PAIRS), pairs),
            LastFile.of(os.path.join(folder, CLUSTERS), clusters),
        )

    def close(self) -> None:
        """Let go of the files."""
        self.pairs.close()
        self.clusters.close()


def write_results(
    folder: str,
    collection: Collection,
    listing: Listing,
    ids: NDArray[np.uint64],
    relations: Relations,
    last: LastResults,
    progress: Progress | None = None,
) -> tuple[LineTable, LineTable]:
    """Write all but the summary; lines that stood in the `last` files are copied from there. Raises OSError.

    `progress` is told how many lines are done. Returns what now stands in the files of pairs and of clusters.
    """
    os.makedirs(folder, exist_ok=True)
    _remove_remains(folder)
    names = _Names(collection.files.paths)
    places = collection.places(listing.occurrences, collection.files.keys)
    pairs, clusters = listing.pairs, listing.clusters
    told = _counting(progress, len(pairs) + len(clusters) + len(relations))
    told(0)
    # Copying leaves the interpreter free, and most lines of most nights are copied.
    with Together() as files, ThreadPoolExecutor(1) as beside:
        pair_table = beside.submit(
            write_lines,
            files,
            os.path.join(folder, PAIRS),
            combine(places[pairs.one], places[pairs.other]),
            lambda numbers: [_pair_lines(names, listing, numbers)],
            last.pairs,
            told,
        )
        members = sums_between(places[clusters.members], clusters.borders)
        facts = (ids, places[clusters.representative], members, clusters.boilerplate.astype(np.uint64))
        cluster_table = write_lines(
            files,
            os.path.join(folder, CLUSTERS),
            combine(*facts),
            lambda numbers: _cluster_lines(names, collection.dates, listing, ids, numbers),
            last.clusters,
            told,
        )
        lines = (line.encode("utf-8", "backslashreplace") for line in document_lines(names, relations))
        files.write(os.path.join(folder, DOCUMENTS), lines)
        told(len(relations))
        return pair_table.result(), cluster_table


def _counting(progress: Progress | None, total: int) -> Told:
    """A function that is told how many more are done, and tells `progress` how many are."""
    done = 0
    one_by_one = Lock()

    def told(more: int) -> None:
        nonlocal done
        with one_by_one:
            done += more
            if progress is not None:
                progress(done, total)

    return told


def write_summary(folder: str, summary: dict[str, Any]) -> None:
    """Write the summary, last of all. Raises OSError."""
    with Together() as files:
        text = summary_text(summary).encode("utf-8", "backslashreplace")
        files.write(os.path.join(folder, SUMMARY), [text])


class _Names(dict[int, str]):
    """Paths of files by number, as JSON writes them; most are never asked for."""

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__()
        self._paths = paths

    def __missing__(self, file: int) -> str:
        name = self[file] = encode_basestring(self._paths[file])
        return name


def _pair_lines(names: _Names, listing: Listing, numbers: Ints) -> str:
    pairs = listing.pairs
    one, other = pairs.one[numbers], pairs.other[numbers]
    used = distinct(np.concatenate((one, other)))
    places = _places(names, listing, used)
    left, right = np.searchsorted(used, one).tolist(), np.searchsorted(used, other).tolist()
    jaccards, kinds = _rounded(listing, pairs.near[numbers]), pairs.kind[numbers].tolist()
    return pairs_written([places[a] for a in left], [places[b] for b in right], jaccards, kinds)


def described_pairs(paths: Sequence[str], listing: Listing, numbers: Ints) -> tuple[dict[str, Any], ...]:
    """What the lines of some pairs say."""
    lines = _pair_lines(_Names(paths), listing, numbers).split("\n")[:-1]
    return tuple(json.loads(line) for line in lines)


def pairs_written(
    ones: Sequence[str], others: Sequence[str], jaccards: Sequence[float], kinds: Sequence[int]
) -> str:
    """Lines for pairs of places as `places_written` writes them."""
    return "".join(
        f'{{"a": {one}, "b": {other}, "jaccard": {jaccard}, "kind": "{KINDS[kind]}"}}\n'
        for one, other, jaccard, kind in zip(ones, others, jaccards, kinds, strict=True)
    )


def _cluster_lines(
    names: _Names, dates: NDArray[np.uint32], listing: Listing, ids: NDArray[np.uint64], numbers: Ints
) -> Iterator[str]:
    clusters = listing.clusters
    sizes = np.diff(clusters.borders)[numbers]
    for part in portions(sizes, _MEMBERS_AT_ONCE):
        block = numbers[part]
        inside, _ = expand(clusters.borders[block], clusters.borders[block + 1])
        jaccards = _rounded(listing, clusters.near[inside])
        members = _places(names, listing, clusters.members[inside])
        columns = (
            ids[block].tolist(),
            _places(names, listing, clusters.representative[block]),
            dates[listing.occurrences.file[clusters.representative[block]]].tolist(),
            clusters.boilerplate[block].tolist(),
            pairwise(np.concatenate(([0], np.cumsum(sizes[part]))).tolist()),
        )
        yield "".join(
            cluster_written(identity, head, date, members[first:last], jaccards[first:last], common)
            for identity, head, date, common, (first, last) in zip(*columns, strict=True)
        )


def cluster_written(
    identity: int,
    representative: str,
    date: int,
    members: Sequence[str],
    jaccards: Sequence[float],
    boilerplate: bool,
) -> str:
    """The line of one cluster, its places as `places_written` writes them."""
    verified = ", ".join(
        f'{place[:-1]}, "jaccard": {jaccard}}}' for place, jaccard in zip(members, jaccards, strict=True)
    )
    return (
        f'{{"cluster": "{identity:016x}", "representative": {representative}, "date": {_quoted(iso(date))}, '
        f'"members": [{verified}], "weakest_jaccard": {min(jaccards)}, '
        f'"boilerplate": {"true" if boilerplate else "false"}}}\n'
    )


def _quoted(text: str | None) -> str:
    return f'"{text}"' if text else "null"


def document_lines(names: Sequence[str] | dict[int, str], relations: Relations) -> Iterator[str]:
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
        )
        for one, other, in_one, in_other, shared_one, shared_other, relation in zip(
            *(column.tolist() for column in columns), strict=True
        ):
            yield (
                f'{{"a": {names[one]}, "b": {names[other]}, "containment_a": {in_one}, '
                f'"containment_b": {in_other}, "relation": "{RELATIONS[relation]}", '
                f'"shared_characters_a": {shared_one}, "shared_characters_b": {shared_other}}}\n'
            )


def _places(names: _Names, listing: Listing, occurrences: Ints) -> list[str]:
    table = listing.occurrences
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


def _rounded(listing: Listing, near: Ints) -> list[float]:
    return rounded(listing.jaccard(near))


def rounded(jaccards: NDArray[np.float64]) -> list[float]:
    """Rounded down, so that none is shown above what it is."""
    values: list[float] = (np.floor(jaccards * 1_000_000 + 1e-6) / 1_000_000).tolist()
    return values


def _remove_remains(folder: str) -> None:
    """Remove what killed scans left half written."""
    results = (PAIRS, CLUSTERS, DOCUMENTS, SUMMARY)
    for name in os.listdir(folder):
        if name.endswith(".tmp") and name.startswith(results):
            with suppress(FileNotFoundError):
                os.remove(os.path.join(folder, name))
