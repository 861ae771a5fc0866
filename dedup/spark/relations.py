"""How documents relate, as a table: `dedup.scan.relations` judges, executors count what it judges by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyspark.sql import functions as f

from dedup.spark.listing import Listing, file_of
from dedup.spark.paragraphs import Collection
from dedup.spark.session import kept
from dedup.spark.writing import RELATED, related

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_SIDES = (("a", "b"), ("b", "a"))


def relate(collection: Collection, listing: Listing) -> DataFrame:
    """Rows of RELATED: the pairs of files that share much."""
    telling = (
        listing.pairs.where("ordinary_a AND ordinary_b")
        .withColumn("file_a", file_of("seat_a"))
        .withColumn("file_b", file_of("seat_b"))
    )
    couples = telling.groupBy("file_a", "file_b").agg(f.lit(0).alias("_")).drop("_")
    held = (
        listing.paragraphs.where(~f.col("ordinary"))
        .groupBy(file_of("seat").alias("file"), "text")
        .agg(f.sum("characters").alias("characters"))
    )
    found = couples
    for side, beside in _SIDES:
        found = found.join(_near(telling, side), ["file_a", "file_b"])
        found = found.join(_common(couples, held, side, beside), ["file_a", "file_b"], "left")
    for side, _ in _SIDES:
        facts = collection.files.select(
            f.col("file").alias(f"file_{side}"),
            f.col("path").alias(f"path_{side}"),
            f.col("characters").alias(f"all_{side}"),
        )
        found = found.join(facts, f"file_{side}").fillna(0, [f"common_{side}"])
    return kept(found.mapInArrow(related, RELATED))


def _near(telling: DataFrame, side: str) -> DataFrame:
    """near, many: characters of the paragraphs of one side that have a near-duplicate on the other."""
    many = f.when(f.col(f"many_{side}"), f.col(f"characters_{side}")).otherwise(0)
    paragraphs = telling.select("file_a", "file_b", f"seat_{side}", f"characters_{side}", f"many_{side}")
    return (
        paragraphs.distinct()
        .groupBy("file_a", "file_b")
        .agg(f.sum(f"characters_{side}").alias(f"near_{side}"), f.sum(many).alias(f"many_{side}"))
    )


def _common(couples: DataFrame, held: DataFrame, side: str, beside: str) -> DataFrame:
    """common: characters of the boilerplate of one side whose very text stands on the other."""
    here = held.withColumnRenamed("file", f"file_{side}")
    there = held.select(f.col("file").alias(f"file_{beside}"), "text")
    both = couples.join(here, f"file_{side}").join(there, [f"file_{beside}", "text"], "left_semi")
    return both.groupBy("file_a", "file_b").agg(f.sum("characters").alias(f"common_{side}"))
