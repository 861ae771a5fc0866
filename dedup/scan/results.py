"""The result files: `pairs.jsonl`, `clusters.jsonl`, `documents.jsonl`, and `summary.json` last of all.

Each is written beside its place and renamed. Whoever finds a `summary.json` newer than it knew finds the
other three complete.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dedup.scan.collection import Files
from dedup.scan.dates import iso
from dedup.scan.kinds import KINDS
from dedup.scan.listing import Listing
from dedup.scan.relations import RELATIONS, Relations
from dedup.sketch.arrays import Ints, distinct, portions

PAIRS, CLUSTERS, DOCUMENTS, SUMMARY = "pairs.jsonl", "clusters.jsonl", "documents.jsonl", "summary.json"
_LINES_AT_ONCE = 1 << 15


def write_results(
    folder: str,
    files: Files,
    listing: Listing,
    ids: NDArray[np.uint64],
    relations: Relations,
    summary: dict[str, Any],
) -> None:
    """Write the four files. Raises OSError."""
    os.makedirs(folder, exist_ok=True)
    _remove_remains(folder)
    names = [json.dumps(path, ensure_ascii=False) for path in files.paths]
    _write(os.path.join(folder, PAIRS), pair_lines(names, listing))
    _write(os.path.join(folder, CLUSTERS), cluster_lines(names, files, listing, ids))
    _write(os.path.join(folder, DOCUMENTS), document_lines(names, relations))
    _write(os.path.join(folder, SUMMARY), [json.dumps(summary, ensure_ascii=False, indent=2) + "\n"])


def pair_lines(names: list[str], listing: Listing) -> Iterator[str]:
    """Blocks of lines of `pairs.jsonl`."""
    pairs = listing.pairs
    for first in range(0, len(pairs), _LINES_AT_ONCE):
        block = slice(first, first + _LINES_AT_ONCE)
        one, other = pairs.one[block], pairs.other[block]
        used = distinct(np.concatenate((one, other)))
        places = _places(names, listing, used)
        left, right = np.searchsorted(used, one).tolist(), np.searchsorted(used, other).tolist()
        jaccards, kinds = _rounded(listing, pairs.near[block]), pairs.kind[block].tolist()
        yield pairs_written([places[a] for a in left], [places[b] for b in right], jaccards, kinds)


def pairs_written(
    ones: Sequence[str], others: Sequence[str], jaccards: Sequence[float], kinds: Sequence[int]
) -> str:
    """Lines for pairs of places as `places_written` writes them."""
    return "".join(
        f'{{"a": {one}, "b": {other}, "jaccard": {jaccard}, "kind": "{KINDS[kind]}"}}\n'
        for one, other, jaccard, kind in zip(ones, others, jaccards, kinds, strict=True)
    )


def cluster_lines(names: list[str], files: Files, listing: Listing, ids: NDArray[np.uint64]) -> Iterator[str]:
    """Lines of `clusters.jsonl`."""
    clusters = listing.clusters
    dates = files.dates[listing.occurrences.file[clusters.representative]]
    for block in portions(np.diff(clusters.borders), _LINES_AT_ONCE, _LINES_AT_ONCE):
        borders = clusters.borders[block.start : block.stop + 1]
        inside = slice(int(borders[0]), int(borders[-1]))
        jaccards = _rounded(listing, clusters.near[inside])
        members = _places(names, listing, clusters.members[inside])
        columns = (
            ids[block].tolist(),
            _places(names, listing, clusters.representative[block]),
            dates[block].tolist(),
            clusters.boilerplate[block].tolist(),
            pairwise((borders - borders[0]).tolist()),
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


def document_lines(names: list[str], relations: Relations) -> Iterator[str]:
    """Lines of `documents.jsonl`."""
    columns = (
        relations.one,
        relations.other,
        relations.containment_one.round(4),
        relations.containment_other.round(4),
        relations.characters_one,
        relations.characters_other,
        relations.relation,
    )
    for one, other, in_one, in_other, shared_one, shared_other, relation in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        yield (
            f'{{"a": {names[one]}, "b": {names[other]}, "containment_a": {in_one}, '
            f'"containment_b": {in_other}, "relation": "{RELATIONS[relation]}", '
            f'"shared_characters_a": {shared_one}, "shared_characters_b": {shared_other}}}\n'
        )


def _places(names: list[str], listing: Listing, occurrences: Ints) -> list[str]:
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


def _write(path: str, pieces: Iterable[str]) -> None:
    aside = f"{path}.{os.getpid()}.tmp"
    try:
        with open(aside, "w", encoding="utf-8", newline="\n", errors="backslashreplace") as file:
            file.writelines(pieces)
        os.replace(aside, path)
    except BaseException:
        with suppress(OSError):
            os.remove(aside)
        raise
