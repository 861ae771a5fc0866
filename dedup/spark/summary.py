"""Compute the summary of a scan: figures, and the few rows that a reader should see first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyspark.sql import Window
from pyspark.sql import functions as f

from dedup.document import Skipped
from dedup.messages import Words, packed
from dedup.scan.provenance import iso, surely_before
from dedup.scan.record import ClusterSample, Counts, DocumentPair
from dedup.scan.relations import RELATIONS, Duplicate, duplicates
from dedup.scan.summary import HEADING, SAMPLE_CHARACTERS, SAMPLES
from dedup.spark.findings import Findings, file_of
from dedup.spark.paragraphs import Collection

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

MOST_SKIPPED = 10_000
"""Largest number of unreadable documents that are named; further ones are counted."""


def counts_of(collection: Collection, findings: Findings, relations: DataFrame, deletable: int) -> Counts:
    """The figures of the summary."""
    files = collection.files.agg(f.count("*"), f.sum("characters")).collect()[0]
    texts = collection.texts.agg(f.count("*"), f.sum("copies")).collect()[0]
    clusters = findings.clusters.agg(
        f.count("*"), f.sum("paragraphs"), f.sum(f.col("boilerplate").cast("int"))
    ).collect()[0]
    kinds = {row["relation"]: row["count"] for row in relations.groupBy("relation").count().collect()}
    return Counts(
        documents=files[0],
        paragraphs=texts[1] or 0,
        characters=files[1] or 0,
        texts=texts[0],
        compared_texts=texts[0],
        pairs=findings.pairs.count(),
        clusters=clusters[0],
        clustered_paragraphs=clusters[1] or 0,
        boilerplate_clusters=clusters[2] or 0,
        document_pairs={relation: kinds.get(relation, 0) for relation in RELATIONS},
        duplicates=deletable,
    )


def duplicates_of(collection: Collection) -> tuple[Duplicate, ...]:
    """The documents that can be deleted, computed in the memory of the driver."""
    files = collection.files.where("folded <> 0")
    several = files.groupBy("folded").count().where("count > 1").select("folded")
    rows = files.join(several, "folded", "left_semi").orderBy("file").collect()
    folded = np.array([row["folded"] for row in rows], np.int64).view(np.uint64)
    dates, characters = (np.array([row[name] for row in rows], np.int64) for name in ("date", "characters"))
    return duplicates([row["path"] for row in rows], folded, dates, characters)


def skipped_of(collection: Collection, known: tuple[Skipped, ...]) -> tuple[Skipped, ...]:
    """Files that could not be read, by path."""
    rows = collection.unread.orderBy("path").limit(MOST_SKIPPED + 1).collect()
    found = [Skipped(row["path"] or "?", row["reason"]) for row in rows[:MOST_SKIPPED]]
    if len(rows) > MOST_SKIPPED:
        more = collection.unread.count() - MOST_SKIPPED
        found.append(Skipped("…", packed(Words("spark.more_unread", count=more))))
    return tuple(sorted((*known, *found), key=lambda one: one.path))


def largest_clusters(collection: Collection, findings: Findings) -> tuple[ClusterSample, ...]:
    """The clusters with most characters besides those of their representative."""
    weight = (f.col("paragraphs") - 1) * f.greatest(f.col("characters") - HEADING, f.lit(0))
    first = findings.clusters.orderBy(weight.desc(), "head").limit(SAMPLES)
    beginning = f.substring(f.col("content").cast("string"), 1, SAMPLE_CHARACTERS).alias("beginning")
    rows = (
        first.withColumn("weight", weight)
        .join(collection.texts.select(f.col("text").alias("place"), beginning), "place")
        .join(collection.files.select("file", "path", "date"), file_of("head") == f.col("file"))
        .orderBy(f.desc("weight"), "head")
        .collect()
    )
    first_of = _surely_first(collection, findings, first)
    return tuple(
        ClusterSample(
            cluster=f"{row['hash'] & (1 << 64) - 1:016x}",
            paragraphs=row["paragraphs"],
            documents=row["documents"],
            weakest_jaccard=row["weakest"],
            representative=row["path"],
            date=iso(row["date"]),
            text=row["beginning"],
            new=False,
            earliest=row["head"] in first_of,
        )
        for row in rows
    )


def _surely_first(collection: Collection, findings: Findings, clusters: DataFrame) -> set[int]:
    """Heads of the clusters whose representative's document is certainly earlier than all others."""
    dates = collection.files.select("file", "date")
    members = findings.members.join(clusters.select("head"), "head", "left_semi")
    rows = (
        members.select("head", file_of("seat").alias("file"))
        .distinct()
        .where(f.col("file") != file_of("head"))
        .join(dates, "file")
        .join(dates.toDF("head_file", "head_date"), file_of("head") == f.col("head_file"))
        .collect()
    )
    sure = surely_before(
        np.array([row["head_date"] for row in rows], np.int64),
        np.array([row["date"] for row in rows], np.int64),
    )
    doubtful = {row["head"] for row, one in zip(rows, sure.tolist(), strict=True) if not one}
    return {row["head"] for row in rows} - doubtful


def closest_documents(relations: DataFrame) -> tuple[DocumentPair, ...]:
    """All copies, and the pairs of each other relation that share most."""
    shared = f.least("shared_characters_a", "shared_characters_b")
    kind = f.array_position(f.array(*map(f.lit, RELATIONS)), f.col("relation"))
    place = f.row_number().over(Window.partitionBy("relation").orderBy(shared.desc(), "file_a", "file_b"))
    chosen = relations.withColumn("place", place).where(f"relation = 'copy' OR place <= {SAMPLES}")
    rows = chosen.orderBy(kind, shared.desc(), "file_a", "file_b").collect()
    return tuple(
        DocumentPair(
            one=row["a"],
            other=row["b"],
            containment_one=row["containment_a"],
            containment_other=row["containment_b"],
            relation=row["relation"],
            new=False,
            earliest=(None, row["a"], row["b"])[row["earliest"]],
        )
        for row in rows
    )
