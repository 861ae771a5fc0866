"""Make tables of files, paragraphs and texts from documents.

A paragraph has two numbers. Its `seat` (file << 32 | start) orders paragraphs by path, its `place`
(rank << 32 | start) by the age of the document. A text, that is a distinct normalised paragraph, is
identified by the place of its earliest paragraph.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pyspark.sql import functions as f

from dedup.errors import UsageError
from dedup.messages import Words
from dedup.records import dataclass
from dedup.spark.documents import Documents
from dedup.spark.parsing import PARSED, parsed
from dedup.spark.session import kept

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_ARRAYS = ("starts", "ends", "lengths", "hashes", "originals", "contents")
_PARTITION_BITS = 33
"""Spark's `monotonically_increasing_id` is partition << 33 | row."""


@dataclass(frozen=True, slots=True)
class Collection:
    """The collection as tables."""

    unread: DataFrame
    """path, reason: documents that could not be read."""
    files: DataFrame
    """path, date, work, folded, characters, paired, file (number by path), rank (from the earliest on)."""
    paragraphs: DataFrame
    """hash, seat, place, end, characters, original: those that may be in pairs."""
    texts: DataFrame
    """text, hash, copies (how many paragraphs), content (of the earliest)."""


def read_collection(documents: Documents) -> Collection:
    """Read and split the documents. Raises UsageError if two have the same path."""
    read = partial(parsed, by_suffix=documents.by_suffix)
    rows = kept(documents.table.mapInArrow(read, PARSED))
    there = rows.where(f.col("reason").isNull())
    files = kept(_files(there.select("path", "date", "work", "folded", "characters", "paired")))
    paragraphs = (
        there.join(files.select("path", "file", "rank"), "path")
        .select("file", "rank", f.inline(f.arrays_zip(*_ARRAYS)))
        .select(
            f.col("hashes").alias("hash"),
            _number("file").alias("seat"),
            _number("rank").alias("place"),
            f.col("ends").alias("end"),
            f.col("lengths").alias("characters"),
            f.col("originals").alias("original"),
            f.col("contents").alias("content"),
        )
    )
    texts = (
        paragraphs.groupBy("hash")
        .agg(
            f.min("place").alias("text"),
            f.count("*").alias("copies"),
            f.min_by("content", "place").alias("content"),
        )
        .repartition("text")
    )
    unread = rows.where(f.col("reason").isNotNull()).select("path", "reason")
    return Collection(unread, files, kept(paragraphs.drop("content")), kept(texts))


def _number(column: str) -> Column:
    return f.shiftleft(f.col(column), 32) + f.col("starts")


def _files(found: DataFrame) -> DataFrame:
    twice = found.groupBy("path").count().where("count > 1").limit(1).collect()
    if twice:
        raise UsageError(twice[0]["path"], Words("spark.twice", count=twice[0]["count"]))
    numbered = _numbered(found, ("path",), "file")
    return _numbered(numbered, ("date", "file"), "rank")


def _numbered(table: DataFrame, order: tuple[str, ...], name: str) -> DataFrame:
    """The table with a column that numbers its rows from 0 in an order, without one task for all rows."""
    ordered = table.repartitionByRange(*order).sortWithinPartitions(*order)
    placed = kept(ordered.withColumn("_row", f.monotonically_increasing_id()))
    partition = f.shiftright("_row", _PARTITION_BITS).cast("int")
    counts: dict[int, int] = dict(placed.groupBy(partition.alias("partition")).count().collect())
    firsts, total = [], 0
    for number in range(max(counts, default=0) + 1):
        firsts.append(total)
        total += counts.get(number, 0)
    row = f.col("_row") - f.shiftleft(partition.cast("bigint"), _PARTITION_BITS)
    first = f.element_at(f.array(*(f.lit(value).cast("bigint") for value in firsts)), partition + 1)
    return placed.withColumn(name, first + row).drop("_row")
