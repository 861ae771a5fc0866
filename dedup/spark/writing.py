"""Turn rows into lines of the result files in executors, as the local scan writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from dedup.scan.provenance import surely_before
from dedup.scan.relations import RELATIONS, Facts, Relations, Shared, copies, judged
from dedup.scan.results import cluster_written, document_lines, pairs_written, places_written
from dedup.sketch.arrays import Ints, run_begins
from dedup.spark.columns import batch_of, hashes, integers, strings

LINE = "value string"
RELATED = (
    "file_a bigint, file_b bigint, a string, b string, containment_a double, containment_b double, "
    "shared_characters_a bigint, shared_characters_b bigint, relation string, earliest tinyint"
)
COPIED = (
    "file_a bigint, file_b bigint, path_a string, path_b string, work_a bigint, work_b bigint, "
    "date_a int, date_b int, characters_a bigint"
)


def pair_lines(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows (a, a_start, a_end, b, b_start, b_end, jaccard, number) → lines of `pairs.jsonl`."""
    for batch in batches:
        ones, others = (_places(batch, side) for side in "ab")
        jaccards, kinds = integers(batch, "jaccard").tolist(), integers(batch, "number").tolist()
        yield _lines(pairs_written(ones, others, jaccards, kinds))


def _places(batch: pa.RecordBatch, side: str) -> list[str]:
    starts, ends = integers(batch, f"{side}_start"), integers(batch, f"{side}_end")
    return places_written(_quoted(batch, side), starts.tolist(), ends.tolist())


def _quoted(batch: pa.RecordBatch, name: str) -> list[str]:
    return [json.dumps(path, ensure_ascii=False) for path in strings(batch, name)]


def _lines(text: str) -> pa.RecordBatch:
    return batch_of({"value": pa.array(text.split("\n")[:-1], pa.string())})


def cluster_lines(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Rows, sorted by cluster and place → lines of `clusters.jsonl`.

    Columns: head, hash, date, boilerplate, a, a_start, a_end (the representative), b, b_start, b_end, b_date,
    jaccard (a member). All members of a cluster are in one partition. Memory: one cluster and a batch.
    """
    held: list[pa.RecordBatch] = []
    for batch in batches:
        heads = integers(batch, "head")
        begins = np.flatnonzero(run_begins(heads))
        if held and len(heads) and integers(held[-1], "head")[-1] != heads[0]:
            yield _lines(_cluster(held))
            held = []
        for first, last in zip(begins.tolist(), [*begins[1:].tolist(), None], strict=False):
            if first:
                yield _lines(_cluster(held))
                held = []
            held.append(batch.slice(first) if last is None else batch.slice(first, last - first))
    if held:
        yield _lines(_cluster(held))


def _cluster(batches: list[pa.RecordBatch]) -> str:
    rows = pa.Table.from_batches(batches).combine_chunks().to_batches()[0]
    identity, head = int(hashes(rows, "hash")[0]), _places(rows.slice(0, 1), "a")[0]
    date, common = rows.column("date")[0].as_py(), rows.column("boilerplate")[0].as_py()
    first = strings(rows, "a")[0]
    others = np.array([other != first for other in strings(rows, "b")])
    sure = surely_before(np.full(len(rows), date), integers(rows, "b_date"))[others].all()
    return cluster_written(
        identity,
        head,
        date,
        _places(rows, "b"),
        integers(rows, "jaccard").tolist(),
        boilerplate=common,
        surely_first=bool(sure),
    )


def related(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Pairs of files with their shared characters → RELATED: those that share enough."""
    for batch in batches:
        left, right = (_shared(batch, side) for side in "ab")
        rows = np.arange(batch.num_rows)
        found = judged(rows, rows, left, right, _facts(batch, "a"), _facts(batch, "b"))
        yield _related(batch.take(pa.array(found.one)), found)


def copied(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """COPIED → RELATED."""
    for batch in batches:
        rows = np.arange(batch.num_rows)
        characters = integers(batch, "characters_a")
        yield _related(batch, copies(rows, rows, characters, _facts(batch, "a"), _facts(batch, "b")))


def _related(batch: pa.RecordBatch, found: Relations) -> pa.RecordBatch:
    return batch_of(
        {
            "file_a": integers(batch, "file_a"),
            "file_b": integers(batch, "file_b"),
            "a": pa.array(strings(batch, "path_a"), pa.string()),
            "b": pa.array(strings(batch, "path_b"), pa.string()),
            "containment_a": found.containment_one,
            "containment_b": found.containment_other,
            "shared_characters_a": found.characters_one,
            "shared_characters_b": found.characters_other,
            "relation": pa.array([RELATIONS[number] for number in found.relation.tolist()], pa.string()),
            "earliest": found.earliest.astype(np.int8),
        }
    )


def _facts(batch: pa.RecordBatch, side: str) -> Facts:
    return Facts(integers(batch, f"work_{side}"), integers(batch, f"date_{side}"))


def _shared(batch: pa.RecordBatch, side: str) -> Shared:
    columns: list[Ints] = [integers(batch, f"{name}_{side}") for name in ("near", "many", "common", "all")]
    return Shared(*columns)


def related_lines(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """RELATED → lines of `documents.jsonl`."""
    for batch in batches:
        rows = np.arange(batch.num_rows)
        names: list[Any] = strings(batch, "relation")
        found = Relations(
            one=rows,
            other=rows + batch.num_rows,
            containment_one=integers(batch, "containment_a"),
            containment_other=integers(batch, "containment_b"),
            characters_one=integers(batch, "shared_characters_a"),
            characters_other=integers(batch, "shared_characters_b"),
            relation=np.array([RELATIONS.index(name) for name in names], np.uint8),
            earliest=integers(batch, "earliest").astype(np.uint8),
        )
        yield _lines("".join(document_lines(_quoted(batch, "a") + _quoted(batch, "b"), found)))
