"""Write results to disk: as Parquet for engines, and as the JSON lines of a local scan.

On a path of this machine the four files are those of a local scan. Anywhere else `pairs.jsonl` and the
others are folders of parts in order, which Spark and Hadoop take for one file.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from shutil import copyfileobj, rmtree
from typing import TYPE_CHECKING, Any

from pyspark.sql import functions as f

from dedup.errors import SparkFailed
from dedup.messages import Words
from dedup.records import dataclass
from dedup.scan.near_texts import KINDS
from dedup.scan.results import CLUSTERS, DOCUMENTS, PAIRS
from dedup.settings import is_url
from dedup.spark.findings import Findings, jaccard, start_of
from dedup.spark.writing import LINE, cluster_lines, pair_lines, related_lines

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from dedup.spark.paragraphs import Collection

_PARQUET = {name: name.replace(".jsonl", ".parquet") for name in (PAIRS, CLUSTERS, DOCUMENTS)}


@dataclass(frozen=True, slots=True)
class Results:
    """A folder for results."""

    place: str

    @property
    def local(self) -> bool:
        """Tell whether it is a path on this machine."""
        return not is_url(self.place) or self.place.startswith("file://")

    def url(self, name: str) -> str:
        """URL of a file or folder in it, for Spark."""
        folder = self.place if is_url(self.place) else f"file://{Path(self.place).absolute()}"
        return f"{folder.rstrip('/')}/{name}"

    def path(self, name: str) -> str:
        """Path of a file in it, if it is local."""
        return os.path.join(self.place.removeprefix("file://"), name)


def write_results(
    results: Results, collection: Collection, findings: Findings, relations: DataFrame, counts: dict[str, int]
) -> None:
    """Write pairs, clusters and document pairs; `counts` are their numbers, by file name.

    Raises SparkFailed if a written file is missing or incomplete.
    """
    pairs = _pair_rows(collection, findings)
    clusters = _member_rows(collection, findings)
    for name, rows, lines in (
        (PAIRS, pairs, pairs.orderBy("seat_a", "seat_b").mapInArrow(pair_lines, LINE)),
        (
            CLUSTERS,
            clusters,
            clusters.repartitionByRange("head")
            .sortWithinPartitions("head", "place")
            .mapInArrow(cluster_lines, LINE),
        ),
        (DOCUMENTS, relations, relations.orderBy("file_a", "file_b").mapInArrow(related_lines, LINE)),
    ):
        if results.local:
            _write_file(results, name, lines, counts[name])
        else:
            lines.write.mode("overwrite").text(results.url(name))
        _PARQUET_ROWS[name](rows).write.mode("overwrite").parquet(results.url(_PARQUET[name]))


def write_text(results: Results, name: str, text: str, spark: Any) -> None:
    """Write a small file, the summary last of all. Raises OSError or Py4JError."""
    written = text.encode("utf-8", "backslashreplace")
    if results.local:
        aside = Path(results.path(f"{name}.{os.getpid()}.tmp"))
        aside.write_bytes(written)
        os.replace(aside, results.path(name))
        return
    hadoop = spark._jvm.org.apache.hadoop.fs
    path = hadoop.Path(results.url(name))
    stream = path.getFileSystem(spark._jsc.hadoopConfiguration()).create(path, True)
    try:
        stream.write(written)
    finally:
        stream.close()


def _pair_rows(collection: Collection, findings: Findings) -> DataFrame:
    rows = findings.pairs
    for side in ("a", "b"):
        rows = _with_place(rows, collection, f"seat_{side}", f"end_{side}", side)
    names = f.array(*(f.lit(kind) for kind in KINDS))
    return rows.select(
        *("seat_a", "seat_b", "a", "a_start", "a_end", "b", "b_start", "b_end"),
        jaccard().alias("jaccard"),
        f.col("kind").alias("number"),
        f.element_at(names, f.col("kind") + 1).alias("kind"),
    )


def _member_rows(collection: Collection, findings: Findings) -> DataFrame:
    heads = findings.clusters.select("head", "hash", "head_end", "boilerplate")
    rows = findings.members.join(heads, "head")
    rows = _with_place(rows, collection, "head", "head_end", "a", "date")
    rows = _with_place(rows, collection, "seat", "end", "b", f.col("date").alias("b_date"))
    similarity = f.coalesce(jaccard(), f.lit(1.0)).alias("jaccard")
    places = ("a", "a_start", "a_end", "b", "b_start", "b_end", "b_date")
    return rows.select("head", "place", "hash", "date", "boilerplate", *places, similarity)


def _with_place(
    rows: DataFrame, collection: Collection, seat: str, end: str, side: str, *facts: str | Column
) -> DataFrame:
    """Rows with columns `side` (path), `side`_start and `side`_end added for a seat."""
    files = collection.files.select("file", f.col("path").alias(side), *facts)
    placed = rows.join(files, f.shiftright(seat, 32) == f.col("file")).drop("file")
    return placed.withColumns({f"{side}_start": start_of(seat), f"{side}_end": f.col(end)})


def _cluster_parquet(rows: DataFrame) -> DataFrame:
    """A row for each member, with its cluster and the cluster's representative."""
    named = {"a": "representative", "a_start": "representative_start", "a_end": "representative_end"}
    named |= {"b": "document", "b_start": "start", "b_end": "end"}
    identity = f.lpad(f.lower(f.hex("hash")), 16, "0").alias("cluster")
    columns = (f.col(old).alias(new) for old, new in named.items())
    return rows.select(identity, *columns, "jaccard", "date", "boilerplate")


_PARQUET_ROWS: dict[str, Callable[[DataFrame], DataFrame]] = {
    PAIRS: lambda rows: rows.drop("seat_a", "seat_b", "number"),
    CLUSTERS: _cluster_parquet,
    DOCUMENTS: lambda rows: rows.drop("file_a", "file_b"),
}


def _write_file(results: Results, name: str, lines: DataFrame, count: int) -> None:
    """Let the executors write parts beside the file, join them, and rename the result."""
    parts = f".{name}.{os.getpid()}.parts"
    aside = results.path(f"{name}.{os.getpid()}.tmp")
    try:
        lines.write.mode("overwrite").text(results.url(parts))
        with open(aside, "wb") as file:
            for part in sorted(Path(results.path(parts)).glob("part-*")):
                with part.open("rb") as piece:
                    copyfileobj(piece, file, 1 << 20)
        if _count_lines(aside) != count:
            raise SparkFailed(results.path(name), Words("spark.unseen"))
        os.replace(aside, results.path(name))
    finally:
        rmtree(results.path(parts), ignore_errors=True)
        with suppress(OSError):
            os.remove(aside)


def _count_lines(path: str) -> int:
    with open(path, "rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
